"""Mentorships by hand: assign, move, end. Nobody is at fault, and history is kept."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import EndReason, Membership, Mentorship, PairRule
from matching.services import line
from matching.services.barring import refuse_by_hand
from matching.services.beginning import begin
from matching.services.seats import Pair, lock, lock_cohort, place
from matching.services.telling import tell_ended, tell_joined
from mentoring import audit, clock, ports
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


@transaction.atomic
def assign(
    *,
    student: Enrollment,
    mentor: Enrollment,
    by: User | None,
    tell: bool = True,
    shape: str = "",
) -> Mentorship:
    """Give one student a place with one mentor, at any time; in that shape where it is known."""
    cohort = lock_cohort(student.cohort_id)
    if cohort.state in {Cohort.State.CLOSING, Cohort.State.ARCHIVED}:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    refuse_by_hand(cohort, student, mentor)
    mentorship = place(cohort, [Pair(student, mentor, shape)], by=by)[0]
    seat = mentorship.memberships.get(enrollment=student, ended_at=None)
    if tell:
        tell_joined(mentorship, seat.pk, [student.person, mentor.person])
    audit.record(
        by=by,
        action="mentorship.assigned",
        subject=mentorship,
        cohort=cohort,
        student=student.pk,
        mentor=mentor.pk,
    )
    begin(cohort=cohort, people=[student, mentor], by=by)
    line.settle(cohort)
    return mentorship


@transaction.atomic
def move(
    *, mentorship: Mentorship, student: Enrollment, mentor: Enrollment, reason: str, by: User | None
) -> Mentorship:
    """End a student's place here and give her one with another mentor, in one step."""
    lock(lock_cohort(mentorship.cohort_id), [student.pk, mentor.pk])
    if mentorship.memberships.filter(enrollment=mentor, ended_at=None).exists():
        raise DomainError(_("This is the student’s mentor already."), field="mentor")
    leave_for_another(mentorship=mentorship, student=student, reason=reason, by=by)
    new = assign(student=student, mentor=mentor, by=by)
    Mentorship.objects.filter(pk=mentorship.pk, state=Mentorship.State.DISSOLVED).update(
        replaced_by=new
    )
    return new


def leave_for_another(
    *, mentorship: Mentorship, student: Enrollment, reason: str, by: User | None
) -> None:
    """End a student's place, in the transaction in which she gets another.

    She reads of her new mentor; a second mail about the old one would only confuse.
    """
    _end(mentorship=mentorship, person=student, reason=reason, by=by, untold=student.person_id)


@transaction.atomic
def end(
    *,
    mentorship: Mentorship,
    reason: str,
    by: User | None,
    person: Enrollment | None = None,
) -> None:
    """End a mentorship early, or one person's place in it, with a reason that blames nobody."""
    _end(mentorship=mentorship, reason=reason, by=by, person=person, untold=None)


def _end(
    *,
    mentorship: Mentorship,
    reason: str,
    by: User | None,
    person: Enrollment | None,
    untold: int | None,
) -> None:
    if reason not in EndReason.values or reason == EndReason.UNDONE:
        raise DomainError(_("Choose a reason."), field="reason")
    mentorship = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended already."))
    seats = _seats(mentorship)
    leaving = [s for s in seats if person is None or s.enrollment_id == person.pk]
    if not leaving:
        raise DomainError(_("They have no place in this mentorship."))
    _leave(mentorship, seats, leaving, reason=reason, by=by, untold=untold)


@transaction.atomic
def enrollment_left(enrollment: Enrollment, by: User | None) -> None:
    """A person has left the cohort: her places end, and whoever is left alone is told."""
    rows = Mentorship.objects.select_for_update().filter(
        state__in=Mentorship.LIVE,
        pk__in=Membership.objects.filter(enrollment=enrollment, ended_at=None).values(
            "mentorship_id"
        ),
    )
    for mentorship in rows.order_by("pk"):
        seats = _seats(mentorship)
        leaving = [seat for seat in seats if seat.enrollment_id == enrollment.pk]
        _leave(
            mentorship,
            seats,
            leaving,
            reason=EndReason.LEFT,
            by=by,
            untold=enrollment.person_id,
        )
    PairRule.objects.filter(student=enrollment, kind=PairRule.Kind.PIN).delete()
    PairRule.objects.filter(mentor=enrollment, kind=PairRule.Kind.PIN).delete()


def _seats(mentorship: Mentorship) -> list[Membership]:
    rows = mentorship.memberships.filter(ended_at=None)
    return list(rows.select_related("enrollment", "person", "mentorship__cohort").order_by("pk"))


def _leave(
    mentorship: Mentorship,
    seats: Sequence[Membership],
    leaving: Sequence[Membership],
    *,
    reason: str,
    by: User | None,
    untold: int | None,
) -> None:
    """End these places; the rest ends too where no student or no mentor stays."""
    gone = {seat.pk for seat in leaving}
    stay = [seat for seat in seats if seat.pk not in gone]
    dissolved = not (
        any(seat.role == Role.STUDENT for seat in stay) and any(seat.is_mentor for seat in stay)
    )
    ending = list(seats) if dissolved else list(leaving)
    now = clock.now()
    Membership.objects.filter(pk__in=[seat.pk for seat in ending]).update(ended_at=now)
    if dissolved:
        Mentorship.objects.filter(pk=mentorship.pk).update(
            state=Mentorship.State.DISSOLVED,
            ended_at=now,
            ended_by=by.key if by else "",
            end_reason=reason,
        )
    mentorship.refresh_from_db()
    audit.record(
        by=by,
        action="mentorship.dissolved" if dissolved else "mentorship.member_left",
        subject=mentorship,
        cohort=mentorship.cohort,
        reason=reason,
        enrollments=[seat.enrollment_id for seat in ending],
    )
    # Students hear of every leader who goes; mentors of whoever does.
    concerned = seats if any(seat.is_mentor for seat in leaving) else _mentors(seats)
    told = {seat.person for seat in [*ending, *concerned] if seat.person_id != untold}
    tell_ended(mentorship, leaving[0].pk, sorted(told, key=lambda person: person.pk))
    for seat in ending:
        seat.ended_at = now
        ports.MEMBERSHIP_ENDED.tell(seat, by)


def _mentors(seats: Sequence[Membership]) -> list[Membership]:
    return [seat for seat in seats if seat.is_mentor]
