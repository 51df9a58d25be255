"""When and how a mentor can be booked."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.models import validate_zone
from mentoring.constraints import in_choices
from mentoring.keys import new_key


class Mode(models.TextChoices):
    """How people meet; channels are counted apart."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video")
    PHONE = "phone", _("Telephone")


class BookingPreferences(models.Model):
    """How a mentor can be booked. One for all her cohorts: availability is published once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="booking_preferences"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    slot_minutes = models.PositiveSmallIntegerField(_("length of a meeting, minutes"), default=45)
    buffer_minutes = models.PositiveSmallIntegerField(_("pause between meetings"), default=0)
    notice_hours = models.PositiveSmallIntegerField(_("minimum notice, hours"), default=24)
    horizon_days = models.PositiveSmallIntegerField(_("bookable ahead, days"), default=42)
    max_per_day = models.PositiveSmallIntegerField(_("at most a day"), null=True, blank=True)
    max_per_week = models.PositiveSmallIntegerField(_("at most a week"), null=True, blank=True)
    mode = models.CharField(
        _("usually"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = models.URLField(_("video link"), blank=True)

    class Meta:
        constraints = [in_choices("mode", Mode, "booking_mode_known")]

    def __str__(self) -> str:
        return f"{self.slot_minutes} min"


class WeeklyHours(models.Model):
    """Bookable hours of a weekday, by the clock on the mentor's wall."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_range"),
            models.CheckConstraint(
                # An end of 00:00 is midnight.
                condition=Q(ends__gt=F("starts")) | Q(ends=time(0)),
                name="hours_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class HoursExceptionKind(models.TextChoices):
    OFF = "off", _("Not available")
    EXTRA = "extra", _("Extra hours")


class HoursException(models.Model):
    """A date on which other hours hold: off, or extra hours."""

    Kind = HoursExceptionKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hours_exceptions"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["day", "starts"]
        constraints = [
            in_choices("kind", HoursExceptionKind, "hours_exception_kind_known"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None, kind="off") | Q(ends__gt=F("starts")),
                name="exception_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class CalendarFeed(models.Model):
    """A private, revocable address from which a calendar reads a person's busy times."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_live_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
