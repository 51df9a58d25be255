"""What came of a trial of matching procedures, by the report that coordinators read."""

from typing import Any

from matching.models import Trial
from matching.services.trial_report import data_of
from matching.trials.report import analyse
from programs.models import Cohort


def figures(cohort: Cohort) -> dict[str, Any]:
    """Of each arm: drawn, matched, met in time; and the test of all arms. Without one, nothing."""
    trial = Trial.objects.filter(cohort=cohort).first()
    if trial is None:
        return {}
    found = analyse(data_of(trial))
    told: dict[str, Any] = {
        "assessed": found.flow.assessed,
        "randomized": found.flow.randomized,
        "final": found.final,
        "matched": None,
        "established": None,
    }
    for name, endpoint in (("matched", found.matched), ("established", found.established)):
        if endpoint is not None:
            arms = {arm.arm: [arm.successes, arm.n] for arm in endpoint.arms}
            told[name] = {"arms": arms, "p": endpoint.test.p}
            told[name]["all"] = sum(some for some, _of in arms.values())
    return {"trial": told}
