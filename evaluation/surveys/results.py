"""What a closed survey says. Nothing is said of an open one, nor of fewer than five answers.

There are no subgroups and no filters: an answer carries no campus, track or year to be narrowed
by, so no two reports differ by a few people. Within one report the bases differ by those who left
something out, so means come with one decimal and shares in whole percent, without their bases: no
sum of one can be taken from a sum of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from evaluation.surveys import instruments, scoring
from evaluation.surveys.models import FEWEST, Survey, SurveyState
from evaluation.surveys.scoring import Estimate
from programs.models import Cohort

FOR_ALPHA = 10
Ratings = Sequence[dict[str, int]]
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The share that answered favorably (for a reversed item: disagreed); ``None``: too few."""

    slug: str
    text: Texts
    reverse: bool
    favorable: Estimate | None


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """Mean score with its 95 % interval; ``None`` when fewer than five people have one."""

    slug: str
    instrument: str
    title: Texts
    low: float
    high: float
    estimate: Estimate | None
    alpha: float | None
    items: tuple[ItemResult, ...]


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """One closed survey. ``answered`` and ``rate`` are ``None`` where fewer than five answered.

    ``comments``: how many wrote something, ``None`` for fewer than five.
    """

    key: str
    slug: str
    title: str
    audience: str
    opened_at: datetime
    closed_at: datetime
    invited: int
    left_out: int
    answered: int | None
    rate: Estimate | None
    scales: tuple[ScaleResult, ...]
    comments: int | None

    @property
    def suppressed(self) -> bool:
        """Whether fewer than five answered, so that nothing is told."""
        return self.answered is None


def for_cohort(cohort: Cohort, as_of: datetime) -> list[SurveyResult]:
    """The surveys of a cohort that had closed by then, oldest first; two queries.

    Answers do not change after closing, so the same moment gives the same figures for ever.
    """
    closed = Survey.objects.filter(
        cohort=cohort, state=SurveyState.CLOSED, closed_at__lte=as_of
    ).annotate(wrote=Count("comments"))
    rows = closed.prefetch_related("responses").order_by("closed_at", "side", "pk")
    return [
        _result(row, [one.ratings for one in row.responses.all()], wrote=row.wrote) for row in rows
    ]


def of(survey: Survey) -> SurveyResult:
    """The results of one survey; ``ValueError`` while it is open."""
    told = survey.is_shown
    ratings: Ratings = list(survey.responses.values_list("ratings", flat=True)) if told else []
    return _result(survey, ratings, wrote=survey.comments.count() if told else 0)


def _result(survey: Survey, ratings: Ratings, *, wrote: int) -> SurveyResult:
    if survey.closed_at is None:
        raise ValueError("an open survey has no results")
    told = survey.is_shown
    return SurveyResult(
        key=survey.key,
        slug=survey.slug,
        title=survey.title,
        audience=survey.side,
        opened_at=survey.opens_at,
        closed_at=survey.closed_at,
        invited=survey.invited,
        left_out=survey.left_out,
        answered=survey.answered if told else None,
        rate=scoring.proportion(survey.answered, survey.invited) if told else None,
        scales=_scales(survey, ratings) if told else (),
        comments=_told(wrote) if told else None,
    )


def comments(survey: Survey) -> list[tuple[Texts, list[str]]]:
    """What was written, by question, in no order; nothing where fewer than five wrote."""
    if not survey.is_shown:
        return []
    found = []
    for instrument in (instruments.load(name) for name in survey.instruments):
        for question in instrument.questions:
            rows = survey.comments.filter(question=f"{instrument.slug}.{question.slug}")
            texts = list(rows.order_by("pk").values_list("text", flat=True))
            found.append((question.text, texts if _told(len(texts)) else []))
    return found


def entered(surveys: QuerySet[Survey]) -> dict[str, tuple[int, int]]:
    """By slug: invited, and answers that count as given. For figures of a simulation alone."""
    rows = surveys.prefetch_related("waiting")
    return {
        one.slug: (one.invited, one.answered + len(one.waiting.all()))
        for one in rows.order_by("opens_at", "side")
    }


def _told(number: int) -> int | None:
    return number if number >= FEWEST else None


def _scales(survey: Survey, ratings: Ratings) -> tuple[ScaleResult, ...]:
    return tuple(
        _scale(scale, instrument, ratings)
        for instrument in (instruments.load(name) for name in survey.instruments)
        for scale in instrument.scales
    )


def _scale(
    scale: instruments.Scale, instrument: instruments.Instrument, ratings: Ratings
) -> ScaleResult:
    scored = scale.as_scored(instrument.slug)
    scores = [one for one in (scoring.score(scored, row) for row in ratings) if one is not None]
    low, high = scored.range
    told = len(scores) >= FEWEST
    return ScaleResult(
        slug=scored.slug,
        instrument=instrument.name,
        title=scale.title,
        low=low,
        high=high,
        estimate=_rounded(scoring.mean(scores, bounds=(low, high)), 1) if told else None,
        alpha=_alpha(scored, ratings) if told else None,
        items=tuple(
            ItemResult(item.slug, item.text, item.reverse, _favorable(scored, known, ratings))
            for item, known in zip(scale.items, scored.items, strict=True)
        ),
    )


def _favorable(scale: scoring.Scale, item: scoring.Item, ratings: Ratings) -> Estimate | None:
    found = [scoring.favorable(scale, item, row) for row in ratings]
    given = [one for one in found if one is not None]
    if len(given) < FEWEST:
        return None
    return _rounded(scoring.proportion(sum(given), len(given)), 2)


def _alpha(scale: scoring.Scale, ratings: Ratings) -> float | None:
    rows = [[scoring.value(scale, item, row) for item in scale.items] for row in ratings]
    whole = [[float(one) for one in row if one is not None] for row in rows if None not in row]
    found = scoring.alpha(whole) if len(whole) >= FOR_ALPHA else None
    return None if found is None else round(found, 2)


def _rounded(found: Estimate, digits: int) -> Estimate:
    low = None if found.low is None else round(found.low, digits)
    high = None if found.high is None else round(found.high, digits)
    return Estimate(round(found.value, digits), found.n, low, high)
