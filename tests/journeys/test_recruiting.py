"""How people come into a cohort: from its public page to an answer."""

import re

import pytest
from django.urls import reverse

from mentoring.accounts.permissions import Role
from programs.models import Enrollment, Review
from programs.services import answers, placing, public, questions, scoring
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory, sibling
from tests.journeys.visitor import EVERY_WINDOW, PHONE

BOTH = ["student", "mentor"]


@pytest.fixture
def cohort(transactional_db):
    row = CohortFactory(name="Near-peer 2021/22", state="recruiting", applications_open=True)
    public.write(cohort=row, welcome="Welcome to all.", contact="ask@example.edu", by=None)
    public.add_link(
        cohort=row, kind="video", title="A film", url="https://video.example.edu", by=None
    )
    public.publish(cohort=row, public=True, by=None)
    for builtin in ("motivation", "motive", "expectation"):
        questions.switch_on(cohort=row, builtin=builtin, role="mentor", by=None)
    questions.add(
        cohort=row, text="Topics", kind="several", options=["Research", "Exams"], roles=BOTH,
        reader="pair", use="weight", required=True, by=None,
    )  # fmt: skip
    return row


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def address(name, cohort, *more):
    return reverse(f"programs:{name}", args=[cohort.key, *more])


def test_a_mentor_applies_on_her_phone_and_a_mistake_loses_nothing(visit, cohort):
    she = visit(UserFactory(), size=PHONE)
    she.expected_statuses.add(422)
    she.open(address("about", cohort))
    she.press("Apply as mentor", role="link")
    she.page.get_by_label("Interests").fill("psychiatry")
    she.page.get_by_label("What brings you to mentoring?").fill("I was helped once.")
    she.page.get_by_label("4", exact=True).check()
    she.page.get_by_label("I listen, and ask").check()
    she.press("Send the application")
    she.sees("This was not sent. Please look again at:")
    she.is_fine()
    she.page.get_by_role("link", name=re.compile("Topics")).click()
    she.page.get_by_label("Exams").check()
    she.press("Send the application")
    she.sees("You will get a mail when your application is decided")
    place = Enrollment.objects.get(cohort=cohort, role=Role.MENTOR)
    assert place.interests == ["psychiatry"]
    assert sorted(map(str, answers.of(place).values())) == [
        "4", "I was helped once.", "['Exams']", "['listener']",
    ]  # fmt: skip


def test_the_form_is_put_in_order_with_the_keyboard(visit, cohort, coordinator):
    her = visit(coordinator)
    her.open(address("questions", cohort) + "?role=mentor")
    up = her.page.get_by_role("button", name="Move up: Topics")
    up.focus()
    her.page.evaluate("window.__before = true")
    her.page.keyboard.press("Enter")
    assert her.comes_true("!window.__before", seconds=5)
    order = [one.slug for one in questions.current(cohort)]
    assert order == ["motivation", "motive", "topics", "expectation"]


def test_applications_are_scored_one_after_the_other_and_the_best_accepted(
    visit, cohort, coordinator
):
    scoring.set_rubric(cohort=cohort, role="mentor", criteria=["Interest"], by=None)
    people = [
        EnrollmentFactory(
            cohort=cohort, role=Role.MENTOR, state="applied", applied_at=f"2021-09-0{n}T10:00Z",
            person__given_name=name, person__family_name="Kiss",
        )
        for n, name in enumerate(("Anna", "Béla"), 1)
    ]  # fmt: skip
    her = visit(coordinator)
    her.open(address("applicants", cohort))
    her.press("Anna Kiss", role="link")
    her.page.get_by_label("2", exact=True).check()
    her.press("Save, and the next")
    her.sees("Béla Kiss")
    her.page.get_by_label("5", exact=True).check()
    her.press("Save my score")
    her.sees("mean 5.0")
    assert Review.objects.count() == 2
    her.open(address("scoring", cohort) + "?role=mentor")
    her.press("Close scoring")
    her.page.get_by_role("dialog").get_by_role("button", name="Close scoring").click()
    her.sees("Scoring is closed.")
    her.page.get_by_label("How many").fill("1")
    her.page.get_by_label("The others").select_option(label="go on the waiting list")
    her.press("Look at it first")
    her.sees("Accept: 1")
    her.sees("Waiting list: 1")
    assert her.look_in(EVERY_WINDOW) == []
    her.press("Confirm, and tell them")
    her.sees("2 applications are answered")
    states = [Enrollment.objects.get(pk=row.pk).state for row in people]
    assert states == ["waitlisted", "accepted"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_recruiting_is_sound(visit, cohort, coordinator, language):
    scoring.set_rubric(cohort=cohort, role="mentor", criteria=["Interest", "Time"], by=None)
    row = EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="applied", interests=["chess"])
    last_year = sibling(cohort)
    EnrollmentFactory(cohort=last_year, role=Role.COORDINATOR, person=coordinator)
    EnrollmentFactory.create_batch(2, cohort=last_year, role=Role.MENTOR)
    topics = questions.current(cohort).get(slug="topics")
    coordinator.language = language
    coordinator.save()
    her = visit(coordinator)
    for name, *more in (
        ("about",), ("applicants",), ("applicant", row.key), ("scoring",), ("questions",),
        ("question_add",), ("question_edit", topics.key), ("questions_preview",),
        ("public_page",), ("along",), ("person", row.key),
    ):  # fmt: skip
        her.open(address(name, cohort, *more))
        found = her.look_in(EVERY_WINDOW)
        assert found == [], (name, found[:6])


def test_the_places_of_those_who_opt_out_or_must_stay_are_sound(visit, cohort):
    for mode in ("opt_out", "mandatory"):
        version = cohort.edition.version
        says = {**version.document["enrollment"], "students": mode}
        version.document = {**version.document, "enrollment": says}
        version.save()
        place = EnrollmentFactory(cohort=cohort)
        if mode == "mandatory":
            fresh = Enrollment.objects.get(pk=place.pk)
            placing.ask_to_leave(enrollment=fresh, by=place.person)
        she = visit(place.person, size=PHONE)
        she.open(address("mine", cohort, place.key))
        assert she.look_in(EVERY_WINDOW) == [], mode
