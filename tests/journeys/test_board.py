"""The coordinator's board in a browser: from a flag to those who need a word."""

import pytest
from django.urls import reverse

from evaluation.models import Broadcast, Flag
from mentoring import clock
from tests.evaluation.conftest import after, mails
from tests.evaluation.scene import TODAY, play
from tests.journeys.visitor import DESK, PHONE


@pytest.fixture
def scene(transactional_db):
    clock.set_process(after(TODAY))
    yield play()
    clock.set_process(None)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_a_flag_is_read_looked_after_and_settled(visit, scene, size):
    visitor = visit(scene.coordinator, size=size)
    visitor.open("/")
    visitor.press("Near-peer 2021/22", role="link")
    visitor.sees("Needs you")
    visitor.is_fine()
    visitor.press("Ferenc Varga · Sándor Rácz", role="link")
    visitor.sees("Telephone the mentor")
    visitor.is_fine()
    visitor.page.get_by_label("Why can this be settled?").fill("He is back from leave on Monday")
    visitor.press("Settle it")
    visitor.sees("It returns only when something new happens")
    assert Flag.objects.get(rule="unresponsive-mentor").state == "resolved"


def test_everyone_who_has_not_met_gets_a_word(visit, scene):
    visitor = visit(scene.coordinator)
    visitor.open(reverse("evaluation:board", args=[scene.cohort.key]))
    visitor.press("Have not met yet", role="link")
    visitor.sees("Hanna Molnár")
    visitor.is_fine()
    visitor.press("Write to these", role="link")
    visitor.page.get_by_label("Subject").fill("A first date?")
    visitor.page.get_by_label("Message", exact=False).last.fill("We are glad to help.")
    visitor.press("See it before it goes")
    visitor.sees("This is what they get")
    visitor.is_fine()
    assert Broadcast.objects.count() == 0
    visitor.press("Send to 10 people")
    visitor.sees("On its way to 10 people, each once.")
    assert len(mails("broadcast")) == 10


def test_thresholds_are_changed_and_a_wrong_one_is_explained(visit, scene):
    visitor = visit(scene.coordinator, size=PHONE)
    visitor.expected_statuses.add(422)
    visitor.open(reverse("evaluation:rules", args=[scene.cohort.key]))
    visitor.is_fine()
    flag = visitor.page.locator("#id_never-met-flag")
    flag.fill("5")
    visitor.press("Save (Not met yet)")
    visitor.sees("more than the step before it (10)")
    visitor.is_fine()
    flag.fill("28")
    visitor.press("Save (Not met yet)")
    visitor.sees("The next pass uses these numbers.")
