"""Waiting answers are entered in batches, and the tables are written anew at closing.

A batch is never smaller than five, and five always stay behind while a survey is open. So the last
batch, too, has at least five, and whoever compares the tables before and after any step finds no
answer that fewer than five people can have given.
"""

import logging
from collections.abc import Sequence

from django.db import DatabaseError, connection, models, transaction

from evaluation.surveys import sealing
from evaluation.surveys.models import (
    FEWEST,
    Survey,
    SurveyComment,
    SurveyInvitation,
    SurveyResponse,
    SurveyState,
    WaitingAnswer,
)
from mentoring import audit, clock
from mentoring.accounts.models import User

logger = logging.getLogger(__name__)
# So many answers may wait uncounted while a survey is open: one less than makes a batch.
MOST_WAITING = 2 * FEWEST - 1
TABLES = (SurveyResponse, SurveyComment, WaitingAnswer, SurveyInvitation)


@transaction.atomic
def take_in(*, survey: Survey) -> int:
    """Enter what waits, less five drawn by chance, if that makes a batch; how many."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    waiting = list(locked.waiting.order_by("pk"))
    number = len(waiting) - FEWEST
    if locked.state != SurveyState.OPEN or number < FEWEST:
        return 0
    return _enter(locked, list(sealing.shuffled(waiting, number)))


@transaction.atomic
def close(*, survey: Survey, by: User | None = None) -> Survey:
    """End a survey: the rest goes in, and all rows get new numbers in a new order.

    If fewer than five answered in all, their answers are deleted unread.
    """
    locked = Survey.objects.select_for_update().select_related("cohort").get(pk=survey.pk)
    if locked.state != SurveyState.OPEN:
        return locked
    _forget_deleted()
    waiting = list(locked.waiting.order_by("pk"))
    if locked.answered + len(waiting) < FEWEST:
        locked.answered = len(waiting)
        locked.waiting.all().delete()
    else:
        _enter(locked, waiting)
        _rewrite(SurveyResponse, locked)
        _rewrite(SurveyComment, locked)
    locked.state, locked.closed_at = SurveyState.CLOSED, clock.now()
    locked.save()
    audit.record(by=by, action="survey.closed", subject=locked, cohort=locked.cohort)
    transaction.on_commit(sweep)
    return locked


def _enter(survey: Survey, waiting: list[WaitingAnswer]) -> int:
    """Open the seals, write ratings and words apart under random numbers, mark who is in."""
    _forget_deleted()
    opened = [sealing.unseal(survey, row.sealed) for row in waiting]
    readable = [payload for payload in opened if payload is not None]
    if len(readable) < len(opened):
        logger.error("Answers were sealed with a key that is not in FIELD_KEYS: not entered.")
    responses = [SurveyResponse(survey=survey, ratings=one["ratings"]) for one in readable]
    comments = [
        SurveyComment(survey=survey, question=question, text=text)
        for one in readable
        for question, text in one["comments"].items()
    ]
    _insert(SurveyResponse, responses)
    _insert(SurveyComment, comments)
    _mark(survey, {row.pk for row in waiting})
    WaitingAnswer.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    survey.answered += len(readable)
    survey.save(update_fields=["answered"])
    return len(readable)


def _mark(survey: Survey, numbers: set[int]) -> None:
    """Those whose answers go in with this batch have answered; one statement for all of them."""
    rows = SurveyInvitation.objects.filter(survey=survey, answered=False)
    inside = [
        pk
        for pk, person in rows.values_list("pk", "person")
        if not numbers.isdisjoint(sealing.tags(survey, person))
    ]
    SurveyInvitation.objects.filter(pk__in=inside).update(answered=True)


def _insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """In the order of their new random numbers, which is then also the order on the disk."""
    for row in rows:
        row.pk = sealing.new_number()
    model._default_manager.bulk_create(  # noqa: SLF001 (public)
        sorted(rows, key=lambda row: int(row.pk)), batch_size=500
    )


def _rewrite(model: type[models.Model], survey: Survey) -> None:
    """All rows of a survey anew, so that no batch can be told from another."""
    rows = list(model._default_manager.filter(survey=survey))  # noqa: SLF001 (public)
    model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()  # noqa: SLF001
    _insert(model, rows)


def _forget_deleted() -> None:
    """What is deleted from here on is overwritten in the file of the database, not just freed."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def sweep() -> None:
    """After closing, clear what old versions of the rows left behind, as far as one may now."""
    if connection.in_atomic_block:
        return
    names = [connection.ops.quote_name(model._meta.db_table) for model in TABLES]  # noqa: SLF001
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"VACUUM {', '.join(names)}")
            elif connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError as error:
        logger.warning("The survey tables were not swept: %s", error)
