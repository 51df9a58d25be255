"""Surveys go out by themselves at the moments of the plan, or when a coordinator says so."""

from datetime import timedelta

import pytest

from evaluation.models import Survey
from evaluation.surveys import opening, tick
from evaluation.surveys.plan import planned
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Cohort, Enrollment
from tests.evaluation.conftest import after, mails, on
from tests.evaluation.surveys.conftest import FIRST, LAST, ask, ground, pass_time
from tests.factories import CohortFactory, EnrollmentFactory, meeting, pair


def run(moment) -> None:
    with clock.at(moment):
        tick.tick(moment)


def opened() -> list[tuple[str, str, int]]:
    rows = Survey.objects.order_by("opens_at", "slug")
    return [(row.slug, row.state, row.invited) for row in rows]


def test_the_plan_of_a_year(place):
    """6 September 2021 to 12 June 2022: the middle, and six weeks before the end."""
    assert [(one.slug, one.opens_at.date().isoformat()) for one in planned(place.cohort)] == [
        ("mid-year-mentor", "2022-01-24"),
        ("mid-year-student", "2022-01-24"),
        ("year-end-mentor", "2022-05-02"),
        ("year-end-student", "2022-05-02"),
    ]


def test_a_moment_that_falls_into_a_pause_waits_for_its_end(place):
    from programs.models import Pause

    edition = place.cohort.edition
    Pause.objects.create(
        edition=edition, kind="exam", name="Exams", starts="2022-01-20", ends="2022-02-02"
    )
    assert planned(place.cohort)[0].opens_at.date().isoformat() == "2022-02-03"


def test_each_goes_out_once_however_often_the_pass_runs(db):
    ground(students=12, mentors=6)
    run(on(2022, 1, 24, 5))
    assert opened() == []
    for hour in (6, 6, 7, 12):
        run(on(2022, 1, 24, hour))
    assert opened() == [("mid-year-mentor", "open", 6), ("mid-year-student", "open", 12)]
    assert len(mails("survey_invitation")) == 18


def test_after_an_outage_it_goes_out_late_and_stays_open_for_two_weeks(place):
    run(on(2022, 2, 10, 8))
    survey = Survey.objects.get()
    assert survey.opens_at == on(2022, 2, 10, 8)
    assert survey.closes_at == on(2022, 2, 24, 8)


def test_a_moment_long_past_is_not_made_up_for(place):
    run(on(2022, 3, 1))
    assert opened() == []


def test_a_cohort_that_began_after_the_moment_is_not_asked_about_it(place):
    place.cohort.started_at = on(2022, 2, 5)
    place.cohort.save()
    run(on(2022, 2, 6))
    assert opened() == []


@pytest.mark.parametrize("state", ["planning", "matching", "archived"])
def test_only_a_cohort_under_way_is_asked(place, state):
    place.cohort.state = state
    place.cohort.save()
    run(on(2022, 1, 25))
    assert opened() == []


def test_fewer_than_five_people_are_not_asked_at_all(db):
    ground(students=4, mentors=5)
    run(on(2022, 1, 24, 6))
    assert opened() == [("mid-year-mentor", "open", 5)]


def test_a_plan_whose_instruments_are_not_here_sends_nothing(place):
    version = place.cohort.edition.version
    version.document["evaluation"] = [
        {"slug": "pre", "title": "Before", "audience": ["student"], "moment": "start"},
        {"slug": "empathy", "title": "Empathy", "audience": ["student"], "moment": "middle"}
        | {"instruments": ["JSE-S"]},
    ]
    version.document["assumed"] = []
    version.save()
    assert planned(Cohort.objects.get()) == []


def test_asked_is_who_is_active_when_it_opens_and_that_number_stands(place):
    extra = EnrollmentFactory(cohort=place.cohort)
    EnrollmentFactory(cohort=place.cohort, state=Enrollment.State.ACCEPTED)
    EnrollmentFactory(cohort=place.cohort, state=Enrollment.State.WITHDRAWN)
    survey = ask(place)
    assert survey.invited == 13
    Enrollment.objects.filter(pk=extra.pk).update(state=Enrollment.State.WITHDRAWN)
    EnrollmentFactory(cohort=place.cohort)
    pass_time(2)
    survey.refresh_from_db()
    assert survey.invited == survey.invitations.count() == 13


def test_who_mentors_in_two_roles_is_asked_once(db):
    place = ground(students=0, mentors=6)
    EnrollmentFactory(cohort=place.cohort, person=place.mentors[0], role=Role.LEAD_MENTOR)
    assert ask(place, "mentor").invited == 6


def test_a_plan_may_leave_out_those_who_never_met(db):
    """As in Stockholm: 118 less 7 who never met."""
    cohort = CohortFactory(country="", state="running")
    pairs = [pair(cohort) for _ in range(7)]
    for one in pairs[:5]:
        meeting(one, after(10), state="held")
    from types import SimpleNamespace

    survey = ask(SimpleNamespace(cohort=cohort), leaves_out_unmet=True)
    assert (survey.invited, survey.left_out) == (5, 2)
    asked = set(survey.invitations.values_list("person", flat=True))
    assert asked == {one.student.person_id for one in pairs[:5]}


# --- By hand -------------------------------------------------------------------------------------


def plan(place, **fields):
    given = {
        "cohort": place.cohort,
        "title": "After the first month",
        "side": "student",
        "parts": ["needs-pulse"],
        "opens_at": FIRST,
        "closes_at": LAST,
        "by": place.coordinator,
    } | fields
    return opening.schedule(**given)


def test_a_coordinator_plans_one_and_it_opens_by_itself(place):
    with clock.at(after(90)):
        survey = plan(place)
    assert (survey.state, survey.slug) == ("scheduled", "after-the-first-month-student")
    pass_time(0)
    survey.refresh_from_db()
    assert (survey.state, survey.invited) == ("open", 12)


def test_planned_for_now_it_opens_at_once(place):
    with clock.at(FIRST):
        assert plan(place).state == "open"
        assert plan(place).slug == "after-the-first-month-student-2"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"closes_at": FIRST}, "before anybody can answer"),
        ({"closes_at": FIRST + timedelta(days=200)}, "Four months"),
        ({"parts": ["nothing"]}, "Choose what is asked"),
        ({"side": "mentor"}, "Only 0 people"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(place, fields, says):
    with clock.at(FIRST), pytest.raises(DomainError, match=says):
        plan(place, **fields)
    assert not Survey.objects.exists()


def test_one_that_was_not_sent_can_be_taken_back_and_a_sent_one_not(place):
    with clock.at(after(90)):
        opening.take_back(survey=plan(place), by=place.coordinator)
    assert not Survey.objects.exists()
    survey = ask(place)
    with pytest.raises(DomainError, match="sent already"):
        opening.take_back(survey=survey, by=place.coordinator)


# --- Mails ---------------------------------------------------------------------------------------


def test_reminders_go_to_everyone_after_one_and_two_weeks_answered_or_not(place):
    from tests.evaluation.surveys.conftest import answer

    survey = ask(place)
    answer(survey, place.students[0], 0)
    for day in (0, 1, 6):
        pass_time(day)
    assert (len(mails("survey_invitation")), len(mails("survey_reminder"))) == (12, 0)
    for day in (7, 8, 13):
        pass_time(day)
    assert len(mails("survey_reminder")) == 12
    for day in (14, 15, 20):
        pass_time(day)
    assert len(mails("survey_reminder")) == 24
    # Nothing in the outbox tells the one who answered from the others.
    rows = Notification.objects.filter(about=survey.about)
    assert set(rows.values_list("recipient", flat=True)) == {one.pk for one in place.students}
    assert set(rows.values_list("state", flat=True)) == {"queued"}


def test_a_mail_brings_the_person_to_her_form_without_signing_in(place, client):
    from mentoring.outbox.delivery.compose import compose

    survey = ask(place)
    pass_time(0)
    note = Notification.objects.filter(about=survey.about).first()
    with clock.at(after(101)):
        mail = compose(note)
        assert "Open until 5 January 2022" in mail.body
        address = next(w for w in mail.body.split() if "/surveys/answer/" in w)
        page = client.get(address.split("localhost:8000", 1)[1])
    assert page.status_code == 200
    assert "I can say openly what I think." in page.content.decode()


def test_after_closing_no_mail_goes_out_any_more(place):
    from mentoring.outbox import Suppress
    from mentoring.outbox.delivery.compose import compose

    survey = ask(place)
    pass_time(0)
    with clock.at(LAST):
        tick.tick(LAST)
        note = Notification.objects.filter(about=survey.about).first()
        assert compose(note) == Suppress("the survey has closed")
