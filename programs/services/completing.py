"""Many people complete at one instant: a class that graduates, a cohort that closes; and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from mentoring import audit, clock, outbox, ports
from mentoring.accounts.permissions import PARTICIPANT_ROLES
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment

if TYPE_CHECKING:
    from mentoring.accounts.models import User

S = Enrollment.State
CHUNK = 500


@transaction.atomic
def complete_all(
    *, cohort: Cohort, rows: Iterable[Enrollment], at: datetime, by: "User | None"
) -> list[Enrollment]:
    """These active people have been through the program; their places in groups end with it."""
    done = [row for row in rows if row.state == S.ACTIVE]
    _state(done, S.COMPLETED, at)
    _record(cohort, done, S.ACTIVE, S.COMPLETED, by)
    ports.ENROLLMENT_COMPLETED.tell(done, at, by)
    return done


@transaction.atomic
def reopen_all(
    *, cohort: Cohort, rows: Iterable[Enrollment], at: datetime, by: "User | None"
) -> list[Enrollment]:
    """Take their completion of that instant back: they take part again, in the groups they had."""
    back = [row for row in rows if row.state == S.COMPLETED and row.left_at == at]
    _state(back, S.ACTIVE, None)
    _record(cohort, back, S.COMPLETED, S.ACTIVE, by)
    ports.ENROLLMENT_REOPENED.tell(back, at, by)
    return back


def close(*, cohort: Cohort, by: "User | None") -> None:
    """The cohort closes: whoever took part until now has completed it, and is thanked."""
    at = clock.now()
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=at)
    cohort.closed_at = at
    rows = Enrollment.objects.filter(
        cohort=cohort, state=S.ACTIVE, role__in=list(PARTICIPANT_ROLES)
    )
    done = complete_all(cohort=cohort, rows=_held(rows), at=at, by=by)
    thank(done, about=f"closed:{cohort.pk}")


def reopen(*, cohort: Cohort, by: "User | None") -> None:
    """The cohort runs again: whoever completed it by its closing takes part again."""
    at = cohort.closed_at
    if at is None:
        return
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=None)
    cohort.closed_at = None
    outbox.cancel(about=f"closed:{cohort.pk}", why="the cohort runs again")
    rows = Enrollment.objects.filter(cohort=cohort, state=S.COMPLETED, left_at=at)
    reopen_all(cohort=cohort, rows=_held(rows), at=at, by=by)


@transaction.atomic
def take_part_again(*, enrollment: Enrollment, to: str, by: "User | None") -> None:
    """Take back that a roll-over let somebody go: she is what she was before it."""
    before = enrollment.state
    _state([enrollment], to, None)
    _record(enrollment.cohort, [enrollment], before, to, by)


def thank(rows: Sequence[Enrollment], *, about: str, due_at: datetime | None = None) -> None:
    """A mail that says thank you, and where everything can be read again."""
    # Each completion is an act of its own, also after one was taken back: each has its own mail.
    when, turn = due_at or clock.now(), new_key()
    outbox.enqueue_many(
        outbox.Draft(
            kind="completed",
            recipient=row.person,
            dedupe_key=f"completed:{row.pk}:{turn}",
            context={"enrollment": row.pk},
            about=about,
            due_at=when,
        )
        for row in rows
    )


def _held(rows: QuerySet[Enrollment]) -> list[Enrollment]:
    found = rows.select_for_update(of=("self",)).select_related("person", "cohort")
    return list(found.order_by("pk"))


def _state(rows: Sequence[Enrollment], state: str, at: datetime | None) -> None:
    ids = [row.pk for row in rows]
    for first in range(0, len(ids), CHUNK):
        Enrollment.objects.filter(pk__in=ids[first : first + CHUNK]).update(
            state=state, left_at=at, left_reason=""
        )
    for row in rows:
        row.state, row.left_at, row.left_reason = state, at, ""


def _record(
    cohort: Cohort, rows: Sequence[Enrollment], before: str, after: str, by: "User | None"
) -> None:
    """One event for each, kept apart from single acts: the list of acts shows them when asked."""
    audit.record_many(
        audit.event(
            by=by,
            action="enrollment.moved",
            subject=row,
            cohort=cohort,
            before=before,
            after=after,
            role=row.role,
            bulk=True,
        )
        for row in rows
    )
