"""A survey from the home to the thanks, on a phone; and what staff see of it."""

from evaluation.models import Survey, WaitingAnswer
from tests.journeys.visitor import PHONE


def test_a_student_answers_on_her_phone(visit, world):
    visitor = visit(world.people["student"], size=PHONE)
    page = visitor.page
    visitor.open("/")
    page.get_by_role("link", name="Answer without your name").click()
    visitor.is_fine()
    group = page.get_by_role("group", name="My mentor listens to what I say.")
    group.get_by_role("radio", name="4", exact=True).check()
    page.get_by_label("What should the program keep").fill("Keep the evenings.")
    page.get_by_role("button", name="Send without my name").click()
    page.get_by_text("Your answer is in, without your name.").wait_for()
    visitor.is_fine()
    visitor.open("/")
    assert page.get_by_text("Two minutes for a survey").count() == 0
    assert WaitingAnswer.objects.count() == 1


def test_an_evaluator_reads_what_a_survey_said(visit, world):
    survey = Survey.objects.get(slug="lively-0")
    for size in (PHONE, (1280, 800)):
        visitor = visit(world.people["evaluator"], size=size, dark=size == PHONE)
        visitor.open(f"/surveys/{survey.key}/")
        visitor.page.get_by_text("Quality of the relation").first.wait_for()
        assert visitor.page.get_by_role("button", name="Close now").count() == 0
        visitor.is_fine()
