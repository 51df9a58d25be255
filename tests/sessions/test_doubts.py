"""Slips of the finger are asked about once; a proposal is answered by another one."""

from datetime import date, timedelta

import pytest

from programs.services import absences
from sessions.models import Meeting
from sessions.services import booking
from tests.sessions.conftest import NINE, publish

HOUR = timedelta(hours=1)
INSIST = {"despite": "on"}


@pytest.fixture
def proposing(two, as_user):
    """Propose as the mentor, by the clock of Budapest."""
    two.mentor.time_zone = "Europe/Budapest"
    two.mentor.save()
    his, url = as_user(two.mentor), f"/mentorships/{two.mentorship.key}/propose/"
    return lambda **data: his.post(
        url, {"day": "2021-09-20", "starts": "09:30", "minutes": "45", "mode": "phone", **data}
    )


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("starts", ["06:30", "20:30", "23:30"])
def test_an_unusual_hour_is_asked_about_once(proposing, starts):
    asked = proposing(starts=starts)
    assert (asked.status_code, "outside the hours" in text(asked)) == (422, True)
    assert Meeting.objects.count() == 0
    assert proposing(starts=starts, **INSIST).status_code == 302
    assert Meeting.objects.count() == 1


def test_a_usual_hour_is_not_asked_about(proposing):
    assert proposing(starts="07:00").status_code == 302


def test_ones_own_absence_is_pointed_out(two, proposing):
    row = two.mentorship.memberships.get(person=two.mentor).enrollment
    absences.declare(
        enrollment=row, starts=date(2021, 9, 20), ends=date(2021, 9, 21), by=two.mentor
    )
    asked = proposing()
    assert (asked.status_code, "declared an absence" in text(asked)) == (422, True)
    assert proposing(**INSIST).status_code == 302


def test_a_second_proposal_for_the_same_time_is_pointed_out(proposing):
    proposing()
    asked = proposing(starts="10:00")
    assert (asked.status_code, "proposed a meeting for that time" in text(asked)) == (422, True)
    assert proposing(starts="11:00").status_code == 302


def test_a_move_into_the_night_is_asked_about(two, as_user):
    made = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    his, url = as_user(two.mentor), f"/meetings/{made.key}/move/"
    form = {"day": "2021-09-14", "starts": "05:00", "minutes": "45", "reason": "clinical"}
    asked = his.post(url, form)
    assert (asked.status_code, "outside the hours" in text(asked)) == (422, True)
    assert his.post(url, {**form, **INSIST}).status_code == 302


def test_another_time_is_the_answer_to_a_proposal(two, proposing, as_user):
    first = booking.propose(
        mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student
    )
    his = as_user(two.mentor)
    link = f"/mentorships/{two.mentorship.key}/propose/?instead={first.key}"
    assert link in text(his.get(f"/meetings/{first.key}/"))
    form = {"day": "2021-09-20", "starts": "09:30", "minutes": "45", "mode": "phone"}
    assert his.post(link, {**form, "starts": "05:00"}).status_code == 422
    first.refresh_from_db()
    assert first.state == "proposed"
    his.post(link, form)
    first.refresh_from_db()
    other = Meeting.objects.exclude(pk=first.pk).get()
    assert (first.state, other.state, other.created_by) == ("cancelled", "proposed", two.mentor)


def test_a_proposal_is_taken_back_in_its_own_words_and_without_a_reason(two, as_user):
    made = booking.propose(
        mentorship=two.mentorship, starts_at=NINE, ends_at=NINE + HOUR, by=two.student
    )
    her, url = as_user(two.student), f"/meetings/{made.key}/cancel/"
    page = text(her.get(url))
    assert "Take the proposal back" in page
    assert 'name="reason"' not in page
    assert "Taken back." in text(her.post(url, follow=True))
    made.refresh_from_db()
    assert made.state == "cancelled"


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_a_cancelled_meeting_says_so_instead_of_a_form(two, as_user, act):
    made = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    booking.cancel(meeting=made, by=two.mentor, reason="clinical")
    shown = as_user(two.student).get(f"/meetings/{made.key}/{act}/", follow=True)
    assert shown.redirect_chain[-1][0] == f"/meetings/{made.key}/"
    assert "This meeting is cancelled already." in text(shown)


def hours(**changes):
    return {
        "mode": "in_person", "slot_minutes": 60, "buffer_minutes": 0, "notice_hours": 24,
        "horizon_days": 30, "d0-0-starts": "09:00", "d0-0-ends": "12:00", **changes,
    }  # fmt: skip


def test_hours_in_which_no_meeting_fits_are_refused_with_the_reason(two, as_user):
    his = as_user(two.mentor)
    refused = his.post("/availability/", hours(**{"d0-0-ends": "09:45"}))
    assert refused.status_code == 422
    assert "Shorter than one meeting of 60 minutes" in text(refused)
    assert "No open times" not in text(refused)
    assert his.post("/availability/", hours(**{"d0-0-ends": "10:00"})).status_code == 302
    assert his.post("/availability/", hours(**{"d0-0-ends": "00:00"})).status_code == 302


def test_the_same_day_off_is_entered_once(two, as_user):
    publish(two.mentor)
    his = as_user(two.mentor)
    for said in ("Nobody can book you then", "That stands here already."):
        done = his.post("/availability/dates/", {"kind": "off", "first": "2021-09-13"}, follow=True)
        assert said in text(done)
    assert two.mentor.hours_exceptions.count() == 1
