"""Degenerate cohorts of 10,000 students for every procedure: they take seconds, not more.

Processor seconds, without the time to make the scores. Nobody can be placed, or everybody is as
good as everybody else; what is found is checked for the number placed and the proof.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

STUDENTS, MENTORS = 10_000, 2_500
CASES = ("no places", "all forbidden", "all equal", "too few places")
PROCEDURES = ("optimal", "fair", "stable", "random", "greedy")
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[dict[str, Any]]:
    """One row for each case, with the seconds of every procedure, each in its own process."""
    for case in CASES:
        row: dict[str, Any] = {"case": case, "students": STUDENTS, "mentors": MENTORS}
        for procedure in PROCEDURES:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.degenerate", case, procedure,
                 str(STUDENTS), str(MENTORS)],
                check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            )  # fmt: skip
            found = json.loads(done.stdout)
            row[procedure] = found["seconds"]
            row["placed"] = found["placed"]
        yield row


def _solved(case: str, procedure: str, students: int, mentors: int) -> dict[str, Any]:
    import numpy as np

    from matching.engine.instance import FORBIDDEN, Instance, Procedure
    from matching.engine.solving import solve

    each = {"no places": 0, "too few places": 1}.get(case, 5)
    score = FORBIDDEN if case == "all forbidden" else 700_000
    instance = Instance(
        students=[f"s{n}" for n in range(students)],
        mentors=[f"m{n}" for n in range(mentors)],
        capacity=[each] * mentors,
        scores=np.full((students, mentors), score, np.int32),
    )
    placed = 0 if case == "all forbidden" else min(students, each * mentors)
    started = process_time()
    result = solve(instance, Procedure(procedure), seed=1)
    seconds = process_time() - started
    if len(result.pairs) != placed or not result.optimal:
        raise SystemExit(f"{case}, {procedure}: {len(result.pairs)} placed, {placed} expected")
    return {"seconds": round(seconds, 3), "placed": placed}


if __name__ == "__main__":
    print(json.dumps(_solved(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
