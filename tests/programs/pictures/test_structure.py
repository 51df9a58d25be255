"""What the picture of a structure shows: the numbers of the document, and how sure they are."""

import re

import pytest
from lxml import html

from programs.pictures import scene, structure_picture, structure_words
from programs.pictures.rows import DOTS, block, cells
from programs.spec import load
from tests.programs.pictures.every import PROGRAMS


def circle(slug, number=0):
    return scene(PROGRAMS[slug]).circles[number]


def drawn(people):
    found = cells(people)
    states = [state for _look, state in found]
    return states.count("sure"), states.count("possible"), states.count("open"), DOTS in found


def test_forty_four_students_stand_in_four_rows_of_eleven():
    veritas = circle("san-antonio")
    rows = block(veritas).rows
    assert [(year, len(row)) for year, _paused, row in rows] == [(1, 11), (2, 11), (3, 11), (4, 11)]
    assert [row.count(("peer", "sure")) for _year, _paused, row in rows] == [0, 0, 0, 3]
    assert (veritas.groups.pair(), veritas.container.title) == ([20, 20], "Society")
    assert veritas.subgroups is not None


@pytest.mark.parametrize(
    ("slug", "marks"),
    [
        ("delhi", (2, 1, 0, False)),
        ("tromso", (7, 3, 0, False)),
        ("vanderbilt", (25, 3, 0, False)),
        ("pramukhswami", (8, 8, 0, False)),
        ("mcgill", (6, 0, 0, False)),
    ],
)
def test_who_may_be_there_is_hollow_and_who_is_not_stated_is_open(slug, marks):
    (students,) = circle(slug).students
    assert drawn(students) == marks


def test_a_number_that_we_assumed_is_drawn_and_said_as_such():
    (students,) = circle("keck").students
    found = cells(students)
    assert (found.count(("student", "assumed")), found.count(("student", "possible assumed"))) == (
        6,
        2,
    )
    assert "6–8 students (assumed)" in structure_words(PROGRAMS["keck"])
    assert "(assumed)" not in structure_words(PROGRAMS["tromso"])
    (sure,) = circle("delhi").students  # marked as stated inside a seat that is assumed
    assert not sure.assumed


def test_a_number_that_nobody_states_is_left_open():
    (people,) = scene(_program({"role": "student"})).circles[0].students
    assert drawn(people) == (0, 0, 3, True)
    assert "Students, number not stated" in structure_words(_program({"role": "student"}))


def test_an_open_end_is_dots_behind_the_sure_ones():
    group = {"role": "student", "count": {"min": 5}}
    people = scene(_program(group)).circles[0].students[0]
    assert drawn(people) == (5, 0, 0, True)


def test_a_crowd_ends_in_dots():
    people = scene(_program({"role": "student", "count": 200})).circles[0].students[0]
    assert drawn(people) == (60, 0, 0, True)


def test_two_tiers_follow_each_other_and_other_shapes_stand_side_by_side():
    munich = scene(PROGRAMS["lmu-munich"])
    assert munich.tiers
    assert [one.student_years for one in munich.circles] == [(1, 2), (3, 4, 5, 6)]
    assert [one.mentors[0].look for one in munich.circles] == ["peer", "mentor"]
    assert not scene(PROGRAMS["uw-colleges"]).tiers


def test_one_mentor_serves_two_pairs():
    assert circle("brown").serves == (2, 0)
    assert circle("semmelweis").serves == (1, 1)
    assert circle("delhi").serves == (1, 0)
    assert circle("uw-colleges", 1).per_class == (6, 24)


def test_a_paused_class_year_is_neither_in_nor_out():
    states = {year.number: year.state for year in circle("tromso").years}
    assert states == {1: "in", 2: "in", 3: "in", 4: "in", 5: "paused", 6: "in"}


def test_a_class_year_that_pauses_inside_a_vertical_group_keeps_its_row():
    rows = scene(_program({"role": "student", "per_class": {1: 2, 2: 2}}, paused=[2])).circles[0]
    assert [(row.class_year, row.paused) for row in rows.students] == [(1, False), (2, True)]


def test_who_leaves_and_who_changes_while_the_group_stays():
    physician, seniors = circle("mcgill").mentors
    assert (physician.years_of_group, seniors.years_of_group.pair()) == (None, [1, 2])
    assert circle("drexel").mentors[0].renewed.unit == "year"
    assert circle("drexel").virtual
    assert circle("brown").mentors[0].renewed is None
    assert circle("brown").each_session
    assert (circle("vanderbilt").plenary, circle("tromso").talk) == (True, True)


@pytest.mark.parametrize("slug", PROGRAMS)
def test_every_program_has_a_picture_whose_name_says_the_same(slug):
    spec = PROGRAMS[slug]
    picture = structure_picture(spec)
    shown = html.fromstring(str(picture))
    assert shown.get("role") == "img"
    assert shown.get("aria-label") == structure_words(spec)
    for key in shown.xpath("//li/span/text()"):
        assert key in structure_words(spec)
    assert len(shown.xpath("//div[@class='structure-drawing']/svg")) == len(spec.shapes)
    assert "style=" not in str(picture)
    # Nothing is so wide that it would have to shrink much on a card.
    assert all(float(wide) <= 280 for wide in shown.xpath("//svg/@width"))


@pytest.mark.parametrize("slug", PROGRAMS)
def test_no_mark_lies_outside_its_picture(slug):
    for svg in html.fromstring(str(structure_picture(PROGRAMS[slug]))).xpath("//svg[@viewbox]"):
        left, top, wide, high = map(float, svg.get("viewbox").split())
        for path in svg.xpath(".//path[@transform]/@transform"):
            x, y = map(float, re.match(r"translate\((\S+) (\S+)\)", path).groups())
            assert left <= x <= left + wide
            assert top <= y <= top + high


def test_the_words_count_what_is_drawn():
    words = structure_words(PROGRAMS["san-antonio"])
    assert "44 students, 11 from each class year" in words
    assert "20 such groups" in words
    assert "3 of the students mentor too" in words
    assert "Class year 5 pauses" in structure_words(PROGRAMS["tromso"])
    assert structure_words(PROGRAMS["lmu-munich"]).startswith("First, years 1–2: ")
    assert "changing each year while the group stays" in structure_words(PROGRAMS["drexel"])
    assert "Part of a larger unit: College, 4 in all" in structure_words(PROGRAMS["vanderbilt"])
    assert "One mentor may have 2 such groups" in structure_words(PROGRAMS["brown"])


def test_a_title_is_text_and_never_markup():
    spec = load(
        _document({"role": "student", "count": 1})
        | {"containers": [{"slug": "house", "title": "<b>House</b> & garden of the college"}]}
        | {"shapes": [_shape({"role": "student", "count": 1}) | {"container": "house"}]}
    )
    assert "<b>House" not in str(structure_picture(spec))
    assert "&lt;b&gt;House" in str(structure_picture(spec))


def _shape(students):
    return {"slug": "group", "title": "Group", "seats": [students, {"role": "mentor", "count": 1}]}


def _document(students):
    return {
        "slug": "one",
        "title": "One",
        "school": "School",
        "model": "group",
        "source": "Ours",
        "duration": {"years": 1},
        "shapes": [_shape(students)],
    }


def _program(students, paused=()):
    return load(_document(students) | {"paused_class_years": list(paused)})
