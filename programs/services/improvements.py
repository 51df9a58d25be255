"""What a year taught, carried into the next."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, ImprovementAction, Program

TEXT_MAX = 500


@transaction.atomic
def note(
    *,
    program: Program,
    text: str,
    by: User,
    owner: User | None = None,
    due: date | None = None,
    cohort: Cohort | None = None,
) -> ImprovementAction:
    """Write down what is to change, who sees to it and until when."""
    text = " ".join(text.split())
    if not text:
        raise DomainError(_("Say what is to change."), field="text")
    if len(text) > TEXT_MAX:
        raise DomainError(
            _("That is longer than %(most)d characters.") % {"most": TEXT_MAX}, field="text"
        )
    row = ImprovementAction.objects.create(
        program=program, cohort=cohort, text=text, owner=owner, due=due
    )
    audit.record(by=by, action="improvement.noted", subject=row, cohort=cohort)
    return row


@transaction.atomic
def settle(*, action: ImprovementAction, done: bool, by: User) -> None:
    """Tick it off, or open it again."""
    won = ImprovementAction.objects.filter(pk=action.pk, done_at__isnull=done).update(
        done_at=clock.now() if done else None
    )
    if won:
        what = "improvement.done" if done else "improvement.reopened"
        audit.record(by=by, action=what, subject=action, cohort=action.cohort)


@transaction.atomic
def remove(*, action: ImprovementAction, by: User) -> None:
    """Take it off the list."""
    audit.record(by=by, action="improvement.removed", subject=action, cohort=action.cohort)
    action.delete()
