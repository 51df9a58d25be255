import json
from io import StringIO

import pytest
from django.core.management import call_command

INSTANCE = {
    "mentors": {"m1": 1, "m2": 1, "m3": 0},
    "students": ["s1", "s2", "s3"],
    "scores": [["s1", "m1", 0.9], ["s1", "m2", 0.800001], ["s2", "m1", 0.7], ["s3", "m3", 1]],
}


@pytest.fixture
def match(tmp_path):
    def run(instance, *options):
        file = tmp_path / "instance.json"
        file.write_text(instance if isinstance(instance, str) else json.dumps(instance))
        out = StringIO()
        call_command("match", str(file), *options, "--json", stdout=out)
        return json.loads(out.getvalue())

    return run


def test_prints_pairs_totals_and_the_proof(match):
    answer = match(INSTANCE)
    assert answer.pop("seconds") >= 0
    assert answer == {
        "pairs": [["s1", "m2"], ["s2", "m1"]],
        "unmatched": ["s3"],
        "total": 1.500001,
        "bound": 1.500001,
        "optimal": True,
        "minimum": 0.7,
    }


def test_a_procedure_that_places_fewer_does_not_claim_the_optimum(match):
    answer = match(INSTANCE, "--procedure", "greedy")
    assert answer["pairs"] == [["s1", "m1"]]
    assert answer["optimal"] is False
    assert answer["bound"] >= answer["total"] == 0.9


def test_it_says_what_another_pair_would_cost(match):
    found = match(INSTANCE, "--instead", "s1", "m1")["instead"]
    assert found == {
        "student": "s1", "mentor": "m1", "possible": True, "why": "",
        "placed": -1, "total": -0.600001,
        "changes": [["s1", "m2", "m1"], ["s2", "m1", None]],
    }  # fmt: skip
    never = match(INSTANCE, "--instead", "s3", "m1")["instead"]
    assert (never["possible"], never["why"]) == (False, "the pair is forbidden")
    with pytest.raises(SystemExit):
        match(INSTANCE, "--instead", "s9", "m1")


@pytest.mark.parametrize("procedure", ["optimal", "fair", "stable", "random", "greedy"])
def test_nobody_is_a_matching_too(match, procedure):
    answer = match({"mentors": {}, "students": [], "scores": []}, "--procedure", procedure)
    del answer["seconds"]
    assert answer == {
        "pairs": [],
        "unmatched": [],
        "total": 0.0,
        "bound": 0.0,
        "optimal": True,
        "minimum": None,
    }


@pytest.mark.parametrize(
    ("instance", "problem"),
    [
        ({**INSTANCE, "pinned": [["s3", "m1"]]}, "that pair has no score, which forbids it"),
        ({**INSTANCE, "pinned": [["s3", "m3"]]}, "'m3' has 0 places"),
        ("no json", "this is not JSON"),
    ],
)
def test_a_bad_file_ends_with_2_and_says_why(match, capsys, instance, problem, tmp_path):
    out = StringIO()
    file = tmp_path / "bad.json"
    file.write_text(instance if isinstance(instance, str) else json.dumps(instance))
    with pytest.raises(SystemExit) as end:
        call_command("match", str(file), "--json", stdout=out)
    assert end.value.code == 2
    assert problem in json.loads(out.getvalue())["error"]


def test_a_missing_file_ends_with_2(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("match", str(tmp_path / "none.json"), "--json", stdout=out)
    assert end.value.code == 2
    assert "none.json cannot be read" in json.loads(out.getvalue())["error"]
