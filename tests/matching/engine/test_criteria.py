from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.criteria import Criteria, Criterion, Person, broken, explain, score
from matching.engine.instance import FORBIDDEN, MICRO

ALL = Criteria(dict.fromkeys(Criterion, 1))
ANNA = Person(
    "anna",
    frozenset({"psychiatry", "surgery"}),
    frozenset({"hu", "en"}),
    "Pest",
    free_hours=0b1111,
    class_year=1,
    track="medicine",
    gender="f",
    expectation="listener",
)


def test_a_pair_that_shares_everything_scores_one():
    mentor = replace(ANNA, id="m", free_hours=0b11111, class_year=2, wishes=("anna",))
    assert score([replace(ANNA, wishes=("m",))], [mentor], ALL).tolist() == [[MICRO]]


def test_a_pair_that_shares_nothing_scores_zero():
    assert score([ANNA], [Person("m")], ALL).tolist() == [[0]]


def test_reasons_name_what_is_shared_and_come_with_the_greatest_first():
    mentor = Person("m", frozenset({"psychiatry"}), frozenset({"hu"}), "Buda", class_year=4)
    reasons = explain(ANNA, mentor, Criteria({Criterion.INTERESTS: 3, Criterion.LANGUAGES: 1}))
    assert [(r.criterion, r.points, r.share, r.data) for r in reasons] == [
        (Criterion.INTERESTS, 375_000, 750_000, {"shared": ["psychiatry"]}),
        (Criterion.LANGUAGES, 125_000, 250_000, {"shared": ["hu"]}),
    ]


@pytest.mark.parametrize(
    ("mentor_year", "points"), [(2, MICRO), (4, 666_666), (7, 166_666), (1, 0), (None, 0)]
)
def test_a_mentor_one_year_ahead_is_nearest(mentor_year, points):
    mentor = Person("m", class_year=mentor_year)
    assert score([ANNA], [mentor], Criteria({Criterion.CLASS_YEAR: 1})).tolist() == [[points]]


def test_a_required_criterion_forbids_pairs_without_it():
    criteria = Criteria({Criterion.CAMPUS: 1}, required=frozenset({Criterion.LANGUAGES}))
    mentors = [Person("m1", languages=frozenset({"hu"})), Person("m2", campus="Pest")]
    assert score([ANNA], mentors, criteria).tolist() == [[0, FORBIDDEN]]


def test_what_must_differ_forbids_pairs_with_it_in_common():
    criteria = Criteria({Criterion.CAMPUS: 1}, differ=frozenset({Criterion.TRACK}))
    mentors = [Person("m1", track="medicine"), Person("m2", campus="Pest", track="dentistry")]
    assert score([ANNA], mentors, criteria).tolist() == [[FORBIDDEN, MICRO]]
    assert [broken(ANNA, mentor, criteria) for mentor in mentors] == [[Criterion.TRACK], []]


def test_without_weights_all_pairs_are_equal():
    assert score([ANNA], [Person("m"), ANNA], Criteria({})).tolist() == [[0, 0]]


def test_nobody_is_scored_too():
    assert score([], [ANNA], ALL).shape == (0, 1)
    assert score([ANNA], [], ALL).shape == (1, 0)


people = st.builds(
    Person,
    id=st.just("p"),
    interests=st.frozensets(st.sampled_from("abcdef")),
    languages=st.frozensets(st.sampled_from(["hu", "en", "de"])),
    campus=st.sampled_from(["", "Pest", "Buda"]),
    track=st.sampled_from(["", "medicine"]),
    gender=st.sampled_from(["", "f", "m"]),
    free_hours=st.integers(0, 2**168 - 1),
    class_year=st.none() | st.integers(1, 10),
    expectation=st.sampled_from(["", "listener", "adviser"]),
    choices=st.dictionaries(
        st.sampled_from(["question:shifts", "question:topics"]),
        st.frozensets(st.sampled_from(["day", "night", "dusk", "dawn"])),
    ),
)
weights = st.dictionaries(
    st.sampled_from([*Criterion, "question:shifts", "question:topics"]), st.floats(0.01, 100)
)


@given(st.lists(people, max_size=4), st.lists(people, max_size=4), weights)
def test_the_reasons_of_a_pair_add_up_to_its_score(students, mentors, chosen):
    criteria = Criteria(chosen)
    assert sum(criteria.shares.values()) == (MICRO if chosen else 0)
    scores = score(students, mentors, criteria)
    for i, student in enumerate(students):
        for j, mentor in enumerate(mentors):
            assert scores[i, j] == sum(c.points for c in explain(student, mentor, criteria))
            assert 0 <= scores[i, j] <= MICRO


SHIFTS = "question:shifts"


def chose(*options, **more):
    return Person("x", choices={SHIFTS: frozenset(options)}, **more)


@pytest.mark.parametrize(
    ("mine", "theirs", "points"),
    [
        (("day",), ("day", "night"), 1_000_000),
        (("day", "night"), ("night",), 500_000),
        (("a", "b", "c", "d"), ("a", "b", "c"), 1_000_000),
        (("day",), ("night",), 0),
        ((), ("night",), 0),
        (("day",), (), 0),
    ],
)
def test_answers_count_by_what_both_chose(mine, theirs, points):
    criteria = Criteria({SHIFTS: 1})
    assert score([chose(*mine)], [chose(*theirs)], criteria).tolist() == [[points]]
    [found] = explain(chose(*mine), chose(*theirs), criteria)
    assert (found.points, found.data) == (points, {"shared": sorted({*mine} & {*theirs})})


def test_an_answer_can_be_a_must_in_either_direction():
    people = [chose("day"), chose("night"), Person("m")]
    shared = Criteria({Criterion.CAMPUS: 1}, required=frozenset({SHIFTS}))
    apart = Criteria({Criterion.CAMPUS: 1}, differ=frozenset({SHIFTS}))
    assert score([chose("day")], people, shared).tolist() == [[0, FORBIDDEN, FORBIDDEN]]
    assert score([chose("day")], people, apart).tolist() == [[FORBIDDEN, 0, 0]]
    assert [broken(chose("day"), one, shared) for one in people] == [[], [SHIFTS], [SHIFTS]]


def test_the_same_expectation_counts():
    criteria = Criteria({Criterion.EXPECTATION: 1})
    people = [Person("m", expectation=one) for one in ("listener", "adviser", "")]
    assert score([ANNA], people, criteria).tolist() == [[MICRO, 0, 0]]
    assert score([Person("s")], people, criteria).tolist() == [[0, 0, 0]]
