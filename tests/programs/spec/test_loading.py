"""A wrong document says where, which value, and what is wrong; all at once."""

import pytest

from programs.spec import SpecError, catalog, load

CALGARY = catalog.document("calgary") | {"assumed": []}
UW_COLLEGES = catalog.document("uw-colleges") | {"assumed": []}


def problems(source):
    with pytest.raises(SpecError) as caught:
        load(source)
    return [(part.path, part.value, part.problem) for part in caught.value.problems]


def with_seat(**change):
    seats = [dict(seat) for seat in CALGARY["shapes"][0]["seats"]]
    seats[1] |= change
    return CALGARY | {"shapes": [CALGARY["shapes"][0] | {"seats": seats}]}


def test_all_problems_at_once():
    document = {key: value for key, value in CALGARY.items() if key != "title"}
    assert problems(document | {"colour": "red", "since": "long ago"}) == [
        ("title", None, "is missing"),
        ("since", "long ago", "must be a whole number"),
        ("colour", "red", "is not a name this part knows"),
    ]


def test_the_path_leads_to_the_place():
    [(path, value, problem)] = problems(with_seat(role="boss"))
    assert (path, value) == ("shapes[0].seats[1].role", "boss")
    assert problem.startswith("must be one of 'student', 'mentor'")


def test_a_range_cannot_end_before_it_begins():
    assert problems(with_seat(count=[3, 2])) == [
        (
            "shapes[0].seats[1].count",
            {"min": 3, "max": 2},
            "the range ends (2) before it begins (3)",
        )
    ]


@pytest.mark.parametrize(
    ("change", "path", "problem"),
    [
        ({"shapes": []}, "shapes", "has too few entries"),
        (
            {"cadence": [{"slug": "a", "phase": "x", "weeks": 2}]},
            "cadence[0].phase",
            "is not among the phases",
        ),
        (
            {"cadence": [{"slug": "a", "shape": "x", "weeks": 2}]},
            "cadence[0].shape",
            "is not among the shapes",
        ),
        (
            {"cadence": [{"slug": "a", "weeks": 2, "times": 3, "per": "year"}]},
            "cadence[0]",
            "say either `weeks` or `times` with `per`, not both",
        ),
        (
            {"cadence": [{"slug": "a", "times": 3}]},
            "cadence[0]",
            "`times` and `per` go together",
        ),
        (
            {"cadence": [{"slug": "a"}]},
            "cadence[0]",
            "a prescribed cadence needs `weeks`, `times`, `total` or `hours`",
        ),
        (
            {"assumed": [{"path": "shapes.nowhere", "why": "?"}]},
            "assumed[0].path",
            "leads nowhere in this document",
        ),
        (
            {"matching": {"procedure": "by_container"}},
            "matching.procedure",
            "needs containers",
        ),
        (
            {"year": {"time_zone": "Europe/Nowhere"}},
            "year.time_zone",
            "is not a time zone; write a name such as Europe/Budapest",
        ),
        (
            {"incentives": [{"slug": "a", "role": "mentor", "kind": "title", "needs": ["b"]}]},
            "incentives[0].needs",
            "is not among the requirements",
        ),
        (
            {"paused_class_years": [2], "cadence": [{"slug": "a", "weeks": 2, "class_years": [2]}]},
            "cadence[0].class_years",
            "is a class year that pauses",
        ),
    ],
)
def test_what_does_not_fit_together(change, path, problem):
    assert [(where, what) for where, _value, what in problems(CALGARY | change)] == [
        (path, problem)
    ]


def test_a_name_used_twice():
    shapes = [shape | {"slug": "same"} for shape in UW_COLLEGES["shapes"]]
    found = problems(UW_COLLEGES | {"shapes": shapes, "cadence": []})
    assert found == [
        ("shapes[0].slug", "same", "is used more than once"),
        ("shapes[1].slug", "same", "is used more than once"),
    ]


def test_a_quorum_cannot_be_more_than_there_are():
    shape = CALGARY["shapes"][0] | {"quorum": [{"role": "mentor", "at_least": 2}]}
    assert problems(CALGARY | {"shapes": [shape]}) == [
        ("shapes[0].quorum[0].at_least", 2, "is more than the 1 there can be")
    ]


def test_broken_yaml_names_the_line():
    [(path, _value, _problem)] = problems("slug: a\ntitle: [b\nschool: c\n")
    assert path.startswith("line 3")


def test_a_key_twice_is_a_mistake():
    [(path, _value, problem)] = problems("slug: a\nslug: b\n")
    assert path == "line 2, column 1"
    assert "'slug' stands twice" in problem


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", b"\xff\xfe\x00"])
def test_what_is_no_document_at_all(text):
    [(_path, _value, problem)] = problems(text)
    assert problem


def test_norway_is_a_country():
    assert load(CALGARY | {"year": {"country": "NO"}}).year.country == "NO"
    base = "{slug: a, title: a, school: a, source: a, model: a, duration: {}, "
    seats = "[{role: student}, {role: mentor}]"
    text = base + "year: {country: NO}, shapes: [{slug: a, title: a, seats: " + seats + "}]}"
    assert load(text).year.country == "NO"
