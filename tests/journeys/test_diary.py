"""A mentor writes her diary on a phone: saved as she types, never lost, never overwritten."""

import re

from sessions.models import DiaryEntry
from sessions.services import diaries
from tests.journeys.visitor import DESK, PHONE

SAVED = re.compile(r"^Saved$")


def latest(person) -> str:
    entry = DiaryEntry.objects.filter(author=person).order_by("-pk").first()
    return diaries.read(entry=entry, by=person)


def test_from_the_home_to_a_saved_entry_in_one_tap(visit, world):
    mentor = world.people["mentor"]
    visitor = visit(mentor, size=PHONE)
    visitor.open("/")
    visitor.press(re.compile("^Write: "), role="link")
    visitor.is_fine()
    visitor.page.get_by_label("Your entry").press_sequentially("She asked first.")
    visitor.page.get_by_role("status").get_by_text(SAVED).wait_for()
    assert latest(mentor) == "She asked first."
    # The address is the entry's own now: a reload shows what was saved.
    visitor.page.reload()
    visitor.settle()
    assert visitor.page.get_by_label("Your entry").input_value() == "She asked first."
    visitor.is_fine()


def test_nothing_is_lost_while_the_connection_is_away(visit, world):
    mentor = world.people["mentor"]
    visitor = visit(mentor, size=PHONE)
    visitor.open(f"/mentorships/{world.mentorship.key}/diary/write/")
    visitor.page.context.set_offline(True)
    visitor.page.get_by_label("Your entry").fill("Written in the lift")
    visitor.page.get_by_role("status").get_by_text("Your text stays in this page").wait_for()
    visitor.page.context.set_offline(False)
    visitor.page.get_by_role("status").get_by_text(SAVED).wait_for()
    assert latest(mentor) == "Written in the lift"
    visitor.troubles.clear()  # the browser reports the missing connection


def test_somebody_signed_out_keeps_her_text_and_is_told(visit, world):
    mentor = world.people["mentor"]
    visitor = visit(mentor)
    visitor.open(f"/mentorships/{world.mentorship.key}/diary/write/")
    visitor.page.context.clear_cookies(name="sessionid")
    visitor.page.get_by_label("Your entry").fill("Before I was signed out")
    visitor.page.get_by_role("alert").get_by_text("You have been signed out").wait_for()
    visitor.sign_in(mentor)
    visitor.page.get_by_label("Your entry").press("End")
    visitor.page.get_by_label("Your entry").press_sequentially(" and after")
    visitor.page.get_by_role("status").get_by_text(SAVED).wait_for(timeout=20_000)
    assert latest(mentor) == "Before I was signed out and after"
    visitor.troubles.clear()


def test_two_windows_tell_each_other(visit, world):
    mentor = world.people["mentor"]
    entry = DiaryEntry.objects.filter(author=mentor).first()
    here, there = visit(mentor), visit(mentor)
    here.expected_statuses.add(409)
    for visitor in (here, there):
        visitor.open(f"/diary/{entry.key}/")
    there.page.get_by_label("Your entry").fill("From the phone")
    there.page.get_by_role("button", name="Save", exact=True).click()
    there.page.get_by_role("status").get_by_text(SAVED).wait_for()
    here.page.get_by_label("Your entry").fill("From the desk")
    here.page.get_by_role("alert").get_by_text("changed in another window").wait_for()
    assert diaries.read(entry=entry, by=mentor) == "From the phone"
    here.is_fine()
    here.page.get_by_role("button", name="Save mine instead").click()
    here.page.get_by_role("status").get_by_text(SAVED).wait_for()
    assert diaries.read(entry=entry, by=mentor) == "From the desk"


def test_sharing_and_taking_back(visit, world):
    mentor, student = world.people["mentor"], world.people["student"]
    entry = DiaryEntry.objects.filter(author=mentor, members_at=None).first()
    visitor = visit(mentor, size=DESK)
    visitor.open(f"/diary/{entry.key}/")
    visitor.page.get_by_label(student.full_name, exact=True).check()
    visitor.press("Set who may read")
    visitor.sees("Shared.")
    visitor.is_fine()
    reader = visit(student, size=PHONE)
    reader.open(f"/diary/{entry.key}/")
    reader.sees("That you opened it is recorded.")
    reader.is_fine()
    visitor.page.get_by_label(student.full_name, exact=True).uncheck()
    visitor.press("Set who may read")
    visitor.sees("Nobody but you can read it now.")


def test_a_supervisor_finds_what_was_shared_with_her(visit, world):
    visitor = visit(world.people["supervisor"], size=PHONE)
    visitor.open("/")
    visitor.press("Shared diaries", role="link")
    visitor.is_fine()
    visitor.page.get_by_role("link", name=world.people["mentor"].full_name).first.click()
    visitor.settle()
    visitor.sees("lets you read this")
    visitor.is_fine()
