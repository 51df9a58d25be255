"""Mentors are asked whether they go on next year. Until they answer, they do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, RollOver, StayAnswer, StayQuestion
from programs.services.years import draft_of
from programs.years.people import Travelers, mentors_to_ask

if TYPE_CHECKING:
    from mentoring.accounts.models import User


@transaction.atomic
def ask(*, cohort: Cohort, by: "User | None") -> int:
    """Ask everybody who mentors, would go on, and was not asked yet; how many."""
    draft = draft_of(cohort=cohort, by=by)
    now = clock.now()
    wanted = [row.enrollment for row in mentors_to_ask(draft, Travelers(draft))]
    if not wanted:
        return 0
    StayQuestion.objects.bulk_create(
        [StayQuestion(roll_over=draft, enrollment_id=pk, asked_at=now) for pk in wanted],
        batch_size=500,
    )
    _mail(draft, wanted)
    RollOver.objects.filter(pk=draft.pk, asked_at=None).update(asked_at=now)
    audit.record(by=by, action="year.asked", subject=draft, cohort=cohort, people=len(wanted))
    return len(wanted)


@transaction.atomic
def remind(*, cohort: Cohort, by: "User | None") -> int:
    """Ask those once more who have not answered; at most once a day. How many mails."""
    draft = draft_of(cohort=cohort, by=by)
    silent = unanswered(draft).values_list("enrollment_id", flat=True)
    count = _mail(draft, list(silent))
    if count:
        audit.record(by=by, action="year.asked", subject=draft, cohort=cohort, people=count)
    return count


def unanswered(roll_over: RollOver) -> QuerySet[StayQuestion]:
    """Questions to people who take part and have said nothing yet."""
    return roll_over.questions.filter(
        answer=StayAnswer.NONE, enrollment__state__in=Enrollment.PRESENT
    )


def _mail(draft: RollOver, enrollments: Iterable[int]) -> int:
    day = clock.today(draft.cohort.zone)
    rows = draft.questions.filter(enrollment__in=list(enrollments)).select_related(
        "enrollment__person"
    )
    return outbox.enqueue_many(
        outbox.Draft(
            kind="stay_asked",
            recipient=row.enrollment.person,
            dedupe_key=f"stay_asked:{row.pk}:{day:%Y%m%d}",
            context={"question": row.pk},
            about=f"stay:{row.pk}",
        )
        for row in rows.order_by("pk")
    )


def choices(question: StayQuestion) -> list[tuple[str, int | None]]:
    """What can be answered: yes, yes with so many fewer places, no."""
    most = question.enrollment.capacity
    fewer = sorted({max(1, most * part // 4) for part in (1, 2, 3)} | {most - 1}, reverse=True)
    return [
        (StayAnswer.YES, None),
        *((StayAnswer.FEWER, number) for number in fewer if 0 < number < most),
        (StayAnswer.NO, None),
    ]


@transaction.atomic
def answer(*, question: StayQuestion, answer: str, places: int | None, by: "User | None") -> None:
    """Note what a mentor says; the last word counts, until the year has begun."""
    held = (
        StayQuestion.objects.select_for_update(of=("self",))
        .select_related("roll_over__cohort", "enrollment")
        .get(pk=question.pk)
    )
    if held.roll_over.is_done:
        raise DomainError(_("The new year has begun. Tell a coordinator what you would like."))
    if not held.enrollment.is_present:
        raise DomainError(_("You do not take part in this cohort any more."))
    if (answer, places) not in choices(held):
        raise DomainError(_("Choose one of the answers."))
    held.answer, held.places, held.answered_at = answer, places, clock.now()
    held.save(update_fields=["answer", "places", "answered_at"])
    outbox.cancel(about=f"stay:{held.pk}", why="was answered")
    audit.record(
        by=by,
        action="year.answered",
        subject=held.enrollment,
        cohort=held.roll_over.cohort,
        answer=answer,
        places=places,
    )
