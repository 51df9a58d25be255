"""Degenerate input is normal input: every procedure answers, keeps the rules, places the most."""

import numpy as np
import pytest

from matching.engine.instance import FORBIDDEN, Instance, InvalidInput, Procedure
from matching.engine.solving import solve
from tests.matching.engine.builders import all_matchings, as_matching, worth


def instance(scores, capacity, students=None, mentors=None, **more):
    scores = np.array(scores, np.int32).reshape(len(students or scores), len(capacity))
    return Instance(
        students=students or [f"s{i}" for i in range(scores.shape[0])],
        mentors=mentors or [f"m{j}" for j in range(scores.shape[1])],
        capacity=capacity,
        scores=scores,
        **more,
    )


CASES = {
    "zero capacity": (instance([[5, 7], [3, 1]], [0, 0]), 0),
    "one mentor without places": (instance([[5, 7], [3, 1]], [0, 1]), 1),
    "no scores": (instance(np.full((3, 2), FORBIDDEN), [2, 2]), 0),
    "scores of nothing": (instance(np.zeros((3, 2)), [2, 2]), 3),
    "one person": (instance([[]], []), 0),
    "one pair": (instance([[4]], [1]), 1),
    "nobody in common": (instance([[FORBIDDEN, 1], [FORBIDDEN, 1]], [1, 1]), 1),
    "all equal": (instance(np.full((6, 3), 9), [2, 2, 2]), 6),
    "all equal, too few places": (instance(np.full((6, 3), 9), [1, 1, 1]), 3),
    "no students": (instance(np.zeros((0, 2)), [1, 1]), 0),
    "no mentors": (instance(np.zeros((2, 0)), []), 0),
    "nobody at all": (instance(np.zeros((0, 0)), []), 0),
    "more places than anybody needs": (instance([[1]], [10**12]), 1),
    "all pinned": (instance([[1, 2], [2, 1]], [1, 1], pinned=[(0, 0), (1, 1)]), 2),
}


@pytest.mark.parametrize("procedure", Procedure)
@pytest.mark.parametrize("case", CASES)
def test_every_procedure_answers(case, procedure):
    asked, placed = CASES[case]
    result = solve(asked, procedure, seed=3)
    matching = as_matching(asked, result)
    assert len(result.pairs) == placed
    assert len(result.unmatched) == len(asked.students) - placed
    assert worth(asked, matching) == (placed, result.total)
    assert result.bound >= result.total
    assert result.minimum == (None if not placed else min(_scores(asked, matching)))


@pytest.mark.parametrize("case", CASES)
def test_the_optimum_is_proven(case):
    asked, _placed = CASES[case]
    result = solve(asked)
    assert result.optimal
    if len(asked.students) * len(asked.mentors) < 20:
        assert (len(result.pairs), result.total) == max(
            worth(asked, matching) for matching in all_matchings(asked)
        )


@pytest.mark.parametrize("procedure", Procedure)
@pytest.mark.parametrize(
    ("score", "places", "placed"),
    [(700_000, 0, 0), (FORBIDDEN, 6, 0), (700_000, 1, 60), (700_000, 5, 300)],
    ids=["no places", "all forbidden", "all equal, too few places", "all equal"],
)
def test_hundreds_of_people_are_no_other_case(procedure, score, places, placed):
    """Above the size that is solved on all pairs at once; thousands are in ``make bench``."""
    asked = instance(np.full((300, 60), score), [places] * 60)
    result = solve(asked, procedure, seed=3)
    as_matching(asked, result)
    assert (len(result.pairs), result.total) == (placed, placed * max(score, 0))
    assert result.optimal


@pytest.mark.parametrize("procedure", Procedure)
def test_two_people_of_one_name_are_not_taken_for_one(procedure):
    """The engine is given something that tells them apart; names on pages may be the same."""
    for students, mentors in ((["s", "s"], ["a", "b"]), (["a", "b"], ["m", "m"])):
        asked = instance([[1, 2], [2, 1]], [1, 1], students=students, mentors=mentors)
        with pytest.raises(InvalidInput, match="is listed twice"):
            solve(asked, procedure)


def _scores(asked, matching):
    return [int(asked.scores[i, j]) for i, j in enumerate(matching) if j is not None]
