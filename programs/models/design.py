"""Programs in the making, and what a year taught for the next."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.program import Program, ProgramVersion

if TYPE_CHECKING:
    from programs.spec import ProgramSpec


class ProgramDraft(models.Model):
    """A program being designed: a document that is valid, but that no cohort follows yet."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    # The program whose next version it becomes; empty: a new one.
    program = models.ForeignKey(
        Program, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    # What it started from, so that the difference can be shown.
    base = models.JSONField(null=True)
    document = models.JSONField()
    students = models.PositiveIntegerField(_("students expected"), null=True, blank=True)
    mentors = models.PositiveIntegerField(_("mentors expected"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.document.get("title", ""))

    @cached_property
    def spec(self) -> "ProgramSpec":
        """The document as a typed specification."""
        return ProgramVersion(document=self.document).spec


class ImprovementAction(models.Model):
    """What a year taught: something to do before the next, by somebody, until some day."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="improvements")
    cohort = models.ForeignKey(
        Cohort, on_delete=models.SET_NULL, null=True, blank=True, related_name="improvements"
    )
    text = models.CharField(_("what is to change"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who sees to it"),
    )
    due = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The version that took it up.
    version = models.ForeignKey(
        ProgramVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="took_up"
    )

    class Meta:
        ordering = ["due", "created_at"]

    def __str__(self) -> str:
        return self.text
