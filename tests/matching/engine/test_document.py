import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.document import micro, parse
from matching.engine.instance import InvalidInput

GOOD = {
    "mentors": {"m1": 2, "m2": 0},
    "students": ["s1", "s2"],
    "scores": [["s1", "m1", 0.8300004], ["s2", "m1", 1], ["s2", "m2", 0]],
    "pinned": [["s1", "m1"]],
    "current": [["s2", "m1"]],
}


def test_scores_are_whole_millionths_and_absent_pairs_forbidden():
    instance = parse(json.dumps(GOOD))
    assert instance.scores.tolist() == [[830000, -1], [1000000, 0]]
    assert instance.capacity == [2, 0]
    assert instance.pinned == [(0, 0)]
    assert instance.current == [(1, 0)]


@given(st.lists(st.floats(0, 1) | st.integers(0, 1), min_size=1, max_size=8))
def test_scores_are_rounded_to_six_decimals_one_by_one_or_all_at_once(values):
    students = [f"s{n}" for n in range(len(values))]
    instance = {
        "mentors": {"m": 1},
        "students": students,
        "scores": [[s, "m", value] for s, value in zip(students, values, strict=True)],
    }
    found = parse(json.dumps(instance)).scores[:, 0].tolist()
    assert found == [micro(value, "") for value in values]


def test_nobody_at_all_is_an_instance():
    instance = parse('{"mentors": {}, "students": [], "scores": []}')
    assert (instance.students, instance.mentors) == ([], [])


def test_pairs_of_people_who_have_left_are_forgotten():
    instance = parse(json.dumps({**GOOD, "current": [["gone", "m1"], ["s1", "gone"]]}))
    assert instance.current == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"mentors": []}, "'mentors' must be an object"),
        ({"mentors": {"m1": -1}}, "mentors['m1']: the number of places"),
        ({"mentors": {"m1": True}}, "mentors['m1']: the number of places"),
        ({"mentors": {"m1": 1.5}}, "mentors['m1']: the number of places"),
        ({"mentors": {"": 1}}, "'mentors' holds an empty name"),
        ({"students": "s1"}, "'students' must be a list"),
        ({"students": ["s1", "s1"]}, "students[1]: 's1' is listed twice"),
        ({"students": ["s1", 2]}, "students[1]: must be a text"),
        ({"scores": {}}, "'scores' must be a list"),
        ({"scores": [["s1", "m1"]]}, "scores[0]: must be [student, mentor, score]"),
        ({"scores": [["s9", "m1", 0.5]]}, "scores[0]: 's9' is not among the students"),
        ({"scores": [["s1", "m9", 0.5]]}, "scores[0]: 'm9' is not among the mentors"),
        ({"scores": [["s1", ["m1"], 0.5]]}, "is not among the mentors"),
        ({"scores": [["s1", "m1", 1.01]]}, "scores[0]: the score must be between 0 and 1"),
        ({"scores": [["s1", "m1", -0.1]]}, "scores[0]: the score must be between 0 and 1"),
        ({"scores": [["s1", "m1", "1"]]}, "scores[0]: the score must be a number"),
        ({"scores": [["s1", "m1", None]]}, "scores[0]: the score must be a number"),
        ({"scores": [["s1", "m1", 0.5], ["s1", "m1", 0.5]]}, "scores[1]: the pair 's1', 'm1'"),
        ({"pinned": {}}, "'pinned' must be a list"),
        ({"pinned": [["s1"]]}, "pinned[0]: must be [student, mentor]"),
        ({"pinned": [["s9", "m1"]]}, "pinned[0]: 's9' is not among the students"),
        ({"pinned": [["s1", "m1"], ["s1", "m2"]]}, "pinned[1]: student 's1' is listed twice"),
        ({"current": [["s1", "m1"], ["s1", "m2"]]}, "current[1]: student 's1' is listed twice"),
        ({"weights": {}}, "unknown key 'weights'"),
    ],
)
def test_a_bad_instance_is_refused_by_name(change, problem):
    with pytest.raises(InvalidInput) as refused:
        parse(json.dumps({**GOOD, **change}))
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "this is not JSON"),
        ("[]", "one JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"students": [], "scores": []}', "the key 'mentors' is missing"),
        ('{"mentors": {"m": 1, "m": 2}}', "'m' is given twice"),
        ('{"mentors": {"m": ' + "9" * 5000 + "}}", "this is not JSON"),
        ('{"mentors": {"m": NaN}}', "NaN is not a number"),
    ],
)
def test_a_file_that_is_no_instance_is_refused(text, problem):
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert problem in str(refused.value)
