"""The matching engine next to other packages: the same people, scores and places, in one run.

Every measurement is a process of its own, so that its peak memory is its own. Seconds are those of
one core (processor time), so that what else the machine does counts little.
Whoever promises the best total must find ours, or the run ends. ``matching`` promises stability, so
it stands next to our stable procedure; the two may settle equal scores differently.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks.peers import run_peer
from benchmarks.peers.environments import VERSIONS, python_of

LIMIT = 180  # seconds until we give up waiting for a peer
REPEATS = 3
MICRO = 1_000_000
# How far each peer is taken; munkres is slow in principle, so it is asked for little.
SIZES = {
    "munkres": [(200, 50), (400, 100)],
    "matching": [(400, 100), (1000, 250), (2000, 500)],
    "mentor-match": [(400, 100), (1000, 250), (2000, 500)],
    "ortools": [(1000, 250), (5000, 1200), (10000, 2500)],
    "scipy": [(2000, 500), (10000, 2500)],
}
ARRAYS = {"ortools"}
STABLE = {"matching"}
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[dict[str, Any]]:
    """One row for each peer and size."""
    ours: dict[tuple[int, int, str], dict[str, Any]] = {}
    for peer, sizes in SIZES.items():
        for students, mentors in sizes:
            procedure = "stable" if peer in STABLE else "optimal"
            size = (students, mentors, procedure)
            if size not in ours:
                ours[size] = _run([sys.executable, *_me("ours", *size)])
            yield _row(peer, size, ours[size], _theirs(peer, students, mentors))


def _row(
    peer: str, size: tuple[int, int, str], ours: dict[str, Any], theirs: dict[str, Any]
) -> dict[str, Any]:
    students, mentors, procedure = size
    if "total" in theirs and procedure == "optimal" and not _agree(ours, theirs):
        raise SystemExit(f"{peer}, {students} × {mentors}: {theirs} is not what we found: {ours}")
    seconds = theirs.get("seconds")
    return {
        "peer": peer,
        "version": theirs["version"],
        "students": students,
        "mentors": mentors,
        "seconds": theirs["why"] if seconds is None else round(seconds, 3),
        "memory_mb": theirs.get("memory_mb", "–"),
        "placed": theirs.get("placed", "–"),
        "total": theirs.get("total", "–"),
        "procedure": procedure,
        "our_seconds": ours["seconds"],
        "our_memory_mb": ours["memory_mb"],
        "our_placed": ours["placed"],
        "our_total": ours["total"],
        "ratio": _ratio(theirs.get("seconds", theirs.get("at_least")), ours["seconds"]),
    }


def _ratio(theirs: float | None, ours: float) -> float | str:
    """How many times as long; of a peer that was stopped at least that."""
    return round(theirs / ours, 1) if theirs and ours else "–"


def _agree(ours: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return bool((ours["placed"], ours["total"]) == (theirs["placed"], theirs["total"]))


def _theirs(peer: str, students: int, mentors: int) -> dict[str, Any]:
    """What the peer found, or why it found nothing."""
    if peer == "scipy":
        import scipy

        return {**_run([sys.executable, *_me("scipy", students, mentors)]),
                "version": scipy.__version__}  # fmt: skip
    version = VERSIONS[peer]
    python = python_of(peer)
    if python is None:
        return {"version": version, "why": "cannot be installed"}
    with tempfile.TemporaryDirectory() as folder:
        scores = _write(Path(folder), students, mentors, as_array=peer in ARRAYS)
        try:
            found = _run([str(python), "-I", run_peer.__file__, peer, folder], limit=LIMIT)
        except subprocess.TimeoutExpired:
            return {"version": version, "why": f"over {LIMIT} s", "at_least": LIMIT}
        except subprocess.CalledProcessError as error:
            told = (error.stderr or "").strip().splitlines()
            return {"version": version, "why": told[-1] if told else f"code {error.returncode}"}
    pairs = found.pop("pairs")
    total = sum(int(scores[i, j]) for i, j in pairs) / MICRO
    return {**found, "version": version, "placed": len(pairs), "total": total}


def _write(folder: Path, students: int, mentors: int, *, as_array: bool) -> Any:
    """What the peer is to solve; scores as JSON, or as an array for who has NumPy."""
    import numpy as np

    from benchmarks.instances import cohort

    instance = cohort(students, mentors)
    given: dict[str, Any] = {
        "capacity": list(instance.capacity),
        "bonus": (students + 1) * (MICRO + 1),
    }
    if as_array:
        np.save(folder / run_peer.SCORES, instance.scores)
    else:
        given["scores"] = instance.scores.tolist()
    (folder / run_peer.GIVEN).write_text(json.dumps(given), encoding="utf-8")
    return instance.scores


def _me(side: str, students: int, mentors: int, procedure: str = "optimal") -> list[str]:
    return ["-m", "benchmarks.match_peers", side, str(students), str(mentors), procedure]


def _run(command: list[str], limit: int | None = None) -> dict[str, Any]:
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=limit, cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ours(students: int, mentors: int, procedure: str) -> dict[str, Any]:
    from benchmarks.instances import cohort
    from matching.engine.instance import Procedure
    from matching.engine.solving import solve

    instance = cohort(students, mentors)
    solve(cohort(20, 5))  # imports are not measured: they are once for a process
    times = []
    for _ in range(REPEATS):
        started = process_time()
        result = solve(instance, Procedure(procedure))
        times.append(process_time() - started)
    if procedure == "optimal" and not result.optimal:
        raise SystemExit(f"{students} × {mentors}: not proven optimal")
    return {
        "seconds": round(median(times), 4),
        "placed": len(result.pairs),
        "total": result.total / MICRO,
    }


def _one(side: str, students: int, mentors: int, procedure: str) -> dict[str, Any]:
    from benchmarks.match_optimal import by_scipy

    found = by_scipy(students, mentors) if side == "scipy" else _ours(students, mentors, procedure)
    return {
        **found,
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(json.dumps(_one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])))
