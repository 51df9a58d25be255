"""The pages: what they say, refuse and cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring import clock
from sessions.models import Contact, ContactCheck, Meeting
from sessions.services import booking
from tests.factories import EnrollmentFactory, meeting, pair
from tests.sessions.conftest import NINE, NOW, elsewhere_with, join, publish

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text(response):
    return response.content.decode()


def stamp(at):
    return int(at.timestamp())


def book(two, at=NINE):
    return booking.book(mentorship=two.mentorship, starts_at=at, by=two.student)


def test_three_taps_from_the_students_home_to_a_booked_meeting(two, as_user):
    her = as_user(two.student)
    slots = f"/mentorships/{two.mentorship.key}/book/"
    assert f'href="{slots}"' in text(her.get("/"))
    one = f"{slots}{stamp(NINE)}/"
    assert f'href="{one}"' in text(her.get(slots))
    assert her.get(one).status_code == 200
    assert Meeting.objects.count() == 0

    done = her.post(one, follow=True)
    assert "Booked." in text(done)
    assert Meeting.objects.get().starts_at == NINE


def test_a_stale_page_books_nothing_and_leads_back_to_the_open_times(two, as_user):
    elsewhere = elsewhere_with(two.student)
    publish(elsewhere.mentor.person)
    booking.book(mentorship=elsewhere, starts_at=NINE, by=two.student)
    her = as_user(two.student)
    url = f"/mentorships/{two.mentorship.key}/book/{stamp(NINE)}/"
    for response in (her.post(url, follow=True), her.get(url, follow=True)):
        assert "This time is no longer free. Please choose another." in text(response)
        assert response.redirect_chain[-1][0] == f"/mentorships/{two.mentorship.key}/book/"
    assert her.get(f"/mentorships/{two.mentorship.key}/book/{10**30}/").status_code == 302


def test_booking_a_second_time_leads_to_the_meeting_that_is_booked(two, as_user):
    her = as_user(two.student)
    url = f"/mentorships/{two.mentorship.key}/book/{stamp(NINE)}/"
    her.post(url)
    made = Meeting.objects.get()
    for response in (her.post(url, follow=True), her.get(url, follow=True)):
        assert "You have booked this already." in text(response)
        assert "no longer free" not in text(response)
        assert response.redirect_chain[-1][0] == f"/meetings/{made.key}/"
    assert Meeting.objects.count() == 1


def test_open_times_come_a_week_at_a_time(two, as_user):
    publish(two.mentor, hours=tuple((day, 9, 10) for day in range(7)), horizon_days=20)
    url = f"/mentorships/{two.mentorship.key}/book/"
    first = text(as_user(two.student).get(url))
    later = text(as_user(two.student).get(f"{url}?from=2021-09-19"))

    assert ("Sunday, 12 September" in first, "Sunday, 19 September" in first) == (True, False)
    assert ("Sunday, 12 September" in later, "Sunday, 19 September" in later) == (False, True)


def test_a_mentor_without_hours_is_asked_by_a_proposal(two, as_user):
    publish(two.mentor, hours=())
    page = text(as_user(two.student).get(f"/mentorships/{two.mentorship.key}/book/"))
    assert "No open times at the moment" in page
    assert f"/mentorships/{two.mentorship.key}/propose/" in page


def test_a_time_is_proposed_by_the_clock_of_the_reader(two, as_user):
    two.student.time_zone = "America/New_York"
    two.student.save()
    form = {"day": "2021-09-20", "starts": "09:30", "minutes": "45", "mode": "phone"}
    as_user(two.student).post(f"/mentorships/{two.mentorship.key}/propose/", form)

    made = Meeting.objects.get()
    assert f"{made.starts_at:%d %H:%M}" == "20 13:30"
    assert (made.state, made.mode) == ("proposed", "phone")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"day": "2021-09-01"}, "This time is over."),
        ({"day": "2022-03-27", "starts": "02:30"}, "this time does not exist"),
        ({"day": "soon"}, "Enter a valid date."),
        ({"day": "2031-01-01"}, "more than a year ahead"),
    ],
)
def test_a_bad_proposal_says_why(two, as_user, changes, problem):
    two.student.time_zone = "Europe/Budapest"
    two.student.save()
    form = {"day": "2021-09-20", "starts": "09:30", "minutes": "45", "mode": "phone", **changes}
    response = as_user(two.student).post(f"/mentorships/{two.mentorship.key}/propose/", form)
    assert response.status_code == 422
    assert problem in text(response)
    assert Meeting.objects.count() == 0


def test_a_student_moves_to_another_slot_and_a_refusal_keeps_her_on_the_form(two, as_user):
    made = book(two)
    her, url = as_user(two.student), f"/meetings/{made.key}/move/"
    for data, problem in (
        ({"reason": "clinical"}, "Choose one of the times."),
        ({"at": stamp(NINE + HOUR)}, "This field is required."),
        ({"reason": "clinical", "at": stamp(NINE + 5 * HOUR)}, "no longer free"),
    ):
        response = her.post(url, data)
        assert (response.status_code, problem in text(response)) == (422, True)
    her.post(url, {"reason": "clinical", "at": stamp(NINE + HOUR)})
    made.refresh_from_db()
    assert made.starts_at == NINE + HOUR


def test_a_mentor_moves_by_the_clock_of_the_venue(two, as_user):
    made = book(two)
    form = {"day": "2021-09-14", "starts": "18:00", "minutes": "45", "reason": "clinical"}
    as_user(two.mentor).post(f"/meetings/{made.key}/move/", form)
    made.refresh_from_db()
    assert f"{made.starts_at:%d %H:%M}" == "14 16:00"  # 18:00 in Budapest, wherever she reads it
    assert made.ends_at - made.starts_at == timedelta(minutes=45)


def test_cancelling_asks_why(two, as_user):
    made = book(two)
    her = as_user(two.student)
    assert her.post(f"/meetings/{made.key}/cancel/", {}).status_code == 422
    her.post(f"/meetings/{made.key}/cancel/", {"reason": "personal"})
    made.refresh_from_db()
    assert (made.state, made.cancelled_by) == ("cancelled", "student")


def test_recording_takes_one_button_from_home(two, as_user):
    made = book(two)
    her = as_user(two.student)
    with clock.at(NINE + 2 * HOUR):
        assert f"/meetings/{made.key}/record/" in text(her.get("/"))
        done = her.post(
            f"/meetings/{made.key}/record/", {"outcome": "held", "next": "home"}, follow=True
        )
        assert done.redirect_chain[-1][0] == "/"
        made.refresh_from_db()
        assert made.state == "held"
        assert f"{two.student.full_name} recorded that you met." in text(
            as_user(two.mentor).get("/")
        )
        as_user(two.mentor).post(f"/meetings/{made.key}/record/", {"outcome": "held"})
    made.refresh_from_db()
    assert made.confirmed_at is not None


def test_attendance_is_said_person_by_person_on_the_page(group, as_user):
    made = book(group)
    booking.accept(meeting=made, by=group.other)
    with clock.at(NINE + 2 * HOUR):
        as_user(group.mentor).post(
            f"/meetings/{made.key}/record/",
            {"outcome": "held", f"attendance-{group.other.key}": "excused"},
        )
    assert made.participants.get(person=group.other).attendance == "excused"
    assert made.participants.get(person=group.student).attendance == "present"


def unplanned(two, **changes):
    people = [two.student.pk, two.mentor.pk]
    return {
        "day": "2021-09-09", "starts": "15:00", "minutes": "30", "mode": "in_person",
        "present": people, **changes,
    }  # fmt: skip


def test_a_meeting_nobody_booked_is_recorded_from_the_page(two, as_user):
    url = f"/mentorships/{two.mentorship.key}/record/"
    assert as_user(two.student).post(url, unplanned(two)).status_code == 302
    made = Meeting.objects.get()
    assert (made.state, made.unplanned, made.recorded_side) == ("held", True, "student")
    again = as_user(two.mentor).post(url, unplanned(two))
    assert again.status_code == 422
    assert "recorded already" in text(again)


def test_a_clash_is_warned_of_before_it_is_recorded_all_the_same(two, as_user):
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    elsewhere = elsewhere_with(two.student)
    # By the clock of the coordinator, who reads UTC.
    meeting(elsewhere, NOW - DAY + 5 * HOUR, state="held")
    url = f"/mentorships/{two.mentorship.key}/record-for-them/"
    warned = as_user(coordinator).post(url, unplanned(two))
    assert warned.status_code == 422
    assert "There is another meeting of one of them at that time." in text(warned)
    assert elsewhere.mentor.person.full_name not in text(warned)
    assert two.mentorship.meetings.count() == 0

    as_user(coordinator).post(url, unplanned(two, despite_clash="on"))
    assert two.mentorship.meetings.get().recorded_side == "staff"


def test_contact_is_noted_with_one_tap_and_can_be_undone(two, as_user):
    her, base = as_user(two.student), f"/mentorships/{two.mentorship.key}/"
    her.post(f"{base}contact/", {"channel": "phone"})
    her.post(f"{base}contact/", {"channel": "phone"})  # a double tap
    contact = Contact.objects.get()
    assert (contact.side, contact.channel, contact.at) == ("student", "phone", NOW)
    as_user(two.mentor).post(f"{base}contact/undo/", {"contact": contact.pk})
    assert Contact.objects.count() == 1
    her.post(f"{base}contact/undo/", {"contact": contact.pk})
    assert Contact.objects.count() == 0
    assert "Say how you were in touch." in text(her.post(f"{base}contact/", {}, follow=True))


def test_were_you_contacted_is_asked_of_students_until_something_happened(two, as_user):
    her, base = as_user(two.student), f"/mentorships/{two.mentorship.key}/"
    assert "Has your mentor been in touch?" in text(her.get(base))
    her.post(f"{base}contacted/", {"contacted": "no"})
    her.post(f"{base}contacted/", {"contacted": "yes"})
    assert ContactCheck.objects.get().contacted
    refused = as_user(two.mentor).post(f"{base}contacted/", {"contacted": "yes"}, follow=True)
    assert "This is asked of students." in text(refused)
    meeting(two.mentorship, NOW - DAY, state="held")
    assert "Has your mentor been in touch?" not in text(her.get(base))


@pytest.mark.parametrize(
    ("level", "facts", "counts"),
    [("open", True, True), ("counts", False, True), ("strict", False, False)],
)
def test_a_coordinator_sees_what_the_program_lets_leave_the_pair(
    two, as_user, level, facts, counts
):
    made = meeting(two.mentorship, NOW - DAY, state="held")
    coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    version = two.cohort.edition.version
    version.document = {**version.document, "confidentiality": {"level": level}}
    version.save()
    her = as_user(coordinator)
    page = text(her.get(f"/mentorships/{two.mentorship.key}/"))

    assert (f"/meetings/{made.key}/" in page) is facts
    assert ("Meetings held" in page) is counts
    assert her.get(f"/meetings/{made.key}/").status_code == (200 if facts else 404)
    recording = her.get(f"/mentorships/{two.mentorship.key}/record-for-them/")
    assert recording.status_code == (200 if facts else 404)


def test_a_former_member_reads_on_and_does_nothing(two, as_user):
    two.mentorship.memberships.filter(person=two.student).update(ended_at=NOW)
    her, base = as_user(two.student), f"/mentorships/{two.mentorship.key}/"
    assert "Your part in this mentorship has ended." in text(her.get(base))
    assert her.get(f"{base}messages/").status_code == 200
    assert her.get(f"{base}book/").status_code == 404
    assert her.post(f"{base}messages/write/", {"text": "Hello"}).status_code == 404


def test_the_mentors_home_says_what_waits_and_what_comes(two, as_user):
    her = as_user(two.mentor)
    booking.propose(mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student)
    book(two, NINE + HOUR)
    page = text(her.get("/"))
    assert "Can you come?" in page
    assert "Next meetings" in page
    assert "Publish your hours" not in page
    publish(two.mentor, hours=())
    assert "Publish your hours" in text(her.get("/"))


def test_answering_from_the_page(two, as_user):
    made = booking.propose(
        mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student
    )
    as_user(two.mentor).post(f"/meetings/{made.key}/answer/", {"answer": "accept"})
    made.refresh_from_db()
    assert made.state == "booked"


def crowd(two, rows, since=0):
    """Further students of the mentor with a meeting each, and meetings of the pair."""
    for n in range(since, since + rows):
        other = pair()
        join(other, two.mentor, "mentor")
        meeting(other, NOW + (n + 1) * DAY)
        meeting(two.mentorship, NOW - (n + 2) * DAY, state="held", recorded_by=two.mentor)


# At most so many queries, other apps' navigation and cards included.
COSTS = {
    ("mentor", "/meetings/"): 23,
    ("mentor", "/"): 54,
    ("student", "/mentorships/{key}/"): 27,
    ("coordinator", "/mentorships/{key}/"): 26,
}


@pytest.mark.parametrize(("who", "path"), COSTS)
def test_pages_cost_the_same_for_one_row_and_for_thirty(two, as_user, who, path):
    two.coordinator = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    her = as_user(getattr(two, who))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert her.get(path.format(key=two.mentorship.key)).status_code == 200
        return len(queries)

    crowd(two, 1)
    one = cost()
    crowd(two, 29, since=1)
    assert (cost(), one <= COSTS[who, path]) == (one, True)
