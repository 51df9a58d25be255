"""Why students are left over where groups were formed, in words."""

import pytest

from matching.reasons import left_over, why_none


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (
            {"code": "too_few_alike", "alike": [["campus", "North"], ["class_year", "1"]],
             "students": 9, "places": 8, "left": 1},
            ("1 student is left over: 9 students (campus North, class year 1) and 8 places in "
            "groups for them."),
        ),
        (
            {"code": "too_few_alike", "alike": [["gender", "f"]], "students": 3, "places": 1,
             "left": 2},
            "2 students are left over: 3 students (gender f) and 1 place in groups for them.",
        ),
        (
            {"code": "too_few_leaders", "role": "junior_mentor", "needed": 2, "leaders": 1,
             "left": 6},
            ("6 students are left over: a group needs 2 people in the role “Junior mentor”; 1 can "
            "lead one more."),
        ),
        (
            {"code": "too_few_to_begin", "least": 7, "left": 3},
            "3 students are left over: a group begins with at least 7 students.",
        ),
        (
            {"code": "left_by", "rules": ["common_hours", "least"], "left": 1},
            ("1 student is left over: in the way stands: hours in which a whole group is free and "
            "the least size of a group."),
        ),
        (
            {"code": "none_possible", "causes": {"circle": 2, "forbidden": 1, "pinned": 2},
             "left": 1},
            ("1 student is left over: no mentor is possible; 2 are led by people whom the student "
            "leads, 1 group has no leader who fits, 2 groups are not those of the mentor to be "
            "kept."),
        ),
        (
            {"code": "none_possible", "causes": {"common_hours": 1, "quota_most": 3}, "left": 2},
            ("2 students are left over: no mentor is possible; 1 group has no free hour with the "
            "student, 3 groups take nobody of this class year."),
        ),
        (
            {"code": "search_ended", "left": 1},
            "1 student is left over: no place was found that keeps all rules.",
        ),
    ],
)  # fmt: skip
def test_each_reason_is_a_sentence(reason, words):
    assert left_over(reason) == words
    assert why_none(reason) in words


def test_a_reason_that_nobody_knows_any_more_says_nothing():
    assert why_none({"code": "of an older version"}) == ""
