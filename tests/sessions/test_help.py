"""“Something is wrong” and “I would like another mentor” reach a named person, and only her."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from matching.services import mentorships
from mentoring import clock, outbox
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from sessions.services import change_requests, concerns
from tests.factories import EnrollmentFactory
from tests.sessions.conftest import NOW, join

# Three at night in Budapest.
NIGHT = datetime(2021, 9, 11, 1, 0, tzinfo=UTC)


@pytest.fixture
def staff(two):
    def one(role):
        person = EnrollmentFactory(cohort=two.cohort, role=role).person
        person.time_zone = "Europe/Budapest"
        person.save()
        return person

    two.coordinator, two.wellbeing = one("coordinator"), one("wellbeing_contact")
    return two


def report(two, recipient=None, **changes):
    given = {
        "cohort": two.cohort,
        "recipient": recipient or two.wellbeing,
        "text": "I am afraid of somebody.",
        "urgent": False,
        "by": two.student,
        **changes,
    }
    return concerns.raise_concern(**given)


def kinds():
    return list(Notification.objects.values_list("kind", "recipient_id").order_by("pk"))


def test_a_concern_reaches_the_person_chosen_and_nobody_else(staff):
    concern = report(staff)

    assert kinds() == [("concern_raised", staff.wellbeing.pk)]
    assert concerns.read(concern=concern, by=staff.wellbeing) == "I am afraid of somebody."
    with connection.cursor() as cursor:
        cursor.execute("select sealed from meetings_concernbody")
        assert b"afraid" not in bytes(cursor.fetchone()[0])


def test_each_reading_by_the_recipient_is_recorded_and_the_coordinator_sees_no_trace(staff):
    concern = report(staff)
    concerns.read(concern=concern, by=staff.student)
    concerns.read(concern=concern, by=staff.wellbeing)

    reads = Event.objects.filter(action="concern.read")
    assert [event.actor for event in reads] == [staff.wellbeing.pk]
    assert not Event.objects.filter(action__startswith="concern", cohort=staff.cohort.pk).exists()


def test_an_urgent_one_goes_out_at_once_in_the_night_too(staff):
    with clock.at(NIGHT):
        report(staff, urgent=True)
        report(staff, staff.coordinator)
        outbox.deliver_due()

    assert [sent.subject for sent in mail.outbox] == ["Urgent: a concern was sent to you"]
    assert "afraid" not in mail.outbox[0].body


def test_only_named_persons_can_be_chosen_never_oneself(staff):
    for somebody in (staff.mentor, EnrollmentFactory(role="coordinator").person):
        with pytest.raises(DomainError, match="Choose one of the persons"):
            report(staff, somebody)
    assert [e.person for e in concerns.recipients(staff.cohort, besides=staff.coordinator)] == [
        staff.wellbeing
    ]
    with pytest.raises(DomainError, match="in a few words"):
        report(staff, text="  ")


def test_the_reporter_hears_that_it_was_read(staff):
    concern = report(staff)
    with pytest.raises(DomainError, match="somebody else"):
        concerns.acknowledge(concern=concern, by=staff.coordinator)
    concerns.acknowledge(concern=concern, by=staff.wellbeing)
    concerns.acknowledge(concern=concern, by=staff.wellbeing)
    concerns.close(concern=concern, by=staff.wellbeing)

    assert kinds()[1:] == [("concern_acknowledged", staff.student.pk)]
    assert concern.state == "closed"


def test_a_wish_for_another_mentor_reaches_the_coordinators_only(staff):
    wish = change_requests.ask(mentorship=staff.mentorship, by=staff.student, reason="No spark.")

    assert kinds() == [("change_requested", staff.coordinator.pk)]
    assert change_requests.read_reason(request=wish, by=staff.coordinator) == "No spark."
    assert Event.objects.filter(action="change_request.read").count() == 1
    with pytest.raises(DomainError, match="already"):
        change_requests.ask(mentorship=staff.mentorship, by=staff.student)


def test_the_other_side_sees_nothing_of_it(staff, as_user):
    change_requests.ask(mentorship=staff.mentorship, by=staff.student, reason="No spark.")
    for path in ("/", "/meetings/", f"/mentorships/{staff.mentorship.key}/"):
        page = as_user(staff.mentor).get(path).content.decode()
        assert "No spark" not in page
        assert "Your wish" not in page
    assert "is with the coordinators" in (
        as_user(staff.student).get(f"/mentorships/{staff.mentorship.key}/").content.decode()
    )


def test_a_coordinator_who_is_the_mentor_does_not_decide_about_herself(staff, as_user):
    join(staff.mentorship, staff.coordinator, "lead_mentor")
    with pytest.raises(DomainError, match="No coordinator outside this mentorship"):
        change_requests.ask(mentorship=staff.mentorship, by=staff.student, reason="No spark.")
    other = EnrollmentFactory(cohort=staff.cohort, role="coordinator").person
    wish = change_requests.ask(mentorship=staff.mentorship, by=staff.student, reason="No spark.")
    told = Notification.objects.filter(kind="change_requested").values_list("recipient", flat=True)
    assert list(told) == [other.pk], "nor is she told that there is a wish"
    her = as_user(staff.coordinator)

    assert her.get(f"/changes/{wish.key}/").status_code == 404
    listed = her.get(f"/cohorts/{staff.cohort.key}/changes/").content.decode()
    assert staff.student.full_name not in listed


def test_an_answer_is_given_once_and_told(staff, as_user):
    wish = change_requests.ask(mentorship=staff.mentorship, by=staff.student)
    her = as_user(staff.coordinator)
    her.post(f"/changes/{wish.key}/", {"answer": "grant"})
    wish.refresh_from_db()

    assert (wish.state, wish.decided_by) == ("granted", staff.coordinator)
    assert ("change_decided", staff.student.pk) in kinds()
    with pytest.raises(DomainError, match="answered already"):
        change_requests.decide(request=wish, grant=False, by=staff.coordinator)
    assert f"/mentorships/{staff.mentorship.key}/manage/" in (
        her.get(f"/changes/{wish.key}/").content.decode()
    )


def test_a_wish_is_over_when_its_mentorship_ends(staff):
    wish = change_requests.ask(mentorship=staff.mentorship, by=staff.student)
    mentorships.end(mentorship=staff.mentorship, reason="time", by=staff.coordinator)
    wish.refresh_from_db()
    assert (wish.state, wish.decided_by) == ("overtaken", staff.coordinator)
    assert ("change_decided", staff.student.pk) not in kinds()


def test_more_than_five_reports_an_hour_point_to_the_telephone(staff):
    def report():
        return concerns.raise_concern(
            cohort=staff.cohort, recipient=staff.coordinator, text="Help", urgent=True,
            by=staff.student,
        )  # fmt: skip

    for _ in range(5):
        report()
    with pytest.raises(DomainError, match="call one of the numbers"):
        report()
    with clock.at(NOW + timedelta(hours=1, minutes=1)):
        report()


def test_a_wish_can_be_taken_back(staff, as_user):
    wish = change_requests.ask(mentorship=staff.mentorship, by=staff.student)
    as_user(staff.student).post(f"/mentorships/{staff.mentorship.key}/change/withdraw/")
    wish.refresh_from_db()

    assert wish.state == "withdrawn"
    assert not Notification.objects.filter(kind="change_requested", state="queued").exists()


def test_a_concern_is_raised_from_the_page(staff, as_user):
    path = f"/cohorts/{staff.cohort.key}/concern/?about={staff.mentorship.key}"
    her = as_user(staff.student)
    wrong = her.post(path, {"text": "Help"})
    assert wrong.status_code == 422

    recipient = staff.cohort.enrollments.get(person=staff.wellbeing)
    done = her.post(path, {"recipient": recipient.pk, "text": "Help", "urgent": "on"}, follow=True)
    assert f"Sent to {staff.wellbeing.full_name}, who alone can read it." in done.content.decode()
    assert kinds() == [("concern_urgent", staff.wellbeing.pk)]
