"""The outbox's rows and the heartbeat of the machinery."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    SUPPRESSED = "suppressed", _("not sent on purpose")
    FAILED = "failed", _("failed")


class Notification(models.Model):
    """One mail to one person, from the act that caused it until it is settled.

    ``dedupe_key`` is unique for ever: whoever derives the same mail again adds nothing.
    ``guid`` names the mail outside (Message-ID, file in the mail folder).
    """

    guid = models.UUIDField(default=uuid4, unique=True, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=64)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notifications"
    )
    address = models.EmailField(blank=True)
    context = models.JSONField(default=dict)
    about = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    # The engine's own: when to look again. A claim pushes it forward before anything is tried.
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    settled_at = models.DateTimeField(null=True)
    # What the kind's loader read for this mail; never stored.
    loaded: Any = None

    class Meta:
        indexes = [
            models.Index(
                fields=["attempts", "try_at", "id"],
                condition=Q(state="queued"),
                name="outbox_queued",
            ),
            models.Index(fields=["about"], condition=~Q(about=""), name="outbox_about"),
            models.Index(fields=["claim"], condition=~Q(claim=""), name="outbox_claim"),
        ]
        constraints = [
            models.CheckConstraint(name="outbox_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="outbox_has_reader",
                condition=Q(recipient__isnull=False) | ~Q(address=""),
            ),
            models.CheckConstraint(
                name="outbox_settled_has_time",
                condition=Q(state="queued", settled_at__isnull=True)
                | (~Q(state="queued") & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.dedupe_key}"


class Heartbeat(models.Model):
    """When a part of the machinery last showed that it is alive (`manage.py doctor` reads it)."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        """Note that ``name`` is alive now."""
        cls.objects.update_or_create(name=name, defaults={"at": clock.now()})
