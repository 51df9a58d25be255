"""The year as a time line: in weeks, by the rules of the document, around its pauses."""

import pytest
from lxml import html

from programs.pictures import Plan, year_picture, year_scene
from programs.pictures.lanes import lane_title, lane_words, when_words
from programs.pictures.plan import Stretch
from programs.pictures.year import spread
from tests.programs.pictures.every import PROGRAMS


def lanes(spec, plan=None):
    return {lane.part.slug: lane for lane in year_scene(spec, plan).lanes}


def weeks(lane):
    return [tick.week for tick in lane.ticks]


def sure_and_perhaps(lane):
    return sum(t.sure for t in lane.ticks), sum(not t.sure for t in lane.ticks)


def test_semmelweis_meets_monthly_writes_weekly_and_trains_four_times_a_term():
    spec = PROGRAMS["semmelweis"]
    found = lanes(spec)
    assert len(weeks(found["face-to-face"])) == 9
    assert len(weeks(found["online"])) == 38
    assert found["online"].kind == "contact"
    assert [week <= 20 for week in weeks(found["training"])] == [True] * 4 + [False] * 4
    assert len(weeks(found["supervision"])) == 4
    assert weeks(found["year-end"]) == [40]


def test_nothing_is_expected_in_a_pause():
    break_ = {16, 17}
    for lane in year_scene(PROGRAMS["semmelweis"]).lanes:
        assert break_.isdisjoint(weeks(lane))


@pytest.mark.parametrize(
    ("slug", "part", "marks"),
    [
        ("pramukhswami", "meetings", (2, 1)),
        ("sodersjukhuset", "meetings", (2, 4)),
        ("brown", "semester", (6, 2)),
        ("drexel", "video", (3, 2)),
        ("keck", "first-year", (24, 0)),
        ("keck", "second-year", (16, 0)),
        ("vanderbilt", "colloquium", (38, 0)),
        ("great-western", "fortnightly", (6, 0)),
        ("calgary", "not-prescribed", (0, 0)),
        ("brown", "before-examination", (0, 0)),
    ],
)
def test_a_range_is_drawn_as_sure_and_perhaps(slug, part, marks):
    assert sure_and_perhaps(lanes(PROGRAMS[slug])[part]) == marks


def test_a_program_of_three_months_has_a_line_of_three_months():
    assert year_scene(PROGRAMS["great-western"]).plan.weeks == 13


def test_phases_without_a_length_share_the_year_and_hold_their_meetings():
    found = lanes(PROGRAMS["gulf"])
    phases = [lane for lane in year_scene(PROGRAMS["gulf"]).lanes if lane.kind == "phase"]
    stretches = [lane.stretch for lane in phases]
    assert [(s.first, s.last) for s in stretches] == [(1, 13), (14, 26), (27, 40)]
    assert all(s.open for s in stretches)
    assert all(week <= 13 for week in weeks(found["breaking-the-ice"]))
    assert sure_and_perhaps(found["breaking-the-ice"]) == (2, 1)


def test_what_comes_before_and_after_stands_outside_the_weeks():
    scene = year_scene(PROGRAMS["drexel"])
    assert (scene.before, scene.after) == (True, True)
    found = lanes(PROGRAMS["drexel"])
    assert (found["before"].before, found["after"].after) == (True, True)
    assert found["facilitation"].before


def test_a_survey_after_a_training_without_a_date_has_none_either():
    spec = PROGRAMS["pramukhswami"]
    undated = spec.requirements[0].model_copy(update={"before": None, "times": None, "per": None})
    assert lanes(spec)["workshop"].before
    assert not lanes(spec.model_copy(update={"requirements": (undated,)}))["workshop"].dated


def test_an_editions_own_weeks_take_the_place_of_the_templates():
    plan = Plan(30, (Stretch(1, 15, "A"), Stretch(16, 30, "B")), (Stretch(10, 14, "Exams"),))
    found = lanes(PROGRAMS["semmelweis"], plan)
    assert max(weeks(found["online"])) == 30
    assert set(weeks(found["online"])).isdisjoint(range(10, 15))
    assert weeks(found["year-end"]) == [30]


def test_a_pause_of_one_class_year_stops_nobody_else():
    plan = Plan(10, (), (Stretch(3, 4, "Placement", class_year=2),))
    assert plan.active(plan.whole) == list(range(1, 11))


def test_ticks_are_spread_evenly_and_never_twice_in_a_week():
    assert [t.week for t in spread(list(range(1, 41)), 4)] == [6, 16, 26, 36]
    crowded = spread([1, 2, 3], 2, 9)
    assert [t.week for t in crowded] == [1, 2, 3]
    assert sum(t.sure for t in crowded) == 2
    assert spread([], 3) == ()
    assert spread([1, 2], 0) == ()


def test_a_year_that_is_one_long_pause_draws_without_dividing_by_zero():
    plan = Plan(4, (), (Stretch(1, 4, "Closed"),))
    assert str(year_picture(PROGRAMS["semmelweis"], plan))


@pytest.mark.parametrize("slug", PROGRAMS)
def test_every_year_has_a_title_a_description_and_a_table_and_no_style(slug):
    picture = str(year_picture(PROGRAMS[slug]))
    figure = html.fromstring(picture)
    image = figure.xpath("//div[@role='img']")[0]
    assert figure.xpath("//figcaption/@id") == [image.get("aria-labelledby")]
    spoken = figure.xpath("//p[@id=$id]", id=image.get("aria-describedby"))[0].text
    table = [row.text_content() for row in figure.xpath("//details//tbody/tr/th")]
    for lane in year_scene(PROGRAMS[slug]).lanes:
        assert lane_title(lane) in spoken
        assert lane_title(lane) in table
        assert when_words(lane) in spoken
    assert "style=" not in picture
    places = [float(one.rstrip("%")) for one in figure.xpath("//svg/@x")]
    assert all(0 <= place <= 100 for place in places)


def test_the_words_of_a_line():
    found = lanes(PROGRAMS["semmelweis"])
    assert lane_title(found["face-to-face"]) == "Meetings"
    assert lane_words(found["face-to-face"]) == "at least once a month face to face"
    assert lane_title(found["online"]) == "Contact"
    assert when_words(found["online"]) == "in 38 weeks between 1 and 40"
    assert lane_words(found["mid-year"]) == "Student, Mentor: in the middle (assumed)"
    assert lane_words(found["focus-groups"]) == "Mentor: in the middle"
    assert when_words(lanes(PROGRAMS["delhi"])["left-to-students"]) == "no date set"
    assert lane_title(lanes(PROGRAMS["keck"])["second-year"]) == "Group meetings, class year 2"
