"""What this floor answers when others ask or tell."""

from datetime import timedelta

from matching.models import Membership
from mentoring import clock, ports
from mentoring.access import Permission, can
from sessions import ports as answers
from sessions.models import CalendarFeed, Concern, MessageBody
from sessions.services import booking, change_requests, concerns, contacts, feeds, messages
from tests.factories import EnrollmentFactory, meeting
from tests.sessions.conftest import NINE, NOW

HOUR = timedelta(hours=1)


def test_when_a_place_ends_future_meetings_fall(two):
    made = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    place = Membership.objects.get(person=two.mentor)
    place.ended_at = NOW
    place.save()
    ports.MEMBERSHIP_ENDED.tell(place, None)

    made.refresh_from_db()
    assert (made.state, made.cancelled_by) == ("cancelled", "staff")
    assert not made.participants.filter(holds=True).exists()


def test_a_person_gets_all_that_is_kept_about_her_and_no_words_of_others(two):
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    meeting(two.mentorship, NOW - 2 * HOUR, state="held")
    messages.write(mentorship=two.mentorship, text="My own words", by=two.student)
    messages.write(mentorship=two.mentorship, text="Her words", by=two.mentor)
    contacts.note(mentorship=two.mentorship, channel="phone", by=two.student)
    concerns.raise_concern(
        cohort=two.cohort, recipient=coordinator, text="A worry", urgent=False, by=two.student
    )
    change_requests.ask(mentorship=two.mentorship, by=two.student, reason="A wish")

    found = answers.person_export(two.student)
    assert [row["text"] for row in found["messages"]] == ["My own words"]
    assert [row["text"] for row in found["concerns"]] == ["A worry"]
    assert [row["text"] for row in found["wishes"]] == ["A wish"]
    assert [row["attendance"] for row in found["meetings"]] == ["present"]
    assert [row["channel"] for row in found["contacts"]] == ["phone"]
    assert [
        row["starts"].hour for row in answers.person_export(two.mentor)["availability"]["hours"]
    ] == [9]


def test_erasure_takes_her_words_and_leaves_the_partners_records(two, as_user):
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    held = meeting(two.mentorship, NOW - 2 * HOUR, state="held")
    messages.write(mentorship=two.mentorship, text="Her words", by=two.mentor)
    messages.write(mentorship=two.mentorship, text="Mine", by=two.student)
    feeds.open_feed(by=two.mentor)
    for recipient in (coordinator, coordinator):
        concern = concerns.raise_concern(
            cohort=two.cohort, recipient=recipient, text="A worry", urgent=False, by=two.mentor
        )
    concerns.close(concern=concern, by=coordinator)

    answers.person_erased(two.mentor)

    assert [entry.text for entry in messages.thread(mentorship=two.mentorship, by=two.student)] == [
        None,
        "Mine",
    ]
    assert MessageBody.objects.count() == 1
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()
    assert two.mentor.weekly_hours.count() == 0
    held.refresh_from_db()
    assert held.state == "held"
    # The open concern stays until somebody has answered it.
    still_open = Concern.objects.get(state="raised")
    assert concerns.read(concern=still_open, by=coordinator) == "A worry"
    assert concerns.read(concern=concern, by=coordinator) == ""
    page = as_user(two.student).get(f"/mentorships/{two.mentorship.key}/messages/")
    assert "erased with its author" in page.content.decode()


def test_the_recipient_of_concerns_finds_them_in_the_navigation(two):
    wellbeing = EnrollmentFactory(cohort=two.cohort, role="wellbeing_contact").person
    assert list(answers.nav(wellbeing)) == []
    concern = concerns.raise_concern(
        cohort=two.cohort, recipient=wellbeing, text="A worry", urgent=False, by=two.student
    )
    (item,) = answers.nav(wellbeing)
    assert (item.slug, item.badge) == ("concerns", 1)
    concerns.acknowledge(concern=concern, by=wellbeing)
    assert [item.badge for item in answers.nav(wellbeing)] == [0]


def test_coordinators_find_wishes_in_the_tabs_of_the_cohort(two):
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    assert list(answers.cohort_tabs(coordinator, two.cohort)) == []
    change_requests.ask(mentorship=two.mentorship, by=two.student)
    (tab,) = answers.cohort_tabs(coordinator, two.cohort)
    assert (tab.slug, tab.badge) == ("changes", 1)
    assert list(answers.cohort_tabs(two.student, two.cohort)) == []


def test_meetings_stand_in_the_navigation_with_what_waits(two):
    booking.propose(mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student)
    assert next((item.slug, item.badge) for item in answers.nav(two.mentor)) == ("meetings", 1)
    assert [(item.slug, item.badge) for item in answers.nav(two.student)] == [("meetings", 0)]
    assert list(answers.nav(EnrollmentFactory().person)) == []


def test_who_may_read_a_thread(two):
    assert can(two.student, Permission.READ_MESSAGES, two.mentorship)
    Membership.objects.filter(person=two.student).update(ended_at=clock.now())
    assert can(two.student, Permission.READ_MESSAGES, two.mentorship)
    assert not can(EnrollmentFactory().person, Permission.READ_MESSAGES, two.mentorship)
