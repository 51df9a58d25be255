"""What people answered to the questions of their cohort."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from mentoring import audit, clock
from mentoring.accounts.models import User
from programs.models import Answer, Enrollment, Question

EMPTY: tuple[Any, ...] = (None, "", [])


@transaction.atomic
def save(*, enrollment: Enrollment, answers: Mapping[Question, Any], by: User | None) -> int:
    """Keep the answers to these questions, and forget those left empty; how many changed."""
    known = {row.question_id: row for row in Answer.objects.filter(enrollment=enrollment)}
    changed = 0
    for question, value in answers.items():
        row = known.get(question.pk)
        if row is not None and row.value == value:
            continue
        if value in EMPTY:
            if row is not None:
                row.delete()
                changed += 1
            continue
        Answer.objects.update_or_create(
            question=question, enrollment=enrollment, defaults={"value": value, "at": clock.now()}
        )
        changed += 1
    if changed:
        audit.record(
            by=by,
            action="enrollment.answered",
            subject=enrollment,
            cohort=enrollment.cohort,
            count=changed,
        )
    return changed


def of(enrollment: Enrollment) -> dict[int, Any]:
    """Her answers, by question."""
    return dict(Answer.objects.filter(enrollment=enrollment).values_list("question_id", "value"))


def of_many(enrollments: Iterable[int], *, readers: Iterable[str] = ()) -> dict[int, list[Answer]]:
    """Answers by enrollment, in the order of the form; of questions with these readers, or all."""
    rows = Answer.objects.filter(enrollment__in=list(enrollments)).select_related("question")
    if readers:
        rows = rows.filter(question__reader__in=list(readers))
    found: dict[int, list[Answer]] = {}
    for row in rows.order_by("question__order", "question"):
        found.setdefault(row.enrollment_id, []).append(row)
    return found
