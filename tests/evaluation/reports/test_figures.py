"""Definitions on cohorts made by hand, with figures counted on fingers."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Flag
from evaluation.reports import figures
from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Pause
from programs.services import enrollments
from sessions.models import Contact
from sessions.services import contacts, records
from tests.evaluation.conftest import on
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    MentorshipFactory,
    UserFactory,
    meeting,
    member,
    pair,
)

pytestmark = pytest.mark.django_db
START = on(2021, 9, 6, 8)


@pytest.fixture
def cohort():
    return CohortFactory(country="", state="running", created_at=on(2021, 8, 20))


def blocks(cohort, as_of=date(2022, 6, 12), section="") -> dict:
    with clock.at(on(2022, 7, 20)):
        found = figures.collect(cohort, as_of)
    return {
        block["slug"]: block
        for one in found["sections"]
        for block in one["blocks"]
        if section in {"", one["slug"]}
    }


def numbers(block) -> dict:
    return {cell["key"]: cell.get("value", cell["state"]) for cell in block["cells"]}


def said(block) -> tuple:
    return block["value"], block["of"]


def held_weekly(mentorship, weeks, first=START):
    for number in weeks:
        meeting(mentorship, first + timedelta(weeks=number, days=1), "held")


def test_semmelweis_has_14_mentors_with_two_students_and_157_with_one(cohort):
    """F1 of the domain: 185 students, 171 mentors, 157 + 14."""
    mentors = [EnrollmentFactory(cohort=cohort, role=Role.MENTOR) for _ in range(171)]
    for number in range(185):
        mentorship = MentorshipFactory(cohort=cohort)
        member(mentorship, EnrollmentFactory(cohort=cohort))
        member(mentorship, mentors[number % 171])
    found = blocks(cohort)
    assert numbers(found["loads"]) == {"0": 0, "1": 157, "2": 14}
    assert said(found["matched"]) == (185, 185)
    assert found["students"]["total"]["value"] == 185
    assert found["mentors"]["total"]["value"] == 171
    assert numbers(found["mentorships"])["active"] == 185


def test_a_groups_students_and_mentors_count_each_other_once(cohort):
    for _ in range(5):
        group = MentorshipFactory(cohort=cohort)
        for _student in range(3):
            member(group, EnrollmentFactory(cohort=cohort))
        for _mentor in range(2):
            member(group, EnrollmentFactory(cohort=cohort, role=Role.MENTOR))
    found = blocks(cohort)
    assert {key: n for key, n in numbers(found["loads"]).items() if n} == {"3": 10}
    assert said(found["matched"]) == (15, 15)


def test_contact_is_weekly_from_nine_tenths_of_the_weeks_on(cohort):
    """40 weeks from 6 September to 12 June: 36 are enough, 35 are not."""
    for _ in range(6):
        held_weekly(pair(cohort), range(36))
    for _ in range(7):
        held_weekly(pair(cohort), range(35))
    found = blocks(cohort)
    assert said(found["weekly"]) == (6, 13)
    assert found["weekly"]["share"] == 0.4615
    assert (found["weekly"]["low"], found["weekly"]["high"]) == (0.2321, 0.7086)


def test_paused_weeks_do_not_count(cohort):
    edition = cohort.editions.get()
    Pause.objects.create(
        edition=edition, name="Exams", starts=date(2021, 12, 20), ends=date(2022, 1, 30)
    )
    for _ in range(6):
        held_weekly(pair(cohort), [n for n in range(40) if not 15 <= n <= 20][:31])
    for _ in range(6):
        held_weekly(pair(cohort), range(9, 15))
    assert said(blocks(cohort)["weekly"]) == (6, 12)


def test_a_contact_keeps_a_week_but_makes_no_month(cohort):
    for _ in range(5):
        mentorship = pair(cohort)
        for number in range(40):
            moment = START + timedelta(weeks=number)
            Contact.objects.create(
                mentorship=mentorship, at=moment, created_at=moment, channel="phone", side="mentor"
            )
    for _ in range(5):
        held_weekly(pair(cohort), [5, 9, 13, 18, 22, 26, 31, 35])
    found = blocks(cohort)
    assert said(found["weekly"]) == (5, 10)
    assert said(found["monthly"]) == (5, 10)
    assert said(found["never"]) == (0, 10)


def test_meetings_are_counted_by_what_became_of_them(cohort):
    for number in range(6):
        mentorship = pair(cohort)
        meeting(mentorship, on(2021, 10, 4 + number), "held")
        meeting(mentorship, on(2021, 10, 14 + number), "held")
        meeting(mentorship, on(2021, 11, 4 + number), "missed", missed_by="student")
        meeting(mentorship, on(2021, 11, 14 + number), "cancelled")
    found = blocks(cohort)
    assert numbers(found["states"]) == {"held": 12, "missed": 6, "cancelled": 6, "open": 0}
    assert numbers(found["missed_by"]) == {"student": 6, "mentor": 0, "both": 0}
    assert numbers(found["months"]) == {"2021-10": 12}
    assert said(found["came_about"]) == (12, 18)
    assert numbers(found["spread"]) == {"0": 0, "1": 0, "2": 6, "4": 0, "7": 0, "10": 0}


def test_flags_are_counted_by_what_became_of_them_and_how_soon(cohort):
    for number in range(15):
        mentorship = pair(cohort)
        ends = {0: "cleared_at", 1: "resolved_at"}.get(number % 3)
        state = {0: "cleared", 1: "resolved"}.get(number % 3, "open")
        opened = on(2021, 10, 1)
        Flag.objects.create(
            cohort=cohort, rule="never-met", severity="warning", mentorship=mentorship,
            subject=f"mentorship:{mentorship.pk}", occurrence="1", since=START, opened_at=opened,
            state=state, **({ends: opened + timedelta(days=number + 1)} if ends else {}),
        )  # fmt: skip
    found = blocks(cohort)
    assert numbers(found["rule:never-met"]) == {"cleared": 5, "dismissed": 5, "standing": 5}
    # Cleared after 1, 4, 7, 10 and 13 days.
    assert found["days:never-met"]["facts"] == [{"key": "median", "value": 7.0}]


def test_few_who_left_are_not_counted(cohort):
    rows = [EnrollmentFactory(cohort=cohort) for _ in range(30)]
    for row in rows[:2]:
        with clock.at(on(2021, 10, 5)):
            enrollments.withdraw(enrollment=row, by=None)
    found = blocks(cohort, date(2021, 10, 31))
    assert numbers(found["students"])["withdrawn"] == "few"
    assert numbers(found["students"])["active"] == 30  # stands from before the two left
    assert said(found["stayed_students"]) == (30, 30)


def test_a_strict_program_lets_out_nothing_of_meetings(cohort):
    _level(cohort, "strict")
    for _ in range(6):
        held_weekly(pair(cohort), range(5))
    with clock.at(on(2022, 7, 20)):
        found = figures.collect(cohort)
    assert {one["slug"] for one in found["sections"] if one.get("withheld")} == {
        "agreements", "meetings", "contact", "diaries", "flags",
    }  # fmt: skip
    assert all(not one["blocks"] for one in found["sections"] if one.get("withheld"))


def test_a_program_of_counts_lets_out_sums_of_counts_and_no_dates(cohort):
    _level(cohort, "counts")
    for _ in range(6):
        held_weekly(pair(cohort), range(5))
    assert set(blocks(cohort, section="meetings")) == {"spread", "held"}
    assert set(blocks(cohort, section="contact")) == {"never"}
    assert blocks(cohort)["held"]["total"]["value"] == 30


def _level(cohort, level):
    version = cohort.editions.get().version
    version.document["confidentiality"] = {"level": level}
    version.save()


@pytest.mark.parametrize("size", [6, 24])
def test_the_number_of_queries_does_not_grow(cohort, size):
    for _ in range(size):
        held_weekly(pair(cohort), range(5))
    with clock.at(on(2022, 7, 20)), CaptureQueriesContext(connection) as queries:
        figures.collect(cohort)
    assert len(queries) == 39, size


# --- As of an earlier day ------------------------------------------------------------------------


def test_what_became_known_later_does_not_count(cohort):
    """Asked in December for October, the report says what it said in October."""
    rows = [pair(cohort) for _ in range(12)]
    coordinator = UserFactory()
    EnrollmentFactory(cohort=cohort, person=coordinator, role=Role.COORDINATOR)
    for row in rows:
        one = meeting(row, on(2021, 10, 5), created_at=on(2021, 10, 1))
        with clock.at(on(2021, 10, 6)):
            records.record(meeting=one, outcome="held", by=row.mentor.person)
            contacts.note(mentorship=row, channel="phone", by=row.mentor.person)
    october = _asked_on(on(2021, 10, 18), cohort)
    for row in rows[:7]:
        _december(row, coordinator)
    assert _asked_on(on(2021, 12, 20), cohort, date(2021, 10, 17)) == october
    assert _asked_on(on(2021, 12, 20), cohort) != october


def _december(row, coordinator):
    """All that can happen to what was counted in October."""
    with clock.at(on(2021, 12, 1)):
        # Held in October, said so in December; and what was held is corrected to missed.
        meeting(row, on(2021, 10, 12), "held", recorded_at=clock.now(), created_at=clock.now())
        contacts.undo(mentorship=row, contact=row.contacts.get().pk, by=row.mentor.person)
        records.record(
            meeting=row.meetings.order_by("starts_at").first(), outcome="student", by=coordinator
        )
        enrollments.withdraw(enrollment=row.student, by=coordinator)


def test_a_record_corrected_later_stood_as_it_was_before(cohort):
    coordinator = UserFactory()
    EnrollmentFactory(cohort=cohort, person=coordinator, role=Role.COORDINATOR)
    made = []
    for _ in range(6):
        row = pair(cohort)
        one = meeting(row, on(2021, 10, 5), created_at=on(2021, 10, 1))
        made.append(one)
        with clock.at(on(2021, 10, 6)):
            records.record(meeting=one, outcome="held", by=row.mentor.person)
    for one in made:
        with clock.at(on(2021, 11, 20)):
            records.record(meeting=one, outcome="mentor", by=coordinator)
    assert numbers(blocks(cohort, date(2021, 10, 31))["states"])["held"] == 6
    assert numbers(blocks(cohort, date(2021, 11, 30))["states"]) == {
        "held": 0, "missed": 6, "cancelled": 0, "open": 0,
    }  # fmt: skip


def test_two_days_do_not_tell_who_left_between_them(cohort):
    rows = [EnrollmentFactory(cohort=cohort) for _ in range(30)]
    with clock.at(on(2021, 10, 5)):
        for row in rows[:8]:
            enrollments.withdraw(enrollment=row, by=None)
    before = blocks(cohort, date(2021, 10, 31))
    with clock.at(on(2021, 11, 3)):
        enrollments.withdraw(enrollment=rows[8], by=None)
    assert numbers(before["students"])["withdrawn"] == 8
    assert blocks(cohort, date(2021, 11, 7)) == before


def _asked_on(instant: datetime, cohort, as_of=None):
    with clock.at(instant):
        return figures.collect(cohort, as_of)
