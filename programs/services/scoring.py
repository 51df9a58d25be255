"""Scores of applications, where there are more of them than places.

Coordinators score independently: nobody reads another's score before she has given her own, or
scoring of the role was closed. Nobody scores her own application, or reads its scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment, Review, Rubric
from programs.services import questions

S = Enrollment.State
UNDECIDED: Final = (S.APPLIED, S.WAITLISTED)
POINTS: Final = range(1, 6)
MOST_LETTERS = 200


def rubric_of(cohort: Cohort, role: str) -> Rubric | None:
    """By what applications for this role are scored; ``None``: they are not."""
    return Rubric.objects.filter(cohort=cohort, role=role).first()


def reviews_of(cohort: Cohort, role: str) -> int:
    """How many scores were given to applications for a role."""
    return Review.objects.filter(enrollment__cohort=cohort, enrollment__role=role).count()


@transaction.atomic
def set_rubric(
    *, cohort: Cohort, role: str, criteria: Sequence[str], by: User | None
) -> Rubric | None:
    """Score by these one to five criteria; by none: not at all.

    Once somebody has scored, the criteria stay: other ones would make unlike scores look alike.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if role not in questions.offered(cohort):
        raise DomainError(_("This program has no place for that role."))
    texts = [" ".join(text.split()) for text in criteria]
    texts = [text for text in texts if text]
    row = rubric_of(cohort, role)
    before = [one["text"] for one in row.criteria] if row else []
    if texts == before:
        return row
    if reviews_of(cohort, role):
        raise DomainError(
            _("Applications were scored by these criteria. Throw the scores away to change them.")
        )
    if len(texts) > Rubric.MOST:
        raise DomainError(_("At most %(most)d criteria.") % {"most": Rubric.MOST})
    if any(len(text) > MOST_LETTERS for text in texts):
        raise DomainError(_("A criterion has at most %(n)d characters.") % {"n": MOST_LETTERS})
    audit.record(by=by, action="rubric.set", subject=cohort, cohort=cohort, criteria=len(texts))
    if not texts:
        Rubric.objects.filter(cohort=cohort, role=role).delete()
        return None
    values = {"criteria": [{"key": new_key(), "text": text} for text in texts], "closed_at": None}
    return Rubric.objects.update_or_create(cohort=cohort, role=role, defaults=values)[0]


@transaction.atomic
def throw_away(*, cohort: Cohort, role: str, by: User | None) -> int:
    """Delete all scores of a role, so that it can be scored anew; how many."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    rows = Review.objects.filter(enrollment__cohort=cohort, enrollment__role=role)
    count, _by_model = rows.delete()
    Rubric.objects.filter(cohort=cohort, role=role).update(closed_at=None)
    audit.record(by=by, action="scores.thrown_away", subject=cohort, cohort=cohort, count=count)
    return count


@transaction.atomic
def give(*, enrollment: Enrollment, points: Mapping[str, int], by: User, note: str = "") -> Review:
    """Score an application by every criterion, or change the own score while scoring is open."""
    rubric = _open_rubric(enrollment, by)
    keys = [one["key"] for one in rubric.criteria]
    if set(points) != set(keys) or any(number not in POINTS for number in points.values()):
        raise DomainError(_("Give one to five points for every criterion."))
    values = {
        "points": {key: points[key] for key in keys},
        "mean": sum(points.values()) / len(keys),
        "note": note.strip(),
        "given_at": clock.now(),
    }
    row, _new = Review.objects.update_or_create(enrollment=enrollment, reviewer=by, defaults=values)
    # No points in the record of acts: it is kept when scores are gone.
    audit.record(by=by, action="score.given", subject=enrollment, cohort=enrollment.cohort)
    return row


@transaction.atomic
def take_back(*, enrollment: Enrollment, by: User) -> None:
    """Take the own score back while scoring is open."""
    _open_rubric(enrollment, by)
    if Review.objects.filter(enrollment=enrollment, reviewer=by).delete()[0]:
        audit.record(by=by, action="score.taken_back", subject=enrollment, cohort=enrollment.cohort)


@transaction.atomic
def close(*, cohort: Cohort, role: str, by: User | None) -> None:
    """Nobody scores any more; from now on every coordinator reads all scores of the role."""
    if not reviews_of(cohort, role):
        raise DomainError(_("Nobody has scored yet, so there is nothing to close."))
    rows = Rubric.objects.filter(cohort=cohort, role=role, closed_at=None)
    if rows.update(closed_at=clock.now()):
        audit.record(by=by, action="scoring.closed", subject=cohort, cohort=cohort)


@transaction.atomic
def reopen(*, cohort: Cohort, role: str, by: User | None) -> None:
    """Score again, as for late applications."""
    rows = Rubric.objects.filter(cohort=cohort, role=role).exclude(closed_at=None)
    if rows.update(closed_at=None):
        audit.record(by=by, action="scoring.reopened", subject=cohort, cohort=cohort)


def _open_rubric(enrollment: Enrollment, by: User) -> Rubric:
    if enrollment.person_id == by.pk:
        raise DomainError(_("This application is your own: others score it."))
    if enrollment.state not in UNDECIDED:
        raise DomainError(_("This application is decided."))
    rubric = (
        Rubric.objects.select_for_update()
        .filter(cohort=enrollment.cohort_id, role=enrollment.role)
        .first()
    )
    if rubric is None:
        raise DomainError(_("Applications for this role are not scored."))
    if rubric.closed_at is not None:
        raise DomainError(_("Scoring is closed. Open it again to score."))
    return rubric


def decided_means(enrollments: Iterable[Enrollment]) -> dict[int, float]:
    """The mean score of applications that are decided, for the applicant's own copy of her data."""
    decided = [row.pk for row in enrollments if row.state not in UNDECIDED]
    points: dict[int, list[float]] = {}
    rows = Review.objects.filter(enrollment__in=decided)
    for enrollment, mean in rows.values_list("enrollment", "mean"):
        points.setdefault(enrollment, []).append(mean)
    return {key: round(sum(means) / len(means), 2) for key, means in points.items()}
