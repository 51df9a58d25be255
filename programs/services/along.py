"""Bring people along from an earlier cohort: mentors again, and last year's students as mentors."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import (
    BroughtAlong,
    Cohort,
    CohortState,
    Enrollment,
    EnrollmentYear,
    EnrollmentYearStatus,
)
from programs.services import invitations, people, questions

S = Enrollment.State
STAYED = (S.ACCEPTED, S.ACTIVE, S.COMPLETED)
# Not the free hours, which are last year's timetable, nor what somebody hoped for as a student.
COPIED = ("campus", "track", "gender", "languages", "interests", "student_number")
NO_STUDY = (EnrollmentYearStatus.PAUSED, EnrollmentYearStatus.INTERCALATING)
LAST_CLASS_YEAR = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the earlier cohort who may be asked, and as what."""

    place: Enrollment
    role: str
    class_year: int | None

    @property
    def was_student(self) -> bool:
        return self.place.is_student


def sources(cohort: Cohort, by: User) -> list[Cohort]:
    """Earlier cohorts that this person coordinates too, those of the same program first."""
    rows = Cohort.objects.filter(
        enrollments__person=by,
        enrollments__role=Role.COORDINATOR,
        enrollments__state__in=(*Enrollment.PRESENT, S.COMPLETED),
    )
    rows = rows.exclude(pk=cohort.pk).select_related("program").prefetch_related("editions")
    starts = cohort.planned.starts
    earlier = [
        row for row in rows.distinct()
        if min((edition.starts for edition in row.editions.all()), default=starts) < starts
    ]  # fmt: skip
    return sorted(
        earlier, key=lambda row: (row.program_id != cohort.program_id, -row.created_at.timestamp())
    )


def copies_profiles(cohort: Cohort, source: Cohort) -> bool:
    """Whether profiles come along: within one program only, for they were told to that program."""
    return cohort.program_id == source.program_id


def candidates(cohort: Cohort, source: Cohort) -> list[Candidate]:
    """Mentors who may be asked again, and students who qualify as mentors by their class year.

    Left out are those who left, and whoever has a place here as student or mentor already.
    """
    offered = [role for role in questions.offered(cohort) if role in MENTOR_ROLES]
    here = set(
        Enrollment.objects.filter(
            cohort=cohort, role__in=[Role.STUDENT, *MENTOR_ROLES]
        ).values_list("person", flat=True)
    )
    rows = list(
        Enrollment.objects.filter(
            cohort=source,
            role__in=[Role.STUDENT, *MENTOR_ROLES],
            state__in=STAYED,
            person__is_active=True,
        )
        .exclude(person__in=here)
        .select_related("person")
    )
    expected = _class_years(source, cohort.planned.starts.year)
    mentors = [row for row in rows if row.is_mentor]
    known = {row.person_id for row in mentors}
    # Who mentored last year is asked as a mentor, whatever else she was.
    students = [row for row in rows if row.is_student and row.person_id not in known]
    found = [_asked(cohort, row, offered, expected.get(row.pk)) for row in [*mentors, *students]]
    unique = {one.place.person_id: one for one in reversed(found) if one is not None}
    return sorted(unique.values(), key=lambda one: (one.was_student, one.place.pk))


def _asked(
    cohort: Cohort, row: Enrollment, offered: list[str], year: int | None
) -> Candidate | None:
    """As what somebody may be asked, if at all."""
    if row.is_mentor:
        years = cohort.planned_spec.class_years(row.role)
        if row.role not in offered or (years and year is not None and year not in years):
            return None
        return Candidate(row, row.role, year)
    fitting = [
        role
        for role in offered
        if year is not None and year in cohort.planned_spec.class_years(role)
    ]
    return Candidate(row, fitting[0], year) if fitting else None


def _class_years(source: Cohort, academic_year: int) -> dict[int, int]:
    """In which class year each will be, counting on from the last one on record."""
    found: dict[int, int] = {}
    rows = EnrollmentYear.objects.filter(enrollment__cohort=source).order_by("academic_year")
    for row in rows:
        passed = academic_year - row.academic_year - (row.status in NO_STUDY)
        found[row.enrollment_id] = row.class_year + max(0, passed)
    return {key: year for key, year in found.items() if year <= LAST_CLASS_YEAR}


@transaction.atomic
def bring(*, cohort: Cohort, source: Cohort, keys: Collection[str], by: User) -> BroughtAlong:
    """Invite those chosen, with a mail that says from where they are known."""
    if cohort.state in (CohortState.CLOSING, CohortState.ARCHIVED):
        raise DomainError(_("This cohort is closing; it takes nobody new."))
    # As when people are added: two who bring the same person must not both find her missing.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if source.pk not in {row.pk for row in sources(cohort, by)}:
        raise DomainError(_("Choose one of your earlier cohorts."))
    chosen = [one for one in candidates(cohort, source) if one.place.key in keys]
    if not chosen:
        raise DomainError(_("Nobody is chosen, or they were invited meanwhile."))
    batch = BroughtAlong.objects.create(cohort=cohort, source=source)
    places = [_place(cohort, source, one, by) for one in chosen]
    batch.places.set(places)
    for place in places:
        invitations.invite(enrollment=place, by=by, kind="invitation_along")
    audit.record(
        by=by,
        action="people.brought_along",
        subject=batch,
        cohort=cohort,
        enrollments=[place.pk for place in places],
    )
    return batch


def _place(cohort: Cohort, source: Cohort, one: Candidate, by: User) -> Enrollment:
    profile = {}
    if copies_profiles(cohort, source):
        profile = {name: getattr(one.place, name) for name in COPIED}
        profile["offers"] = "" if one.was_student else one.place.offers
    capacity = people.default_capacity(cohort, one.role) if one.was_student else one.place.capacity
    place = Enrollment.objects.create(
        cohort=cohort,
        person=one.place.person,
        role=one.role,
        granted_by=by,
        capacity=capacity,
        **profile,
    )
    if one.class_year is not None:
        EnrollmentYear.objects.create(
            enrollment=place,
            academic_year=cohort.planned.starts.year,
            class_year=one.class_year,
        )
    return place


def last(cohort: Cohort) -> BroughtAlong | None:
    """The latest time people were brought along and can still be taken back."""
    row = (
        BroughtAlong.objects.filter(cohort=cohort, undone_at=None)
        .select_related("source")
        .prefetch_related("places")
        .first()
    )
    return row if row is not None and is_unanswered(row) else None


def is_unanswered(batch: BroughtAlong) -> bool:
    """Whether nobody has said yes or no yet."""
    states = {place.state for place in batch.places.all()}
    return states == {S.INVITED}


@transaction.atomic
def undo(*, batch: BroughtAlong, by: User) -> int:
    """Take it back while nobody has answered: the places go, and mails not sent yet stay unsent."""
    Cohort.objects.select_for_update().get(pk=batch.cohort_id)
    batch.refresh_from_db()
    rows = list(batch.places.select_for_update(of=("self",)).order_by("pk"))
    if batch.undone_at is not None or not rows:
        raise DomainError(_("This was taken back already."))
    if any(row.state != S.INVITED for row in rows):
        raise DomainError(
            _("Somebody has answered already. Withdraw the others one by one, on their pages.")
        )
    for row in rows:
        outbox.cancel(about=f"invitation:{row.pk}", why="the invitation was taken back")
    # The record of acts keeps who it was; the rows below name them no more.
    audit.record(
        by=by, action="people.along_undone", subject=batch, cohort=batch.cohort, count=len(rows)
    )
    Enrollment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    batch.undone_at = clock.now()
    batch.save(update_fields=["undone_at"])
    return len(rows)
