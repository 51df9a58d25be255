"""Synthetic cohorts for measuring, the same for the same seed."""

from typing import Any

import numpy as np

from matching.engine.criteria import Criteria, Criterion, Person, score
from matching.engine.instance import FORBIDDEN, MICRO, Instance

INTERESTS = [f"interest {n}" for n in range(40)]
LANGUAGES = ["en", "hu", "de", "fr", "ar", "fa"]
LANGUAGE_SHARES = [0.45, 0.25, 0.12, 0.08, 0.05, 0.05]
SPARE = 0.05
BARRED = 3
OWN_TASTE = 0.2
CRITERIA = Criteria(
    {Criterion.INTERESTS: 5, Criterion.LANGUAGES: 3, Criterion.FREE_TIME: 1},
    required=frozenset({Criterion.LANGUAGES}),
)


def cohort(students: int, mentors: int, seed: int = 1) -> Instance:
    """Interests of unequal popularity, a common language as a must, barred assessors.

    Places from 1 to 6 a mentor where there are many students to one, 5 % to spare.
    """
    mentees, seniors, chance = cast(students, mentors, seed)
    return assembled(mentees, seniors, score(mentees, seniors, CRITERIA), chance)


def cast(students: int, mentors: int, seed: int = 1) -> tuple[list[Person], list[Person], Any]:
    """The people of a cohort, and the chance that goes on from there."""
    chance = np.random.default_rng(seed)
    mentees = [person(f"s{n}", chance) for n in range(students)]
    seniors = [person(f"m{n}", chance) for n in range(mentors)]
    return mentees, seniors, chance


def assembled(mentees: list[Person], seniors: list[Person], scores: Any, chance: Any) -> Instance:
    """The instance of these people, with barred pairs (in the scores given) and places."""
    for i in range(len(mentees)):
        scores[i, chance.integers(0, len(seniors), BARRED)] = FORBIDDEN
    return Instance(
        students=[person.id for person in mentees],
        mentors=[person.id for person in seniors],
        capacity=_places(len(mentees), len(seniors), chance),
        scores=scores,
    )


def contended(students: int, mentors: int, seed: int = 1) -> Instance:
    """Everybody wants the same mentors: four fifths of a score are the mentor's alone."""
    chance = np.random.default_rng(seed)
    popular = (1 - OWN_TASTE) * chance.random(mentors)
    scores = np.empty((students, mentors), np.int32)
    for i in range(students):
        scores[i] = MICRO * (popular + OWN_TASTE * chance.random(mentors))
        scores[i, chance.integers(0, mentors, BARRED)] = FORBIDDEN
    return Instance(
        students=[f"s{n}" for n in range(students)],
        mentors=[f"m{n}" for n in range(mentors)],
        capacity=_places(students, mentors, chance),
        scores=scores,
    )


def person(name: str, chance: Any) -> Person:
    popularity = 1 / np.arange(1, len(INTERESTS) + 1)
    interests = chance.choice(
        INTERESTS, size=chance.integers(1, 6), replace=False, p=popularity / popularity.sum()
    )
    spoken = chance.choice(LANGUAGES, size=chance.integers(1, 3), replace=False, p=LANGUAGE_SHARES)
    hours = chance.random(168) < 0.2
    return Person(
        id=name,
        interests=frozenset(map(str, interests)),
        languages=frozenset(map(str, spoken)),
        free_hours=int.from_bytes(np.packbits(hours, bitorder="little").tobytes(), "little"),
    )


def _places(students: int, mentors: int, chance: Any) -> list[int]:
    wanted = round(students * (1 + SPARE))
    most = 6 if students > 2 * mentors else 2
    places = np.ones(mentors, int)
    while places.sum() < wanted:
        open_ = np.nonzero(places < most)[0]
        places[chance.choice(open_, min(wanted - places.sum(), open_.size), replace=False)] += 1
    return [int(count) for count in places]
