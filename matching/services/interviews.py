"""Notes from talks: written by coordinators, read by coordinators, each reading recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from matching import private
from matching.models import InterviewNote
from mentoring import audit
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment

MOST = 2000


@dataclass(frozen=True)
class Read:
    """A note with what it says."""

    note: InterviewNote
    text: str


@transaction.atomic
def write(*, enrollment: Enrollment, text: str, by: User) -> InterviewNote:
    """Keep a note about somebody who takes part; she reads it in her own data."""
    text = text.strip()
    if not text:
        raise DomainError(_("Write something first."), field="text")
    if len(text) > MOST:
        raise DomainError(
            _("The note is longer than %(most)d characters.") % {"most": MOST}, field="text"
        )
    note = InterviewNote.objects.create(enrollment=enrollment, author=by)
    private.put_note(note, text)
    _record("interview.noted", note, by)
    return note


@transaction.atomic
def remove(*, note: InterviewNote, by: User) -> None:
    """Throw one's own note away."""
    if note.author_id != by.pk:
        raise DomainError(_("Only whoever wrote a note throws it away."))
    _record("interview.removed", note, by)
    note.delete()


@transaction.atomic
def read(*, enrollment: Enrollment, by: User) -> Sequence[Read]:
    """The notes about one person, the latest first; that they were read is recorded."""
    rows = list(
        InterviewNote.objects.filter(enrollment=enrollment)
        .select_related("body", "author")
        .order_by("-written_at", "-pk")
    )
    texts = private.notes(rows)
    if any(row.author_id != by.pk for row in rows):
        audit.record(
            by=by,
            action="interview.read",
            subject=enrollment,
            cohort=enrollment.cohort,
            enrollment=enrollment.pk,
        )
    return [Read(row, texts.get(row.pk, "")) for row in rows]


def _record(action: str, note: InterviewNote, by: User) -> None:
    audit.record(
        by=by,
        action=action,
        subject=note,
        cohort=note.enrollment.cohort,
        enrollment=note.enrollment_id,
    )
