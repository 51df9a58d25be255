"""Cohorts: runs of a program, with their years, terms and pauses."""

from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.models import validate_zone
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.program import Program, ProgramVersion

if TYPE_CHECKING:
    from programs.spec import ProgramSpec


def forward(name: str) -> models.CheckConstraint:
    """The last day does not lie before the first."""
    return models.CheckConstraint(
        condition=Q(ends__gte=F("starts")),
        name=name,
        violation_error_message=_("The last day lies before the first."),
    )


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
    # Who opened matching although something necessary was missing, and why.
    override_reason = models.CharField(max_length=500, blank=True, editable=False)
    override_at = models.DateTimeField(null=True, blank=True, editable=False)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    # The instant of closing: whoever completed just then takes part again if it is reopened.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [in_choices("state", CohortState, "cohort_state_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        """Closed for good: nobody meets in it any more, and monitoring leaves it as it was."""
        return self.state == self.State.ARCHIVED

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which terms, phases and cadence are counted."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def edition(self) -> "Edition":
        """The current edition: the last one that has begun, else the first."""
        editions = self.years
        self.__dict__.setdefault("planned", editions[-1])
        return self._begun(editions)

    @cached_property
    def planned(self) -> "Edition":
        """The latest edition, begun or not: people are listed and matched for it."""
        editions = self.years
        self.__dict__.setdefault("edition", self._begun(editions))
        return editions[-1]

    def _begun(self, editions: list["Edition"]) -> "Edition":
        today = clock.today(self.zone)
        begun = [edition for edition in editions if edition.starts <= today]
        return (begun or editions[:1])[-1]

    @property
    def planned_spec(self) -> "ProgramSpec":
        """What the program says for those who are listed and matched now."""
        return self.planned.version.spec

    @property
    def years(self) -> list["Edition"]:
        """The editions in order; without a query where ``queries.with_years`` has loaded them."""
        loaded = getattr(self, "_prefetched_objects_cache", {}).get("editions")
        rows = self.editions.select_related("version__program") if loaded is None else loaded
        return sorted(rows, key=lambda edition: edition.number)

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
    # When a person looked over the dates that the template proposed.
    dates_checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="edition_once"),
            forward("edition_forward"),
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
        constraints = [forward("term_forward")]

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
            forward("pause_forward"),
        ]

    def __str__(self) -> str:
        return self.name
