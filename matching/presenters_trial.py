"""A trial in rows and words: how it stands, and its report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import Trial
from matching.queries import unplaced

Text = str | Promise

POPULATIONS: dict[str, Text] = {
    "intention to treat": gettext_lazy("everybody drawn, whatever came (intention to treat)"),
    "complete cases": gettext_lazy("those of whom it is known (complete cases)"),
    "per protocol": gettext_lazy("those who got what their arm offers (per protocol)"),
}


def counts(trial: Trial) -> dict[str, int]:
    """How many were asked, agreed, declined, were left out, and were drawn."""
    drawn = ~Q(arm="")
    return trial.records.aggregate(
        asked=Count("pk"),
        agreed=Count("pk", filter=Q(consent=True)),
        declined=Count("pk", filter=Q(consent=False)),
        silent=Count("pk", filter=Q(consent=None)),
        left_out=Count("pk", filter=~Q(excluded="")),
        drawn=Count("pk", filter=drawn),
        waiting=Count(
            "pk",
            filter=Q(consent=True, excluded="", arm="", student__in=unplaced(trial.cohort)),
        ),
    )


def arms(trial: Trial) -> list[tuple[str, int]]:
    """Each arm with how many are in it."""
    rows = trial.records.exclude(arm="").order_by().values_list("arm").annotate(n=Count("pk"))
    found = dict(rows)
    return [(str(arm["title"]), found.get(str(arm["procedure"]), 0)) for arm in trial.arms]


@dataclass(frozen=True)
class EndpointTable:
    """An endpoint among a population: a row for each arm, the test, the planned contrasts."""

    title: str
    rows: list[tuple[str, str, str]]
    test: str
    contrasts: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """What the page of a trial shows once it was computed."""

    as_of: str
    final: bool
    flow: list[tuple[str, int]]
    arms: list[dict[str, Any]]
    endpoints: list[EndpointTable]
    satisfaction: EndpointTable | None


def report(trial: Trial, analysis: Mapping[str, Any]) -> Report:
    flow = analysis["flow"]
    endpoints = []
    if analysis["established"]:
        endpoints.append(_endpoint(trial, _("A first meeting in time"), analysis["established"]))
        endpoints.append(_endpoint(trial, _("Found a mentor"), analysis["matched"]))
        endpoints += [
            _endpoint(trial, _("A first meeting in time"), one) for one in analysis["sensitivity"]
        ]
    return Report(
        as_of=analysis["as_of"],
        final=analysis["final"],
        flow=[
            (_("Assessed"), flow["assessed"]),
            (_("Not in it"), flow["excluded"]),
            *((f"– {one['words']}", one["n"]) for one in flow["excluded_reasons"]),
            (_("Still to answer or to be drawn"), flow["waiting"]),
            (_("Drawn"), flow["randomized"]),
        ],
        arms=[
            {
                **one,
                "title": trial.title_of(one["arm"]),
                "waiting": one["allocated"] - one["received"] - one["not_received"],
            }
            for one in flow["arms"]
        ],
        endpoints=endpoints,
        satisfaction=_satisfaction(trial, analysis["satisfaction"]),
    )


def _endpoint(trial: Trial, title: str, found: Mapping[str, Any]) -> EndpointTable:
    population = POPULATIONS.get(found["population"], found["population"])
    return EndpointTable(
        title=_("%(what)s: %(whom)s") % {"what": title, "whom": population},
        rows=[
            (
                trial.title_of(arm["arm"]),
                _("%(some)d of %(all)d") % {"some": arm["successes"], "all": arm["n"]},
                share(arm["share"]),
            )
            for arm in found["arms"]
        ],
        test=test(found["test"]),
        contrasts=[
            (one["name"], points(one["difference"]), _p(one["adjusted"]))
            for one in found["contrasts"]
        ],
    )


def _satisfaction(trial: Trial, found: Mapping[str, Any] | None) -> EndpointTable | None:
    if found is None:
        return None
    return EndpointTable(
        title=_("Contentment with the mentor, of 7"),
        rows=[
            (
                trial.title_of(arm["arm"]),
                _("%(some)d of %(all)d answered")
                % {"some": arm["answered"], "all": arm["randomized"]},
                _("too few to tell") if arm["suppressed"] else mean(arm["mean"]),
            )
            for arm in found["arms"]
        ],
        test=test(found["test"]),
    )


def share(estimate: Mapping[str, float] | None) -> str:
    """“86.8 % (81.3 to 90.9)”."""
    if estimate is None:
        return "–"
    return _("%(value)s %% (%(low)s to %(high)s)") % {
        name: f"{100 * estimate[name]:.1f}" for name in ("value", "low", "high")
    }


def points(estimate: Mapping[str, float] | None) -> str:
    """A difference of shares, in points of a hundred."""
    if estimate is None:
        return "–"
    return _("%(value)s points (%(low)s to %(high)s)") % {
        name: f"{100 * estimate[name]:+.1f}" for name in ("value", "low", "high")
    }


def mean(estimate: Mapping[str, float] | None) -> str:
    if estimate is None:
        return "–"
    return _("%(value)s (%(low)s to %(high)s)") % {
        name: f"{estimate[name]:.2f}" for name in ("value", "low", "high")
    }


def test(found: Mapping[str, Any]) -> str:
    """Which test, and what it found."""
    if found["p"] is None:
        return _("No test could be made.")
    return f"{found['name']}: {_p(found['p'])}"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
