"""The waiting list of a full date: in order of arrival, and never more people than places."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring import clock, outbox
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.services import enrollments
from sessions.models import Waiting
from sessions.services import attendance, dates, enrolling, series, waiting
from tests.factories import EnrollmentFactory, SeriesFactory, training_date
from tests.sessions.conftest import NOW, mentor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOON = NOW + 7 * DAY


@pytest.fixture
def full(cohort):
    """A date with one place, taken by the first of the people, for which the others wait."""
    one = training_date(SeriesFactory(cohort=cohort, capacity=1), SOON)
    people = [mentor(cohort) for _ in range(4)]
    enrolling.enroll(meeting=one, by=people[0].person)
    for each in people[1:]:
        waiting.wait(meeting=one, by=each.person)
    one.people = people
    return one


def comes(one):
    return list(one.participants.filter(holds=True).values_list("enrollment", flat=True))


def line(one):
    rows = Waiting.objects.filter(meeting=one).order_by("pk")
    return list(rows.values_list("enrollment", flat=True))


def told(kind):
    rows = Notification.objects.filter(kind=kind, state="queued")
    return list(rows.values_list("recipient", flat=True))


def test_a_place_given_back_goes_to_who_came_first(full):
    first, second, third, _fourth = full.people
    enrolling.leave(meeting=full, by=first.person)
    assert comes(full) == [second.pk]
    assert line(full)[0] == third.pk
    assert told("place_given") == [second.person_id]
    # Nobody jumps the queue: who gave it back is told that all places are taken.
    with pytest.raises(enrolling.FullError):
        enrolling.enroll(meeting=full, by=first.person)


def test_the_mail_brings_the_entry_for_her_calendar(full):
    enrolling.leave(meeting=full, by=full.people[0].person)
    mail.outbox.clear()
    outbox.deliver_due()
    letter = next(m for m in mail.outbox if full.people[1].person.email in m.to[0])
    assert letter.subject.startswith("You have a place: ")
    assert any("METHOD:REQUEST" in str(part.content) for part in letter.alternatives)
    assert f"meeting-{full.key}" in str(letter.attachments[0].content)


def test_who_leaves_the_cohort_or_is_removed_makes_room(full, coordinator):
    first, second, third, fourth = full.people
    enrollments.withdraw(enrollment=first, by=coordinator)
    assert comes(full) == [second.pk]
    enrollments.withdraw(enrollment=third, by=coordinator)
    assert line(full) == [fourth.pk]
    enrolling.remove(meeting=full, who=second.person, by=coordinator)
    assert (comes(full), line(full)) == ([fourth.pk], [])
    gone = Notification.objects.get(kind="meeting_left", recipient=second.person)
    assert gone.context["removed"]


def test_who_is_taken_off_the_list_is_told(full, coordinator):
    enrolling.remove(meeting=full, who=full.people[2].person, by=coordinator)
    assert full.people[2].pk not in line(full)
    assert told("waiting_changed") == [full.people[2].person_id]


def test_more_places_go_to_who_waits(full, coordinator):
    series.edit(series=full.series, by=coordinator, capacity=3)
    assert comes(full) == [row.pk for row in full.people[:3]]
    assert line(full) == [full.people[3].pk]
    assert len(told("place_given")) == 2
    assert sorted(full.participants.values_list("place", flat=True)) == [1, 2, 3]


def test_who_has_something_else_then_is_passed_over_and_keeps_her_turn(full, cohort):
    first, second, third, fourth = full.people
    other = training_date(SeriesFactory(cohort=cohort), SOON + HOUR)
    enrolling.enroll(meeting=other, by=second.person)
    enrolling.leave(meeting=full, by=first.person)
    assert comes(full) == [third.pk]
    enrolling.leave(meeting=other, by=second.person)
    enrolling.leave(meeting=full, by=third.person)
    assert comes(full) == [second.pk]
    assert line(full) == [fourth.pk]


def test_who_waits_goes_before_who_comes_later_to_a_free_place(full, cohort):
    """Everyone who waited was busy, and a place stood free; then somebody else taps."""
    first, second, third, fourth = full.people
    other = training_date(SeriesFactory(cohort=cohort), SOON)
    for each in (second, third, fourth):
        enrolling.enroll(meeting=other, by=each.person)
    enrolling.leave(meeting=full, by=first.person)
    assert comes(full) == []
    enrolling.leave(meeting=other, by=third.person)
    with pytest.raises(enrolling.FullError):
        enrolling.enroll(meeting=full, by=mentor(cohort).person)
    assert comes(full) == [third.pk]
    assert line(full) == [second.pk, fourth.pk]


def test_she_can_step_down(full):
    second = full.people[1]
    for _ in range(2):
        waiting.step_down(meeting=full, by=second.person)
    enrolling.leave(meeting=full, by=full.people[0].person)
    assert comes(full) == [full.people[2].pk]


def test_a_free_place_is_taken_instead_of_waiting(cohort):
    one = training_date(SeriesFactory(cohort=cohort, capacity=1), SOON)
    assert waiting.wait(meeting=one, by=mentor(cohort).person) is None
    assert len(comes(one)) == 1


def test_waiting_twice_is_waiting_once(full):
    second = full.people[1]
    waiting.wait(meeting=full, by=second.person)
    assert line(full).count(second.pk) == 1


def test_who_has_a_place_something_else_or_no_part_does_not_wait(full, cohort):
    busy, stranger = mentor(cohort), EnrollmentFactory(cohort=cohort)
    other = training_date(SeriesFactory(cohort=cohort), SOON)
    enrolling.enroll(meeting=other, by=busy.person)
    for each in (full.people[0], busy, stranger):
        with pytest.raises(DomainError):
            waiting.wait(meeting=full, by=each.person)
    assert len(line(full)) == 3


@pytest.mark.parametrize(("times", "waits"), [(1, False), (4, True)])
def test_where_once_is_enough_a_place_elsewhere_ends_the_waiting(full, times, waits, cohort, asks):
    asks(cohort, times)
    second = full.people[1]
    later = training_date(full.series, SOON + 7 * DAY)
    enrolling.enroll(meeting=later, by=second.person)
    assert (second.pk in line(full)) is waits
    if not waits:
        with pytest.raises(DomainError):
            waiting.wait(meeting=full, by=second.person)


@pytest.fixture
def asks(monkeypatch):
    def give(cohort, times):
        spec = cohort.planned_spec
        part = {"slug": "t", "kind": "training", "role": "mentor", "times": times, "per": "program"}
        made = type(spec).model_validate(
            {**spec.model_dump(exclude_none=True), "requirements": [part]}
        )
        monkeypatch.setattr(type(cohort), "planned_spec", made)

    return give


def test_a_moved_date_keeps_the_order_and_is_told_once(full, coordinator, cohort):
    before = line(full)
    dates.move(meeting=full, starts_at=SOON + DAY, minutes=90, reason="other", by=coordinator)
    assert line(full) == before
    assert sorted(told("waiting_changed")) == sorted(row.person_id for row in full.people[1:])


def test_who_cannot_come_at_the_new_time_makes_room_for_who_waits(full, coordinator, cohort):
    first, second, *rest = full.people
    other = training_date(SeriesFactory(cohort=cohort), SOON + DAY)
    enrolling.enroll(meeting=other, by=first.person)
    dates.move(meeting=full, starts_at=SOON + DAY, minutes=90, reason="other", by=coordinator)
    assert comes(full) == [second.pk]
    # One mail to each: she has a place, the others hear that the date was moved.
    assert told("place_given") == [second.person_id]
    assert sorted(told("waiting_changed")) == sorted(row.person_id for row in rest)


def test_a_cancelled_date_ends_the_list_and_is_told_once(full, coordinator):
    dates.cancel(meeting=full, reason="other", by=coordinator)
    assert line(full) == []
    assert sorted(told("waiting_changed")) == sorted(row.person_id for row in full.people[1:])
    assert told("place_given") == []


def test_the_audit_names_who_moved_up(full):
    enrolling.leave(meeting=full, by=full.people[0].person)
    event = Event.objects.get(action="meeting.moved_up")
    assert event.data["enrollment"] == full.people[1].pk


def test_who_waited_and_came_stands_on_the_list_of_who_was_there(full, coordinator):
    with clock.at(SOON + HOUR):
        attendance.record_list(
            meeting=full,
            said={full.people[0].pk: "present"},
            walk_ins=[full.people[1].pk],
            by=coordinator,
        )
    assert full.participants.filter(attendance="present").count() == 2


# --- Pages ---------------------------------------------------------------------------------------


def test_her_turn_is_shown_and_she_steps_down_with_one_tap(as_user, full):
    third = as_user(full.people[2].person)
    text = third.get(f"/meetings/{full.key}/").content.decode()
    assert "You are number 2 of 3 who wait." in text
    for page in ("/training/", "/"):
        assert "number 2 of 3 who wait" in third.get(page, follow=True).content.decode()
    third.post(f"/training/dates/{full.key}/step-down/")
    assert len(line(full)) == 2


def test_a_full_date_offers_the_waiting_list(as_user, full, cohort):
    late = mentor(cohort)
    client = as_user(late.person)
    assert "Put me on the waiting list" in client.get(f"/meetings/{full.key}/").content.decode()
    said = client.post(f"/training/dates/{full.key}/wait/", follow=True).content.decode()
    assert "If a place becomes free, it is yours at once." in said
    assert line(full)[-1] == late.pk


def test_the_coordinator_sees_the_list_and_takes_somebody_off(as_user, full, coordinator):
    client = as_user(coordinator)
    text = client.get(f"/meetings/{full.key}/").content.decode()
    names = [row.person.full_name for row in full.people]
    places = [text.index(name, text.index("Waiting list")) for name in names[1:]]
    assert places == sorted(places)
    assert "3 wait" in client.get(f"/cohorts/{full.cohort.key}/training/").content.decode()
    client.post(f"/training/dates/{full.key}/remove/", {"person": full.people[1].person.key})
    assert full.people[1].pk not in line(full)
    client.post(f"/training/dates/{full.key}/remove/", {"person": full.people[0].person.key})
    assert comes(full) == [full.people[2].pk]


def test_who_waits_does_not_see_the_others(as_user, full):
    text = as_user(full.people[2].person).get(f"/meetings/{full.key}/").content.decode()
    assert full.people[1].person.full_name not in text


def test_the_page_of_a_date_takes_as_many_queries_however_many_wait(
    as_user, full, cohort, coordinator, django_assert_num_queries
):
    client = as_user(coordinator)
    client.get(f"/meetings/{full.key}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/meetings/{full.key}/")
    for _ in range(20):
        waiting.wait(meeting=full, by=mentor(cohort).person)
    with django_assert_num_queries(len(few)):
        client.get(f"/meetings/{full.key}/")
