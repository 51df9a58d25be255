"""Trainings, orientations and supervisions: meetings of a cohort or of a supervisor's group."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.models import validate_zone
from mentoring.accounts.permissions import Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment
from sessions.models.availability import Mode


class SeriesKind(models.TextChoices):
    """The kinds of meetings that a cohort holds for many at once (see ``MeetingKind``)."""

    TRAINING = "training", _("Training")
    ORIENTATION = "orientation", _("Orientation")
    SUPERVISION = "supervision", _("Supervision")


class SupervisorGroup(models.Model):
    """A supervisor and the people she supervises (R43 of the domain)."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="supervisor_groups")
    supervisor = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="supervised_groups"
    )
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "name"],
                condition=Q(ended_at=None),
                name="supervisor_group_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SupervisorPlace(models.Model):
    """A dated place in a supervisor's group; a person is in one group at a time."""

    group = models.ForeignKey(SupervisorGroup, on_delete=models.CASCADE, related_name="places")
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="supervisor_places"
    )
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment"],
                condition=Q(ended_at=None),
                name="one_supervisor_group_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.started_at:%Y-%m-%d}"


class Series(models.Model):
    """What dated meetings of a kind have in common; a single date is a series of one.

    The owner is the cohort, or a supervisor's group; the audience a role (of the group's members
    where there is one).
    """

    Kind = SeriesKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="series")
    group = models.ForeignKey(
        SupervisorGroup, on_delete=models.PROTECT, related_name="series", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    audience = models.CharField(_("for whom"), max_length=20, choices=Role.choices)
    title = models.CharField(_("title"), max_length=120)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=90)
    capacity = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    mode = models.CharField(_("how"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    course = models.BooleanField(
        _("one course"),
        default=False,
        help_text=_("All its dates belong together: who enrolls, enrolls for every day."),
    )
    # The clock on the wall by which its dates were set.
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name_plural = "series"
        indexes = [models.Index(fields=["cohort", "kind"])]
        constraints = [
            in_choices("kind", SeriesKind, "series_kind_known"),
            in_choices("mode", Mode, "series_mode_known"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1, capacity__lte=1000),
                name="series_capacity",
            ),
        ]

    def __str__(self) -> str:
        return self.title
