"""Programs and the versions of their documents."""

import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.db import models

from mentoring import clock
from mentoring.keys import new_key

if TYPE_CHECKING:
    from programs.spec import ProgramSpec


@lru_cache(maxsize=128)
def _read(document: str) -> "ProgramSpec":
    # Reading takes milliseconds and every page asks; specifications are frozen, so they are shared.
    from programs.spec import ProgramSpec  # noqa: PLC0415 (pydantic is slow to import)

    return ProgramSpec.load(json.loads(document))


class Program(models.Model):
    """A recipe that cohorts follow. What it says stands in its versions' documents."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    school = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.name


class ProgramVersion(models.Model):
    """A program's document at one time. Never changed: a running cohort keeps its version."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="program_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.program} v{self.number}"

    @cached_property
    def spec(self) -> "ProgramSpec":
        """The document as a typed specification."""
        return _read(json.dumps(self.document, sort_keys=True))
