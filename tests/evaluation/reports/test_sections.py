"""Trainings, agreements, diaries and surveys in the report, counted on fingers and as of a day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.reports import figures, presenters
from evaluation.reports.disclosure import fold
from evaluation.reports.section import parts_of
from evaluation.surveys import results
from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.keys import new_key
from programs.services import enrollments
from sessions import agreements as standing
from sessions import credits as earned
from sessions import training
from sessions.agreement_terms import Terms
from sessions.diary.owed import of_cohort
from sessions.models import DiaryEntry
from sessions.services import agreements, attendance, diaries, records
from tests.evaluation.conftest import on
from tests.evaluation.reports.test_disclosure import WEEKS, enter
from tests.evaluation.reports.test_figures import blocks, numbers, said
from tests.evaluation.surveys.conftest import LAST, answer, ask, close, ground
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    attend,
    meeting,
    member,
    pair,
    training_date,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def cohort():
    return CohortFactory(country="", state="running", created_at=on(2021, 8, 20))


def about(found: dict, kind: str, words: str) -> dict:
    """The block of that kind whose quota or survey is called so."""
    return next(
        block for slug, block in found.items()
        if slug.startswith(f"{kind}:") and words in block["about"]
    )  # fmt: skip


# --- Training and supervision --------------------------------------------------------------------


def mentors(cohort, number: int) -> list:
    return [EnrollmentFactory(cohort=cohort, role=Role.MENTOR) for _ in range(number)]


def dates(cohort, kind: str, number: int, first=None) -> list:
    series = SeriesFactory(cohort=cohort, kind=kind, title=kind)
    since = first or on(2021, 10, 4 + (kind == "supervision"), 15)
    return [training_date(series, since + n * WEEK, "held") for n in range(number)]


def test_quotas_are_counted_as_the_quota_page_counts_them(cohort):
    people = mentors(cohort, 12)
    for number, one in enumerate(dates(cohort, "training", 4)):
        for person in people[: 12 if number < 3 else 7]:
            attend(one, person)
    for one in dates(cohort, "supervision", 2):
        for person in people:
            attend(one, person)
    found = blocks(cohort, section="training")
    assert said(about(found, "met", "raining, Autumn")) == (7, 12)
    assert said(about(found, "times", "raining, Autumn")) == (43, 48)
    assert said(about(found, "met", "upervision, Autumn")) == (12, 12)
    assert said(about(found, "met", "upervision, Spring")) == (0, 12)
    assert numbers(found["minutes"]) == {"training": 43 * 90, "supervision": 24 * 90}
    plan = training.plan_of(cohort)
    rows = list(training.people(cohort, plan.quotas))
    assert sum(row.attended_0 + row.attended_1 for row in rows) == 43 + 24
    with clock.at(on(2022, 7, 20)):
        assert earned.tally(cohort) == {"withheld": 12}
    july = blocks(cohort, date(2022, 7, 17), section="training")
    (decided,) = (block for slug, block in july.items() if slug.startswith("credits:"))
    assert numbers(decided) == {"granted": 0, "withheld": 12, "open": 0}


def test_credits_are_granted_when_every_quota_is_met_and_open_until_a_term_is_over(cohort):
    people = mentors(cohort, 10)
    for kind, times in (("training", 4), ("supervision", 2)):
        day = 4 + (kind == "supervision")
        for first in (on(2021, 10, day, 15), on(2022, 2, 10 + day, 15)):
            for one in dates(cohort, kind, times, first):
                for person in people[:5] if first.year == 2022 else people:
                    attend(one, person)

    def decided(day):
        found = blocks(cohort, day, section="training")
        return numbers(next(found[slug] for slug in found if slug.startswith("credits:")))

    assert decided(date(2022, 2, 6)) == {"granted": 0, "withheld": 0, "open": 10}
    assert decided(date(2022, 7, 17)) == {"granted": 5, "withheld": 5, "open": 0}


def test_a_list_corrected_later_stood_as_it_was_before(cohort):
    coordinator = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    people = mentors(cohort, 11)
    one = training_date(SeriesFactory(cohort=cohort), on(2021, 10, 4, 15))
    for person in people:
        attend(one, person, "unknown")

    def write(day, came):
        said = {p.pk: "present" if p in came else "absent" for p in people}
        with clock.at(day):
            attendance.record_list(meeting=one, said=said, by=coordinator)

    write(on(2021, 10, 5), people)
    october = blocks(cohort, date(2021, 10, 31), section="training")
    assert october["minutes"]["total"]["value"] == 11 * 90
    write(on(2021, 12, 1), people[:6])
    assert blocks(cohort, date(2021, 10, 31), section="training") == october
    december = blocks(cohort, date(2021, 12, 31), section="training")
    assert december["minutes"]["total"]["value"] == 6 * 90


def test_who_leaves_owes_no_more_and_who_left_later_counted_then(cohort):
    people = mentors(cohort, 12)
    for one in dates(cohort, "training", 4):
        for person in people[:6]:
            attend(one, person)
    for person in people[6:]:
        with clock.at(on(2022, 1, 10)):
            enrollments.withdraw(enrollment=person, by=None)
    found = [blocks(cohort, day, section="training") for day in (date(2022, 1, 9), None)]
    assert [said(about(one, "met", "raining, Autumn")) for one in found] == [(6, 12), (6, 6)]


# --- Agreements ----------------------------------------------------------------------------------


def agree(two, day: int, *, signs: bool = True):
    with clock.at(on(2021, 9, day)):
        row = agreements.propose(mentorship=two, terms=Terms(aims="Ours"), by=two.mentor.person)
    if signs:
        with clock.at(on(2021, 9, day + 1)):
            agreements.sign(agreement=row, by=two.student.person)


def test_agreements_are_counted_by_state_as_the_coordinator_sees_it(cohort):
    pairs = [pair(cohort) for _ in range(23)]
    for number, two in enumerate(pairs[:17]):
        agree(two, 13, signs=number < 12)
    with clock.at(on(2021, 10, 4)):
        for two in pairs[:6]:
            member(two, EnrollmentFactory(cohort=cohort), started_at=clock.now())
    late = blocks(cohort, section="agreements")
    assert numbers(late["states"]) == {"signed": 6, "proposed": 11, "none": 6}
    assert said(late["signed"]) == (6, 23)
    september = blocks(cohort, date(2021, 9, 26), section="agreements")
    assert numbers(september["states"]) == {"signed": 12, "proposed": 5, "none": 6}
    assert said(september["signed"]) == (12, 23)
    rows = standing.with_status(Mentorship.objects.filter(cohort=cohort))
    assert sorted(rows.values_list("agreement_status", flat=True)) == (
        ["none"] * 6 + ["proposed"] * 11 + ["signed"] * 6
    )


# --- Diaries -------------------------------------------------------------------------------------


def write(two, one, at):
    with clock.at(at):
        diaries.save(
            mentorship=two,
            save=diaries.Save(key=new_key(), text="What I noticed", meeting=one),
            by=two.mentor.person,
        )


def test_diary_entries_due_and_written_are_those_of_the_programs_own_rule(cohort):
    pairs = [pair(cohort) for _ in range(12)]
    for number, two in enumerate(pairs):
        one = meeting(two, on(2021, 10, 5), "held")
        meeting(two, on(2022, 5, 3), "held")
        if number < 7:
            write(two, one, on(2021, 10, 6) if number < 6 else on(2022, 3, 1))
    october = blocks(cohort, date(2021, 10, 10), section="diaries")
    # Five days after the meeting nothing is due, whoever has written already.
    assert october == {}
    november = blocks(cohort, date(2021, 11, 7), section="diaries")
    assert said(november["written"]) == (6, 12)
    everything = blocks(cohort, section="diaries")
    assert said(everything["written"]) == (7, 24)
    with clock.at(on(2022, 7, 20)):
        due = of_cohort(cohort)
    assert (sum(one.written_on is not None for one in due), len(due)) == (7, 24)


def test_a_meeting_corrected_to_missed_asks_for_no_entry_from_then_on(cohort):
    coordinator = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    pairs = [pair(cohort) for _ in range(18)]
    for number, two in enumerate(pairs):
        one = meeting(two, on(2021, 10, 5))
        with clock.at(on(2021, 10, 6)):
            records.record(meeting=one, outcome="held", by=two.mentor.person)
        if number < 6:
            write(two, one, on(2021, 10, 7))
    before = blocks(cohort, date(2021, 11, 28), section="diaries")
    assert said(before["written"]) == (6, 18)
    for two in pairs[12:]:
        with clock.at(on(2021, 12, 1)):
            records.record(meeting=two.meetings.get(), outcome="mentor", by=coordinator)
    assert blocks(cohort, date(2021, 11, 28), section="diaries") == before
    assert DiaryEntry.objects.count() == 6
    assert said(blocks(cohort, section="diaries")["written"]) == (6, 12)


# --- Surveys -------------------------------------------------------------------------------------


def survey(students: int, answers: int):
    place = ground(students)
    one = ask(place)
    for number, person in enumerate(place.students[:answers]):
        answer(one, person, number)
    close(one)
    return place.cohort


def asked(cohort, day=None):
    with clock.at(on(2022, 7, 20)):
        found = figures.collect(cohort, day)
    return next(one["blocks"] for one in found["sections"] if one["slug"] == "surveys")


def test_a_closed_survey_is_shown_with_rates_means_and_intervals_as_they_stay():
    cohort = survey(20, 12)
    rate, *scales = asked(cohort)
    assert said(rate) == (12, 20)
    (result,) = results.for_cohort(cohort, clock.now())
    assert [block["mean"] for block in scales] == [one.estimate.value for one in result.scales]
    assert all(block["low"] <= block["mean"] <= block["high"] for block in scales)
    assert len(scales[0]["items"]) == 7
    assert asked(cohort, LAST.date() - timedelta(days=7)) == []
    assert asked(cohort, date(2022, 2, 27)) == asked(cohort)


@pytest.mark.parametrize(
    ("answers", "bound"), [(4, {"at_most": 4}), (17, {"at_least": 16}), (20, {"value": 20})]
)
def test_neither_few_who_answered_nor_few_who_did_not_are_told(answers, bound):
    rate, *scales = asked(survey(20, answers))
    assert bound.items() <= rate.items()
    assert ("value" in rate) is (answers == 20)
    assert bool(scales) is (answers >= 5)


def test_survey_figures_are_told_in_words_and_rows():
    cohort = survey(20, 12)
    with clock.at(on(2022, 7, 20)):
        found = figures.collect(cohort)
    (told,) = (one for one in presenters.sections(found) if one.slug == "surveys")
    assert told.blocks[0].text == "60 %"
    assert "on a scale from 1 to 5; 95 % interval" in told.blocks[1].detail
    rows = [row for row in presenters.csv_rows(found) if row[0] == "surveys"]
    means = [row for row in rows if row[1].startswith("scale:") and row[2] == ""]
    assert [row[4] for row in means] == [
        block["mean"] for block in asked(cohort) if "mean" in block
    ]


# --- All of them ---------------------------------------------------------------------------------


def test_numbers_of_events_have_no_bounds():
    """Twenty missed meetings of one pair are few by the pair, and not “fewer than 5”."""
    table = fold(enter("missed", [1] * 20) + enter("held", range(30)), WEEKS)
    assert parts_of("states", table)["cells"][0]["at_least"] == 46  # as if each had one
    cells = {cell["key"]: cell for cell in parts_of("states", table, events=True)["cells"]}
    assert all("at_least" not in cell for cell in cells.values())
    told = {key: presenters.number(cell, events=True) for key, cell in cells.items()}
    assert told == {"missed": "of fewer than 5", "held": "not shown"}


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_what_is_the_pairs_own_follows_the_level_and_the_rest_does_not(cohort, level):
    version = cohort.editions.get().version
    version.document["confidentiality"] = {"level": level}
    version.save()
    for _ in range(6):
        agree(pair(cohort), 13)
    mentors(cohort, 6)
    with clock.at(on(2022, 7, 20)):
        found = {one["slug"]: one for one in figures.collect(cohort)["sections"]}
    withheld = {slug for slug, one in found.items() if one.get("withheld")}
    assert ({"agreements", "diaries"} <= withheld) is (level == "strict")
    assert not withheld & {"training", "surveys"}
    assert bool(found["agreements"]["blocks"]) is (level != "strict")
    assert found["training"]["blocks"]


@pytest.mark.parametrize("size", [6, 24])
def test_the_number_of_queries_does_not_grow_with_people_or_surveys(size):
    place = ground(size)
    for number in range(size // 6):
        one = ask(place, slug=f"s{number}", occurrence=f"hand:{number}")
        for n, person in enumerate(place.students[:5]):
            answer(one, person, n)
        close(one)
    for _ in range(size):
        two = pair(place.cohort)
        agree(two, 13)
        held = meeting(two, on(2021, 10, 5), "held")
        write(two, held, on(2021, 10, 6))
        attend(dates(place.cohort, "training", 1)[0], two.mentor)
    with clock.at(on(2022, 7, 20)), CaptureQueriesContext(connection) as queries:
        figures.collect(place.cohort)
    assert len(queries) == 39, size


def test_a_total_that_stands_since_another_day_than_its_parts_says_so():
    def cell(key, value, since):
        return {"key": key, "state": "shown", "value": value, "since": since}

    block = {
        "slug": "rule:diary-overdue",
        "kind": "parts",
        "events": True,
        "total": {"state": "shown", "value": 21, "since": "2026-03-08"},
        "cells": [cell("cleared", 22, "2026-06-14"), cell("standing", 6, "2026-05-10")],
    }
    words = presenters.BY_SLUG["flags"].words(block["slug"])
    assert presenters._block(words, block).total[1] == "21, as it stood on 8 March 2026"
    block["total"]["value"] = 28
    assert presenters._block(words, block).total[1] == "28"
