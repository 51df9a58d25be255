"""Credits that follow from quotas: granted when every term's quota is met, withheld when short.

Derived, never stored (R46 of the domain): whoever corrects an attendance list corrects the
credits. Six times 90 minutes are 9 hours a semester and 18 a year (F1 of the domain).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import clock
from programs.models import Cohort
from programs.spec.support import Incentive
from sessions import training
from sessions.quota import Quota
from sessions.training import Plan

State = Literal["granted", "withheld", "open"]


@dataclass(frozen=True, slots=True)
class Reward:
    """An incentive of kind credits, with the quotas that decide on it."""

    incentive: Incentive
    quotas: tuple[Quota, ...]

    @property
    def title(self) -> str:
        part = self.incentive
        amount = f"{part.amount:g} " if part.amount else ""
        return part.title or f"{amount}{part.unit or _('credits')}"


@dataclass(frozen=True, slots=True)
class QuotaCount:
    """How one person stands on one quota."""

    quota: Quota
    owed: int
    attended: int
    ahead: int

    @property
    def missing(self) -> int:
        return max(0, self.owed - self.attended)

    @property
    def uncovered(self) -> int:
        """What no place ahead covers either: dates she still has to choose."""
        return max(0, self.missing - self.ahead)

    @property
    def words(self) -> str:
        """Such as “2 of 4: Mentor training, Fall semester”."""
        parts = [self.quota.title, self.quota.period.name]
        facts = {
            "n": self.attended,
            "all": self.owed,
            "what": ", ".join(part for part in parts if part),
        }
        return _("%(n)d of %(all)d: %(what)s") % facts

    @property
    def short(self) -> str:
        """Such as “1 supervision short in Spring semester”."""
        what = {"n": self.missing, "what": self.quota.title}
        said = ngettext("%(n)d short: %(what)s", "%(n)d short: %(what)s", self.missing) % what
        return f"{said} ({self.quota.period.name})" if self.quota.period.name else said


@dataclass(frozen=True, slots=True)
class Credit:
    """What became of somebody's credits so far, and why."""

    state: State
    reasons: tuple[str, ...]
    hours: timedelta

    @property
    def label(self) -> str | Promise:
        return {
            "granted": _("Granted"),
            "withheld": _("Withheld"),
            "open": _("Not decided yet"),
        }[self.state]


def rewards(plan: Plan, kinds: Collection[str] = ("credits",)) -> list[Reward]:
    """The credits, or what else of these kinds, given for trainings and supervisions."""
    found = []
    for part in plan.incentives:
        if part.kind not in kinds or not part.needs:
            continue
        quotas = tuple(
            q for q in plan.quotas if q.requirement in part.needs and q.role == part.role
        )
        if quotas:
            found.append(Reward(part, quotas))
    return found


def people(cohort: Cohort, reward: Reward) -> QuerySet[Any]:
    """Those who can earn it, with their counts and hours, for ``credit``."""
    rows = training.people(cohort, reward.quotas)
    return training.with_hours(rows, cohort, reward.quotas)


def counts(row: Any, quotas: Sequence[Quota]) -> list[QuotaCount]:
    """The counts of a row of ``training.people``, for the person's own role."""
    return [
        QuotaCount(
            quota,
            getattr(row, f"owed_{n}"),
            getattr(row, f"attended_{n}"),
            getattr(row, f"ahead_{n}"),
        )
        for n, quota in enumerate(quotas)
        if quota.role == row.role
    ]


def credit(row: Any, reward: Reward, today: date) -> Credit:
    """Granted, withheld with the reasons, or not decided while a term goes on."""
    found = counts(row, reward.quotas)
    return Credit(*decide(found, today), row.hours)


def decide(found: Iterable[QuotaCount], today: date) -> tuple[State, tuple[str, ...]]:
    """What follows from somebody's counts on that day, with the reasons.

    Who came so late that nothing was left to attend has earned nothing.
    """
    found = list(found)
    if not any(count.owed for count in found):
        return "withheld", (_("came too late to earn it"),)
    missing = [count for count in found if count.missing]
    over = [count for count in missing if count.quota.period.ends < today]
    if over:
        return "withheld", tuple(count.short for count in over)
    return ("open", tuple(count.short for count in missing)) if missing else ("granted", ())


def tally(cohort: Cohort) -> dict[str, int]:
    """How many people's credits are granted, withheld and not decided; empty without credits."""
    found: dict[str, int] = {}
    for reward in rewards(training.plan_of(cohort)):
        today = clock.today(cohort.zone)
        for row in people(cohort, reward).select_related("person"):
            state = credit(row, reward, today).state
            found[state] = found.get(state, 0) + 1
    return found


def text(hours: timedelta) -> str:
    """“9 h” or “10.5 h”."""
    return _("%(n)s h") % {"n": f"{hours.total_seconds() / 3600:.3g}"}
