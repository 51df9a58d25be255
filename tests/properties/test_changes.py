"""“Why not that one?” against every matching there is."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from matching.engine.changes import Change, changes, instead
from matching.engine.instance import Instance
from matching.engine.solving import solve
from tests.matching.engine.builders import all_matchings, as_matching, instances, worth

pick = st.integers(0, 20)


def with_pair(instance, i, j):
    """Every matching in which they are a pair, whatever a pin says of this student."""
    free = [pin for pin in instance.pinned if pin[0] != i]
    return all_matchings(type(instance)(
        students=instance.students, mentors=instance.mentors, capacity=instance.capacity,
        scores=instance.scores, pinned=[*free, (i, j)],
    ))  # fmt: skip


@given(instances(), pick, pick)
def test_it_costs_what_the_best_matching_with_that_pair_costs(instance, i, j):
    assume(instance.students and instance.mentors)
    i, j = i % len(instance.students), j % len(instance.mentors)
    found = instead(instance, instance.students[i], instance.mentors[j])
    rivals = [] if instance.scores[i, j] < 0 else list(with_pair(instance, i, j))
    assert found.possible == bool(rivals)
    if not rivals:
        assert found.why
        return
    best = worth(instance, as_matching(instance, solve(instance)))
    count, total = max(worth(instance, one) for one in rivals)
    assert (found.placed, found.total) == (count - best[0], total - best[1])


@given(instances(most_students=4), pick, pick)
def test_no_matching_as_good_moves_fewer_people(instance, i, j):
    assume(instance.students and instance.mentors)
    i, j = i % len(instance.students), j % len(instance.mentors)
    found = instead(instance, instance.students[i], instance.mentors[j])
    assume(found.possible)
    before = as_matching(instance, solve(instance))
    rivals = list(with_pair(instance, i, j))
    top = max(worth(instance, one) for one in rivals)
    fewest = min(
        sum(a != b for a, b in zip(before, one, strict=True))
        for one in rivals
        if worth(instance, one) == top
    )
    assert len(found.changes) == fewest


def test_a_vacant_place_goes_to_whoever_has_to_move_and_not_to_somebody_new():
    names = [f"s{n}" for n in range(4)]
    scores = np.array([[0, 0], [0, 0], [0, -1], [0, 0]], np.int32)
    instance = Instance(names, ["m0", "m1"], [1, 1], scores, pinned=[(3, 0)])

    found = instead(instance, "s3", "m1")

    assert len(found.changes) == 2


@given(instances(), pick)
def test_what_is_so_already_costs_nothing(instance, at):
    pairs = solve(instance).pairs
    assume(pairs)
    student, mentor = pairs[at % len(pairs)]
    found = instead(instance, student, mentor)
    assert (found.placed, found.total, found.changes) == (0, 0, ())


def test_who_comes_and_goes_is_a_change_too():
    assert changes([("a", "m"), ("b", "n")], [("b", "m"), ("c", "n")]) == [
        Change("a", "m", None),
        Change("b", "n", "m"),
        Change("c", None, "n"),
    ]
