"""How many diary entries the meetings called for, and how many of them were written."""

from typing import Any

from mentoring.simulation.player import Performance
from sessions.diary.owed import duties_of, of_cohort


def figures(performance: Performance) -> dict[str, Any]:
    """``diaries``; nothing where the program asks for none.

    Counts every entry called for by the end, also where a last one may still be written.
    """
    cohort = performance.stage.cohort
    if not duties_of(cohort):
        return {}
    owed = of_cohort(cohort)
    return {
        "diaries": {
            "due": len(owed),
            "written": sum(one.written_on is not None for one in owed),
        }
    }
