"""Student and mentor meet: hours, three taps, a move, a message, a record."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.models import ChangeRequest, Contact, Meeting, Message
from sessions.services import availability, booking, change_requests, concerns
from sessions.services import messages as threads
from sessions.services.availability import DayHours
from tests.factories import EnrollmentFactory, meeting, pair
from tests.journeys.visitor import EVERY_WINDOW, PHONE

ALWAYS = [DayHours(day, time(8), time(18)) for day in range(7)]


@pytest.fixture
def two(transactional_db):
    mentorship = pair()
    student, mentor = mentorship.student.person, mentorship.mentor.person
    for user, name in ((student, "Anna Kovács"), (mentor, "Réka Szabó")):
        user.given_name, user.family_name = name.split()
        user.time_zone = "Europe/Budapest"
        user.save()
    return SimpleNamespace(mentorship=mentorship, student=student, mentor=mentor)


def publish(two):
    availability.publish(by=two.mentor, hours=ALWAYS, place="Library, room 3", slot_minutes=60)


def held(two, **ago):
    start = (clock.now() - timedelta(**ago)).replace(minute=0, second=0, microsecond=0)
    return meeting(two.mentorship, start)


def test_a_student_books_in_three_taps_moves_and_writes(visit, two):
    publish(two)
    her = visit(two.student, size=PHONE)
    her.open("/")
    her.press("Choose a time", role="link")
    her.page.locator("main a.figures").nth(2).click()
    her.page.wait_for_load_state("networkidle")
    her.press("Book")
    her.sees("Booked. The calendar entry is on its way")
    booked = Meeting.objects.get()
    assert booked.state == "booked"
    her.is_fine()

    her.open("/")
    her.sees("You meet Réka Szabó")
    her.press("Move", role="link")
    her.page.get_by_label("Ward or duty").check()
    her.page.locator("input[name=at]").nth(4).check()
    her.press("Move")
    her.sees("Moved. Everyone concerned")
    before = booked.starts_at
    booked.refresh_from_db()
    assert (booked.sequence, booked.starts_at == before) == (1, False)

    her.open(reverse("sessions:mentorship", args=[two.mentorship.key]))
    her.press("Messages", role="link")
    her.page.get_by_label("Your message").fill("Hello! See you soon.")
    her.press("Send")
    her.sees("Hello! See you soon.")
    assert Message.objects.count() == 1


def test_a_mentor_publishes_hours_once_and_confirms_in_one_tap(visit, two):
    her = visit(two.mentor, size=PHONE)
    her.open("/")
    her.press("Publish my hours", role="link")
    her.page.get_by_label("Monday from").fill("09:00")
    her.page.get_by_label("Monday to").fill("12:00")
    her.press("One more line for Monday")
    her.page.get_by_label("Monday from").nth(1).fill("14:00")
    her.page.get_by_label("Monday to").nth(1).fill("16:00")
    her.press("Publish")
    her.sees("Published. Students can book these hours now.")
    her.is_fine()
    assert [(row.weekday, row.starts.hour) for row in two.mentor.weekly_hours.all()] == [
        (0, 9),
        (0, 14),
    ]

    past = held(two, hours=5)
    her.open("/")
    her.press("We met")
    her.sees("Thank you, it is recorded.")
    past.refresh_from_db()
    assert (past.state, past.recorded_side) == ("held", "mentor")
    her.press("In touch")
    her.sees("Noted: you were in touch.")
    assert Contact.objects.count() == 1


def test_a_student_asks_for_another_mentor(visit, two):
    EnrollmentFactory(cohort=two.mentorship.cohort, role=Role.COORDINATOR)
    her = visit(two.student, size=PHONE)
    her.open(reverse("sessions:mentorship", args=[two.mentorship.key]))
    her.press("I would like another mentor", role="link")
    her.page.get_by_label("What should the coordinator know?").fill("We never find a time.")
    her.press("Ask for a change")
    her.sees("Your wish is with the coordinators")
    assert ChangeRequest.objects.get().state == "open"


@pytest.fixture
def lively(two):
    """A pair with something on each page; the staff that sees some of it."""
    publish(two)
    cohort = two.mentorship.cohort
    two.coordinator = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    two.wellbeing = EnrollmentFactory(cohort=cohort, role=Role.WELLBEING_CONTACT).person
    slots = availability.open_slots(mentor=two.mentor, student=two.student)
    two.booked = booking.book(mentorship=two.mentorship, starts_at=slots[3].starts, by=two.student)
    soon = slots[9].starts
    two.proposed = booking.propose(
        mentorship=two.mentorship,
        starts_at=soon,
        ends_at=soon + timedelta(hours=1),
        by=two.student,
    )
    two.open_past = held(two, hours=8)
    two.past = meeting(
        two.mentorship,
        clock.now() - timedelta(days=9),
        state="held",
        recorded_side="mentor",
        recorded_by=two.mentor,
    )
    meeting(two.mentorship, clock.now() - timedelta(days=20), state="missed")
    threads.write(mentorship=two.mentorship, text="Hello, when do you have time?", by=two.student)
    threads.write(mentorship=two.mentorship, text="Mondays are good.", by=two.mentor)
    two.concern = concerns.raise_concern(
        cohort=cohort, recipient=two.wellbeing, text="I am worried.", urgent=True, by=two.student
    )
    two.wish = change_requests.ask(mentorship=two.mentorship, by=two.mentor, reason="No time.")
    return two


def pages(two):
    """Who opens what."""
    of_the_pair = ["mentorship", "slots", "propose", "record_unplanned", "thread", "change"]
    for name in of_the_pair:
        yield two.student, reverse(f"sessions:{name}", args=[two.mentorship.key])
    for person, row in (
        (two.student, two.booked),
        (two.mentor, two.proposed),
        (two.mentor, two.open_past),
        (two.student, two.past),
        (two.coordinator, two.past),
    ):
        yield person, reverse("sessions:meeting", args=[row.key])
    slot = availability.open_slots(mentor=two.mentor, student=two.student)[0]
    stamp = int(slot.starts.timestamp())
    yield two.student, reverse("sessions:book", args=[two.mentorship.key, stamp])
    for person in (two.student, two.mentor):
        yield person, "/"
        yield person, reverse("sessions:meetings")
        yield person, reverse("sessions:mentorship", args=[two.mentorship.key])
        yield person, reverse("sessions:move", args=[two.booked.key])
    yield two.student, reverse("sessions:cancel", args=[two.booked.key])
    yield two.mentor, reverse("sessions:availability")
    yield two.student, reverse("sessions:feeds")
    yield two.student, reverse("sessions:raise_concern", args=[two.mentorship.cohort.key])
    yield two.wellbeing, reverse("sessions:concern", args=[two.concern.key])
    yield two.wellbeing, reverse("sessions:concerns")
    yield two.coordinator, reverse("sessions:mentorship", args=[two.mentorship.key])
    yield (
        two.coordinator,
        reverse("sessions:record_unplanned_for_them", args=[two.mentorship.key]),
    )
    yield two.coordinator, reverse("sessions:changes", args=[two.mentorship.cohort.key])
    yield two.coordinator, reverse("sessions:change_request", args=[two.wish.key])


def test_the_pages_are_sound(visit, lively):
    wrong = []
    visitors = {}
    for person, path in pages(lively):
        her = visitors.setdefault(person.pk, None) or visit(person)
        visitors[person.pk] = her
        her.open(path)
        wrong += [f"{path}: {trouble}" for trouble in her.look_in(EVERY_WINDOW)]
    assert not wrong, "\n".join(wrong)
