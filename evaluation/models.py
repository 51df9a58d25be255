"""What monitoring finds, and what coordinators do about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.reports.models import Report, ReportFile
from evaluation.surveys.models import (
    Survey,
    SurveyComment,
    SurveyInvitation,
    SurveyResponse,
    WaitingAnswer,
)
from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment

__all__ = [
    "Broadcast",
    "Flag",
    "FlagSeverity",
    "FlagState",
    "Report",
    "ReportFile",
    "RuleSetting",
    "Survey",
    "SurveyComment",
    "SurveyInvitation",
    "SurveyResponse",
    "WaitingAnswer",
]


class FlagState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RESOLVED = "resolved", _("Settled")
    CLEARED = "cleared", _("Cleared by the facts")


class FlagSeverity(models.TextChoices):
    INFO = "info", _("Notice")
    WARNING = "warning", _("Warning")
    HIGH = "high", _("High")


class Flag(models.Model):
    """What stayed unresolved: one open flag per rule and subject, cleared by the facts.

    ``occurrence`` names the fact behind it (such as the start of the mentorship, or the first
    unanswered message), so that a dismissed flag does not return until something new happens.
    """

    State = FlagState
    Severity = FlagSeverity

    STANDING = (State.OPEN, State.ACKNOWLEDGED)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="flags")
    rule = models.SlugField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    mentorship = models.ForeignKey(
        Mentorship, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    subject = models.CharField(max_length=40)
    occurrence = models.CharField(max_length=60)
    since = models.DateTimeField(help_text=_("When the fact behind it began."))
    opened_at = models.DateTimeField(default=clock.now)
    step = models.SlugField(max_length=20, default="flag")
    evidence = models.JSONField(default=dict)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    # The day of the digest that told the coordinators; empty while it is news to them.
    digest = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "pk"]
        indexes = [models.Index(fields=["cohort", "state", "rule"])]
        constraints = [
            in_choices("state", FlagState, "flag_state_known"),
            in_choices("severity", FlagSeverity, "flag_severity_known"),
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(state__in=["open", "acknowledged"]),
                name="one_standing_flag",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING


class FlagNote(models.Model):
    """What a coordinator wrote about a flag for her colleagues."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text


class RuleSetting(models.Model):
    """A cohort's own thresholds for a rule, over the program's and the rule's defaults."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rule_settings")
    rule = models.SlugField(max_length=40)
    enabled = models.BooleanField(default=True)
    thresholds = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "rule"], name="rule_setting_once")]

    def __str__(self) -> str:
        return self.rule


class Broadcast(models.Model):
    """A message of a coordinator to a filtered list of people."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="broadcasts")
    audience = models.CharField(max_length=300)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("message"), max_length=5000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(default=clock.now)
    recipients = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.subject
