"""Choosing in the browser: the student's, the mentor's and the coordinator's pages."""

import pytest
from django.core import mail
from django.urls import reverse

from matching.models import ChoosingRound, ExpertCase, MentorRequest, RequestPause
from matching.services import choosing, requests
from mentoring import outbox
from tests.factories import START, CohortFactory, EnrollmentFactory
from tests.matching.choosing.conftest import NUMBERS

pytestmark = pytest.mark.django_db
S = MentorRequest.State


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def her(start, student):
    return student(interests=["Surgery"], hopes="To see how surgeons live.")


@pytest.fixture
def page(as_user, her):
    """Her browser; addresses of her place by name."""
    client = as_user(her.person)

    class Page:
        def url(self, name, *args):
            return reverse(f"matching:{name}", args=[her.cohort.key, her.key, *args])

        def get(self, name, *args, query=""):
            return client.get(self.url(name, *args) + query)

        def post(self, name, *args, data=None, follow=True):
            return client.post(self.url(name, *args), data or {}, follow=follow)

        def home(self):
            return client.get(reverse("home"))

    return Page()


@pytest.fixture
def ask(her):
    def make(mentor, **more):
        round_ = choosing.current(her.cohort)
        return requests.ask(round_=round_, student=her, mentor=mentor.key, by=her.person, **more)

    return make


def test_three_taps_from_home_to_a_request(page, opened, mentor):
    one = mentor(interests=["Surgery"], offers="Two afternoons in the theater.")
    opened()
    assert page.url("choose") in text(page.home())
    shown = text(page.get("choose"))
    assert "1 mentor for you" in shown
    assert "Both interested in Surgery" in shown
    assert "Two afternoons in the theater." in shown
    asked = page.get("ask", one.key)
    assert "5 working days to answer" in text(asked)
    done = page.post("ask", one.key, data={"word": "Hello!"})
    assert "has until Monday 13 September to answer" in text(done)
    assert MentorRequest.objects.get().state == S.OPEN


def test_no_score_and_no_percentage_is_shown(page, opened, mentor):
    mentor(interests=["Surgery"])
    opened()
    assert "of 100" not in text(page.get("choose"))
    assert "%" not in text(page.get("choose")).split("<main", 1)[1]


def test_home_says_where_her_line_stands(page, opened, mentor, ask):
    one = mentor()
    opened()
    ask(one)
    assert f"You have asked {one.person.full_name}" in text(page.home())


def test_a_full_line_takes_nobody_else_until_one_is_taken_back(page, opened, mentor, ask):
    one, other = mentor(), mentor()
    opened(asks=1)
    row = ask(one)
    assert "Your line is full" in text(page.get("choose"))
    assert "Your line is full" in text(page.get("ask", other.key))
    page.post("withdraw_request", row.key)
    assert "Your line is full" not in text(page.get("choose"))


def test_who_was_asked_in_the_meantime_by_another_page_is_refused_kindly(page, opened, mentor, ask):
    one = mentor()
    opened()
    ask(one)
    assert "cannot be asked any more" in text(page.post("ask", one.key))


def test_search_shows_who_is_full_and_keeps_what_was_typed(page, opened, student, mentor):
    from matching.services.mentorships import assign

    full = mentor(offers="Cardiology")
    assign(student=student(), mentor=full, by=None)
    mentor(offers="Surgery")
    opened("search")
    shown = text(page.get("choose", query="?q=cardio"))
    assert full.person.full_name in shown
    assert "has no place left" in shown
    assert 'value="cardio"' in shown
    assert "Nobody like that" in text(page.get("choose", query="?q=cardio&free=on"))


def test_one_tap_lets_a_coordinator_choose(page, opened, mentor):
    mentor()
    opened()
    assert "A coordinator looks for you" in text(page.post("let_look"))
    assert ExpertCase.objects.get().why == ExpertCase.Why.WISH
    assert "A coordinator looks for a mentor for you" in text(page.get("choose"))


def test_once_it_is_over_the_page_says_who_goes_on(page, opened, mentor):
    round_ = opened()
    choosing.close_round(round_=round_, by=None)
    assert "Choosing is over" in text(page.get("choose"))
    assert "We are looking for your mentor" not in text(page.get("choose"))


# --- The mentor ----------------------------------------------------------------------------------


def test_a_mentor_reads_who_asks_and_says_yes(as_user, opened, mentor, her, ask):
    one = mentor(interests=["Surgery"])
    opened()
    row = ask(one, word="I saw you operate.")
    client = as_user(one.person)
    url = reverse("matching:request", args=[row.key])
    assert url in text(client.get(reverse("home")))
    shown = text(client.get(url))
    for words in ("I saw you operate.", "To see how surgeons live.", "both interested"):
        assert words.lower() in shown.lower()
    done = client.post(
        reverse("matching:answer_request", args=[row.key]), {"answer": "accept"}, follow=True
    )
    assert "Both of you get a mail" in text(done)
    assert "Said yes" in text(done)


def test_nobody_but_the_mentor_reads_the_word(as_user, opened, mentor, ask, coordinator):
    one, other = mentor(), mentor()
    opened()
    row = ask(one, word="For your eyes.")
    for person in (other.person, coordinator, row.student.person):
        response = as_user(person).get(reverse("matching:request", args=[row.key]))
        assert response.status_code == 404


def test_a_request_that_still_waits_in_line_is_not_open_to_the_mentor(as_user, opened, mentor, ask):
    first, second = mentor(), mentor()
    opened()
    ask(first)
    row = ask(second)
    response = as_user(second.person).get(reverse("matching:request", args=[row.key]))
    assert response.status_code == 404


def test_an_answer_that_comes_too_late_changes_nothing_and_says_so(as_user, opened, mentor, ask):
    one = mentor()
    opened()
    row = ask(one)
    requests.withdraw(request=row, by=row.student.person)
    done = as_user(one.person).post(
        reverse("matching:answer_request", args=[row.key]), {"answer": "accept"}, follow=True
    )
    assert "does not need an answer any more" in text(done)
    assert MentorRequest.objects.get().state == S.WITHDRAWN


def test_a_mentor_pauses_and_goes_on(as_user, opened, mentor):
    one = mentor()
    opened()
    client, url = as_user(one.person), [one.cohort.key, one.key]
    pause = reverse("matching:pause_requests", args=url)
    assert "Take requests again" in text(client.post(pause, {"on": "yes"}, follow=True))
    assert RequestPause.objects.exists()
    assert "Take no requests for now" in text(client.post(pause, {"on": "no"}, follow=True))
    assert not RequestPause.objects.exists()


def test_the_mail_has_the_two_answers_and_neither_the_word_nor_a_third_name(
    client, opened, mentor, her, ask
):
    one, other = mentor(), mentor()
    opened()
    ask(one, word="For your eyes.")
    ask(other)
    outbox.deliver_due()
    (sent,) = [m for m in mail.outbox if "asks you" in m.subject]
    assert one.person.email in sent.to[0]
    assert "For your eyes." not in sent.body
    assert other.person.full_name not in sent.body
    link = next(word for word in sent.body.split() if word.startswith("http"))
    path = "/" + link.split("/", 3)[3]
    shown = text(client.get(path))
    assert "Yes, gladly" in shown
    assert MentorRequest.objects.filter(state=S.OPEN).exists()
    answered = text(client.post(path, {"choice": "accept"}, follow=True))
    assert "Both of you get a mail" in answered
    assert MentorRequest.objects.filter(state=S.ACCEPTED).exists()


# --- The coordinator -----------------------------------------------------------------------------


@pytest.fixture
def board(as_user, coordinator):
    return as_user(coordinator)


def test_a_coordinator_opens_choosing_with_what_the_program_says(board, cohort, start):
    url = reverse("matching:choosing", args=[cohort.key])
    assert 'name="answer_days" value="5"' in text(board.get(url)).replace(' type="number"', "")
    done = board.post(url, {"way": "search", **NUMBERS}, follow=True)
    assert "Students can choose now" in text(done)
    assert ChoosingRound.objects.get().way == "search"


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_opened(board, cohort, start):
    url = reverse("matching:choosing", args=[cohort.key])
    done = board.post(url, {"way": "search", **NUMBERS, "asks": "7"})
    assert done.status_code == 422
    assert not ChoosingRound.objects.exists()


def test_the_page_counts_who_found_who_asks_and_who_waits(board, cohort, opened, student, mentor):
    first, second, one = student(), student(), mentor(capacity=2)
    round_ = opened()
    row = requests.ask(round_=round_, student=first, mentor=one.key, by=first.person)
    requests.accept(request=row, by=one.person)
    requests.ask(round_=round_, student=second, mentor=one.key, by=second.person)
    shown = text(board.get(reverse("matching:choosing", args=[cohort.key])))
    assert first.person.full_name in shown
    assert "Said yes" in shown
    assert "Asked" in shown


def test_who_waits_for_a_coordinator_stands_first_with_what_was_tried(
    board, cohort, opened, student, mentor
):
    student()
    her, one = student(), mentor()
    round_ = opened()
    row = requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)
    requests.decline(request=row, by=one.person)
    shown = text(board.get(reverse("matching:unmatched", args=[cohort.key])))
    rows = shown.split("<tbody>")[1].split("</tr>")
    assert her.person.full_name in rows[0]
    assert "Everybody asked could not" in rows[0]
    assert f"{one.person.full_name} cannot" in rows[0]
    assert "1 student" in text(board.get(reverse("home")))


def test_choosing_is_ended(board, cohort, opened):
    opened()
    done = board.post(reverse("matching:close_choosing", args=[cohort.key]), follow=True)
    assert "Choosing is over" in text(done)


def test_a_mentor_who_is_asked_is_not_told_that_nobody_has_come(start, as_user):
    one = EnrollmentFactory(cohort=CohortFactory(state="running", override_at=START), role="mentor")
    her = EnrollmentFactory(cohort=one.cohort)
    round_ = choosing.open_round(cohort=one.cohort, way="search", by=None, **NUMBERS)
    home = as_user(one.person)
    assert "No student has been matched with you yet" in text(home.get("/"))
    requests.ask(round_=round_, student=her, mentor=one.key, by=her.person)
    shown = text(home.get("/"))
    assert "A student asks for you" in shown
    assert "No student has been matched" not in shown
