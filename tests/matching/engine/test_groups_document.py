import json

import pytest

from matching.engine.groups.document import parse, written
from matching.engine.groups.solving import solve_groups
from matching.engine.instance import InvalidInput

GOOD = {
    "students": {
        "s1": {"class_year": 1, "campus": "North", "free": [0, 9]},
        "s2": {"class_year": 2},
        "s3": {},
    },
    "leaders": {
        "m1": {"role": "mentor", "groups": 2, "gender": "f", "free": [9]},
        "m2": {"role": "junior"},
    },
    "shape": {
        "least": 1,
        "most": 3,
        "seats": {"mentor": 1, "junior": 1},
        "quotas": {"class_year": {"1": [0, 2]}},
        "unlike": ["gender"],
        "alike": [],
        "balance": ["class_year"],
        "common_hours": 1,
    },
    "scores": [["s1", "m1", 0.25], ["s2", "m1", 1], ["s3", "m2", 0]],
    "together": [["s1", "s2"]],
    "apart": [["s1", "s3"]],
    "pinned": [["s1", "m1"]],
    "barred": [["s2", "m2"]],
    "wanted": 1,
}
SHAPE = GOOD["shape"]


def test_reads_people_rules_and_scores():
    instance = parse(json.dumps(GOOD))
    assert instance.students == ["s1", "s2", "s3"]
    assert instance.traits[0] == {"class_year": "1", "campus": "North"}
    assert [(one.role, one.groups) for one in instance.leaders] == [("mentor", 2), ("junior", 1)]
    assert instance.leaders[0].traits == {"gender": "f"}
    assert instance.leaders[0].free == 1 << 9
    assert instance.free[0] == 1 | 1 << 9
    assert instance.scores.tolist() == [[250000, -1], [1000000, -1], [-1, 0]]
    assert instance.shape.quotas == {"class_year": {"1": (0, 2)}}
    assert (instance.together, instance.apart) == ([(0, 1)], [(0, 2)])
    assert (instance.pinned, instance.barred) == ([(0, 0)], [(1, 1)])
    assert instance.wanted == 1


def test_what_is_absent_is_not_asked():
    needed = {key: GOOD[key] for key in ("students", "leaders", "scores")}
    instance = parse(json.dumps({**needed, "shape": {"least": 1, "most": 0, "seats": {"x": 1}}}))
    assert (list(instance.free), list(instance.together), instance.wanted) == ([], [], None)


def test_the_answer_has_numbers_from_0_to_1_and_the_hours():
    plain = {**GOOD, "together": [], "barred": [], "apart": []}
    instance = parse(json.dumps(plain))
    answer = written(instance, solve_groups(instance))
    assert answer["groups"] == [
        {
            "leaders": [["m1", "mentor"], ["m2", "junior"]],
            "students": ["s1", "s2", "s3"],
            "total": 1.25,
            "hours": [9],
        }
    ]
    assert (answer["total"], answer["bound"], answer["gap"]) == (1.25, 1.25, 0.0)
    assert answer["balance"] == [{"trait": "class_year", "difference": 0, "deviation": 0.0}]
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"students": ["s1"]}, "'students' must be an object of names and traits"),
        ({"students": {"s1": 1}}, "students['s1'] must be an object of traits"),
        ({"students": {"": {}}}, "'students' holds an empty name"),
        ({"students": {"s1": {"x": 1.5}}}, "students['s1']['x'] must be a text"),
        ({"students": {"s1": {"free": [168]}}}, "a free hour must be from 0 to 167, not 168"),
        ({"students": {"s1": {"free": 3}}}, "'free' must be a list of hours"),
        ({"leaders": {"m1": {}}}, "leaders['m1']: the role must be a text"),
        ({"leaders": {"m1": {"role": "x", "groups": -1}}}, "leaders['m1']: the number of groups"),
        ({"shape": []}, "'shape' must be an object"),
        ({"shape": {**SHAPE, "size": 3}}, "'shape': unknown key 'size'"),
        ({"shape": {"least": 1, "most": 2}}, "'shape': the key 'seats' is missing"),
        ({"shape": {**SHAPE, "least": True}}, "'shape': 'least' must be a whole number"),
        ({"shape": {**SHAPE, "seats": {"x": "1"}}}, "'shape': seats['x'] must be a whole number"),
        ({"shape": {**SHAPE, "seats": []}}, "'shape': 'seats' must be an object"),
        ({"shape": {**SHAPE, "quotas": {"y": 3}}}, "'shape': 'quotas' must be an object"),
        ({"shape": {**SHAPE, "quotas": {"y": {"1": [2]}}}}, "quotas['y']['1'] must be [least"),
        ({"shape": {**SHAPE, "alike": "campus"}}, "'shape': 'alike' must be a list of traits"),
        ({"shape": {**SHAPE, "balance": ["x", "x"]}}, "'shape': 'balance' names a trait twice"),
        ({"scores": [["s1", "m9", 1]]}, "scores[0]: 'm9' is not among the leaders"),
        ({"scores": [["s1", "m1"]]}, "scores[0]: must be [student, leader, score]"),
        ({"scores": [["s1", "m1", 2]]}, "scores[0]: the score must be between 0 and 1"),
        ({"together": {}}, "'together' must be a list of pairs"),
        ({"together": [["s1"]]}, "together[0]: must be a pair of names"),
        ({"apart": [["s1", "m1"]]}, "apart[0]: 'm1' is not among the students"),
        ({"pinned": [["s1", ["m1"]]]}, "pinned[0]: ['m1'] is not among the leaders"),
        ({"wanted": -1}, "wanted must be a whole number from 0 on"),
        ({"groups": 3}, "unknown key 'groups'"),
    ],
)
def test_a_bad_instance_is_refused_by_name(change, problem):
    with pytest.raises(InvalidInput) as refused:
        parse(json.dumps({**GOOD, **change}))
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "one JSON object"),
        ('{"students": {}, "shape": {}, "scores": []}', "the key 'leaders' is missing"),
        ('{"students": {"s": {}, "s": {}}}', "'s' is given twice"),
    ],
)
def test_a_file_that_is_no_instance_is_refused(text, problem):
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert problem in str(refused.value)
