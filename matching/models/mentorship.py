"""The mentorships that runs or people make, and the dated places in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.models.runs import MatchRun
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment


class MentorshipState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    DISSOLVED = "dissolved", _("Ended early")


class EndReason(models.TextChoices):
    """Why a mentorship ended early: never whose fault."""

    FIT = "fit", _("Another pair suits them better")
    TIME = "time", _("Their calendars do not meet")
    ABSENCE = "absence", _("One of them is away for long")
    LEFT = "left", _("One of them left the program")
    NEED = "need", _("Mentoring is not needed now")
    REORGANIZED = "reorganized", _("The program was reorganized")
    UNDONE = "undone", _("Its publication was taken back")


class Mentorship(models.Model):
    """What matching forms: one or more mentors with one or more students."""

    State = MentorshipState
    EndReason = EndReason

    LIVE = (State.ACTIVE, State.PAUSED)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="mentorships")
    shape = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    run = models.ForeignKey(
        MatchRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="mentorships"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=12, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cohort", "state"])]
        constraints = [
            in_choices("state", MentorshipState, "mentorship_state_known"),
            models.CheckConstraint(
                condition=Q(end_reason__in=["", *EndReason.values]),
                name="mentorship_end_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=["proposed", "active", "paused"])
                | Q(ended_at__isnull=False, state__in=["completed", "dissolved"]),
                name="mentorship_end_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class Membership(models.Model):
    """A dated place in a mentorship. History is never overwritten: places end, others begin."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="memberships")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="memberships")
    # Copies that let the database hold the rules below; they never change.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    shape = models.SlugField(max_length=60)
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When it is meant to end. The place is live until ``ended_at`` says that it did.
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "ended_at"])]
        constraints = [
            in_choices("role", Role, "membership_role_known"),
            models.UniqueConstraint(
                fields=["mentorship", "enrollment"],
                condition=Q(ended_at=None),
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "shape"],
                condition=Q(ended_at=None, role=Role.STUDENT),
                name="one_mentorship_per_student_and_shape",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_forward",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("started_at")),
                name="membership_planned_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def is_mentor(self) -> bool:
        return self.role in MENTOR_ROLES
