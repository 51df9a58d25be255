"""The optimal procedure beside SciPy's dense solver, on the same cohorts.

Each measurement runs in a process of its own, on one core, so that its peak memory is its own.
Seconds are processor time. Ours include what the other does not give: the scores of all pairs (if
there are people to score) and the proof. Where SciPy is asked it must find the same total, or the
run ends; beyond, the proof alone has to do. ``engine_mb`` is the peak above what Python, NumPy and
SciPy need once loaded, the scores included; ``memory_mb`` is all of it.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

# Kind, students, mentors, and whether SciPy is asked: it takes minutes, or much memory, for others.
CASES = [
    ("interests", 185, 171, True),
    ("interests", 1000, 250, True),
    ("interests", 5000, 1200, True),
    ("interests", 10000, 2500, True),
    ("interests", 20000, 5000, False),
    ("same wish", 2000, 500, True),
    ("same wish", 10000, 2500, False),
]
REPEATS = 3
LEAVING = 25
MICRO = 1_000_000
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[dict[str, Any]]:
    """One row for each case; refuses a result that is not proven, or that the peer contradicts."""
    for kind, students, mentors, asked in CASES:
        ours = _in_a_process("ours", kind, students, mentors)
        peer = _in_a_process("scipy", kind, students, mentors) if asked else {}
        if not ours["proven"]:
            raise SystemExit(f"{kind}, {students} × {mentors}: not proven")
        if asked and (ours["placed"], ours["total"]) != (peer["placed"], peer["total"]):
            raise SystemExit(f"{students} × {mentors}: {ours} is not what SciPy found: {peer}")
        yield {
            "kind": kind,
            "students": students,
            "mentors": mentors,
            **ours,
            "peer": "scipy",
            "peer_seconds": peer.get("seconds", "–"),
            "peer_memory_mb": peer.get("memory_mb", "–"),
            "ratio": round(peer["seconds"] / ours["seconds"], 2) if asked else "–",
        }


def _in_a_process(side: str, kind: str, students: int, mentors: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.match_optimal", side, kind, str(students), str(mentors)],
        check=True, capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def instance_of(kind: str, students: int, mentors: int) -> tuple[Any, float]:
    """The instance, and the seconds that scoring all its pairs took."""
    from benchmarks import instances
    from matching.engine.criteria import score

    if kind == "same wish":
        return instances.contended(students, mentors), 0.0
    mentees, seniors, chance = instances.cast(students, mentors)
    started = process_time()
    scores = score(mentees, seniors, instances.CRITERIA)
    seconds = process_time() - started
    return instances.assembled(mentees, seniors, scores, chance), seconds


def _ours(kind: str, students: int, mentors: int) -> dict[str, Any]:
    from benchmarks.instances import cohort
    from matching.engine.solving import solve

    solve(cohort(400, 120))  # what is loaded and compiled once for a process is not the engine's
    base = peak_mb()
    instance, scoring = instance_of(kind, students, mentors)
    times = []
    for _ in range(REPEATS):
        started = process_time()
        result = solve(instance)
        times.append(process_time() - started)
    memory = peak_mb()
    return {
        "seconds": round(scoring + median(times), 4),
        "scoring": round(scoring, 4),
        **_repaired(instance),
        "engine_mb": round(memory - base, 1),
        "memory_mb": round(memory, 1),
        "proven": result.optimal,
        "placed": len(result.pairs),
        "total": result.total / MICRO,
    }


def _repaired(instance: Any) -> dict[str, float]:
    """One mentor leaves: milliseconds to the new optimum and its proof, for some of the mentors."""
    from matching.engine import exact
    from matching.engine.certificate import upper_bound_after, value
    from matching.engine.repair import without_mentor
    from matching.engine.solving import unpinned

    problem, _ = unpinned(instance)
    before = exact.solve(problem)
    times = []
    for leaving in range(0, len(instance.mentors), max(1, len(instance.mentors) // LEAVING)):
        started = process_time()
        smaller, after = without_mentor(problem, before, leaving)
        bound = upper_bound_after(smaller, before, after)
        times.append(1000 * (process_time() - started))
        if bound != value(smaller, after.chosen):
            raise SystemExit(f"without {instance.mentors[leaving]}: not proven")
    return {"repair_ms": round(median(times), 2), "repair_most_ms": round(max(times), 2)}


def by_scipy(students: int, mentors: int, kind: str = "interests") -> dict[str, Any]:
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    instance, _ = instance_of(kind, students, mentors)
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


def peak_mb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _one(side: str, kind: str, students: int, mentors: int) -> dict[str, Any]:
    if side == "ours":
        return _ours(kind, students, mentors)
    return {**by_scipy(students, mentors, kind), "memory_mb": round(peak_mb(), 1)}


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(json.dumps(_one(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
