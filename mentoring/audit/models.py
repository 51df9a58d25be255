"""Append-only events. No foreign keys: an event outlives what it speaks of."""

from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from mentoring import clock


class EventQuerySet(models.QuerySet["Event"]):
    """Reads and appends only."""

    def update(self, **_: Any) -> NoReturn:
        raise TypeError("audit events are never changed")

    def delete(self) -> NoReturn:
        raise TypeError("audit events are never deleted")


class Event(models.Model):
    """One act: who, what, on which object of which cohort, when. Ids and codes, no names."""

    at = models.DateTimeField(default=clock.now)
    actor = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    cohort = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["cohort", "-at"]),
            models.Index(fields=["subject_type", "subject"]),
            models.Index(fields=["actor", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("audit events are never deleted")
