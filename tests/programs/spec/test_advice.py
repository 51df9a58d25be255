"""Impossible settings are caught, unwise ones are named with their source, sound ones pass."""

import pytest

from programs.spec import catalog, load
from programs.spec.advice import Plan, advice

BASE = catalog.document("semmelweis")


def changed(**parts):
    return load(BASE | {"assumed": []} | parts)


def remarks(spec, plan=None, level=None):
    return {r.path: r.text for r in advice(spec, plan) if level in (None, r.level)}


@pytest.mark.parametrize("slug", catalog.slugs())
def test_no_published_program_is_impossible(slug):
    assert remarks(catalog.spec(slug), level="impossible") == {}


def test_fewer_places_than_students():
    assert "shapes" in remarks(changed(), Plan(students=185, mentors=80), "impossible")
    assert "shapes" not in remarks(changed(), Plan(students=185, mentors=171), "impossible")
    assert "93 people" in remarks(changed(), Plan(students=185, mentors=80))["shapes"]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"weeks": 60}, "cadence[0].weeks"),
        ({"times": {"min": 120}, "per": "term"}, "cadence[0].times"),
        ({"times": {"min": 4}, "per": "term", "total": {"max": 6}}, "cadence[0].total"),
        (
            {"times": 4, "per": "year", "minutes": 60, "hours": 16, "hours_per": "year"},
            "cadence[0].hours",
        ),
    ],
)
def test_a_cadence_that_does_not_fit_the_year(rule, path):
    spec = changed(cadence=[{"slug": "meetings", **rule}])
    assert path in remarks(spec, level="impossible")


def test_a_requirement_that_nobody_can_meet_in_time():
    needs = {"slug": "part", "kind": "training", "role": "mentor"}
    many = changed(requirements=[needs | {"times": 200, "per": "term"}], incentives=[])
    assert "requirements[0].times" in remarks(many, level="impossible")
    late = {"slug": "part", "kind": "supervision", "role": "mentor", "before": "activation"}
    spec = changed(requirements=[late], incentives=[])
    assert (
        "never" in remarks(spec)["requirements[0].before"]
        or "nobody" in (remarks(spec)["requirements[0].before"])
    )
    nobody = changed(requirements=[needs | {"role": "lead_mentor"}], incentives=[])
    assert "requirements[0].role" in remarks(nobody, level="impossible")


def test_attendance_that_nobody_may_see():
    needs = {"slug": "part", "kind": "attendance", "role": "student", "share": 0.75}
    spec = changed(requirements=[needs], incentives=[], confidentiality={"level": "strict"})
    assert "requirements[0].kind" in remarks(spec, level="impossible")


def test_a_survey_of_fewer_than_five():
    spec = changed()
    assert "evaluation[1].audience" in remarks(spec, Plan(4, 200), "impossible")
    assert "evaluation[1].audience" in remarks(spec, Plan(200, 8), "unwise")
    assert "evaluation[1].audience" not in remarks(spec, Plan(200, 30))


def test_what_others_found_is_said_with_its_source():
    found = {r.path: r.source for r in advice(catalog.spec("delhi"))}
    assert "Delhi" in found["cadence"]
    short = changed(duration={"kind": "fixed", "months": 2})
    assert "review" in {r.path: r.source for r in advice(short)}["duration"]


def test_the_impossible_comes_first():
    spec = changed(cadence=[{"slug": "meetings", "weeks": 60}], requirements=[], incentives=[])
    levels = [remark.level for remark in advice(spec)]
    assert levels == sorted(levels)
