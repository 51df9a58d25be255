"""Rows for tests, valid by default."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from matching.models import Membership, Mentorship
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.keys import new_key
from programs.models import (
    Cohort,
    Edition,
    Enrollment,
    EnrollmentYear,
    Program,
    ProgramVersion,
    Term,
)
from sessions.models import Meeting, Participant, Series, SupervisorGroup, SupervisorPlace

START = datetime(2021, 9, 6, 8, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.edu")
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n:04}")
    privacy_version = 1
    joined_at = START


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = Program

    slug = factory.Sequence(lambda n: f"program-{n}")
    name = "Near-peer mentoring"


def template_document(slug: str = "semmelweis") -> dict:
    """The document of a program in the catalog."""
    from programs.spec import catalog

    return catalog.document(slug)


class ProgramVersionFactory(DjangoModelFactory):
    class Meta:
        model = ProgramVersion

    program = factory.SubFactory(ProgramFactory)
    number = 1
    document = factory.LazyFunction(template_document)


class CohortFactory(DjangoModelFactory):
    """A cohort of Semmelweis's program, 2021/22, with one edition and two semesters.

    ``edition`` takes the slug of another template, or a document.
    """

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    program = factory.SubFactory(ProgramFactory)
    name = "Near-peer 2021/22"
    time_zone = "Europe/Budapest"
    country = "HU"

    @factory.post_generation
    def edition(self, create, extracted, **kwargs):
        document = extracted or "semmelweis"
        if isinstance(document, str):
            document = template_document(document)
        version = ProgramVersionFactory(program=self.program, document=document)
        edition = Edition.objects.create(
            cohort=self,
            version=version,
            starts=date(2021, 9, 6),
            ends=date(2022, 6, 12),
        )
        Term.objects.create(
            edition=edition, name="Autumn", starts=date(2021, 9, 6), ends=date(2022, 1, 30)
        )
        Term.objects.create(
            edition=edition, name="Spring", starts=date(2022, 1, 31), ends=date(2022, 6, 12)
        )


def sibling(cohort: Cohort, years: int = -1, **fields) -> Cohort:
    """Another cohort of the same program and version, so many years later or earlier."""
    edition = cohort.edition
    other = Cohort.objects.create(
        program=cohort.program, time_zone=cohort.time_zone, **{"name": "Another year"} | fields
    )
    days = timedelta(days=365 * years)
    Edition.objects.create(
        cohort=other,
        version=edition.version,
        starts=edition.starts + days,
        ends=edition.ends + days,
    )
    return other


class EnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrollment

    cohort = factory.SubFactory(CohortFactory)
    person = factory.SubFactory(UserFactory)
    role = Role.STUDENT
    state = Enrollment.State.ACTIVE
    capacity = factory.LazyAttribute(lambda row: 0 if row.role == Role.STUDENT else 1)
    created_at = START


class EnrollmentYearFactory(DjangoModelFactory):
    class Meta:
        model = EnrollmentYear

    academic_year = 2021
    class_year = 1


class MentorshipFactory(DjangoModelFactory):
    """A live mentorship without members; see ``pair``."""

    class Meta:
        model = Mentorship

    cohort = factory.SubFactory(CohortFactory)
    shape = "pair"
    started_at = START


def member(mentorship: Mentorship, enrollment: Enrollment, **fields) -> Membership:
    """Place an enrollment in a mentorship."""
    fields.setdefault("started_at", mentorship.started_at)
    return Membership.objects.create(
        mentorship=mentorship,
        enrollment=enrollment,
        person=enrollment.person,
        shape=mentorship.shape,
        role=enrollment.role,
        **fields,
    )


def pair(cohort: Cohort | None = None, **fields) -> Mentorship:
    """A live mentorship of one student and one mentor, as ``.student`` and ``.mentor``."""
    cohort = cohort or CohortFactory()
    mentorship = MentorshipFactory(cohort=cohort, **fields)
    mentorship.student = EnrollmentFactory(cohort=cohort)
    mentorship.mentor = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    member(mentorship, mentorship.student)
    member(mentorship, mentorship.mentor)
    return mentorship


def meeting(
    mentorship: Mentorship, starts_at: datetime, state: str = "booked", **fields
) -> Meeting:
    """A meeting of everyone in a mentorship, written straight into the database."""
    ends_at = fields.pop("ends_at", starts_at + timedelta(minutes=45))
    if state in {"held", "missed"}:
        fields.setdefault("recorded_at", ends_at)
    if state == "missed":
        fields.setdefault("missed_by", "student")
    if state == "cancelled":
        fields.setdefault("cancelled_at", starts_at - timedelta(days=1))
        fields.setdefault("cancelled_by", "student")
    row = Meeting.objects.create(
        key=new_key(),
        cohort=mentorship.cohort,
        mentorship=mentorship,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        **fields,
    )
    # Who leads as one of the students has one seat.
    seats = mentorship.memberships.select_related("person", "enrollment").order_by("-role")
    for membership in {seat.person_id: seat for seat in seats}.values():
        Participant.objects.create(
            meeting=row,
            person=membership.person,
            enrollment=membership.enrollment,
            role=membership.role,
            holds=state in {"booked", "held", "missed"},
            answer="accepted",
            attendance="present" if state == "held" else "unknown",
            starts_at=starts_at,
            ends_at=ends_at,
        )
    return row


# --- Trainings and supervisions ------------------------------------------------------------------


class SeriesFactory(DjangoModelFactory):
    """Mentor trainings of 90 minutes, without a limit of places."""

    class Meta:
        model = Series

    cohort = factory.SubFactory(CohortFactory)
    kind = "training"
    audience = Role.MENTOR
    title = "Mentor training"
    time_zone = "Europe/Budapest"


def training_date(series: Series, starts_at: datetime, state: str = "booked", **fields) -> Meeting:
    """A date of a series, written straight into the database."""
    ends_at = fields.pop("ends_at", starts_at + timedelta(minutes=series.minutes))
    if state == "held":
        fields.setdefault("recorded_at", ends_at)
    fields.setdefault("booked_at", starts_at - timedelta(days=30))
    fields.setdefault("capacity", series.capacity)
    return Meeting.objects.create(
        cohort=series.cohort,
        series=series,
        kind=series.kind,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=series.time_zone,
        **fields,
    )


def attend(meeting: Meeting, enrollment: Enrollment, attendance: str = "present") -> Participant:
    """A place in a date, and what the list says (``unknown``: nothing yet)."""
    return Participant.objects.create(
        meeting=meeting,
        person=enrollment.person,
        enrollment=enrollment,
        role=enrollment.role,
        answer="accepted",
        holds=True,
        place=meeting.participants.count() + 1,
        attendance=attendance,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def supervisor_group(cohort: Cohort, *members: Enrollment, name: str = "Group A"):
    """A supervisor's group with these members; ``.supervisor`` is her enrollment."""
    supervisor = EnrollmentFactory(cohort=cohort, role=Role.SUPERVISOR)
    group = SupervisorGroup.objects.create(cohort=cohort, supervisor=supervisor, name=name)
    for enrollment in members:
        SupervisorPlace.objects.create(group=group, enrollment=enrollment, started_at=START)
    return group
