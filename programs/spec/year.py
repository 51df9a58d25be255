"""The year a template proposes: terms and pauses, counted in weeks from the first day."""

from typing import Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from programs.spec.base import ClassYear, Part, Text


class Weeks(Part):
    """From the first day of week ``first`` to the last day of week ``last``, counted from 1."""

    first: int = Field(ge=1, le=60)
    last: int = Field(ge=1, le=60)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"ends in week {self.last}, before week {self.first}")
        return self


class TermPlan(Part):
    """One term of the year."""

    name: Text
    weeks: Weeks


class PausePlan(Part):
    """Weeks in which nothing is expected, of everyone or of one class year."""

    name: Text
    kind: Literal["holiday", "exam", "placement", "other"] = "other"
    weeks: Weeks
    class_year: ClassYear | None = None


class Year(Part):
    """Where and when: the country gives the public holidays, the zone the days."""

    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    subdivision: str | None = Field(default=None, max_length=10)
    time_zone: str = "UTC"
    starts: str = Field(default="09-01", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    weeks: int = Field(default=40, ge=1, le=60)
    terms: tuple[TermPlan, ...] = ()
    pauses: tuple[PausePlan, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("is not a time zone; write a name such as Europe/Budapest")
        return name

    @model_validator(mode="after")
    def _terms_follow_each_other(self) -> Self:
        last = 0
        for term in self.terms:
            if term.weeks.first <= last:
                raise ValueError(f"the term {term.name!r} begins before the one before it ends")
            last = term.weeks.last
        plans: tuple[TermPlan | PausePlan, ...] = (*self.terms, *self.pauses)
        for plan in plans:
            if plan.weeks.last > self.weeks:
                raise ValueError(
                    f"{plan.name!r} ends in week {plan.weeks.last}, "
                    f"but the year has {self.weeks} weeks"
                )
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
