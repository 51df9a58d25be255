"""The middle of a year: trainings, agreement, diary, survey and report, each where it is due."""

import re
from datetime import date

from evaluation.models import WaitingAnswer
from evaluation.reports.models import Report
from sessions.agreement_terms import Terms
from sessions.models import DiaryEntry, Meeting, Participant, Series
from sessions.services import agreements
from tests.journeys.visitor import PHONE


def answer_the_survey(her) -> None:
    her.open("/")
    her.press("Answer without your name", role="link")
    her.is_fine()
    her.page.get_by_role("radio", name="4", exact=True).first.check()
    her.press("Send without my name")
    her.sees("Your answer is in, without your name.")
    assert WaitingAnswer.objects.count() == 1


def test_a_coordinator_opens_a_series_of_trainings(visit, world):
    her = visit(world.people["coordinator"])
    her.open(f"/cohorts/{world.cohort.key}/board/")
    her.press("All dates", role="link")
    her.press("Open dates", role="link")
    her.page.get_by_label("Title").fill("Breaking bad news")
    her.page.get_by_label("First day").fill("2021-11-02")
    her.page.get_by_label("From").fill("17:00")
    her.page.get_by_label("How often").select_option("Every two weeks")
    her.page.get_by_label("Until").fill("2021-12-14")
    her.press("Show the dates")
    her.sees("These dates will be opened")
    her.is_fine()
    assert not Series.objects.filter(title="Breaking bad news").exists()
    her.press("Open these dates")
    her.sees("4 dates are open; people can enroll at once.")
    her.is_fine()
    assert Series.objects.get(title="Breaking bad news").meetings.count() == 4


def test_a_coordinator_writes_a_list_and_sees_who_is_short(visit, world):
    her = visit(world.people["coordinator"])
    her.open("/")
    her.press("Write the list", role="link")
    her.page.get_by_role("radio", name="Absent").first.check(force=True)
    her.press("Save the list")
    her.is_fine()
    held = Meeting.objects.get(key=her.page.url.split("/")[-2])
    said = Participant.objects.filter(meeting=held)
    assert held.state == "held"
    assert said.filter(attendance="absent").count() == 1
    assert said.filter(attendance="present").count() == 5
    her.open(f"/cohorts/{world.cohort.key}/board/")
    her.press(re.compile("Short, and no date taken"), role="link")
    her.sees("Who attended")
    her.is_fine()


def test_a_coordinator_reads_the_response_and_issues_the_report(visit, world):
    her = visit(world.people["coordinator"])
    her.open(f"/cohorts/{world.cohort.key}/board/")
    her.sees("answered: 23 of 38 (61 %)")
    her.press("Report", role="link", exact=True)
    her.page.get_by_label("As of", exact=True).fill("2021-10-06")
    her.press("Show", exact=True)
    her.press("Issue the report as of 3 October 2021")
    her.sees("Counted anew today, the figures as of that day are the same.")
    her.is_fine()
    assert Report.objects.filter(as_of=date(2021, 10, 3)).count() == 1


def test_a_mentor_does_on_her_phone_what_is_due(visit, world):
    mentor = world.people["mentor"]
    her = visit(mentor, size=PHONE)
    her.open("/")
    her.press("We met")
    world.unrecorded.refresh_from_db()
    assert world.unrecorded.state == "held"
    her.press(re.compile("^Write: "), role="link")
    her.page.get_by_label("Your entry").fill("She asked first.")
    her.page.get_by_role("status").get_by_text(re.compile("^Saved$")).wait_for()
    assert DiaryEntry.objects.filter(author=mentor).count() == 3
    places = Participant.objects.filter(person=mentor, meeting__series__isnull=False)
    before = places.count()
    her.press("Training", role="link")
    her.press(re.compile("^Enroll"))
    her.is_fine()
    assert places.count() == before + 1
    answer_the_survey(her)


def test_a_student_signs_and_answers_on_her_phone(visit, world):
    student, mentor = world.people["student"], world.people["mentor"]
    terms = Terms(rhythm="weeks", every=3, aims="One exam at a time")
    agreements.propose(mentorship=world.mentorship, terms=terms, by=mentor)
    her = visit(student, size=PHONE)
    her.open("/")
    her.press("Read and sign", role="link")
    her.sees("One exam at a time")
    her.is_fine()
    her.press("I agree and sign")
    her.sees("Signed by all")
    her.is_fine()
    answer_the_survey(her)
