"""Seats of groups that wait for somebody who mentors: filled with those who are free."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from matching import shapes as shaped
from matching.models import Membership, Mentorship
from matching.services.barring import barred_kinds
from matching.services.beginning import begin
from matching.services.seats import join, lock_cohort
from matching.services.telling import tell_joined
from matching.years.seats import GroupSeats, of_cohort
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


@dataclass(frozen=True)
class Proposal:
    """Somebody who is free, and the group whose seat she would take."""

    group: GroupSeats
    leader: Enrollment


def free(cohort: Cohort) -> list[Enrollment]:
    """Those who mentor, lead nobody, and are not in reserve; by the order of their coming."""
    leads = Membership.objects.filter(enrollment=OuterRef("pk"), ended_at=None)
    rows = Enrollment.objects.filter(
        cohort=cohort,
        role__in=MENTOR_ROLES,
        state__in=Enrollment.PRESENT,
        reserve=False,
        capacity__gt=0,
    )
    return list(rows.filter(~Exists(leads)).select_related("person").order_by("pk"))


def proposals(cohort: Cohort, groups: Iterable[GroupSeats] | None = None) -> list[Proposal]:
    """Who would take which seat: a senior in her own group first, then whoever is free.

    Nobody whom a rule keeps apart from somebody in the group; a constant number of queries.
    """
    listed = list(of_cohort(cohort) if groups is None else groups)
    gaps = {
        (group.mentorship, gap.role): gap.missing
        for group in listed
        for gap in group.gaps
        if gap.role in MENTOR_ROLES
    }
    if not gaps:
        return []
    choosing = _Choosing(cohort, listed, gaps)
    return choosing.own() + choosing.others()


class _Choosing:
    def __init__(
        self, cohort: Cohort, groups: list[GroupSeats], gaps: dict[tuple[int, str], int]
    ) -> None:
        self.groups = {group.mentorship: group for group in groups}
        self.gaps = gaps
        self.waiting = free(cohort)
        within = {s["slug"]: set(s["within"]) for s in shaped.described(cohort.planned_spec)}
        self.within = {pk: within.get(group.shape, set()) for pk, group in self.groups.items()}
        self.students: dict[int, set[int]] = {}
        self.home: dict[int, int] = {}
        seats = Membership.objects.filter(
            mentorship__in=list(self.groups), role=Role.STUDENT, ended_at=None
        )
        for group, student, person in seats.values_list(
            "mentorship_id", "enrollment_id", "person_id"
        ):
            self.students.setdefault(group, set()).add(student)
            self.home[person] = group
        kinds = barred_kinds(cohort)
        rules = cohort.pair_rules.filter(kind__in=kinds)
        self.barred = set(rules.values_list("student_id", "mentor_id"))

    def own(self) -> list[Proposal]:
        """Whoever leads as one of the students of a group takes a seat in that group."""
        found = []
        for row in list(self.waiting):
            home = self.home.get(row.person_id)
            if home is not None and row.role in self.within[home] and self._take(home, row):
                found.append(Proposal(self.groups[home], row))
        return found

    def others(self) -> list[Proposal]:
        """The rest, seat by seat; nobody leads a group in which she is a student herself."""
        return [
            Proposal(self.groups[group], row)
            for group, role in list(self.gaps)
            for row in list(self.waiting)
            if row.role == role and self._may_join(group, row) and self._take(group, row)
        ]

    def _may_join(self, group: int, row: Enrollment) -> bool:
        """Whoever counts among the students leads where she is one, or is none of the cohort."""
        home = self.home.get(row.person_id)
        return home is None or (home != group and row.role not in self.within[group])

    def _take(self, group: int, row: Enrollment) -> bool:
        if self.gaps.get((group, row.role), 0) <= 0:
            return False
        if any((student, row.pk) in self.barred for student in self.students.get(group, ())):
            return False
        self.gaps[group, row.role] -= 1
        self.waiting.remove(row)
        return True


@transaction.atomic
def fill(*, cohort: Cohort, by: User | None) -> int:
    """Give everybody who is free the seat that is proposed; their groups are told. How many."""
    current = lock_cohort(cohort.pk)
    if current.state in {Cohort.State.CLOSING, Cohort.State.ARCHIVED}:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    found = proposals(current)
    rows = Mentorship.objects.in_bulk({one.group.mentorship for one in found})
    first: dict[int, int] = {}
    for one in found:
        group = rows[one.group.mentorship]
        place = join(group, one.leader, by=by)
        first.setdefault(group.pk, place.pk)
    seats = Membership.objects.filter(mentorship__in=list(first), ended_at=None)
    people: dict[int, list[User]] = {}
    for seat in seats.select_related("person").order_by("pk"):
        people.setdefault(seat.mentorship_id, []).append(seat.person)
    for pk, place_pk in first.items():
        tell_joined(rows[pk], place_pk, people[pk])
    audit.record_many(
        audit.event(
            by=by,
            action="mentorship.leader_added",
            subject=rows[one.group.mentorship],
            cohort=current,
            mentor=one.leader.pk,
        )
        for one in found
    )
    begin(cohort=current, people=[one.leader for one in found], by=by)
    return len(found)
