"""The pages of agreements and goals: what they say, to whom, and what they cost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring import clock
from sessions.agreement_terms import Terms
from sessions.models import Agreement, Goal
from sessions.services import agreements, goals
from tests.factories import EnrollmentFactory
from tests.sessions.conftest import NOW

AIMS = "Get through anatomy"


def text(response):
    return response.content.decode()


def page(two, path=""):
    return f"/mentorships/{two.mentorship.key}/{path}"


@pytest.fixture
def signed(two):
    two.agreement = agreements.propose(
        mentorship=two.mentorship, terms=Terms(aims=AIMS), by=two.mentor
    )
    agreements.sign(agreement=two.agreement, by=two.student)
    return two


def answers_of(response):
    """The form's answers as they are filled in."""
    form = response.context["form"]
    return {name: value for name, value in form.initial.items() if value not in (None, "")}


def test_from_the_suggestion_to_both_signatures(two, as_user):
    mentor, student = as_user(two.mentor), as_user(two.student)
    form = answers_of(mentor.get(page(two, "agreement/propose/")))
    assert (form["often"], form["contact_weeks"]) == ("month-1", 1)
    done = mentor.post(page(two, "agreement/propose/"), form | {"aims": AIMS}, follow=True)
    assert "You have signed" in text(done)
    assert "proposes an agreement" in text(student.get("/"))
    shown = text(student.get(page(two, "agreement/")))
    assert AIMS in shown
    row = Agreement.objects.get()
    student.post(page(two, "agreement/sign/"), {"version": row.key})
    assert "Signed by all" in text(mentor.get(page(two, "agreement/")))
    assert "proposes an agreement" not in text(student.get("/"))
    assert "You meet once a month; signed by all." in text(student.get(page(two)))


def test_a_change_is_shown_beside_what_holds(signed, as_user):
    agreements.propose(
        mentorship=signed.mentorship, terms=Terms(aims=AIMS, minutes=90), by=signed.student
    )
    shown = text(as_user(signed.mentor).get(page(signed, "agreement/")))
    assert "Proposed change" in shown
    assert "<s>45 minutes</s>" in shown
    assert "the agreement below holds" in shown


def test_the_version_that_was_read_is_the_one_that_is_signed(signed, as_user):
    old = agreements.propose(
        mentorship=signed.mentorship, terms=Terms(minutes=60), by=signed.student
    )
    new = agreements.propose(
        mentorship=signed.mentorship, terms=Terms(minutes=90), by=signed.student
    )
    mentor = as_user(signed.mentor)
    said = mentor.post(page(signed, "agreement/sign/"), {"version": old.key}, follow=True)
    assert "newer version" in text(said)
    assert new.signatures.count() == 1


def test_a_proposal_that_says_nothing_new_is_refused_in_the_form(signed, as_user):
    student = as_user(signed.student)
    form = answers_of(student.get(page(signed, "agreement/propose/")))
    refused = student.post(page(signed, "agreement/propose/"), form)
    assert refused.status_code == 422
    assert "stands there already" in text(refused)


def level(two, name):
    version = two.cohort.edition.version
    version.document["confidentiality"] = {"level": name}
    version.save()


@pytest.mark.parametrize(("name", "seen"), [("open", True), ("counts", True), ("strict", False)])
def test_a_coordinator_sees_at_most_the_status_and_the_frequency(signed, as_user, name, seen):
    level(signed, name)
    hers = as_user(EnrollmentFactory(cohort=signed.cohort, role="coordinator").person)
    shown = text(hers.get(page(signed)))
    assert ("They mean to meet once a month." in shown) is seen
    board = text(hers.get(f"/cohorts/{signed.cohort.key}/board/pairs/"))
    assert ("once a month" in board) is seen
    sheet = hers.get(f"/cohorts/{signed.cohort.key}/board/pairs/?format=csv")
    export = b"".join(sheet.streaming_content).decode()
    assert ("once a month" in export) is seen
    assert AIMS not in shown + board + export
    assert hers.get(page(signed, "agreement/")).status_code == 404
    assert hers.get(page(signed, "goals/")).status_code == 404


def test_pages_with_words_are_kept_nowhere_and_the_mentorships_page_has_none(signed, as_user):
    goals.add(
        mentorship=signed.mentorship, title="Learn to rest", horizon="long", by=signed.student
    )
    her = as_user(signed.student)
    for path in ("agreement/", "goals/", "agreement/propose/"):
        assert "no-store" in her.get(page(signed, path))["Cache-Control"]
    shown = text(her.get(page(signed)))
    assert AIMS not in shown
    assert "Learn to rest" not in shown


def test_a_goal_from_the_empty_page_to_reached(two, as_user):
    student, mentor = as_user(two.student), as_user(two.mentor)
    assert "No goal yet" in text(student.get(page(two, "goals/")))
    student.post(page(two, "goals/add/"), {"title": "Pass anatomy", "horizon": "short"})
    goal = Goal.objects.get()
    one = page(two, f"goals/{goal.key}/")
    mentor.post(f"{one}progress/", {"percent": "40"})
    shown = text(student.get(one))
    assert "Pass anatomy" in shown
    assert "40 %" in shown
    student.post(f"{one}edit/", {"title": "Pass it well", "horizon": "long"})
    assert "Well done!" in text(student.post(f"{one}settle/", {"state": "reached"}, follow=True))
    assert "Pass it well" in text(student.get(page(two, "goals/")))
    assert "Take it up again" in text(student.get(one))


def test_an_empty_goal_is_refused(two, as_user):
    assert as_user(two.student).post(page(two, "goals/add/"), {"title": ""}).status_code == 422


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_lists_cost_the_same_with_one_row_and_with_thirty(two, as_user):
    client = as_user(two.student)

    def settle(number):
        goal = goals.add(
            mentorship=two.mentorship, title=f"Goal {number}", horizon="short", by=two.student
        )
        goals.settle(goal=goal, state="reached", by=two.mentor)

    def agree(number):
        terms = replace(Terms(), minutes=(30, 45)[number % 2])
        with clock.at(NOW + timedelta(minutes=number)):
            row = agreements.propose(mentorship=two.mentorship, terms=terms, by=two.mentor)
            agreements.sign(agreement=row, by=two.student)

    pages = [page(two, "goals/"), page(two, "agreement/")]
    for number in range(2):
        settle(number)
        agree(number)
    few = [queries_of(client, url) for url in pages]
    for number in range(2, 30):
        settle(number)
        agree(number)
    assert [queries_of(client, url) for url in pages] == few
