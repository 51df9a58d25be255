"""Programs, cohorts and the people in them."""

import json
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.models import validate_zone
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

FREE_TIME_HOURS = 7 * 24


@lru_cache(maxsize=128)
def _read(document: str) -> "ProgramSpec":
    # Reading takes milliseconds and every page asks; specifications are frozen, so they are shared.
    from programs.spec import ProgramSpec  # noqa: PLC0415 (pydantic is slow to import)

    return ProgramSpec.load(json.loads(document))


class Program(models.Model):
    """A recipe that cohorts follow. What it says stands in its versions' documents."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    school = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name


class ProgramVersion(models.Model):
    """A program's document at one time. Never changed: a running cohort keeps its version."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="program_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.program} v{self.number}"

    @cached_property
    def spec(self) -> "ProgramSpec":
        """The document as a typed specification."""
        return _read(json.dumps(self.document, sort_keys=True))


class CohortState(models.TextChoices):
    PLANNING = "planning", _("Planning")
    RECRUITING = "recruiting", _("Recruiting")
    MATCHING = "matching", _("Matching")
    RUNNING = "running", _("Running")
    CLOSING = "closing", _("Closing")
    ARCHIVED = "archived", _("Archived")


class Cohort(models.Model):
    """A run of a program, over one or several yearly editions."""

    State = CohortState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNING)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_zone]
    )
    country = models.CharField(
        _("country, for public holidays"), max_length=2, blank=True, help_text=_("Two letters.")
    )
    subdivision = models.CharField(_("state or region"), max_length=12, blank=True)
    applications_open = models.BooleanField(_("applications are open"), default=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [in_choices("state", CohortState, "cohort_state_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which terms, phases and cadence are counted."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def edition(self) -> "Edition":
        """The current edition: the last one that has begun, else the first."""
        editions = list(self.editions.select_related("version__program").order_by("number"))
        today = clock.today(self.zone)
        begun = [edition for edition in editions if edition.starts <= today]
        return (begun or editions[:1])[-1]

    @property
    def spec(self) -> "ProgramSpec":
        """What the program says, in the version that the current edition follows."""
        return self.edition.version.spec

    @property
    def level(self) -> str:
        """The confidentiality level: open, counts or strict."""
        return self.spec.confidentiality.level


class Edition(models.Model):
    """A year of a cohort, with the version of the program it follows."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT, related_name="editions")
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), help_text=_("The last day."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="edition_once"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="edition_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.starts:%Y}"


class Term(models.Model):
    """A semester or another part of an edition, within which quotas are counted."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(_("name"), max_length=100)
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), help_text=_("The last day."))

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="term_forward")
        ]

    def __str__(self) -> str:
        return self.name


class PauseKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    EXAM = "exam", _("Exams")
    PLACEMENT = "placement", _("Placement")
    OTHER = "other", _("Other")


class Pause(models.Model):
    """Days on which rules and nudges rest, for everyone or for one class year."""

    Kind = PauseKind

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="pauses")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.EXAM)
    name = models.CharField(_("name"), max_length=100)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    class_year = models.PositiveSmallIntegerField(
        _("class year"), null=True, blank=True, help_text=_("Empty: everyone.")
    )

    class Meta:
        ordering = ["starts"]
        constraints = [
            in_choices("kind", PauseKind, "pause_kind_known"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="pause_forward"),
        ]

    def __str__(self) -> str:
        return self.name


class EnrollmentState(models.TextChoices):
    INVITED = "invited", _("Invited")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Enrollment(models.Model):
    """A person's place and role in a cohort.

    Profile facts are kept here, per cohort, so that no coordinator reads or changes what a
    person told another program.
    """

    State = EnrollmentState

    PRESENT = (State.ACCEPTED, State.ACTIVE)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrollments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrollments"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.INVITED
    )
    capacity = models.PositiveSmallIntegerField(
        _("places"), default=1, help_text=_("How many students this mentor can take.")
    )
    campus = models.CharField(_("campus"), max_length=100, blank=True)
    track = models.CharField(_("track"), max_length=100, blank=True)
    gender = models.CharField(_("gender"), max_length=40, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    interests = models.JSONField(_("interests"), default=list, blank=True)
    student_number = models.CharField(_("student number"), max_length=60, blank=True)
    hopes = models.TextField(_("what I hope for"), max_length=1000, blank=True)
    offers = models.TextField(_("what I can offer"), max_length=1000, blank=True)
    free_time = models.CharField(
        _("free hours of the week"),
        max_length=FREE_TIME_HOURS,
        blank=True,
        help_text=_("One character an hour from Monday 0:00 on, 1 for free."),
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    left_reason = models.CharField(max_length=20, blank=True, editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["person__family_name", "person__given_name", "pk"]
        indexes = [models.Index(fields=["cohort", "role", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "person", "role"], name="enrollment_once"),
            in_choices("role", Role, "enrollment_role_known"),
            in_choices("state", EnrollmentState, "enrollment_state_known"),
            models.CheckConstraint(condition=Q(capacity__lte=100), name="enrollment_capacity"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"

    @property
    def is_student(self) -> bool:
        return self.role == Role.STUDENT

    @property
    def is_mentor(self) -> bool:
        return self.role in MENTOR_ROLES

    @property
    def is_present(self) -> bool:
        """Accepted or active: counts in the cohort."""
        return self.state in self.PRESENT


class EnrollmentYearStatus(models.TextChoices):
    STUDYING = "studying", _("Studying")
    REPEATING = "repeating", _("Repeating")
    PAUSED = "paused", _("Paused")
    INTERCALATING = "intercalating", _("Intercalating")


class EnrollmentYear(models.Model):
    """In which class year a person is in an academic year: people repeat, pause, intercalate."""

    Status = EnrollmentYearStatus

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="years")
    academic_year = models.PositiveSmallIntegerField(help_text=_("The year in which it begins."))
    class_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.STUDYING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "academic_year"], name="enrollment_year_once"
            ),
            in_choices("status", EnrollmentYearStatus, "enrollment_year_status_known"),
            models.CheckConstraint(
                condition=Q(class_year__gte=1, class_year__lte=10), name="class_year_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academic_year}: {self.class_year}"


class Absence(models.Model):
    """A declared absence: rules and nudges rest, slots vanish. No reason is asked."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="absences")
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="absence_forward")
        ]

    def __str__(self) -> str:
        return f"{self.starts} – {self.ends}"

    def covers(self, day: date) -> bool:
        return self.starts <= day <= self.ends


class Invitation(models.Model):
    """A single-use invitation, bound to a person's address; only a digest of it is kept."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(used_at=None), name="invite_due")
        ]

    def __str__(self) -> str:
        return self.email


class RosterImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class RosterImport(models.Model):
    """An uploaded roster on its way from file to enrollments, and back."""

    State = RosterImportState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="roster_imports")
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [in_choices("state", RosterImportState, "roster_import_state_known")]

    def __str__(self) -> str:
        return self.file_name


class RosterChange(models.Model):
    """What an import did to one enrollment, so that it can be undone."""

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="changes"
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.BooleanField()
    created_person = models.BooleanField(default=False)
    before = models.JSONField(default=dict)

    def __str__(self) -> str:
        return "created" if self.created else "updated"


class HelpContactKind(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    WELLBEING = "wellbeing", _("Wellbeing")
    PROGRAM = "program", _("Mentoring program")


class HelpContact(models.Model):
    """Somebody to turn to: shown on the help page, also to those who are not signed in."""

    Kind = HelpContactKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.CASCADE,
        related_name="help_contacts",
        null=True,
        blank=True,
        help_text=_("Empty: for everyone at this school."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    note = models.CharField(_("when to turn to them"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    url = models.URLField(_("web page"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [in_choices("kind", HelpContactKind, "help_contact_kind_known")]

    def __str__(self) -> str:
        return self.name
