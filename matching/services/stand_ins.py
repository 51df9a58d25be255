"""Stand-ins: arranged for some days, begun and ended by the calendar, or ended earlier."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from matching.models import Membership, Mentorship, StandIn
from matching.services.barring import refuse_by_hand
from matching.services.seats import lock, lock_cohort
from mentoring import audit, clock, outbox, ports
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Absence, Cohort, Enrollment

S = StandIn.State
DAY = timedelta(days=1)
MOST_DAYS = 200


@transaction.atomic
def arrange(
    *,
    mentorship: Mentorship,
    absent: Enrollment,
    enrollment: Enrollment,
    starts: date,
    ends: date,
    by: User | None,
    absence: Absence | None = None,
) -> StandIn:
    """Let somebody mentor here from the first to the last day; everybody concerned is told."""
    cohort = lock_cohort(mentorship.cohort_id)
    if cohort.state in {Cohort.State.CLOSING, Cohort.State.ARCHIVED}:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    held = lock(cohort, [enrollment.pk]).get(enrollment.pk)
    if held is None or not held.is_mentor or not held.is_present:
        raise DomainError(_("Choose somebody who mentors in this cohort."), field="enrollment")
    current = Mentorship.objects.select_for_update().get(pk=mentorship.pk)
    _refuse(cohort, current, held, starts, ends)
    found = StandIn.objects.create(
        mentorship=current,
        absent=absent,
        enrollment=held,
        absence=absence,
        starts=max(starts, clock.today(cohort.zone)),
        ends=ends,
        created_by=by,
    )
    audit.record(
        by=by,
        action="stand_in.arranged",
        subject=current,
        cohort=cohort,
        enrollments=[held.pk, absent.pk],
        starts=found.starts.isoformat(),
        ends=ends.isoformat(),
    )
    _tell("stand_in_arranged", found, {absent.person, held.person, *_students(current)})
    _begin_due(StandIn.objects.filter(pk=found.pk))
    found.refresh_from_db()
    return found


def _refuse(
    cohort: Cohort, mentorship: Mentorship, enrollment: Enrollment, starts: date, ends: date
) -> None:
    names = {"name": enrollment.person.full_name}
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended already."))
    if ends < starts:
        raise DomainError(_("The last day lies before the first."), field="ends")
    if ends < clock.today(cohort.zone):
        raise DomainError(_("These days are over."), field="ends")
    if (ends - starts).days > MOST_DAYS:
        raise DomainError(
            _("That is very long for a stand-in. Give the students another mentor instead."),
            field="ends",
        )
    seats = list(mentorship.memberships.filter(ended_at=None).select_related("enrollment__person"))
    if any(seat.person_id == enrollment.person_id for seat in seats):
        raise DomainError(_("%(name)s is in this group already.") % names, field="enrollment")
    standing = mentorship.stand_ins.filter(enrollment=enrollment, state__in=StandIn.STANDING)
    if standing.exists():
        raise DomainError(_("%(name)s stands in here already.") % names, field="enrollment")
    if enrollment.absences.filter(starts__lte=ends, ends__gte=starts).exists():
        raise DomainError(
            _("%(name)s is away on some of these days too.") % names, field="enrollment"
        )
    for seat in seats:
        if not seat.is_mentor:
            refuse_by_hand(cohort, seat.enrollment, enrollment)


# --- By the calendar -----------------------------------------------------------------------------


def follow_calendar() -> int:
    """Begin and end what is due; safe to run twice and at any moment. How many."""
    today = clock.now().date()
    # No zone is more than a day off: the day where the cohort is decides, row by row.
    begun = _begin_due(StandIn.objects.filter(state=S.PLANNED, starts__lte=today + DAY))
    ended = _end_due(StandIn.objects.filter(state=S.RUNNING, ends__lte=today + DAY))
    return begun + ended


def _begin_due(rows: QuerySet[StandIn]) -> int:
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        done += _begin(pk)
    return done


@transaction.atomic
def _begin(pk: int) -> bool:
    found = _locked(pk)
    if found is None or found.state != S.PLANNED:
        return False
    today = clock.today(found.mentorship.cohort.zone)
    if found.starts > today:
        return False
    if found.ends < today or not found.mentorship.is_live or not found.enrollment.is_present:
        _settle(found, S.CANCELLED)
        return False
    there = found.mentorship.memberships.filter(enrollment=found.enrollment, ended_at=None)
    if there.exists():
        _settle(found, S.CANCELLED)
        return False
    place = Membership(
        mentorship=found.mentorship,
        enrollment=found.enrollment,
        person_id=found.enrollment.person_id,
        shape=found.mentorship.shape,
        role=found.enrollment.role,
        started_at=max(_midnight(found, found.starts), found.created_at),
        ends_at=_midnight(found, found.ends + DAY),
    )
    place.save(force_insert=True)
    StandIn.objects.filter(pk=pk).update(state=S.RUNNING, membership=place)
    ports.MEMBERSHIP_STARTED.tell(place, None)
    _record("stand_in.begun", found, None)
    return True


def _end_due(rows: QuerySet[StandIn]) -> int:
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        done += _end_on_time(pk)
    return done


@transaction.atomic
def _end_on_time(pk: int) -> bool:
    found = _locked(pk)
    if found is None or found.state != S.RUNNING:
        return False
    if found.ends >= clock.today(found.mentorship.cohort.zone):
        return False
    return _end(found, _midnight(found, found.ends + DAY), None)


# --- Earlier -------------------------------------------------------------------------------------


@transaction.atomic
def end(*, stand_in: StandIn, by: User | None) -> None:
    """End it now, or take a plan back."""
    lock_cohort(stand_in.mentorship.cohort_id)
    found = _locked(stand_in.pk)
    if found is None or found.state not in StandIn.STANDING:
        raise DomainError(_("This is over already."))
    if found.state == S.PLANNED:
        _take_back(found, by)
    elif not _end(found, clock.now(), by):
        raise DomainError(_("Nobody else mentors here: add somebody first, or end the mentorship."))


@transaction.atomic
def absence_ended(absence: Absence, by: User | None) -> None:
    """Whoever was away is back: those who stood in for these days need not any more."""
    rows = StandIn.objects.filter(absence=absence, state__in=StandIn.STANDING)
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        found = _locked(pk)
        if found is None or found.state not in StandIn.STANDING:
            continue
        if found.state == S.PLANNED:
            _take_back(found, by)
        else:
            _end(found, clock.now(), by)


def _take_back(found: StandIn, by: User | None) -> None:
    _settle(found, S.CANCELLED)
    outbox.cancel(about=_about(found), why="taken back")
    _record("stand_in.taken_back", found, by)
    _tell("stand_in_over", found, _told(found))


def _end(found: StandIn, at: datetime, by: User | None) -> bool:
    """End her place at that instant; ``False`` where the students would be left alone.

    Then she stays, without a planned end, until a coordinator decides.
    """
    place = found.membership
    if place is None or place.ended_at is not None:
        _settle(found, S.ENDED)
        return True
    others = found.mentorship.memberships.filter(ended_at=None).exclude(pk=place.pk)
    if not any(seat.is_mentor for seat in others):
        Membership.objects.filter(pk=place.pk).update(ends_at=None)
        _settle(found, S.ENDED)
        _record("stand_in.stays", found, by)
        return False
    Membership.objects.filter(pk=place.pk).update(ended_at=max(at, place.started_at))
    _settle(found, S.ENDED)
    outbox.cancel(about=_about(found), why="over")
    _record("stand_in.over", found, by)
    _tell("stand_in_over", found, _told(found))
    place.refresh_from_db()
    ports.MEMBERSHIP_ENDED.tell(place, by)
    return True


def _locked(pk: int) -> StandIn | None:
    """The stand-in as it is now; its mentorship is held first, as by whoever ends a place."""
    mentorship = StandIn.objects.filter(pk=pk).values("mentorship_id")
    list(Mentorship.objects.select_for_update().filter(pk__in=mentorship))
    rows = StandIn.objects.select_for_update(of=("self",)).select_related(
        "mentorship__cohort", "enrollment__person", "absent__person", "membership__person"
    )
    return rows.filter(pk=pk).first()


def _settle(found: StandIn, state: str) -> None:
    StandIn.objects.filter(pk=found.pk).update(state=state)
    found.state = state


def _midnight(found: StandIn, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=found.mentorship.cohort.zone)


def _students(mentorship: Mentorship) -> list[User]:
    rows = mentorship.memberships.filter(ended_at=None).select_related("person")
    return [seat.person for seat in rows if not seat.is_mentor]


def _told(found: StandIn) -> set[User]:
    return {found.enrollment.person, *_students(found.mentorship)}


def _about(found: StandIn) -> str:
    return f"stand_in:{found.pk}"


def _record(action: str, found: StandIn, by: User | None) -> None:
    audit.record(
        by=by,
        action=action,
        subject=found.mentorship,
        cohort=found.mentorship.cohort,
        enrollments=[found.enrollment_id, found.absent_id],
    )


def _tell(kind: str, found: StandIn, people: Iterable[User]) -> None:
    outbox.enqueue_many(
        outbox.Draft(
            kind=kind,
            recipient=person,
            dedupe_key=f"{kind}:{found.pk}:{person.pk}",
            context={"stand_in": found.pk},
            about=_about(found),
        )
        for person in sorted(people, key=lambda one: one.pk)
    )
