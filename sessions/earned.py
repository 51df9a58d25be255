"""The credits of a person's places, past ones included: what she keeps of them."""

from collections.abc import Sequence

from mentoring import clock
from mentoring.ports import PlaceFact
from programs.models import Enrollment
from sessions import credits as earning
from sessions import training


def of_places(rows: Sequence[Enrollment]) -> dict[int, list[PlaceFact]]:
    """Credits by enrollment, one for each year of its cohort that gave some.

    A few queries for each place that can earn any; most programs give none.
    """
    found: dict[int, list[PlaceFact]] = {}
    for row in rows:
        if facts := _of_place(row):
            found[row.pk] = facts
    return found


def _of_place(row: Enrollment) -> list[PlaceFact]:
    if row.state not in training.OWING:
        return []
    cohort, found = row.cohort, []
    years = cohort.years
    for edition in years:
        spec = edition.version.spec
        # Most programs give none, and nothing is counted.
        if not any(part.kind == "credits" and part.role == row.role for part in spec.incentives):
            continue
        plan = training.plan_of(cohort, edition)
        for reward in earning.rewards(plan):
            counted = earning.people(cohort, reward).filter(pk=row.pk).first()
            if counted is None:
                continue
            credit = earning.credit(counted, reward, clock.today(cohort.zone))
            title = f"{reward.title} {edition.starts:%Y}" if len(years) > 1 else reward.title
            text = ", ".join([str(credit.label), *credit.reasons])
            found.append(PlaceFact(title, text))
    return found
