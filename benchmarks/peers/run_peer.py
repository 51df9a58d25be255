"""Runs inside a peer's own environment: nothing of this project can be imported here, and NumPy
only where the peer brings it.

``python run_peer.py PEER FOLDER``: solves the instance there by that package and prints seconds
of one core (from its scores to its matching, in the package's own objects), peak memory and the
chosen pairs.

Where a package knows no places, a mentor is repeated for each of hers; where it looks for the best
sum alone, each allowed pair is worth a bonus, so that the most are placed first, as here.
"""

import json
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

Pairs = list[tuple[int, int]]
MEGABYTE = 1024 * 1024
GIVEN, SCORES = "given.json", "scores.npy"


def by_munkres(scores: list[list[int]], capacity: list[int], bonus: int) -> tuple[float, Pairs]:
    """A cost for each student and place."""
    from munkres import Munkres

    places = _places(capacity)
    started = process_time()
    most = bonus + max(map(max, scores))
    costs = [[most - (row[j] + bonus if row[j] >= 0 else 0) for j in places] for row in scores]
    found = Munkres().compute(costs)
    return process_time() - started, [(i, places[place]) for i, place in found]


def by_mentor_match(
    scores: list[list[int]], capacity: list[int], bonus: int
) -> tuple[float, Pairs]:
    """Two rules: one forbids, one looks the score up by the people's grades, its only numbers."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify, Rule

    class Score(Rule):  # type: ignore[misc]
        def apply(self, match_object: Any) -> int:
            return scores[match_object.mentee.grade][match_object.mentor.grade] + bonus

        def evaluate(self, match_object: Any) -> bool:
            return not self.apply(match_object)

    places = _places(capacity)
    started = process_time()
    mentors = [Mentor(grade=j, email=f"m{at}") for at, j in enumerate(places)]
    mentees = [Mentee(grade=i, email=f"s{i}") for i in range(len(scores))]
    forbidden = Disqualify(lambda match: scores[match.mentee.grade][match.mentor.grade] < 0)
    process_data(mentors, mentees, [[Score(), forbidden]])
    pairs = [(mentee.grade, mentor.grade) for mentee in mentees for mentor in mentee.mentors]
    return process_time() - started, pairs


def by_matching(scores: list[list[int]], capacity: list[int], _: int) -> tuple[float, Pairs]:
    """Hospitals and residents: both sides rank each other by the score, equal ones as listed."""
    from matching.games import HospitalResident

    started = process_time()
    mine: dict[int, list[str]] = {}
    theirs: dict[str, list[int]] = {}
    for i, row in enumerate(scores):
        allowed = [j for j, score in enumerate(row) if score >= 0 and capacity[j]]
        if allowed:
            mine[i] = [f"m{j}" for j in sorted(allowed, key=lambda j: (-row[j], j))]
    for j in range(len(capacity)):
        wanted = [i for i in mine if scores[i][j] >= 0 and capacity[j]]
        if wanted:
            theirs[f"m{j}"] = sorted(wanted, key=lambda i: (-scores[i][j], i))
    game = HospitalResident.create_from_dictionaries(
        mine, theirs, {name: capacity[int(name[1:])] for name in theirs}
    )
    found = game.solve(optimal="resident")
    pairs = [
        (resident.name, int(hospital.name[1:]))
        for hospital, residents in found.items()
        for resident in residents
    ]
    return process_time() - started, pairs


def by_ortools(scores: Any, capacity: list[int], bonus: int) -> tuple[float, Pairs]:
    """A flow over all allowed pairs; going without a mentor costs the bonus."""
    import numpy as np
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    started = process_time()
    places = np.array(capacity)
    students, mentors = scores.shape
    rows, columns = np.nonzero((scores >= 0) & (places > 0))
    everybody, sink = np.arange(students), students + mentors
    flow = SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    costs = -scores[rows, columns].astype(np.int64)
    arcs = add(rows, students + columns, np.ones(len(rows), np.int64), costs)
    add(students + np.arange(mentors), np.full(mentors, sink), places, np.zeros(mentors, np.int64))
    add(everybody, np.full(students, sink), np.ones(students, np.int64), np.full(students, bonus))
    flow.set_nodes_supplies(
        np.append(everybody, sink), np.append(np.ones(students, np.int64), -students)
    )
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("no optimum")
    used = flow.flows(arcs) > 0
    pairs = list(zip(rows[used].tolist(), columns[used].tolist(), strict=True))
    return process_time() - started, pairs


def _places(capacity: list[int]) -> list[int]:
    return [j for j, count in enumerate(capacity) for _ in range(count)]


SOLVERS: dict[str, Callable[[Any, list[int], int], tuple[float, Pairs]]] = {
    "matching": by_matching,
    "mentor-match": by_mentor_match,
    "munkres": by_munkres,
    "ortools": by_ortools,
}


def main(peer: str, folder: str) -> None:
    given = json.loads((Path(folder) / GIVEN).read_text(encoding="utf-8"))
    scores = given["scores"] if "scores" in given else _array(Path(folder) / SCORES)
    seconds, pairs = SOLVERS[peer](scores, given["capacity"], given["bonus"])
    kept = [(i, j) for i, j in pairs if scores[i][j] >= 0]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory_mb": round(memory, 1), "pairs": kept}))


def _array(file: Path) -> Any:
    import numpy as np

    return np.load(file)


if __name__ == "__main__":
    # ``matching`` copies its players recursively, as deep as there are players.
    sys.setrecursionlimit(1_000_000)
    threading.stack_size(1024 * MEGABYTE)
    worker = threading.Thread(target=main, args=sys.argv[1:3])
    worker.start()
    worker.join()
