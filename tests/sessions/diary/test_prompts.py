"""Gentle questions beside the page, by phase."""

from datetime import date, timedelta

import pytest

from programs.spec import ProgramSpec
from programs.spec.phases import USUAL, phase_on
from sessions.diary.prompts import MENTOR, STUDENT, prompts
from sessions.models import Side
from tests.factories import template_document

START, END = date(2021, 9, 6), date(2022, 6, 12)
WEEK = timedelta(weeks=1)


def program(*phases):
    return ProgramSpec.load(template_document() | {"phases": list(phases)})


def asked(spec, week, side=Side.MENTOR):
    return prompts(spec, side, started=START, day=START + week * WEEK, ends=END)


@pytest.mark.parametrize(("week", "phase"), [(0, "ice-breaking"), (5, "ice-breaking"),
                                             (6, "structured"), (30, "self-directed")])  # fmt: skip
def test_a_program_without_phases_has_the_usual_ones(week, phase):
    found = asked(program(), week)
    assert (found.title, found.questions) == (USUAL[phase], MENTOR[phase])
    assert asked(program(), week, Side.STUDENT).questions == STUDENT[phase]
    assert phase_on(program(), START, START + week * WEEK) == ""


def test_a_programs_own_phases_ask_about_their_own_goals():
    spec = program(
        {"slug": "arriving", "title": "Arriving", "weeks": 4, "goals": ["finding the ward"]},
        {"slug": "structured", "title": "Working", "weeks": {"min": 8, "max": 10}},
    )
    assert phase_on(spec, START, START + 3 * WEEK) == "arriving"
    assert "finding the ward" in str(asked(spec, 3).questions[0])
    assert asked(spec, 5).title == "Working"
    assert asked(spec, 5).questions == MENTOR["structured"]
    assert phase_on(spec, START, START + 30 * WEEK) == "structured"


def test_a_phase_that_people_end_themselves_is_not_guessed():
    spec = program(
        {"slug": "arriving", "title": "Arriving"}, {"slug": "working", "title": "Working"}
    )
    assert phase_on(spec, START, START + WEEK) == ""
    assert asked(spec, 1).questions
