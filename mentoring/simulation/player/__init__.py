"""Plays a cohort through its life on a virtual clock, through the services that pages call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mentoring.accounts.models import User
from mentoring.simulation import people as cast
from mentoring.simulation import plan as planning
from mentoring.simulation.behavior import Behavior
from mentoring.simulation.people import Person
from mentoring.simulation.plan import Calendar, Plan
from mentoring.simulation.player import stage as staging
from mentoring.simulation.player import surveys
from mentoring.simulation.player.acts import Actors
from mentoring.simulation.player.clockwork import Beat, Clockwork
from mentoring.simulation.player.diary import Diary
from mentoring.simulation.player.stage import Stage
from mentoring.simulation.player.training import Trainings, prepare
from mentoring.simulation.player.trial import LASTS, TrialPlay
from programs.spec import ProgramSpec

HOUR_OF_MATCHING = 9


@dataclass
class Performance:
    """A play that is over: who, what was planned, what really happened, and when."""

    stage: Stage
    plan: Plan
    calendar: Calendar
    diary: Diary
    people: list[Person]
    began: datetime
    ended: datetime


@dataclass(frozen=True)
class Piece:
    """What is to be played. The people are drawn from the seed, like everything else."""

    spec: ProgramSpec
    name: str
    students: int
    mentors: int
    weeks: int
    start: date
    seed: int
    behavior: Behavior
    coordinator_email: str = "coordinator@staff.example.edu"
    # Tells its people apart from those of another piece in the same database.
    generation: str = ""


def perform(
    piece: Piece,
    *,
    admin: User,
    tell: Callable[[str], object] = lambda _line: None,
    until: datetime | None = None,
    revise: Callable[[Plan, Calendar], Plan] = lambda made, _calendar: made,
    beside: Callable[[Actors], object] = lambda _actors: None,
) -> Performance:
    """Play it, up to the end or up to ``until``; the process's clock stands there afterwards.

    ``revise`` may change the plan before it is played, and ``beside`` add what it does not say.
    """
    clockwork, beat, stage, people, began, trial = _gather(piece, admin)
    tell(f"{len(people)} people said yes")
    if trial is None:
        staging.match(stage, seed=piece.seed)
    else:
        trial.close()
        staging.settle(stage)
    beat.wake()
    calendar = staging.calendar_of(stage.cohort, piece.start, piece.weeks)
    made = planning.make(
        behavior=piece.behavior, calendar=calendar, groups=stage.groups, seed=piece.seed
    )
    tell(f"{len(stage.mentorships)} mentorships were published")
    made = revise(made, calendar)
    actors = Actors(
        stage, made, calendar, clockwork, beat, piece.seed, diary_share=piece.behavior.diary
    )
    actors.set_out()
    surveys.set_out(actors, piece.behavior.survey)
    Trainings(actors).set_out()
    beside(actors)
    curtain = calendar.at(calendar.last + timedelta(days=1), 0)
    ended = curtain if until is None else min(curtain, until)
    for week in range(1, piece.weeks + 1):
        clockwork.run(min(calendar.at(calendar.week(week).last + timedelta(days=1), 0), ended))
        tell(f"week {week} of {piece.weeks}")
    beat.deliver()
    return Performance(stage, made, calendar, actors.diary, people, began, ended)


def _gather(
    piece: Piece, admin: User
) -> tuple[Clockwork, Beat, Stage, list[Person], datetime, TrialPlay | None]:
    """From the opening to the day of the matching; everyone has said yes by then.

    Where ways of matching are compared, the trial is played before that day.
    """
    zone = piece.spec.year.zone
    draft = Calendar(piece.start, piece.weeks, zone)
    compares = piece.spec.matching.procedure == "trial"
    before = staging.BEFORE + (LASTS if compares else timedelta())
    opens = draft.at(piece.start - before, HOUR_OF_MATCHING)
    began = draft.at(piece.start, HOUR_OF_MATCHING)
    clockwork = Clockwork(opens)
    beat = Beat(clockwork, zone)
    beat.start()
    stage = staging.open_cohort(
        spec=piece.spec,
        name=piece.name,
        start=piece.start,
        weeks=piece.weeks,
        admin=admin,
        coordinator_email=piece.coordinator_email,
    )
    company = staging.company(piece.spec, students=piece.students, mentors=piece.mentors)
    people = [cast.of(piece.generation, one) for one in cast.invent(company, piece.seed)]
    staging.recruit(stage, people)
    beat.wake()
    staging.answer_invitations(
        stage, clockwork, beat, first=opens + timedelta(hours=1), seed=piece.seed
    )
    prepare(stage, clockwork, piece.start)
    trial = None
    if compares:
        trial = TrialPlay(stage, clockwork, beat, piece.behavior.finding, piece.seed)
        trial.set_out(opens)
    clockwork.run(began)
    return clockwork, beat, stage, people, began, trial
