"""Every published program answers what its source says about it."""

import pytest

from programs.spec import Span, catalog, limits, load

SPECS = {spec.slug: spec for spec in catalog.templates()}


def size(slug, shape="group"):
    found = SPECS[slug].shape(shape)
    return found.people("student"), found.people("mentor")


def spanned(low, high=None):
    return Span(min=low, max=high if high is not None else low)


@pytest.mark.parametrize(
    ("slug", "students", "mentors"),
    [
        ("san-antonio", spanned(44), spanned(1)),
        ("pramukhswami", spanned(8, 16), spanned(1)),
        ("karolinska", spanned(4, 6), spanned(1)),
        ("drexel", spanned(6, 10), spanned(1)),
        ("mcgill", spanned(6), spanned(1)),
        ("brown", spanned(2), spanned(1)),
        ("vanderbilt", spanned(25, 28), spanned(2)),
        ("fmusp", spanned(12, 14), spanned(1)),
        ("bahria", spanned(10), spanned(1)),
        ("uw-colleges", spanned(6), spanned(1)),
        ("keck", spanned(6, 8), spanned(1)),
        ("delhi", spanned(2, 3), spanned(1)),
        ("tromso", spanned(7, 10), spanned(2)),
    ],
)
def test_group_sizes(slug, students, mentors):
    assert size(slug) == (students, mentors)


@pytest.mark.parametrize(
    "slug", ["calgary", "great-western", "sodersjukhuset", "semmelweis", "gulf"]
)
def test_one_to_one_is_the_smallest_group(slug):
    assert size(slug, "pair") == (spanned(1), spanned(1))


@pytest.mark.parametrize(
    ("slug", "meetings"),
    [
        ("san-antonio", (12, None)),
        ("pramukhswami", (2, 3)),
        ("calgary", (None, None)),
        ("drexel", (4, 6)),
        ("great-western", (26, None)),
        ("mcgill", (5, None)),
        ("vanderbilt", (52, 52)),
        ("sodersjukhuset", (2, 6)),
        ("fmusp", (10, 10)),
        ("keck", (16, 24)),
        ("bahria", (12, None)),
        ("brown", (7, 9)),
        ("tromso", (4, 4)),
        ("lmu-munich", (None, None)),
    ],
)
def test_meetings_a_year(slug, meetings):
    assert SPECS[slug].meetings_per_year() == meetings


def test_senior_students_of_san_antonio_count_among_the_forty_four():
    shape = SPECS["san-antonio"].shape("group")
    assert shape.people("student", "mentor", "junior_mentor") == spanned(45)
    assert shape.renews == "yearly"
    assert shape.subgroups.own_calendar


def test_calgary_lets_nothing_leave_the_pair():
    spec = SPECS["calgary"]
    assert not spec.may_leave_the_pair("facts")
    assert not spec.may_leave_the_pair("counts")
    assert not spec.cadence_for().counted


def test_drexel_keeps_the_group_and_changes_the_facilitator():
    shape = SPECS["drexel"].shape("group")
    assert shape.lasts.unit == "degree"
    assert shape.seat("mentor").lasts.unit == "year"
    assert shape.seat("mentor").teaches_students is False
    assert SPECS["drexel"].matching.assessor == "barred"
    assert SPECS["drexel"].meeting_interval_days() == 84


def test_great_western_is_not_marked_short_but_two_months_would_be():
    assert not SPECS["great-western"].short
    assert load(catalog.document("great-western") | {"duration": {"months": 2}}).short


def test_mcgill_seniors_leave_after_two_years():
    seat = SPECS["mcgill"].shape("group").seat("junior_mentor")
    assert (seat.lasts.unit, seat.lasts.length) == ("year", 2)
    assert seat.may_also_be == ("student",)


def test_brown_ties_a_meeting_to_an_examination():
    assert [rule.event for rule in SPECS["brown"].cadence] == [None, "OSCE"]
    assert SPECS["brown"].capacity("mentor").default == 2
    assert [part.slug for part in SPECS["brown"].before_activation("mentor")] == ["orientation"]


def test_vanderbilt_has_plenaries_in_colleges():
    shape = SPECS["vanderbilt"].shape("group")
    assert shape.container == "college"
    assert shape.attached[0].minutes == spanned(30)
    assert SPECS["vanderbilt"].cadence_for(kind="group").minutes == spanned(90)


def test_sodersjukhuset_bounds_the_whole():
    rule = SPECS["sodersjukhuset"].cadence_for(kind="mentoring")
    assert rule.times == spanned(1, 3)
    assert rule.total == Span(max=12)


def test_uw_counts_channels_apart_and_differs_by_class_year():
    spec = SPECS["uw-colleges"]
    assert spec.cadence_for(class_year=2, kind="group", shape="group").slug == "weekly"
    assert spec.cadence_for(class_year=3, kind="mentoring", shape="pair").slug == "others"
    assert spec.cadence_for(class_year=3, channel="phone").slug == "phone"
    assert spec.meeting_interval_days(class_year=2) == 7
    assert spec.meeting_interval_days(class_year=3) == 30


def test_keck_asks_more_of_the_first_year():
    assert SPECS["keck"].cadence_for(class_year=1, kind="group").times == spanned(24)
    assert SPECS["keck"].cadence_for(class_year=2, kind="group").times == spanned(16)


def test_gulf_has_its_own_rhythm_in_each_phase():
    spec = SPECS["gulf"]
    assert [spec.meeting_interval_days(phase=phase.slug) for phase in spec.phases] == [
        14,
        21,
        182.5,
    ]
    assert spec.phase("ice-breaking").within_working_days == 5
    assert spec.threshold("at-risk-no-contact", "days", 30) == 14
    assert not spec.at_risk.or_equal
    assert len(spec.tracks) == 4


def test_what_is_left_to_people_is_said():
    assert limits(SPECS["calgary"]) == []
    assert limits(SPECS["great-western"]) == []
    assert limits(SPECS["lmu-munich"]) == []
    assert "smaller circles" in limits(SPECS["san-antonio"])[0]
