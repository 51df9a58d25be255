"""The step into the next year, taken back as long as nothing was built on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox, ports
from mentoring.errors import DomainError
from programs.models import Cohort, Edition, Enrollment, EnrollmentYear, Passage, RollOver
from programs.services import completing, enrollments
from programs.services.year_steps import about
from programs.services.years import forget

if TYPE_CHECKING:
    from mentoring.accounts.models import User

F = Passage.Fate


def obstacles(roll_over: RollOver) -> list[str]:
    """What was built on the new year, so that it cannot be taken back any more."""
    found = [str(reason) for part in ports.YEAR_OBSTACLES.ask(roll_over) for reason in part]
    if roll_over.edition is None or roll_over.edition.number != roll_over.cohort.planned.number:
        return [_("Another year has begun since."), *found]
    since = roll_over.done_at
    people = Enrollment.objects.filter(cohort=roll_over.cohort, created_at__gt=since)
    if people.exists():
        found.insert(0, _("People were added for the new year."))
    return found


@transaction.atomic
def undo(*, roll_over: RollOver, by: "User | None") -> None:
    """Take the new year back: everybody is where she was, and the plan is a draft again."""
    cohort = Cohort.objects.select_for_update().get(pk=roll_over.cohort_id)
    current = RollOver.objects.select_related("edition").get(pk=roll_over.pk)
    current.cohort = cohort
    if not current.is_done or current.done_at is None:
        raise DomainError(_("This was taken back already."))
    if reasons := obstacles(current):
        raise DomainError(
            _("This cannot be undone any more: %(reasons)s") % {"reasons": " ".join(reasons)}
        )
    passages = list(current.passages.select_related("enrollment__person", "enrollment__cohort"))
    _bring_back(current, passages, current.done_at, by)
    ports.YEAR_UNDONE.tell(current, by)
    EnrollmentYear.objects.filter(
        enrollment__cohort=cohort, academic_year=current.starts.year
    ).delete()
    edition: Edition | None = current.edition
    current.state, current.done_at, current.edition = RollOver.State.DRAFT, None, None
    current.record = {}
    current.save()
    if edition is not None:
        edition.delete()
    current.passages.filter(chosen=False).delete()
    _tell_undone(current)
    audit.record(by=by, action="year.undone", subject=current, cohort=cohort)
    roll_over.refresh_from_db()
    forget(roll_over.cohort)


def _bring_back(
    roll_over: RollOver, passages: Sequence[Passage], at: datetime, by: "User | None"
) -> None:
    rows = [row.enrollment for row in passages if row.fate == F.COMPLETES]
    completing.reopen_all(cohort=roll_over.cohort, rows=rows, at=at, by=by)
    for passage in passages:
        row = passage.enrollment
        if passage.fate == F.LEAVES and row.state == Enrollment.State.WITHDRAWN:
            completing.take_part_again(enrollment=row, to=passage.state_before, by=by)
    found = {passage.enrollment_id: passage.enrollment for passage in passages}
    for pk, before, after in roll_over.record.get("places", []):
        # What was changed by hand since stands.
        if pk in found and found[pk].capacity == after:
            enrollments.change_profile(enrollment=found[pk], by=by, capacity=before)


def _tell_undone(roll_over: RollOver) -> None:
    """Mails that wait stay unsent; whoever has read one already is told that it does not hold."""
    outbox.cancel(about=about(roll_over), why="the new year was taken back")
    sent = outbox.Notification.objects.filter(about=about(roll_over), state="sent")
    told = {note.recipient_id: note.recipient for note in sent.select_related("recipient")}
    outbox.enqueue_many(
        outbox.Draft(
            kind="year_undone",
            recipient=person,
            dedupe_key=f"year_undone:{roll_over.pk}:{person.pk}:{clock.now():%Y%m%d%H%M%S}",
            context={"cohort": roll_over.cohort_id},
        )
        for person in told.values()
        if person is not None
    )
