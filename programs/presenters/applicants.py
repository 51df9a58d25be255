"""Applications for the pages that score and answer them."""

from dataclasses import dataclass
from typing import Any

from mentoring.accounts.models import User
from programs import asking, queries
from programs.models import Enrollment, Review, Rubric
from programs.services import answers, deciding, scoring


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list."""

    row: Enrollment
    can_tick: bool
    is_own: bool
    mean: str
    spread: str
    scores: int | None
    to_score: bool


def line(row: Any, reader: User) -> Line:
    """An application with what the reader may see of its scores (``queries.applicants``)."""
    own = row.person_id == reader.pk
    undecided = row.state in scoring.UNDECIDED
    seen = row.shown and row.mean is not None
    return Line(
        row=row,
        can_tick=undecided and not own,
        is_own=own,
        mean=f"{row.mean:.1f}" if seen else "",
        spread=_spread(row.least, row.most) if seen else "",
        scores=None if own else row.scores,
        to_score=undecided
        and not own
        and row.is_scored
        and not row.scored_by_me
        and not row.scoring_closed,
    )


def _spread(least: float, most: float) -> str:
    """From the lowest to the highest score, where they differ as they are shown."""
    low, high = f"{least:.1f}", f"{most:.1f}"
    return "" if low == high else f"{low}–{high}"


def groups(proposal: deciding.Proposal) -> list[dict[str, Any]]:
    """Each answer with those who would get it."""
    return [
        {"name": name, "label": deciding.ACTS[name], "rows": rows}
        for name, rows in proposal.answers.items()
        if rows
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """A question with what was answered."""

    question: str
    answer: str
    is_old: bool
    long: bool


def answers_of(row: Enrollment) -> list[Said]:
    """What an applicant answered, in the order of the form; also to questions asked no more."""
    return [
        Said(
            asking.text_for(one.question, row.role),
            asking.answer_words(one.question, one.value, row.role),
            one.question.retired_at is not None,
            one.question.kind == "long",
        )
        for one in answers.of_many([row.pk]).get(row.pk, [])
    ]


def scores(row: Enrollment, rubric: Rubric | None, reader: User) -> dict[str, Any]:
    """What the reader may see of the scores: all of them, or how many there are."""
    reviews = list(
        Review.objects.filter(enrollment=row).select_related("reviewer").order_by("given_at", "pk")
    )
    given = any(one.reviewer_id == reader.pk for one in reviews)
    closed = rubric is None or rubric.closed_at is not None
    shown = given or closed or row.state not in scoring.UNDECIDED
    if not reviews or not shown:
        return {"hidden": len(reviews), "reviews": []}
    texts = {one["key"]: one["text"] for one in (rubric.criteria if rubric else [])}
    mean = sum(one.mean for one in reviews) / len(reviews)
    return {
        "hidden": 0,
        "mean": f"{mean:.1f}",
        "least": f"{min(one.mean for one in reviews):.1f}",
        "most": f"{max(one.mean for one in reviews):.1f}",
        "reviews": [
            {
                "who": one.reviewer,
                "mean": f"{one.mean:.1f}",
                "note": one.note,
                "points": [(texts.get(key, ""), number) for key, number in one.points.items()],
            }
            for one in reviews
        ],
    }


def neighbors(row: Enrollment, reader: User) -> dict[str, Any]:
    """The next application of that role which the reader has not scored, and how many wait."""
    waiting = (
        queries.applicants(row.cohort, reader)
        .filter(role=row.role, state__in=scoring.UNDECIDED, scored_by_me=False)
        .exclude(pk=row.pk)
        .exclude(person=reader)
        .order_by("applied_at", "pk")
    )
    later = waiting.filter(applied_at__gt=row.applied_at) if row.applied_at else waiting
    return {"following": later.first() or waiting.first(), "left": waiting.count()}
