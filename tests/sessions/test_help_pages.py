"""The pages of “Something is wrong” promise what the table says, and no more."""

from datetime import UTC, datetime

import pytest

from mentoring import clock, outbox
from mentoring.accounts.visibility import Content, Viewer, sight
from sessions.services import concerns, messages
from tests.factories import EnrollmentFactory

# Three at night, and nine in the evening, in Budapest.
NIGHT = datetime(2021, 9, 11, 1, 0, tzinfo=UTC)


@pytest.fixture
def wellbeing(two):
    person = EnrollmentFactory(cohort=two.cohort, role="wellbeing_contact").person
    person.time_zone = "Europe/Budapest"
    person.given_name, person.family_name = "Éva", "Nagy"
    person.save()
    return person


def text(response):
    return response.content.decode()


def raised(two, wellbeing, urgent=False):
    return concerns.raise_concern(
        cohort=two.cohort, recipient=wellbeing, text="Help", urgent=urgent, by=two.student
    )


def test_the_form_says_what_the_table_lets_others_see(two, wellbeing, as_user):
    page = text(as_user(two.student).get(f"/cohorts/{two.cohort.key}/concern/"))
    for viewer in (Viewer.COORDINATOR, Viewer.PROGRAM_LEAD):
        assert f"{viewer.label}: {sight(Content.CONCERN, viewer).label}" in page
    assert f"{Viewer.SITE_ADMIN.label}:" not in page


def test_the_page_says_when_the_person_hears_of_it(two, wellbeing, as_user):
    two.student.time_zone = "Europe/Budapest"
    two.student.save()
    with clock.at(NIGHT):
        quiet, urgent = raised(two, wellbeing), raised(two, wellbeing, urgent=True)
        her = as_user(two.student)
        assert "when the night is over" in text(her.get(f"/concerns/{quiet.key}/"))
        assert "07:00" in text(her.get(f"/concerns/{quiet.key}/"))
        assert "goes out now" in text(her.get(f"/concerns/{urgent.key}/"))
        outbox.deliver_due()
        assert "was told by mail" in text(her.get(f"/concerns/{urgent.key}/"))
        assert "was told by mail" not in text(her.get(f"/concerns/{quiet.key}/"))
        assert "within two working days" in text(her.get(f"/concerns/{quiet.key}/"))


def test_its_author_finds_it_again(two, wellbeing, as_user):
    her, base = as_user(two.student), f"/mentorships/{two.mentorship.key}/"
    assert 'href="/concerns/"' not in text(her.get(base))
    raised(two, wellbeing)
    for page in (base, "/help/", f"/cohorts/{two.cohort.key}/concern/"):
        assert 'href="/concerns/"' in text(her.get(page)), page


def test_the_thread_names_the_other_person_and_says_that_a_message_is_sent(two, as_user):
    her, thread = as_user(two.student), f"/mentorships/{two.mentorship.key}/messages/"
    assert f"<h1>Messages with {two.mentor.full_name}</h1>" in text(her.get(thread))
    messages.write(mentorship=two.mentorship, text="Hello", by=two.mentor)
    sent = text(her.post(f"{thread}write/", {"text": "Good day"}, follow=True))
    newest = sent.index('id="newest"')
    assert sent.index("Hello") < newest < sent.index("Good day") < sent.index("<p>Sent.</p>")
    refused = her.post(f"{thread}write/", {"text": " "})
    assert (refused.status_code, "This field is required." in text(refused)) == (422, True)
