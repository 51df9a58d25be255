"""Whom to turn to."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort

# Digits in the usual dress; what is left of it is dialed.
_TYPED = re.compile(r"\+?[\d\s()/.–-]+")
_LENGTH = range(3, 16)


def dialed(typed: str) -> str:
    """What a telephone dials for a number as people write it; empty for anything else."""
    typed = typed.strip()
    digits = re.sub(r"\D", "", typed)
    if not _TYPED.fullmatch(typed) or len(digits) not in _LENGTH:
        return ""
    return f"+{digits}" if typed.startswith("+") else digits


class Audience(models.TextChoices):
    """For whom something is."""

    ALL = "all", _("Everyone")
    STUDENTS = "students", _("Students")
    MENTORS = "mentors", _("Mentors")


class HelpContactKind(models.TextChoices):
    """In the order of the help page."""

    EMERGENCY = "emergency", _("Emergency")
    COUNSELING = "counseling", _("Counseling")
    WELLBEING = "wellbeing", _("Wellbeing")
    HEALTH = "health", _("Health")
    HARASSMENT = "harassment", _("Harassment or discrimination")
    ACADEMIC = "academic", _("Studies")
    FINANCIAL = "financial", _("Money and housing")
    PROGRAM = "program", _("Mentoring program")
    OTHER = "other", _("Other")


class Discretion(models.TextChoices):
    """Whether what is said there stays there."""

    YES = "yes", _("Confidential")
    NO = "no", _("Not confidential")
    UNKNOWN = "unknown", _("Ask whether it is confidential")


class HelpContact(models.Model):
    """Somebody to turn to: shown on the help page, also to those who are not signed in."""

    Kind = HelpContactKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.CASCADE,
        related_name="help_contacts",
        null=True,
        blank=True,
        help_text=_("Empty: for everyone at this school."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    note = models.CharField(_("when to turn to them"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    url = models.URLField(_("web page"), blank=True)
    hours = models.CharField(
        _("hours"), max_length=150, blank=True, help_text=_("Such as: weekdays from 9 to 17.")
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    confidential = models.CharField(
        _("confidential"), max_length=7, choices=Discretion.choices, default=Discretion.UNKNOWN
    )
    audience = models.CharField(
        _("for whom"), max_length=8, choices=Audience.choices, default=Audience.ALL
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            in_choices("kind", HelpContactKind, "help_contact_kind_known"),
            in_choices("confidential", Discretion, "help_contact_confidential_known"),
            in_choices("audience", Audience, "help_contact_audience_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dial(self) -> str:
        """The number behind a call button; empty where there is none to call."""
        return dialed(self.phone)
