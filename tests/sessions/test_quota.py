"""Quotas per term, and the credits that follow from them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Enrollment
from programs.services import enrollments
from sessions import credits as earned
from sessions import standings, training
from sessions.quota import current
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    attend,
    template_document,
    training_date,
)

pytestmark = pytest.mark.django_db
# Both semesters have twenty weeks or so; in the middle of the first.
FALL, SPRING = datetime(2021, 10, 4, 15, tzinfo=UTC), datetime(2022, 2, 14, 15, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture
def cohort():
    """Without public holidays, so that days can be counted on fingers."""
    return CohortFactory(country="", state="running")


def mentor(cohort, **fields):
    return EnrollmentFactory(cohort=cohort, role=Role.MENTOR, **fields)


def attended(enrollment, kind, times, since=FALL, **fields):
    """So many attended dates, a week apart."""
    title = {"training": "Mentor training", "supervision": "Supervision"}[kind]
    series = SeriesFactory(cohort=enrollment.cohort, kind=kind, title=title, **fields)
    since += timedelta(days=kind == "supervision")
    for n in range(times):
        attend(training_date(series, since + n * WEEK, "held"), enrollment)


def counts(enrollment):
    """(kind, term) → (attended, owed, ahead, missing)."""
    plan = training.plan_of(enrollment.cohort)
    row = training.people(enrollment.cohort, plan.quotas).get(pk=enrollment.pk)
    return {
        (count.quota.kind, count.quota.period.name): (
            count.attended, count.owed, count.ahead, count.missing,
        )
        for count in earned.counts(row, plan.quotas)
    }  # fmt: skip


def test_a_quota_is_counted_per_term_and_kind(cohort):
    one = mentor(cohort)
    attended(one, "training", 3)
    attended(one, "training", 1, since=SPRING)
    attended(one, "supervision", 2)
    assert counts(one) == {
        ("training", "Autumn"): (3, 4, 0, 1),
        ("supervision", "Autumn"): (2, 2, 0, 0),
        ("training", "Spring"): (1, 4, 0, 3),
        ("supervision", "Spring"): (0, 2, 0, 2),
    }


def test_what_is_too_short_missed_or_cancelled_does_not_count(cohort):
    one = mentor(cohort)
    attended(one, "training", 1, minutes=89)
    attended(one, "training", 1, since=FALL + 2 * WEEK, minutes=90)
    full = SeriesFactory(cohort=cohort)
    attend(training_date(full, FALL + 3 * WEEK, "held"), one, "absent")
    attend(training_date(full, FALL + 4 * WEEK, "held"), one, "excused")
    gone = attend(training_date(full, FALL + 5 * WEEK), one, "unknown")
    gone.meeting.state, gone.meeting.cancelled_at = "cancelled", FALL
    gone.meeting.save()
    attend(training_date(full, FALL + 6 * WEEK), one, "unknown")
    assert counts(one)["training", "Autumn"] == (1, 4, 1, 3)


@pytest.mark.parametrize(
    ("joined", "owed"),
    [
        (date(2021, 8, 20), 4),
        (date(2021, 9, 20), 4),
        (date(2021, 10, 25), 3),
        (date(2021, 11, 20), 2),
        (date(2022, 1, 1), 1),
        (date(2022, 1, 25), 0),
    ],
)
def test_who_joins_late_owes_the_share_that_is_left(cohort, joined, owed):
    at = datetime(joined.year, joined.month, joined.day, 12, tzinfo=UTC)
    one = mentor(cohort, activated_at=at)
    assert counts(one)["training", "Autumn"][1] == owed
    assert counts(one)["training", "Spring"][1] == 4
    # The page of one person and the table say the same.
    plan = training.plan_of(cohort)
    assert plan.quotas[0].owed(joined) == owed


def test_who_has_left_owes_nothing(cohort):
    mentor(cohort, state="withdrawn")
    plan = training.plan_of(cohort)
    assert not training.people(cohort, plan.quotas).exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_table_takes_one_query_however_many(cohort, rows, django_assert_num_queries):
    for _ in range(rows):
        attended(mentor(cohort), "training", 1)
    plan = training.plan_of(cohort)
    with django_assert_num_queries(1):
        found = list(training.people(cohort, plan.of(plan.periods[0])))
    assert len(found) == rows
    assert {(row.short, row.uncovered) for row in found} == {(5, 5)}


def test_the_first_page_shows_the_term_at_hand(cohort):
    periods = training.plan_of(cohort).periods
    assert current(periods, date(2021, 8, 1)).name == "Autumn"
    assert current(periods, date(2022, 1, 30)).name == "Autumn"
    assert current(periods, date(2022, 1, 31)).name == "Spring"
    assert current(periods, date(2023, 1, 1)).name == "Spring"


# --- Credits -------------------------------------------------------------------------------------


def credit(enrollment, today=date(2022, 7, 1)):
    plan = training.plan_of(enrollment.cohort)
    (reward,) = earned.rewards(plan)
    row = earned.people(enrollment.cohort, reward).get(pk=enrollment.pk)
    found = earned.credit(row, reward, today)
    return found.state, list(found.reasons), earned.text(found.hours)


def test_who_meets_the_quota_of_every_term_is_granted_credits_for_18_hours(cohort):
    one = mentor(cohort)
    for since in (FALL, SPRING):
        attended(one, "training", 4, since=since)
        attended(one, "supervision", 2, since=since)
    assert credit(one) == ("granted", [], "18 h")


def test_credits_are_withheld_with_the_reason_once_a_term_is_over(cohort):
    one = mentor(cohort)
    attended(one, "training", 4)
    attended(one, "supervision", 1)
    state, reasons, hours = credit(one, date(2022, 1, 30))
    assert (state, hours) == ("open", "7.5 h")
    state, reasons, _hours = credit(one, date(2022, 1, 31))
    assert (state, reasons) == ("withheld", ["1 short: Supervision (Autumn)"])


def test_who_came_too_late_to_attend_anything_has_earned_nothing(cohort):
    one = mentor(cohort)
    last = cohort.edition.ends - timedelta(days=3)
    Enrollment.objects.filter(pk=one.pk).update(
        accepted_at=datetime.combine(last, time(9), tzinfo=UTC),
        activated_at=datetime.combine(last, time(9), tzinfo=UTC),
    )
    assert credit(one) == ("withheld", ["came too late to earn it"], "0 h")


def test_credits_are_tallied(cohort):
    mentor(cohort)
    with clock.at(datetime(2022, 7, 1, tzinfo=UTC)):
        assert earned.tally(cohort) == {"withheld": 1}


# --- Before activation ---------------------------------------------------------------------------


def test_a_program_may_want_training_before_activation():
    cohort = CohortFactory()
    version = cohort.edition.version
    version.document = template_document("tromso")
    version.save()
    one = mentor(cohort, state="accepted")
    assert enrollments.gates(one) == ["Introduction for mentors is still to be attended."]
    assert not enrollments.activate_if_ready(enrollment=one, by=None)
    attended(one, "training", 1, since=FALL)
    assert enrollments.gates(one) == []
    assert enrollments.gates(EnrollmentFactory(cohort=cohort, state="accepted")) == []


# --- What a mentor sees --------------------------------------------------------------------------


def test_a_mentor_sees_what_is_done_missing_and_still_to_choose(cohort):
    one = mentor(cohort)
    attended(one, "training", 2)
    ahead = training_date(SeriesFactory(cohort=cohort), FALL + 9 * WEEK)
    attend(ahead, one, "unknown")
    choice = training_date(SeriesFactory(cohort=cohort, kind="supervision"), FALL + 8 * WEEK)
    full = training_date(SeriesFactory(cohort=cohort, capacity=1), FALL + 8 * WEEK)
    attend(full, mentor(cohort), "unknown")
    with clock.at(FALL + 5 * WEEK):
        (standing,) = standings.of(one.person)
        assert [(c.attended, c.owed, c.ahead, c.uncovered) for c in standing.counts] == [
            (2, 4, 1, 1),
            (0, 2, 0, 2),
        ]
        assert [row.meeting for row in standing.ahead] == [ahead]
        # One tap away: only what is needed and free.
        assert [row.meeting for row in standing.choices] == [choice]
        (whole,) = standings.of(one.person, all_dates=True)
        assert {row.meeting.pk: row.full for row in whole.choices} == {
            choice.pk: False, full.pk: True,
        }  # fmt: skip


@pytest.mark.parametrize("rows", [1, 30])
def test_the_home_takes_as_many_queries_however_many_dates(cohort, rows, django_assert_num_queries):
    one = mentor(cohort)
    for n in range(rows):
        attend(training_date(SeriesFactory(cohort=cohort), FALL + n * WEEK), one, "unknown")
    with clock.at(FALL - WEEK), django_assert_num_queries(7):
        assert len(standings.of(one.person)) == 1
