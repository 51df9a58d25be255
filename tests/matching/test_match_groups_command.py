import json
from io import StringIO

import pytest
from django.core.management import call_command

INSTANCE = {
    "students": {"s1": {"year": 1}, "s2": {"year": 1}, "s3": {"year": 2}, "s4": {"year": 1}},
    "leaders": {"m1": {"role": "mentor"}},
    "shape": {"least": 1, "most": 2, "seats": {"mentor": 1}, "quotas": {"year": {"1": [0, 1]}}},
    "scores": [["s1", "m1", 0.9], ["s2", "m1", 0.5], ["s3", "m1", 0.800001]],
}


def run(tmp_path, instance, *options, out=None):
    file = tmp_path / "instance.json"
    file.write_text(instance if isinstance(instance, str) else json.dumps(instance))
    out, err = out or StringIO(), StringIO()
    call_command("match_groups", str(file), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_prints_groups_bound_and_reasons_as_one_value(tmp_path):
    answer = json.loads(run(tmp_path, INSTANCE, "--json")[0])
    assert answer.pop("seconds") >= 0
    assert answer == {
        "groups": [
            {"leaders": [["m1", "mentor"]], "students": ["s1", "s3"], "total": 1.700001,
             "hours": None}
        ],
        "idle": [],
        "unplaced": ["s2", "s4"],
        "total": 1.700001,
        "bound": 1.700001,
        "gap": 0.0,
        "proven": True,
        "optimal": True,
        "balance": [],
        "explanations": [
            {"code": "none_possible", "causes": {"forbidden": 1}, "students": 1, "names": ["s4"]},
            {"code": "too_few_places", "traits": [["year", "1"]], "students": 3, "places": 1,
             "names": ["s2"]},
        ],
    }  # fmt: skip


def test_people_read_groups_and_what_is_missing_to_the_bound(tmp_path):
    out, err = run(tmp_path, INSTANCE)
    assert out == "m1\ts1, s3\n"
    assert "1 groups, 2 students left over, total 1.700001 of at most 1.700001 (gap 0.000%)" in err


@pytest.mark.parametrize(
    ("instance", "problem"),
    [
        ("no json", "this is not JSON"),
        ({**INSTANCE, "pinned": [["s4", "m1"]]}, "that pair is forbidden"),
    ],
)
def test_a_bad_file_ends_with_2_and_says_why(tmp_path, instance, problem):
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        run(tmp_path, instance, "--json", out=out)
    assert end.value.code == 2
    assert problem in json.loads(out.getvalue())["error"]


def test_a_missing_file_ends_with_2(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("match_groups", str(tmp_path / "none.json"), "--json", stdout=out)
    assert end.value.code == 2
    assert "none.json cannot be read" in json.loads(out.getvalue())["error"]
