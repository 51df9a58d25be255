"""Mentoring groups at published sizes: how near to the bound, how fast, in how much memory.

Each size runs in a process of its own, so that its peak memory is its own.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import Any

SIZES = ("tromso", "mcgill", "san-antonio")
MICRO = 1_000_000


def measure() -> Iterator[dict[str, Any]]:
    """One row for each published program."""
    for name in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.groups", name],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        yield json.loads(done.stdout)


def instance(name: str) -> Any:
    """Students and leaders of a published program, with invented interests, campus and gender.

    Tromsø: 100 of one class in groups of 7–10, two unlike mentors. McGill: 175 in 30 groups of at
    most six, one physician and two senior students. San Antonio: 880 in 20 groups of eleven from
    each of four classes, one clinician and three senior students.
    """
    from matching.engine.groups.instance import GroupShape

    even = {"balance": ("gender", "campus")}
    if name == "tromso":
        shape = GroupShape(7, 10, {"mentor": 2}, unlike=("gender", "campus"), **even)
        return _cohort(100, 1, {"mentor": 24}, shape)
    if name == "mcgill":
        shape = GroupShape(5, 6, {"mentor": 1, "junior_mentor": 2}, **even)
        return _cohort(175, 1, {"mentor": 30, "junior_mentor": 60}, shape)
    quotas = {"class_year": {str(year): (11, 11) for year in range(1, 5)}}
    shape = GroupShape(44, 44, {"mentor": 1, "junior_mentor": 3}, quotas=quotas, **even)
    return _cohort(880, 4, {"mentor": 20, "junior_mentor": 60}, shape)


def _cohort(students: int, years: int, leaders: dict[str, int], shape: Any) -> Any:
    import numpy as np

    from benchmarks.instances import person
    from matching.engine.criteria import Criteria, Criterion, score
    from matching.engine.groups.instance import GroupInstance, Leader

    chance = np.random.default_rng(1)
    mentees = [person(f"s{n}", chance) for n in range(students)]
    seniors = [person(f"m{n}", chance) for n in range(sum(leaders.values()))]
    criteria = Criteria({Criterion.INTERESTS: 5, Criterion.LANGUAGES: 3, Criterion.FREE_TIME: 1})
    roles = [role for role, number in leaders.items() for _ in range(number)]

    def traits() -> dict[str, str]:
        return {
            "gender": str(chance.choice(["f", "m"], p=[0.6, 0.4])),
            "campus": str(chance.choice(["main", "north", "south"], p=[0.5, 0.3, 0.2])),
        }

    return GroupInstance(
        students=[one.id for one in mentees],
        traits=[traits() | {"class_year": str(1 + n % years)} for n in range(students)],
        leaders=[
            Leader(one.id, role, 1, traits()) for one, role in zip(seniors, roles, strict=True)
        ],
        shape=shape,
        scores=score(mentees, seniors, criteria),
    )


def _measured(name: str) -> dict[str, Any]:
    from matching.engine.groups.solving import solve_groups

    asked = instance(name)
    started = perf_counter()
    result = solve_groups(asked)
    return {
        "program": name,
        "students": len(asked.students),
        "groups": len(result.groups),
        "unplaced": len(result.unplaced),
        "seconds": round(perf_counter() - started, 3),
        "total": result.total / MICRO,
        "bound": result.bound / MICRO,
        "gap": round(result.gap, 6),
        "gap_percent": round(100 * result.gap, 4),
        "proven": result.proven,
        "difference": max(one.difference for one in result.balance),
    }


if __name__ == "__main__":
    found = _measured(sys.argv[1])
    found["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(found))
