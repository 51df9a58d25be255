"""Instances for tests, and independent answers to compare with."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from matching.engine.instance import Instance


@st.composite
def instances(draw, most_students=5, most_mentors=4, *, pins=True):
    """Small instances, degenerate ones included: nobody, no places, no pairs, equal scores."""
    students = draw(st.integers(0, most_students))
    mentors = draw(st.integers(0, most_mentors))
    level = draw(st.sampled_from([0, 1, 3, 1_000_000]))
    score = st.integers(-1, level)
    rows = draw(
        st.lists(
            st.lists(score, min_size=mentors, max_size=mentors),
            min_size=students,
            max_size=students,
        )
    )
    capacity = draw(st.lists(st.integers(0, 3), min_size=mentors, max_size=mentors))
    scores = np.array(rows, np.int32).reshape(students, mentors)
    pinned = draw(pinnings(scores, capacity)) if pins else []
    return Instance(
        students=[f"s{i}" for i in range(students)],
        mentors=[f"m{j}" for j in range(mentors)],
        capacity=capacity,
        scores=scores,
        pinned=pinned,
    )


@st.composite
def pinnings(draw, scores, capacity):
    left, pins = list(capacity), []
    for i in range(scores.shape[0]):
        possible = [j for j in range(scores.shape[1]) if scores[i, j] >= 0 and left[j] > 0]
        if possible and draw(st.integers(0, 3)) == 0:
            j = draw(st.sampled_from(possible))
            left[j] -= 1
            pins.append((i, j))
    return pins


def all_matchings(instance):
    """Every matching that keeps the rules and the pins, as a list of mentor indices or None."""
    pinned = dict(instance.pinned)
    choices = [
        [pinned[i]]
        if i in pinned
        else [None, *(j for j in range(len(instance.mentors)) if instance.scores[i, j] >= 0)]
        for i in range(len(instance.students))
    ]
    for matching in product(*choices):
        loads = [matching.count(j) for j in range(len(instance.mentors))]
        if all(load <= limit for load, limit in zip(loads, instance.capacity, strict=True)):
            yield matching


def worth(instance, matching):
    """How many are placed, and their total."""
    scores = [int(instance.scores[i, j]) for i, j in enumerate(matching) if j is not None]
    return len(scores), sum(scores)


def as_matching(instance, result):
    """A result as a list of mentor indices, checked against the rules."""
    mentor_of = dict(result.pairs)
    assert len(mentor_of) == len(result.pairs)
    assert set(mentor_of).isdisjoint(result.unmatched)
    assert sorted([*mentor_of, *result.unmatched]) == sorted(instance.students)
    matching = [
        instance.mentors.index(mentor_of[s]) if s in mentor_of else None for s in instance.students
    ]
    for i, j in enumerate(matching):
        assert j is None or instance.scores[i, j] >= 0
    for j, limit in enumerate(instance.capacity):
        assert matching.count(j) <= limit
    for i, j in instance.pinned:
        assert matching[i] == j
    return matching


def random_instance(students, mentors, seed, *, density=0.8, places=(1, 6), levels=1_000_001):
    """A larger instance with forbidden pairs."""
    chance = np.random.default_rng(seed)
    scores = chance.integers(0, levels, (students, mentors)).astype(np.int32)
    scores[chance.random((students, mentors)) > density] = -1
    return Instance(
        students=[f"s{i}" for i in range(students)],
        mentors=[f"m{j}" for j in range(mentors)],
        capacity=chance.integers(places[0], places[1] + 1, mentors).tolist(),
        scores=scores,
    )
