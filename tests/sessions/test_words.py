"""Who recorded what about whom: said in full, to each side, on pages and behind links."""

from datetime import timedelta

import pytest

from mentoring import clock, links
from sessions.models import Meeting
from sessions.services import booking, records
from tests.sessions.conftest import NINE

AFTER = NINE + timedelta(hours=2)


@pytest.fixture
def booked(two):
    meeting = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    with clock.at(AFTER):
        yield meeting


def record(booked, by, outcome):
    return records.record(meeting=Meeting.objects.get(pk=booked.pk), outcome=outcome, by=by)


def text(response):
    return response.content.decode()


def prompt(booked, user):
    return links.get("meeting.record").prompt(user=user, subject=booked.key)


@pytest.mark.parametrize(
    ("outcome", "what"),
    [
        ("held", "you met"),
        ("student", "you did not come"),
        ("mentor", "the mentor did not come"),
        ("both", "neither side came"),
    ],
)
def test_home_names_who_recorded_what_about_whom(two, booked, as_user, outcome, what):
    record(booked, two.mentor, outcome)
    home = text(as_user(two.student).get("/"))
    assert f"{two.mentor.full_name} recorded that {what}." in home
    assert f'href="/meetings/{booked.key}/#record"' in home
    assert 'id="record"' in text(as_user(two.student).get(f"/meetings/{booked.key}/"))


def test_after_a_contradiction_both_pages_show_what_each_side_said(two, booked, as_user):
    record(booked, two.mentor, "student")
    url = f"/meetings/{booked.key}/"
    done = as_user(two.student).post(f"{url}record/", {"outcome": "held", "next": "home"})
    assert done["Location"] == url, "she sees at once what stands against what"
    hers, his = text(as_user(two.student).get(url)), text(as_user(two.mentor).get(url))

    assert f"{two.mentor.full_name} recorded that you did not come. You say that you met." in hers
    assert (
        "You recorded that the student did not come. "
        f"{two.student.full_name} says that you met." in his
    )
    for page in (hers, his):
        assert "The coordinators see this, and can settle it." in page
    assert 'value="held" required checked' in hers
    assert 'value="student" required checked' in his


@pytest.mark.parametrize("level", ["counts", "strict"])
def test_where_coordinators_see_no_meetings_the_page_promises_no_judge(two, booked, as_user, level):
    version = two.cohort.edition.version
    version.document = {**version.document, "confidentiality": {"level": level}}
    version.save()
    record(booked, two.mentor, "student")
    record(booked, two.student, "held")
    page = text(as_user(two.student).get(f"/meetings/{booked.key}/"))
    assert "Nobody else sees this." in page
    assert "The coordinators see this" not in page


def test_agreement_after_all_ends_the_contradiction(two, booked):
    record(booked, two.mentor, "student")
    record(booked, two.student, "held")
    meeting = record(booked, two.mentor, "held")
    assert (meeting.disputed_at, meeting.disputed_as) == (None, "")


def test_the_link_of_a_mail_says_what_is_recorded_already(two, booked):
    assert str(prompt(booked, two.mentor).heading) == "Did this meeting take place?"
    record(booked, two.mentor, "held")
    again = prompt(booked, two.mentor)
    assert str(again.heading) == "This is recorded. Do you want to change it?"
    assert "You recorded that you met." in again.text
    assert "held" not in [button.value for button in again.buttons]
    other = prompt(booked, two.student)
    assert str(other.heading) == "Is this right?"
    assert f"{two.mentor.full_name} recorded that you met." in other.text
    assert (other.buttons[0].value, str(other.buttons[0].label)) == ("held", "That is right")
    record(booked, two.student, "held")
    assert "You recorded" not in prompt(booked, two.student).text
    assert str(prompt(booked, two.student).heading) == "This is recorded. Do you want to change it?"
