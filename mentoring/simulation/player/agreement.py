"""After the first meeting a pair agrees how it works, and sets itself a goal."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from mentoring.simulation.player.scene import Scene
from sessions.agreement_terms import suggested
from sessions.services import agreements, goals

if TYPE_CHECKING:
    from mentoring.simulation.player.acts import Actors

AIMS = (
    "Find a way to learn that leaves a free evening a week.",
    "Get through the first exams without panic, and know whom to ask.",
    "See more of the hospital, and talk about what comes after it.",
)
GOALS = (
    "A plan for the anatomy exam",
    "One day on the ward",
    "Learn to say no to a third club",
    "Understand how to read a paper",
)
# Every so many meetings somebody says how far they are.
NOTED_EVERY, STEP = 3, 20
READS = timedelta(minutes=12)


def after_meeting(actors: "Actors", scene: Scene) -> None:
    """At the first meeting: agree and set a goal; later, now and then: say how far it has come."""
    times = len(scene.story.held)
    if times == 1:
        _agree(actors, scene)
    elif times % NOTED_EVERY == 0:
        _progress(actors, scene)


def _agree(actors: "Actors", scene: Scene) -> None:
    """The mentor types, and the students sign before they leave."""
    rng = actors._rng(scene, "agreement")  # noqa: SLF001 (a part of the play)
    mentorship = actors.stage.mentorships[scene.number]
    group = scene.script.group
    mentor = actors.user(group.mentors[0])
    # What the program suggests, with words of their own.
    said = replace(suggested(actors.stage.cohort.spec), aims=rng.choice(AIMS))
    row = agreements.propose(mentorship=mentorship, terms=said, by=mentor)
    others = [*group.mentors[1:], *group.students]
    for turn, number in enumerate(others, 1):
        act = partial(agreements.sign, agreement=row, by=actors.user(number))
        actors.clockwork.at(actors.clockwork.now + READS * turn, act)
    actors.clockwork.at(actors.clockwork.now + READS * len(others), _signed, actors, scene)
    goal = goals.add(
        mentorship=mentorship,
        title=rng.choice(GOALS),
        horizon=rng.choice(["short", "long"]),
        by=actors.user(group.students[0]),
    )
    scene.story.goals.append(goal)
    actors.beat.wake()


def _signed(actors: "Actors", scene: Scene) -> None:
    """All have signed: they were in touch, and agreed."""
    scene.story.agreed = actors.clockwork.now
    scene.story.touched.append(actors.clockwork.now)
    actors.beat.wake()


def _progress(actors: "Actors", scene: Scene) -> None:
    goal = scene.story.goals[0] if scene.story.goals else None
    if goal is None or not goal.is_live:
        return
    by = actors.user(scene.script.group.students[0])
    percent = min(100, goal.percent + STEP)
    if percent == 100:
        goals.settle(goal=goal, state="reached", by=by)
    else:
        goals.progress(goal=goal, percent=percent, by=by)
