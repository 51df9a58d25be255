"""The step into the next year, in one transaction over all floors."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock, ports
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, EnrollmentYear, Passage, RollOver, StayAnswer
from programs.services import completing, enrollments
from programs.services.opening import add_edition, current_version
from programs.services.years import draft_of, forget, refuse_dates
from programs.spec import catalog
from programs.years.people import GOING, STATUS, Traveler, Travelers

if TYPE_CHECKING:
    from mentoring.accounts.models import User

F = Passage.Fate
CHUNK = 500
GRACE = timedelta(minutes=30)
"""How long mails of a roll-over wait: an undo within it reaches nobody."""


@transaction.atomic
def roll(*, cohort: Cohort, by: "User | None", number: int | None = None) -> RollOver:
    """Begin the next year: one transaction over all floors, or nothing.

    Class years move up, the last class completes, groups go on with those who stay. Everybody who
    took part has a passage afterwards that says what became of her. ``number`` is the year that
    the person saw: pressed twice, it begins once.
    """
    draft = draft_of(cohort=cohort, by=by)
    if number not in (None, draft.number):
        raise DomainError(_("This year has begun already."))
    if clock.today(cohort.zone) < cohort.planned.starts:
        raise DomainError(_("The year before has not begun yet."))
    refuse_dates(cohort, draft.starts, draft.ends)
    travelers = Travelers(draft).rows
    rows = _held(travelers)
    version = draft.version or current_version(catalog.spec(cohort.program.slug))
    draft.edition = add_edition(
        cohort=cohort, version=version, starts=draft.starts, ends=draft.ends
    )
    forget(cohort)
    draft.version, draft.state, draft.done_at = version, RollOver.State.DONE, clock.now()
    draft.save()
    _keep_passages(draft, travelers)
    _class_years(draft, travelers)
    places = _places(travelers, rows, by)
    draft.record = {"places": places, **dict(ports.YEAR_ROLLED.ask(draft, by))}
    draft.save(update_fields=["record"])
    _end(draft, travelers, rows, by)
    _audit(draft, travelers, by)
    return draft


def _held(travelers: Iterable[Traveler]) -> dict[int, Enrollment]:
    ids = sorted(row.enrollment for row in travelers)
    found: dict[int, Enrollment] = {}
    for first in range(0, len(ids), CHUNK):
        rows = Enrollment.objects.select_for_update(of=("self",)).select_related("person", "cohort")
        found |= {
            row.pk: row for row in rows.filter(pk__in=ids[first : first + CHUNK]).order_by("pk")
        }
    return found


def _keep_passages(draft: RollOver, travelers: Iterable[Traveler]) -> None:
    draft.passages.all().delete()
    Passage.objects.bulk_create(
        (
            Passage(
                roll_over=draft,
                enrollment_id=row.enrollment,
                fate=row.fate,
                chosen=row.fate != row.proposed,
                state_before=row.state,
                class_before=row.class_before,
                class_after=row.class_after,
                places_before=row.places,
            )
            for row in travelers
        ),
        batch_size=CHUNK,
    )


def _class_years(draft: RollOver, travelers: Iterable[Traveler]) -> None:
    EnrollmentYear.objects.bulk_create(
        [
            EnrollmentYear(
                enrollment_id=row.enrollment,
                academic_year=draft.starts.year,
                class_year=row.class_after,
                status=STATUS.get(F(row.fate), EnrollmentYear.Status.STUDYING),
            )
            for row in travelers
            if row.class_after is not None
        ],
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["enrollment", "academic_year"],
        update_fields=["class_year", "status"],
    )


def _places(
    travelers: Iterable[Traveler], rows: dict[int, Enrollment], by: "User | None"
) -> list[list[int]]:
    """Who goes on with fewer places has so many from now on: who, how many before and after."""
    changed = []
    for row in travelers:
        if row.answer == StayAnswer.FEWER and row.fate in GOING and row.places_next != row.places:
            found = rows[row.enrollment]
            enrollments.change_profile(enrollment=found, by=by, capacity=row.places_next)
            changed.append([row.enrollment, row.places, row.places_next])
    return changed


def _end(
    draft: RollOver,
    travelers: Sequence[Traveler],
    rows: dict[int, Enrollment],
    by: "User | None",
) -> None:
    at = draft.done_at
    assert at is not None  # noqa: S101 (set by who calls)
    through = [rows[row.enrollment] for row in travelers if row.fate == F.COMPLETES]
    done = completing.complete_all(cohort=draft.cohort, rows=through, at=at, by=by)
    completing.thank(done, about=about(draft), due_at=at + GRACE)
    for row in travelers:
        if row.fate == F.LEAVES:
            enrollments.withdraw(enrollment=rows[row.enrollment], by=by)


def _audit(draft: RollOver, travelers: Sequence[Traveler], by: "User | None") -> None:
    audit.record_many(
        audit.event(
            by=by,
            action="year.passed",
            subject=Enrollment(pk=row.enrollment),
            cohort=draft.cohort,
            fate=row.fate,
            class_year=row.class_after,
            bulk=True,
        )
        for row in travelers
    )
    going = sum(row.fate in GOING for row in travelers)
    audit.record(
        by=by,
        action="year.rolled",
        subject=draft,
        cohort=draft.cohort,
        starts=draft.starts.isoformat(),
        ends=draft.ends.isoformat(),
        going=going,
        gone=len(travelers) - going,
    )


def about(roll_over: RollOver) -> str:
    """The name under which its mails are found again."""
    return f"year:{roll_over.pk}"
