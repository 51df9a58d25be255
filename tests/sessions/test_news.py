"""What the home tells without being asked: changes, unread messages, an open question."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring import clock
from sessions.services import booking, contacts, messages, moving
from tests.factories import meeting, member, pair
from tests.sessions.conftest import NINE, NOW, publish

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text(response):
    return response.content.decode()


def book(two, at=NINE):
    return booking.book(mentorship=two.mentorship, starts_at=at, by=two.student)


def mine(two, who):
    row = two.mentorship.memberships.get(person=who).enrollment
    return reverse("programs:mine", args=[two.cohort.key, row.key])


def test_a_move_stands_on_the_other_sides_home_until_the_former_time_has_passed(two, as_user):
    made = book(two)
    moving.move(meeting=made, starts_at=NINE + DAY, by=two.mentor, reason="clinical")
    said = f"{two.mentor.full_name} moved your meeting of Monday, 13 September 2021"
    assert said in text(as_user(two.student).get("/"))
    assert "moved your meeting" not in text(as_user(two.mentor).get("/"))
    with clock.at(NINE + HOUR):
        assert said not in text(as_user(two.student).get("/"))


def test_a_cancellation_stands_on_the_other_sides_home(two, as_user):
    booking.cancel(meeting=book(two), by=two.student, reason="personal")
    said = f"{two.student.full_name} cancelled your meeting of Monday, 13 September 2021"
    assert said in text(as_user(two.mentor).get("/"))
    assert "cancelled your meeting" not in text(as_user(two.student).get("/"))
    with clock.at(NINE + HOUR):
        assert said not in text(as_user(two.mentor).get("/"))


def test_unread_messages_wait_for_a_mentor_and_count_in_the_navigation(two, as_user):
    quiet = text(as_user(two.mentor).get("/"))
    assert "Waiting for you" not in quiet
    for words in ("Hello", "Are you there?"):
        messages.write(mentorship=two.mentorship, text=words, by=two.student)
    for page in ("/", "/meetings/"):
        shown = text(as_user(two.mentor).get(page))
        assert "Waiting for you" in shown
        assert "2 new messages" in shown
        assert '<span class="count">2<' in shown
    as_user(two.mentor).get(f"/mentorships/{two.mentorship.key}/messages/")
    assert "Waiting for you" not in text(as_user(two.mentor).get("/"))


def test_the_home_asks_a_student_whether_her_mentor_was_in_touch(two, as_user):
    her, answer = as_user(two.student), f"/mentorships/{two.mentorship.key}/contacted/"
    asked = text(her.get("/"))
    assert "Has your mentor been in touch?" in asked
    assert "Your mentor does not see your answer." in asked
    done = her.post(answer, {"contacted": "no", "next": "home"}, follow=True)
    assert done.redirect_chain[-1][0] == "/"
    assert "You said: not yet." in text(done)
    assert 'value="no" aria-pressed="true"' in text(done)
    assert "Has your mentor been in touch?" not in text(as_user(two.mentor).get("/"))
    contacts.note(mentorship=two.mentorship, channel="phone", by=two.mentor)
    assert "Has your mentor been in touch?" not in text(her.get("/"))


def test_a_meeting_of_today_comes_before_what_waits(two, as_user):
    meeting(two.mentorship, NOW - DAY, state="booked")
    book(two)
    her = as_user(two.student)
    early = text(her.get("/"))
    assert early.index("Waiting for you") < early.index("You meet ")
    with clock.at(NINE - HOUR):
        today = text(her.get("/"))
    assert today.index("You meet ") < today.index("Waiting for you")


def test_an_absence_lists_what_is_arranged_for_its_days(two, as_user):
    made = book(two)
    asked = booking.propose(
        mentorship=two.mentorship, starts_at=NINE + DAY, ends_at=NINE + DAY + HOUR, by=two.student
    )
    book(two, NINE + 7 * DAY)
    his, page = as_user(two.mentor), mine(two, two.mentor)
    done = his.post(f"{page}absence/", {"starts": "2021-09-13", "ends": "2021-09-17"}, follow=True)
    shown = text(done)
    assert "2 meetings are arranged for these days" in shown
    assert f'href="/meetings/{made.key}/move/"' in shown
    assert f'href="/meetings/{made.key}/cancel/"' in shown
    assert f'href="/meetings/{asked.key}/"' in shown
    assert shown.count("stands in this absence") == 2


def test_one_absence_is_offered_however_many_students_she_has(two, as_user):
    enrollment = two.mentorship.memberships.get(person=two.mentor).enrollment
    second = pair(two.cohort)
    second.memberships.filter(role="mentor").delete()
    member(second, enrollment)
    assert text(as_user(two.mentor).get("/")).count("#absences") == 1


def test_absences_and_hours_point_to_each_other(two, as_user):
    his, page = as_user(two.mentor), mine(two, two.mentor)
    assert f'href="{page}#absences"' in text(his.get("/availability/"))
    assert f'href="{page}#absences"' in text(his.get("/"))
    assert 'href="/availability/"' in text(his.get(page))
    assert 'href="/availability/"' not in text(as_user(two.student).get(mine(two, two.student)))


@pytest.mark.parametrize("page", ["/", "/meetings/{key}/"])
def test_without_a_place_the_student_may_ask_and_the_mentor_is_asked(two, as_user, page):
    publish(two.mentor, place="")
    made = book(two)
    page = page.format(key=made.key)
    assert "Place to be agreed" in text(as_user(two.student).get(page))
    assert "Ask where" in text(as_user(two.student).get(page))
    assert "are not told where" in text(as_user(two.mentor).get("/availability/"))
    assert "Set my usual place" in text(as_user(two.mentor).get(f"/meetings/{made.key}/"))
    made.place = "Room 3"
    made.save()
    assert "Place to be agreed" not in text(as_user(two.student).get(page))
