"""A group by hand: its name, and who leads it. Leaders come and go; the group stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from matching import shapes
from matching.models import Membership, Mentorship
from matching.services.barring import refuse_by_hand
from matching.services.beginning import begin
from matching.services.mentorships import end
from matching.services.seating import Seating
from matching.services.seats import join, lock, lock_cohort
from matching.services.telling import tell_joined
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


@transaction.atomic
def rename(*, mentorship: Mentorship, name: str, by: User | None) -> None:
    """Give a group the name by which its people know it; empty: the names of its people."""
    name = " ".join(name.split())
    if len(name) > 100:
        raise DomainError(_("The name is longer than 100 characters."), field="name")
    if name == mentorship.name:
        return
    Mentorship.objects.filter(pk=mentorship.pk).update(name=name)
    mentorship.name = name
    audit.record(
        by=by, action="mentorship.renamed", subject=mentorship, cohort=mentorship.cohort, name=name
    )


@transaction.atomic
def add_leader(*, mentorship: Mentorship, leader: Enrollment, by: User | None) -> Membership:
    """Let somebody mentor in a group that lives, beside those who do; everyone in it is told."""
    cohort = lock_cohort(mentorship.cohort_id)
    if cohort.state in {Cohort.State.CLOSING, Cohort.State.ARCHIVED}:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    held = lock(cohort, [leader.pk]).get(leader.pk)
    if held is None or not held.is_mentor or not held.is_present:
        raise DomainError(_("Choose somebody who mentors in this cohort."), field="leader")
    current = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if not current.is_live:
        raise DomainError(_("This mentorship has ended already."))
    seats = list(current.memberships.filter(ended_at=None).select_related("enrollment__person"))
    _refuse(cohort, current, held, seats)
    row = join(current, held, by=by)
    tell_joined(current, row.pk, [held.person, *(seat.enrollment.person for seat in seats)])
    audit.record(
        by=by,
        action="mentorship.leader_added",
        subject=current,
        cohort=cohort,
        mentor=held.pk,
    )
    begin(cohort=cohort, people=[held], by=by)
    return row


def _refuse(
    cohort: Cohort, mentorship: Mentorship, leader: Enrollment, seats: list[Membership]
) -> None:
    names = {"name": leader.person.full_name}
    if any(seat.person_id == leader.person_id for seat in seats):
        raise DomainError(_("%(name)s is in this group already.") % names, field="leader")
    students = [seat.enrollment for seat in seats if not seat.is_mentor]
    for student in students:
        refuse_by_hand(cohort, student, leader)
    seating = Seating(cohort, shapes.described(cohort.planned_spec))
    if not seating.can_take(leader, mentorship.shape, len(students)):
        raise DomainError(
            _("%(name)s has no place left. Raise her capacity on her page first.") % names,
            field="leader",
        )


@transaction.atomic
def end_leader(*, mentorship: Mentorship, leader: Enrollment, reason: str, by: User | None) -> None:
    """End one leader's part; the group goes on with the others."""
    lock_cohort(mentorship.cohort_id)
    leaders = [seat for seat in mentorship.memberships.filter(ended_at=None) if seat.is_mentor]
    if len(leaders) < 2 and any(seat.enrollment_id == leader.pk for seat in leaders):
        raise DomainError(
            _("Nobody else leads this group. Add somebody first, or end the mentorship.")
        )
    end(mentorship=mentorship, person=leader, reason=reason, by=by)
