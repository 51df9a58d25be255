"""Nothing in a template is invented without saying so."""

import re

import pytest

from programs.spec import catalog, load
from programs.spec.advice import Plan, advice
from programs.spec.areas import areas, is_assumed, unmarked
from programs.spec.base import follow

SPECS = {spec.slug: spec for spec in catalog.templates()}
COARSE = {"enrollment", "shapes", "cadence", "requirements", "matching", "evaluation", "year"}


@pytest.mark.parametrize("slug", SPECS)
def test_everything_is_stated_by_the_source_or_marked_as_assumed(slug):
    assert unmarked(SPECS[slug]) == []


@pytest.mark.parametrize("slug", SPECS)
def test_no_place_is_both_and_every_mark_leads_somewhere(slug):
    spec = SPECS[slug]
    ours = [part.path for part in spec.assumed]
    assert len(ours) == len(set(ours))
    assert set(spec.from_source).isdisjoint(ours)
    document = spec.model_dump(mode="json")
    assert [path for path in spec.from_source if not follow(document, path)] == []


@pytest.mark.parametrize("slug", SPECS)
def test_what_comes_from_the_source_is_named_part_by_part(slug):
    assert COARSE.isdisjoint(SPECS[slug].from_source)


@pytest.mark.parametrize("slug", SPECS)
def test_reasons_are_sentences(slug):
    for part in SPECS[slug].assumed:
        assert re.fullmatch(r'["A-Z0-9].*\.', part.why), part.why


def test_a_thing_that_is_set_and_not_marked_is_found():
    document = SPECS["delhi"].document
    [shape] = document["shapes"]
    first, second = shape["seats"]
    changed = shape | {"seats": [first, second | {"teaches_students": True}], "groups": {"max": 60}}
    spec = load(document | {"shapes": [changed], "second_mentor": True})
    # A mark on the seats covers what stands in them, unless a more specific one does.
    assert sorted(unmarked(spec)) == ["second_mentor", "shapes.group.groups"]


def test_the_most_specific_mark_decides():
    spec = SPECS["bahria"]
    assert "shapes.group.seats.student.count" in areas(spec)
    assert is_assumed(spec, "shapes.group.seats.student.count")
    assert not is_assumed(spec, "shapes.group.seats.student.class_years")


@pytest.mark.parametrize("slug", SPECS)
def test_every_template_has_a_number_of_people_that_it_can_run_with(slug):
    spec = SPECS[slug]
    students, mentors = spec.usual_people
    assert students
    assert mentors
    remarks = advice(spec, Plan(students=students, mentors=mentors))
    assert [r.text for r in remarks if r.level == "impossible"] == []


@pytest.mark.parametrize("slug", SPECS)
def test_an_example_stands_only_where_nothing_is_published_and_is_marked(slug):
    spec = SPECS[slug]
    example = spec.example
    assert (example is not None and example.students is not None) == (
        spec.published_students is None
    )
    assert (example is not None and example.mentors is not None) == (spec.published_mentors is None)
    if example is not None:
        assert any(part.path.split(".")[0] == "example" for part in spec.assumed)


@pytest.mark.parametrize(
    ("slug", "students", "mentors"),
    [
        ("san-antonio", 880, 80),
        ("pramukhswami", None, 37),
        ("lmu-munich", 190, None),
        ("calgary", 111, None),
        ("karolinska", None, None),
        ("drexel", 259, None),
        ("great-western", 34, 35),
        ("mcgill", 175, 90),
        ("brown", 95, 24),
        ("vanderbilt", None, 8),
        ("delhi", 150, 55),
        ("sodersjukhuset", 118, None),
        ("fmusp", None, None),
        ("bahria", None, 22),
        ("uw-colleges", None, None),
        ("keck", None, None),
        ("tromso", None, None),
        ("semmelweis", 185, 171),
        ("gulf", None, None),
    ],
)
def test_published_numbers_of_people(slug, students, mentors):
    spec = SPECS[slug]
    assert (spec.published_students, spec.published_mentors) == (students, mentors)


@pytest.mark.parametrize(
    ("slug", "figure", "shown"),
    [
        ("great-western", "mentors-recommend", "100\N{NO-BREAK SPACE}%"),
        (
            "lmu-munich",
            "share-of-a-class",
            "20\N{NO-BREAK SPACE}%\N{EN DASH}30\N{NO-BREAK SPACE}%",
        ),
        ("pramukhswami", "students-per-mentor", "8\N{EN DASH}16"),
        ("san-antonio", "senior-students-answered", "43, 41, 48"),
        ("calgary", "meetings", "1.8\N{EN DASH}2.4"),
        ("bahria", "students-per-mentor", "about 10"),
        ("uw-colleges", "first-contact-progress", "49.6\N{NO-BREAK SPACE}%"),
    ],
)
def test_published_figures_are_shown_as_people_read_them(slug, figure, shown):
    assert SPECS[slug].stated[figure].shown == shown
