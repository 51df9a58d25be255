"""Places in mentorships: given under lock, so that no race ever exceeds what a mentor can take.

Every caller is inside a transaction. The enrollments concerned are locked in the order of their
ids (SQLite's immediate transactions lock all), then the state is read again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.models import MatchRun, Membership, Mentorship
from matching.services.inputs import places_per_group, students_per_mentor, the_shape
from mentoring import clock, ports
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment

NAMED = 3


@dataclass(frozen=True)
class Pair:
    """A student and the mentor she is to have."""

    student: Enrollment
    mentor: Enrollment


def lock_cohort(pk: int) -> Cohort:
    """The cohort as it is now; whoever gives places in it waits for her turn.

    Taken before any enrollment, always, so that two givers never wait for each other.
    """
    return Cohort.objects.select_for_update(no_key=True).get(pk=pk)


def lock(cohort: Cohort, ids: Iterable[int]) -> dict[int, Enrollment]:
    """The enrollments as they are now, held until the transaction ends."""
    wanted = sorted(set(ids))
    rows: dict[int, Enrollment] = {}
    for at in range(0, len(wanted), 500):
        chunk = (
            Enrollment.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(cohort=cohort, pk__in=wanted[at : at + 500])
            .order_by("pk")
        )
        rows |= {row.pk: row for row in chunk}
    return rows


def place(
    cohort: Cohort, pairs: Sequence[Pair], *, by: User | None, run: MatchRun | None = None
) -> list[Mentorship]:
    """Give each student a place with her mentor; all or none. Returns the mentorship of each."""
    held = lock(cohort, [e.pk for pair in pairs for e in (pair.student, pair.mentor)])
    current = [_current(pair, held) for pair in pairs]
    shape = the_shape(cohort.spec)
    loads = Counter(students_per_mentor(cohort))
    refuse_if_any(_obstacles(current, shape.slug, loads))
    limit = places_per_group(shape)
    groups = _groups_with_room(cohort, shape.slug, limit) if limit != 1 else {}
    now = clock.now()
    fresh: list[Mentorship] = []
    seats: list[tuple[Mentorship, Pair, bool]] = []
    for pair in current:
        group, room = groups.get(pair.mentor.pk, (None, 0))
        new = group is None
        if group is None:
            group = Mentorship(cohort=cohort, shape=shape.slug, run=run, started_at=now)
            fresh.append(group)
            room = limit or len(pairs)
        seats.append((group, pair, new))
        groups[pair.mentor.pk] = (group if room > 1 else None, room - 1)
    Mentorship.objects.bulk_create(fresh)
    rows: list[Membership] = []
    for group, pair, new in seats:
        rows.append(_membership(group, pair.student))
        if new:
            rows.append(_membership(group, pair.mentor))
    Membership.objects.bulk_create(rows, batch_size=500)
    standing = {group.pk for group, _pair, new in seats if not new} - {row.pk for row in fresh}
    for row in rows:
        if row.mentorship_id in standing:
            ports.MEMBERSHIP_STARTED.tell(row, by)
    return [group for group, _pair, _new in seats]


def _membership(group: Mentorship, enrollment: Enrollment) -> Membership:
    return Membership(
        mentorship=group,
        enrollment=enrollment,
        person_id=enrollment.person_id,
        shape=group.shape,
        role=enrollment.role,
        started_at=clock.now(),
    )


def _current(pair: Pair, held: dict[int, Enrollment]) -> Pair:
    student, mentor = held.get(pair.student.pk), held.get(pair.mentor.pk)
    if student is None or mentor is None or not student.is_student or not mentor.is_mentor:
        raise DomainError(_("A mentorship joins a student and a mentor of the same cohort."))
    return Pair(student, mentor)


def _groups_with_room(
    cohort: Cohort, shape: str, limit: int
) -> dict[int, tuple[Mentorship | None, int]]:
    """Of each mentor a live group that can take another student, with the places left in it."""
    sizes: Counter[int] = Counter()
    of_mentor: dict[int, Mentorship] = {}
    live = Membership.objects.filter(
        mentorship__cohort=cohort, shape=shape, mentorship__state__in=Mentorship.LIVE, ended_at=None
    )
    for row in live.select_related("mentorship").order_by("mentorship_id"):
        if row.role == Role.STUDENT:
            sizes[row.mentorship_id] += 1
        else:
            of_mentor.setdefault(row.enrollment_id, row.mentorship)
    return {
        mentor: (group, (limit or 1_000_000) - sizes[group.pk])
        for mentor, group in of_mentor.items()
        if not limit or sizes[group.pk] < limit
    }


def _obstacles(pairs: Sequence[Pair], shape: str, loads: Counter[int]) -> list[str]:
    """Why some of these pairs cannot be, in words; counts up the loads it allows."""
    students = [pair.student.pk for pair in pairs]
    placed: set[int] = set()
    for at in range(0, len(students), 500):
        placed |= set(
            Membership.objects.filter(
                enrollment__in=students[at : at + 500], shape=shape, ended_at=None
            ).values_list("enrollment_id", flat=True)
        )
    found = []
    for pair in pairs:
        problem = _obstacle(pair, placed, loads)
        if problem:
            found.append(problem)
        loads[pair.mentor.pk] += 1
        placed.add(pair.student.pk)
    return found


def _obstacle(pair: Pair, placed: set[int], loads: Counter[int]) -> str:
    student, mentor = pair.student, pair.mentor
    names = {"student": student.person.full_name, "mentor": mentor.person.full_name}
    if student.person_id == mentor.person_id:
        return _("%(student)s cannot mentor themselves.") % names
    if not student.is_present:
        return _("%(student)s does not take part any more.") % names
    if not mentor.is_present:
        return _("%(mentor)s does not take part any more.") % names
    if student.pk in placed:
        return _("%(student)s has a mentor already.") % names
    if loads[mentor.pk] >= mentor.capacity:
        return _("%(mentor)s has no place left.") % names
    return ""


def refuse_if_any(problems: Sequence[str], *, then: str = "") -> None:
    """Refuse with the first problems in words, how many more there are, and what to do ``then``."""
    if not problems:
        return
    text = " ".join(problems[:NAMED])
    if len(problems) > NAMED:
        text += " " + _("And %(count)d more.") % {"count": len(problems) - NAMED}
    raise DomainError(f"{text} {then}".rstrip())
