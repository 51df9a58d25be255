"""A piece of long work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.jobs import registry
from mentoring.keys import new_key


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """Long work: who started it, how far it is, what came out."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    kind = models.CharField(max_length=64)
    cohort = models.ForeignKey("programs.Cohort", models.CASCADE, null=True, related_name="jobs")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="jobs"
    )
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    # The engine's own: who works on it, since when, and how often that was tried.
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="jobs_unfinished",
            )
        ]
        constraints = [
            models.CheckConstraint(name="jobs_state_known", condition=Q(state__in=State.values))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.state}"

    @property
    def finished(self) -> bool:
        return self.state not in {State.QUEUED, State.RUNNING}

    @property
    def title(self) -> str | Promise:
        """What the work is, for people."""
        return registry.get(self.kind).title

    @property
    def result_url(self) -> str:
        """Where the result can be seen; empty before there is one."""
        url = registry.get(self.kind).url
        return url(self) if url and self.state == State.DONE else ""
