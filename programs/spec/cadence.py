"""Phases and cadence: who drives when, and how often people are meant to meet."""

from typing import Literal, Self

from pydantic import Field, model_validator

from programs.spec.base import (
    Channel,
    ClassYear,
    MeetingKind,
    Part,
    Range,
    Role,
    Slug,
    Text,
    Unit,
)

DAYS = {"week": 7.0, "month": 30.0, "year": 365.0}
Driver = Literal["mentor", "student", "both", "system"]


class Phase(Part):
    """A stretch of a mentorship's life with its own rules."""

    slug: Slug
    title: Text
    driver: Driver | None = None
    proposes: Driver | None = None
    within_working_days: int | None = Field(default=None, ge=1)
    weeks: Range | None = None
    class_years: tuple[ClassYear, ...] = ()
    goals: tuple[Text, ...] = ()
    exit: tuple[
        Literal["agreement_signed", "goal_set", "both_ready", "goals_reviewed", "needs_score"], ...
    ] = ()


class CadenceRule(Part):
    """How often, for whom and by what means. An empty condition means "any".

    One of: ``weeks`` (every so many weeks) or ``times`` ``per`` unit (so many per month, term,
    year, program). ``total`` and ``hours`` bound the whole. ``basis`` other than *prescribed*
    says that no number is set: left to the pair, to the students, or deliberately not counted.
    """

    slug: Slug
    basis: Literal["prescribed", "agreed_by_pair", "left_to_students", "not_prescribed"] = (
        "prescribed"
    )
    phase: Slug | None = None
    kind: MeetingKind | None = None
    channel: Channel | None = None
    class_years: tuple[ClassYear, ...] = ()
    role: Role | None = None
    shape: Slug | None = None
    weeks: Range | None = None
    times: Range | None = None
    per: Unit | None = None
    total: Range | None = None
    hours: Range | None = None
    hours_per: Unit | None = None
    minutes: Range | None = None
    event: Text | None = None
    counted: bool = True

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Self:
        if self.weeks is not None and self.times is not None:
            raise ValueError("say either `weeks` or `times` with `per`, not both")
        if (self.times is None) != (self.per is None):
            raise ValueError("`times` and `per` go together")
        if (self.hours is None) != (self.hours_per is None):
            raise ValueError("`hours` and `hours_per` go together")
        if self.weeks is not None and not self.weeks.max and not self.weeks.min:
            raise ValueError("`weeks` must be more than 0")
        says = (self.weeks, self.times, self.total, self.hours)
        if self.basis == "prescribed" and not any(part is not None for part in says):
            raise ValueError("a prescribed cadence needs `weeks`, `times`, `total` or `hours`")
        return self

    def fits(
        self,
        *,
        phase: str | None,
        kind: str | None,
        channel: str | None,
        class_year: int | None,
        role: str | None,
        shape: str | None,
    ) -> bool:
        """Whether nothing asked for contradicts a condition of this rule."""
        pairs = (
            (self.phase, phase),
            (self.kind, kind),
            (self.channel, channel),
            (self.role, role),
            (self.shape, shape),
        )
        if any(mine not in (None, "any", asked) for mine, asked in pairs):
            return False
        return not self.class_years or class_year in self.class_years

    @property
    def conditions(self) -> int:
        """How specific the rule is."""
        named = (self.phase, self.kind, self.channel, self.role, self.shape)
        return sum(part is not None for part in named) + bool(self.class_years)

    def interval_days(self, *, terms_per_year: float) -> float | None:
        """The longest time the rule lets pass between two, in days; ``None``: it says nothing."""
        if self.weeks is not None:
            weeks = self.weeks.max or self.weeks.min
            return None if weeks is None else weeks * 7
        if self.times is None or self.per in (None, "program"):
            return None
        least = self.times.min or self.times.max
        if not least:
            return None
        days = 365 / terms_per_year if self.per == "term" else DAYS[str(self.per)]
        return days / least

    def per_year(self, *, terms_per_year: float, years: float) -> tuple[float | None, float | None]:
        """Least and most in a year, as far as the rule says."""
        if self.weeks is not None:
            longest, shortest = self.weeks.max, self.weeks.min
            return (
                None if not longest else float(int(52 / longest)),
                None if not shortest else float(int(52 / shortest)),
            )
        if self.times is None:
            total = self.total
            return (None, None) if total is None else (_over(total.min, years), None)
        factor = {"week": 52, "month": 12, "term": terms_per_year, "year": 1}.get(
            str(self.per), 1 / years
        )
        low, high = self.times.min, self.times.max
        return (None if low is None else low * factor, None if high is None else high * factor)


def _over(number: float | None, years: float) -> float | None:
    return None if number is None else number / years
