"""“Why not that one?”, answered by solving a run's inputs again. Loads NumPy: for jobs only.

What another pair would cost is measured against the best matching of the same inputs, whatever
procedure the run used: the engine's counterfactual, not a comparison of two scores.
"""

from collections.abc import Mapping
from typing import Any

from matching import grouping
from matching.columns import Room
from matching.engine.changes import Instead, instead
from matching.engine.criteria import broken
from matching.engine.instance import Procedure
from matching.part import Part
from matching.running import Progress, places, solved, waiting_for


def ask(
    data: Mapping[str, Any],
    seed: int,
    *,
    procedure: str,
    student: int,
    mentor: int,
    shape: str,
    progress: Progress,
) -> dict[str, Any]:
    """What it would take to give this student that mentor, as plain data with the inputs' ids.

    ``why`` names what forbids it; otherwise ``placed`` and ``total`` are differences to the best
    matching, ``score`` and ``best_score`` hers with either, ``moves`` those who would change.
    Of groups that the run formed it is asked for the places in these; how small they become and
    how even is then not minded.
    """
    part = _part(data, seed, shape, procedure, progress)
    i = next((i for i, facts in enumerate(part.waiting) if facts["id"] == student), None)
    theirs = [k for k, column in enumerate(part.columns) if mentor in column.mentors]
    if i is None or not theirs:
        return {"why": "elsewhere"}
    able = [k for k in theirs if part.scores[i, k] >= 0]
    if not able:
        return {"why": _forbidden(part, i, theirs[0])}
    if not any(part.columns[k].places for k in able):
        return {"why": "no_places"}
    instance, name = part.instance(), part.students[i].id
    answers = [(instead(instance, name, part.names[k], seed), k) for k in able]
    answer, column = max(answers, key=lambda found: _worth(found[0]))
    progress(2, 2)
    return _plain(part, i, column, answer)


def _part(
    data: Mapping[str, Any], seed: int, wanted: str, procedure: str, progress: Progress
) -> Part:
    """The part of that shape, after those before it have taken their places."""
    room = Room(data, seed)
    for shape in data["shapes"]:
        if shape["slug"] == wanted:
            part = _asked(room, shape, procedure)
            progress(1, 2)
            return part
        for proposal, column in solved(room, shape, Procedure.OPTIMAL).proposals():
            if column is not None:
                room.take(column, proposal.student)
    raise LookupError(wanted)


def _asked(room: Room, shape: Mapping[str, Any], procedure: str) -> Part:
    """With the groups that the run formed; else with all there is."""
    if grouping.forms(shape, procedure):
        return solved(room, shape, procedure)
    part = Part(room.data, shape, waiting_for(room.data, shape), places(room, shape))
    part.rule()
    return part


def _worth(answer: Instead) -> tuple[bool, int, int]:
    return answer.possible, answer.placed, answer.total


def _forbidden(part: Part, i: int, k: int) -> str:
    kinds = [kind for kind, forbidden in part.ruled.items() if forbidden[i, k]]
    leader = part.mentors[part.at[part.columns[k].mentors[0]]]
    return str([*kinds, *broken(part.students[i], leader, part.criteria), "must"][0])


def _plain(part: Part, i: int, column: int, answer: Instead) -> dict[str, Any]:
    if not answer.possible:
        return {"why": "pinned"}
    place = {name: k for k, name in enumerate(part.names)}
    row = {person.id: j for j, person in enumerate(part.students)}

    def leader(name: str | None) -> int | None:
        return None if name is None else part.columns[place[name]].mentors[0]

    best = next(
        (one.was for one in answer.changes if one.student == part.students[i].id),
        part.names[column],
    )
    return {
        "placed": answer.placed,
        "total": answer.total,
        "score": int(part.scores[i, column]),
        "best_score": None if best is None else int(part.scores[i, place[best]]),
        "best": leader(best),
        "groups": part.columns[column].team is not None,
        "moves": [
            [part.waiting[row[one.student]]["id"], leader(one.was), leader(one.now)]
            for one in answer.changes
            if row[one.student] != i
        ],
    }
