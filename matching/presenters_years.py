"""Rows for the pages of a new year: groups with who leaves them, seats to fill, who waits."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.models import Mentorship
from matching.names import with_whom
from matching.years.endings import COMPLETES, LEAVES, OTHER_SHAPE, OVER, TIME, GroupTurn
from matching.years.seats import Gap, GroupSeats
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Enrollment

WHY: dict[str, str | Promise] = {
    COMPLETES: gettext_lazy("completes"),
    LEAVES: gettext_lazy("leaves"),
    TIME: gettext_lazy("the time in this place is over"),
    OTHER_SHAPE: gettext_lazy("moves on to another kind of group"),
    OVER: gettext_lazy("the mentorship is over"),
}


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody whose place ends, and why."""

    name: str
    role: str
    why: str | Promise


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group on its way into the new year."""

    key: str
    name: str
    students: int
    mentors: str
    leaving: list[Leaving]
    gaps: list[str]
    over: bool


def people_of(turns: Iterable[GroupTurn]) -> tuple[dict[int, Mentorship], dict[int, Enrollment]]:
    """The groups and everybody in them; two queries."""
    listed = list(turns)
    ids = {place.enrollment for turn in listed for place in turn.stays}
    ids |= {place.enrollment for turn in listed for place, _why in turn.ends}
    rows = Enrollment.objects.select_related("person").in_bulk(list(ids))
    return Mentorship.objects.in_bulk([turn.mentorship for turn in listed]), rows


def group_rows(turns: list[GroupTurn], seats: Iterable[GroupSeats]) -> list[GroupRow]:
    """These groups, ready to be shown."""
    groups, people = people_of(turns)
    gaps = {group.mentorship: group.gaps for group in seats}

    def person(pk: int) -> User:
        return people[pk].person

    found = []
    for turn in turns:
        leaders = [person(place.enrollment) for place in turn.leaders]
        students = [person(place.enrollment) for place in turn.students]
        everyone = [person(place.enrollment) for place, _why in turn.ends]
        found.append(
            GroupRow(
                key=groups[turn.mentorship].key,
                name=turn.name or with_whom(students or everyone),
                students=len(students),
                mentors=with_whom(leaders),
                leaving=[
                    Leaving(person(p.enrollment).full_name, str(Role(p.role).label), WHY[why])
                    for p, why in turn.ends
                ],
                gaps=[gap_words(gap) for gap in gaps.get(turn.mentorship, [])],
                over=turn.over,
            )
        )
    return found


def gap_words(gap: Gap) -> str:
    """“11 students of class year 1”, “1 mentor”."""
    if gap.class_year is not None:
        text = ngettext(
            "%(n)d student of class year %(year)d",
            "%(n)d students of class year %(year)d",
            gap.missing,
        )
        return text % {"n": gap.missing, "year": gap.class_year}
    if gap.role == Role.STUDENT:
        text = ngettext("%(n)d student", "%(n)d students", gap.missing)
        return text % {"n": gap.missing}
    return _("%(n)d × %(role)s") % {"n": gap.missing, "role": Role(gap.role).label}


@dataclass(frozen=True, slots=True)
class Total:
    """How many of one kind are missing in all groups together."""

    text: str
    is_student: bool


def totals(groups: Iterable[GroupSeats]) -> list[Total]:
    """Everything that is missing, added up."""
    found: dict[tuple[str, int | None], int] = {}
    for group in groups:
        for gap in group.gaps:
            key = gap.role, gap.class_year
            found[key] = found.get(key, 0) + gap.missing
    return [
        Total(gap_words(Gap(role, number, year)), role == Role.STUDENT)
        for (role, year), number in sorted(found.items(), key=lambda item: str(item[0]))
    ]
