"""The people of a cohort, over time."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort, forward

FREE_TIME_HOURS = 7 * 24


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
    reserve = models.BooleanField(
        _("in reserve"),
        default=False,
        help_text=_("Kept out of the matching, to stand in when a mentor is away."),
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
    # A student of a mandatory program asked the coordinators to be let go.
    leave_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
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
        constraints = [forward("absence_forward")]

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
