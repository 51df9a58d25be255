"""Trainings and supervisions: what the dates held asked for and what was attended; credits."""

from collections import Counter
from typing import Any

from mentoring import clock
from mentoring.simulation.player import Performance
from sessions import credits as earned
from sessions import training
from sessions.models import Meeting, MeetingState

KINDS = ("training", "supervision")


def figures(performance: Performance) -> dict[str, dict[str, int]]:
    """Absent where the program asks for none.

    ``required``: what each person owed, as far as dates were held for it by the end of the run.
    """
    cohort = performance.stage.cohort
    plan = training.plan_of(cohort)
    found: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        quotas = [quota for quota in plan.quotas if quota.kind == kind]
        if quotas:
            found[kind] = _kind(cohort, quotas)
    if earned.rewards(plan):
        with clock.at(performance.ended):
            tally = earned.tally(cohort)
        found["credits"] = {state: tally.get(state, 0) for state in ("granted", "withheld")}
    return found


def _kind(cohort: Any, quotas: list[Any]) -> dict[str, int]:
    required = attended = 0
    held = [_held(cohort, quota) for quota in quotas]
    for row in training.people(cohort, quotas):
        for n, dates in enumerate(held):
            owed = min(getattr(row, f"owed_{n}"), dates)
            required += owed
            attended += min(owed, getattr(row, f"attended_{n}"))
    return {"required": required, "attended": attended}


def _held(cohort: Any, quota: Any) -> int:
    """How often one person could have attended: each group holds dates of its own."""
    first, end = quota.period.bounds(cohort.zone)
    rows = Meeting.objects.filter(
        cohort=cohort,
        kind=quota.kind,
        series__isnull=False,
        state=MeetingState.HELD,
        starts_at__gte=first,
        starts_at__lt=end,
    )
    per_group = Counter(rows.order_by().values_list("series__group", flat=True))
    return max(per_group.values(), default=0)
