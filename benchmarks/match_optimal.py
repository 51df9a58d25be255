"""The optimal procedure beside SciPy's dense solver, on the same cohorts.

Each measurement runs in a process of its own, so that its peak memory is its own. Both sides
start from the same scores; ours includes the proof, which the other does not give.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import process_time
from typing import Any

SIZES = [(185, 171), (1000, 250), (5000, 1200), (10000, 2500)]
REPEATS = 3
MICRO = 1_000_000


def measure() -> Iterator[dict[str, Any]]:
    """One row for each size; refuses a result that the peer contradicts."""
    for students, mentors in SIZES:
        ours = _in_a_process("ours", students, mentors)
        peer = _in_a_process("scipy", students, mentors)
        if (ours["placed"], ours["total"]) != (peer["placed"], peer["total"]):
            raise SystemExit(f"{students} × {mentors}: {ours} is not what SciPy found: {peer}")
        yield {
            "students": students,
            "mentors": mentors,
            "seconds": ours["seconds"],
            "memory_mb": ours["memory_mb"],
            "proven": ours["proven"],
            "placed": ours["placed"],
            "total": ours["total"],
            "peer": "scipy",
            "peer_seconds": peer["seconds"],
            "peer_memory_mb": peer["memory_mb"],
            "ratio": round(peer["seconds"] / ours["seconds"], 2),
        }


def _in_a_process(side: str, students: int, mentors: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.match_optimal", side, str(students), str(mentors)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ours(students: int, mentors: int) -> dict[str, Any]:
    from benchmarks.instances import cohort
    from matching.engine.solving import solve

    instance = cohort(students, mentors)
    times = []
    for _ in range(REPEATS):
        started = process_time()
        result = solve(instance)
        times.append(process_time() - started)
    return {
        "seconds": round(median(times), 4),
        "proven": result.optimal,
        "placed": len(result.pairs),
        "total": result.total / MICRO,
    }


def by_scipy(students: int, mentors: int) -> dict[str, Any]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    from benchmarks.instances import cohort

    instance = cohort(students, mentors)
    times = []
    for _ in range(REPEATS if students <= 1000 else 1):
        started = process_time()
        places = np.repeat(np.arange(mentors), instance.capacity)
        # A student who cannot be placed is worth nothing; placing her is worth more than any score.
        bonus = 2.0 * MICRO * students
        worth = instance.scores[:, places].astype(np.float64)
        worth = np.where(worth >= 0, worth + bonus, 0.0)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        times.append(process_time() - started)
    gained = worth[rows, columns]
    placed = int((gained > 0).sum())
    return {
        "seconds": round(median(times), 4),
        "placed": placed,
        "total": (int(gained.sum()) - placed * int(bonus)) / MICRO,
    }


if __name__ == "__main__":
    side, students, mentors = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    found = {"ours": _ours, "scipy": by_scipy}[side](students, mentors)
    found["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(json.dumps(found))
