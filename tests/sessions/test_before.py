"""Training before somebody is active: what is missing, what to do, and the coordinator's word."""

from datetime import timedelta

import pytest

from matching.models import MatchRun
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.ports import PERSON_ERASED, PERSON_EXPORT
from programs.models import Enrollment
from programs.readiness import readiness
from programs.services import enrollments
from sessions import before
from sessions.models import Waiver
from sessions.services import attendance, enrolling, series, waivers
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    EnrollmentYearFactory,
    SeriesFactory,
    attend,
    template_document,
    training_date,
)
from tests.sessions.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = NOW + 7 * DAY
MISSING = "Introduction for mentors is still to be attended."


@pytest.fixture
def cohort():
    return made("tromso", state="matching")


def made(slug, state):
    cohort = CohortFactory(state=state)
    version = cohort.edition.version
    version.document = template_document(slug)
    version.save()
    return cohort


@pytest.fixture
def mentor(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="accepted")


def fresh(row):
    return Enrollment.objects.select_related("cohort__program", "person").get(pk=row.pk)


def page(client, row):
    return client.get(f"/cohorts/{row.cohort.key}/people/{row.key}/").content.decode()


def test_her_home_says_what_is_missing_and_offers_dates(cohort, mentor, as_user):
    client = as_user(mentor.person)
    text = client.get("/").content.decode()
    assert "Before you start" in text
    assert MISSING in text
    assert "No date is open yet." in text
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    assert f"/training/dates/{one.key}/enroll/" in client.get("/").content.decode()
    enrolling.enroll(meeting=one, by=mentor.person)
    assert "You have a place. Once the list says" in client.get("/").content.decode()


def test_nothing_is_said_to_who_is_active_or_owes_nothing(cohort, mentor, as_user):
    student = EnrollmentFactory(cohort=cohort, state="accepted")
    active = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    for row in (student, active):
        assert "Before you start" not in as_user(row.person).get("/").content.decode()


def test_the_page_of_a_person_says_what_to_do(cohort, mentor, coordinator, as_user):
    client = as_user(coordinator)
    assert "No date with a free place is open." in page(client, mentor)
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    assert "has no place yet" in page(client, mentor)
    enrolling.enroll(meeting=one, by=mentor.person)
    assert "Write the list once it is over." in page(client, mentor)


def test_a_coordinator_can_do_without_it_with_a_reason(cohort, mentor, coordinator, as_user):
    client = as_user(coordinator)
    url = f"/cohorts/{cohort.key}/training/waive/{mentor.key}/"
    client.post(url, {"reason": "  "})
    assert enrollments.gates(fresh(mentor)) == [MISSING]
    client.post(url, {"reason": "Led the course herself last year"})
    assert enrollments.gates(fresh(mentor)) == []
    text = page(client, mentor)
    assert "Led the course herself last year" in text
    assert coordinator.full_name in text
    # Not to the person herself, who has nothing to do any more.
    assert "Before you start" not in as_user(mentor.person).get("/").content.decode()
    # She is active with the matching, or by hand; until then it can be taken back.
    assert fresh(mentor).state == "accepted"
    client.post(f"{url}withdraw/")
    assert enrollments.gates(fresh(mentor)) == [MISSING]
    assert list(
        Event.objects.filter(action__startswith="training.")
        .order_by("pk")
        .values_list("action", "subject")
    ) == [("training.waived", mentor.pk), ("training.waiver_withdrawn", mentor.pk)]


def test_whom_it_holds_back_is_known_of_all_at_once(
    cohort, mentor, coordinator, django_assert_max_num_queries
):
    waived, trained = (
        EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="accepted") for _ in range(2)
    )
    EnrollmentFactory(cohort=cohort, state="accepted")
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    waivers.give(enrollment=waived, reason="Led it herself", by=coordinator)
    held = training_date(SeriesFactory(cohort=cohort), NOW - DAY, state="held", recorded_at=NOW)
    attend(held, trained)
    rows = Enrollment.objects.filter(cohort=cohort).select_related("cohort__program", "person")
    one_by_one = {row.pk for row in rows if row.state == "accepted" and enrollments.gates(row)}
    with django_assert_max_num_queries(4):
        assert before.held_back(fresh(mentor).cohort) == one_by_one == {mentor.pk}


def test_a_run_can_leave_out_who_is_not_trained(
    cohort, mentor, coordinator, as_user, django_capture_on_commit_callbacks
):
    trained = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    other = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    for _ in range(8):
        student = EnrollmentFactory(cohort=cohort)
        EnrollmentYearFactory(enrollment=student, class_year=1)
    client, url = as_user(coordinator), f"/cohorts/{cohort.key}/matching/"
    page = " ".join(client.get(url).content.decode().split())
    assert "1 person has not attended it yet." in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}start/", {"procedure": "random", "leave_untrained": "on"})
    run = MatchRun.objects.get()
    leading = {who for group in run.groups for who, _role in group["members"]}
    assert leading == {trained.pk, other.pk}
    page = " ".join(client.get(f"{url}runs/{run.key}/").content.decode().split())
    assert "1 person who has not attended the training before the start" in page


def test_it_can_be_taken_back_once_she_is_active(mentor, coordinator, as_user):
    waivers.give(enrollment=mentor, reason="Trained elsewhere", by=coordinator)
    enrollments.activate(enrollment=fresh(mentor), by=coordinator)
    text = page(as_user(coordinator), mentor)
    assert "Trained elsewhere" in text
    assert "Take it back" in text
    assert "Still to attend" not in as_user(mentor.person).get("/").content.decode()


def test_taken_back_from_who_is_active_it_is_to_be_attended_after_all(mentor, coordinator, as_user):
    waivers.give(enrollment=mentor, reason="Trained elsewhere", by=coordinator)
    enrollments.activate(enrollment=fresh(mentor), by=coordinator)
    waivers.withdraw(enrollment=mentor, by=coordinator)
    assert fresh(mentor).state == "active", "nobody's mentorship ends by it"
    text = as_user(mentor.person).get("/").content.decode()
    assert "Still to attend" in text
    assert MISSING in text
    assert "An exception was taken back" in page(as_user(coordinator), mentor)
    assert before.held_back(fresh(mentor).cohort) == {mentor.pk}
    waivers.give(enrollment=mentor, reason="The paper came", by=coordinator)
    assert "Still to attend" not in as_user(mentor.person).get("/").content.decode()
    assert Waiver.objects.get().reason == "The paper came"


def test_in_a_running_cohort_she_is_active_at_once(mentor, cohort, coordinator):
    cohort.state = "running"
    cohort.save()
    waivers.give(enrollment=mentor, reason="Trained elsewhere", by=coordinator)
    assert fresh(mentor).state == "active"


def test_without_need_for_oneself_or_without_reason_it_is_refused(cohort, mentor, coordinator):
    student = EnrollmentFactory(cohort=cohort, state="accepted")
    for row, by, reason in (
        (student, coordinator, "why"),
        (mentor, mentor.person, "why"),
        (mentor, coordinator, " "),
        (mentor, coordinator, "x" * 201),
    ):
        with pytest.raises(DomainError):
            waivers.give(enrollment=row, reason=reason, by=by)
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(("state", "becomes"), [("matching", "accepted"), ("running", "active")])
def test_in_a_running_cohort_the_list_makes_her_active(state, becomes, cohort, mentor, coordinator):
    cohort.state = state
    cohort.save()
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    enrolling.enroll(meeting=one, by=mentor.person)
    with clock.at(SOON + 2 * HOUR):
        attendance.record_list(meeting=one, said={mentor.pk: "present"}, by=coordinator)
    assert fresh(mentor).state == becomes
    assert enrollments.gates(fresh(mentor)) == []


def test_a_course_of_two_days_opens_the_gate_after_the_second():
    cohort = made("sodersjukhuset", state="matching")
    coordinator = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    one = EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="accepted")
    course = SeriesFactory(cohort=cohort, course=True)
    days = [training_date(course, SOON + n * DAY) for n in range(2)]
    enrolling.enroll(meeting=days[0], by=one.person)
    for day, missing in zip(days, (1, 0), strict=True):
        with clock.at(day.starts_at + 2 * HOUR):
            attendance.record_list(meeting=day, said={one.pk: "present"}, by=coordinator)
        assert len(enrollments.gates(fresh(one))) == missing


def test_what_is_kept_about_her_is_given_and_goes_with_her(mentor, coordinator):
    waivers.give(enrollment=mentor, reason="Trained elsewhere", by=coordinator)
    kept = {name: rows for part in PERSON_EXPORT.ask(mentor.person) for name, rows in part.items()}
    assert [row["reason"] for row in kept["active without the training"]] == ["Trained elsewhere"]
    PERSON_ERASED.tell(mentor.person)
    assert not Waiver.objects.exists()


# --- Readiness -----------------------------------------------------------------------------------


def item(cohort, slug="training"):
    found = {one.slug: one for one in readiness(type(cohort).objects.get(pk=cohort.pk))}
    return found.get(slug)


def test_readiness_counts_places_against_people(cohort, mentor, coordinator):
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="invited")
    assert (item(cohort).state, item(cohort).must) == ("red", False)
    assert "places needed: 2" in str(item(cohort).detail)
    made_ = SeriesFactory(cohort=cohort, capacity=1)
    training_date(made_, SOON)
    assert item(cohort).state == "amber"
    assert str(item(cohort).detail) == "Introduction for mentors: 1 place, needed: 2."
    series.edit(series=made_, by=coordinator, capacity=2)
    assert item(cohort).state == "green"
    assert item(cohort, "supervision") is None


def test_readiness_says_nothing_where_nothing_is_asked():
    assert item(made("vanderbilt", state="matching")) is None
    assert item(made("tromso", state="running")) is None
