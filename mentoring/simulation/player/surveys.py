"""Surveys in the play: of those who are asked, an exact share answers, each on a day of her own."""

from datetime import timedelta
from random import Random

from evaluation.models import Survey
from evaluation.surveys import answering, instruments
from evaluation.surveys.plan import Planned, planned
from mentoring.simulation.behavior import Sides
from mentoring.simulation.plan.shares import count, stream
from mentoring.simulation.player.acts import Actors

AFTER = timedelta(hours=2)
COMMENTED = 0.2
COMMENTS = (
    "More evenings for all pairs together, please.",
    "Keep the free choice of topics.",
    "Knowing whom to ask made the first months easier.",
    "A list of good questions for the first meeting would help.",
    "Exam weeks need a break from everything, also from this.",
    "Times that fit both of us were hard to find.",
)


def set_out(actors: Actors, shares: Sides) -> None:
    """Put the answering to each survey of the plan into the queue; beat sends them by itself."""
    for one in planned(actors.stage.cohort):
        share = getattr(shares, one.side)
        actors.clockwork.at(one.opens_at + AFTER, _answer_all, actors, one, share)


def _answer_all(actors: Actors, one: Planned, share: float) -> None:
    survey = Survey.objects.filter(cohort=actors.stage.cohort, occurrence=one.occurrence).first()
    if survey is None:
        return
    asked = set(survey.invitations.values_list("person", flat=True))
    numbers = sorted(n for n, user in actors.stage.users.items() if user.pk in asked)
    rng = stream(actors.seed, "survey", survey.slug)
    # The play may be over before the survey is.
    until = min(survey.closes_at, actors.calendar.at(actors.calendar.last, 22))
    for number in rng.sample(numbers, count(share, len(numbers))):
        at = actors.clockwork.now + rng.random() * (until - actors.clockwork.now) * 0.95
        actors.clockwork.at(at, _answer, actors, survey, number)


def _answer(actors: Actors, survey: Survey, number: int) -> None:
    rng = stream(actors.seed, "survey", survey.slug, number)
    mood = rng.gauss(0.7, 0.15)
    ratings: dict[str, int] = {}
    comments: dict[str, str] = {}
    for instrument in (instruments.load(name) for name in survey.instruments):
        for scale in instrument.scales:
            for item in scale.items:
                if rng.random() < 0.97:
                    ratings[f"{instrument.slug}.{item.slug}"] = _rating(scale, item, mood, rng)
        for question in instrument.questions:
            if rng.random() < COMMENTED:
                comments[f"{instrument.slug}.{question.slug}"] = rng.choice(COMMENTS)
    answering.submit(
        survey=survey, ratings=ratings, comments=comments, by=actors.stage.users[number]
    )


def _rating(scale: instruments.Scale, item: instruments.Item, mood: float, rng: Random) -> int:
    at = min(1.0, max(0.0, rng.gauss(mood, 0.18)))
    steps = round((1 - at if item.reverse else at) * (scale.high - scale.low))
    return scale.low + steps
