"""A randomized comparison of matching procedures, and what became of everyone in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment


class ExclusionReason(models.TextChoices):
    """Why somebody who was assessed is not in the trial; never a personal text."""

    NEEDS = "needs", _("needs a certain mentor")
    LEAVES = "leaves", _("leaves before the end")
    LATE = "late", _("joined too late")
    OTHER = "other", _("another reason")


class Trial(models.Model):
    """Students drawn by lot between procedures. The seed is told once allocation is over."""

    ExclusionReason = ExclusionReason

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="trials")
    title = models.CharField(_("title"), max_length=200)
    about = models.TextField(_("what students read before they agree"), max_length=3000)
    # Procedure, title and weight of each; a procedure is one arm.
    arms = models.JSONField(default=list)
    strata = models.JSONField(default=list)
    seed = models.PositiveBigIntegerField()
    due_weeks = models.PositiveSmallIntegerField(_("weeks until the first meeting"), default=8)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    job_key = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(closed_at=None), name="one_open_trial"
            ),
            models.CheckConstraint(
                condition=Q(due_weeks__gte=1, due_weeks__lte=52), name="trial_due_weeks"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether people can still be drawn."""
        return self.closed_at is None

    def title_of(self, arm: str) -> str:
        return next((str(one["title"]) for one in self.arms if one["procedure"] == arm), arm)


class TrialRecord(models.Model):
    """One student who was assessed: whether she agreed, where the lot put her, what she says."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="records")
    student = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="trial_records")
    consent = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    excluded = models.CharField(max_length=10, choices=ExclusionReason.choices, blank=True)
    # The procedure that the lot gave her.
    arm = models.CharField(max_length=12, blank=True)
    stratum = models.JSONField(default=list)
    block = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField(null=True)
    allocated_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "student"], name="trial_record_once"),
            models.CheckConstraint(
                condition=Q(excluded__in=["", *ExclusionReason.values]),
                name="trial_exclusion_known",
            ),
            models.CheckConstraint(
                condition=Q(arm="", allocated_at=None)
                | Q(consent=True, excluded="", allocated_at__isnull=False, position__isnull=False),
                name="trial_drawn_of_those_who_agreed",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=7),
                name="trial_satisfaction_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trial}: {self.arm}"
