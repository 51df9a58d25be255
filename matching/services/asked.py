"""Answers to a cohort's own questions, as matching compares them.

A reason that names an answer is for coordinators: the answer may be meant for them alone.
"""

from collections.abc import Iterable
from typing import Any

from matching.engine.criteria import QUESTION, Criterion
from programs import asking
from programs.models import Answer, Cohort, Question, QuestionUse
from programs.services import questions


def compared(cohort: Cohort) -> list[Question]:
    """The questions asked now whose answers are compared, in the order of the form."""
    return [one for one in questions.current(cohort) if one.use != QuestionUse.NONE]


def criteria(rows: Iterable[Question]) -> list[tuple[str, str]]:
    """What can be weighed or be a must besides the profile: criterion and question."""
    return [
        (one.criterion, asking.text_for(one, "student"))
        for one in rows
        if one.use != QuestionUse.DIFFER
    ]


def labels(cohort: Cohort, names: Iterable[str]) -> dict[str, str]:
    """The questions behind these criteria, old ones too; no query where none is a question."""
    if not any(name.startswith(QUESTION) for name in names):
        return {}
    rows = Question.objects.filter(cohort=cohort).order_by("version")
    return {row.criterion: asking.text_for(row, "student") for row in rows}


def weights(rows: Iterable[Question]) -> dict[str, float]:
    """What the form says that counts."""
    return {one.criterion: one.weight for one in rows if one.use == QuestionUse.WEIGHT}


def musts(rows: Iterable[Question]) -> list[str]:
    """What the form says that a pair must have in common."""
    return [one.criterion for one in rows if one.use == QuestionUse.SHARE]


def differing(rows: Iterable[Question]) -> list[str]:
    """What the form says that a pair must not have in common."""
    return [one.criterion for one in rows if one.use == QuestionUse.DIFFER]


def add_to(people: Iterable[dict[str, Any]], rows: Iterable[Question]) -> None:
    """Puts what each has chosen into the facts of a run; those without answers stay as they are."""
    found = of(rows)
    for facts in people:
        facts.update(found.get(facts["id"], {}))


def of(rows: Iterable[Question]) -> dict[int, dict[str, Any]]:
    """What each enrollment has chosen: ``expectation``, and ``choices`` by criterion."""
    found: dict[int, dict[str, Any]] = {}
    criterion_of = {row.pk: row.criterion for row in rows}
    answers = Answer.objects.filter(question__in=list(criterion_of)).order_by("pk")
    for enrollment, question, value in answers.values_list("enrollment", "question", "value"):
        facts = found.setdefault(enrollment, {})
        criterion = criterion_of[question]
        if criterion == Criterion.EXPECTATION:
            facts["expectation"] = value[0] if value else ""
        else:
            facts.setdefault("choices", {})[criterion] = sorted(value)
    return found
