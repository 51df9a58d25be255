"""A student who accepts one mentor is not better off for hiding the others: where that holds.

What she may not have, or will not, is a forbidden pair. Each procedure that promises it is tried on
small instances of all kinds; for each that does not, the smallest case in which it pays is kept.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine import ranked
from matching.engine.instance import FORBIDDEN, Instance, Procedure
from matching.engine.problem import Problem
from matching.engine.solving import solve
from tests.matching.engine.builders import as_matching, instances

seeds = st.integers(0, 3)
PROMISED = (Procedure.STABLE, Procedure.GREEDY)


def gets(instance, procedure, seed, student):
    """The mentor of this student, by place, or None."""
    return as_matching(instance, solve(instance, procedure, seed))[student]


def only(instance, student, mentor):
    """As if she accepted no other mentor."""
    scores = instance.scores.copy()
    hidden = np.arange(len(instance.mentors)) != mentor
    scores[student, hidden] = FORBIDDEN
    return replace(instance, scores=scores)


@pytest.mark.parametrize("procedure", PROMISED)
@given(instances(pins=False), seeds, st.data())
def test_accepting_one_mentor_only_never_gets_her_one_she_prefers(procedure, instance, seed, data):
    assume(instance.students and instance.mentors)
    i = data.draw(st.integers(0, len(instance.students) - 1))
    honest = gets(instance, procedure, seed, i)
    truth = instance.scores[i]
    for mentor in range(len(instance.mentors)):
        narrow = gets(only(instance, i, mentor), procedure, seed, i)
        worth = FORBIDDEN if narrow is None else truth[narrow]
        assert worth <= (FORBIDDEN if honest is None else truth[honest])


@given(instances(pins=False), st.data())
def test_nor_where_mentors_rank_students_in_their_own_way(instance, data):
    """Students propose: what mentors think of her cannot be turned to account by hiding."""
    assume(instance.students and instance.mentors)
    capacity = np.array(instance.capacity, np.int64)
    size = instance.scores.size
    opinions = data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    rank = np.array(opinions, np.int16).reshape(instance.scores.shape)
    i = data.draw(st.integers(0, len(instance.students) - 1))
    truth = instance.scores[i]

    def mentor_of(scores):
        return int(ranked.stable(Problem(scores, capacity, 0), likes=rank)[i])

    honest = mentor_of(instance.scores)
    for mentor in range(len(instance.mentors)):
        narrow = mentor_of(only(instance, i, mentor).scores)
        worth = FORBIDDEN if narrow < 0 else truth[narrow]
        assert worth <= (FORBIDDEN if honest < 0 else truth[honest])


@given(instances(), seeds, st.data())
def test_in_a_balanced_draw_it_does_not_matter_what_she_wishes(instance, seed, data):
    """Only with whom she may be counts; how much she would like it changes nothing at all."""
    assume(instance.students and instance.mentors)
    i = data.draw(st.integers(0, len(instance.students) - 1))
    size = len(instance.mentors)
    wishes = np.array(data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size)))
    scores = instance.scores.copy()
    scores[i] = np.where(scores[i] < 0, FORBIDDEN, wishes)
    other = replace(instance, scores=scores)
    drawn = solve(instance, Procedure.RANDOM, seed)
    assert solve(other, Procedure.RANDOM, seed).pairs == drawn.pairs


def two(scores):
    """Two students, two mentors with one place each; the first student is the sly one."""
    return Instance(["sly", "other"], ["a", "b"], [1, 1], np.array(scores, np.int32))


WANTED_BY_BOTH = two([[5, 4], [9, 1]])


@pytest.mark.parametrize("procedure", [Procedure.OPTIMAL, Procedure.FAIR])
def test_where_all_are_placed_hiding_the_rest_can_pay(procedure):
    """She prefers a, but together b is better; accepting a alone she has to be given a."""
    assert gets(WANTED_BY_BOTH, procedure, 0, 0) == 1
    assert gets(only(WANTED_BY_BOTH, 0, 0), procedure, 0, 0) == 0


def test_a_draw_gives_her_the_only_mentor_she_may_have():
    """For rules, not for wishes: why a list of wishes never becomes one of rules by itself."""
    seed = next(s for s in range(20) if gets(WANTED_BY_BOTH, Procedure.RANDOM, s, 0) == 1)
    assert gets(only(WANTED_BY_BOTH, 0, 0), Procedure.RANDOM, seed, 0) == 0


@pytest.mark.parametrize("procedure", PROMISED)
def test_hiding_does_not_help_there_but_where_she_gives_the_scores_overstating_does(procedure):
    """One score counts for both sides: who could set it herself would set it high."""
    assert gets(WANTED_BY_BOTH, procedure, 0, 0) == 1
    assert gets(only(WANTED_BY_BOTH, 0, 0), procedure, 0, 0) is None
    assert gets(two([[10, 4], [9, 1]]), procedure, 0, 0) == 0
