"""What coordinators do about flags."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation.models import Flag
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError

SNOOZE = timedelta(days=3)
REASON_LENGTH = 300


def _locked(flag: Flag) -> Flag:
    """The flag as it stands now, for this transaction alone."""
    return Flag.objects.select_for_update().get(pk=flag.pk)


def _standing(flag: Flag) -> Flag:
    fresh = _locked(flag)
    if not fresh.is_standing:
        raise DomainError(_("This flag is settled already."))
    return fresh


@transaction.atomic
def acknowledge(*, flag: Flag, by: User) -> Flag:
    """“I look after this”: the flag stays until the facts clear it."""
    row = _standing(flag)
    if row.state == Flag.State.ACKNOWLEDGED:
        return row
    row.state, row.acknowledged_at, row.handled_by = Flag.State.ACKNOWLEDGED, clock.now(), by
    row.snoozed_until = None
    row.save()
    audit.record(by=by, action="flag.acknowledged", subject=row, cohort=row.cohort, rule=row.rule)
    return row


@transaction.atomic
def snooze(*, flag: Flag, by: User) -> Flag:
    """Out of sight for three days, or until it becomes more urgent."""
    row = _standing(flag)
    row.snoozed_until = clock.now() + SNOOZE
    row.save()
    audit.record(by=by, action="flag.snoozed", subject=row, cohort=row.cohort, rule=row.rule)
    return row


@transaction.atomic
def dismiss(*, flag: Flag, reason: str, by: User) -> Flag:
    """Settle it by hand. It returns only when something new happens, not for the same fact."""
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Say in a few words why; colleagues will read it."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": REASON_LENGTH}, field="reason"
        )
    row = _standing(flag)
    row.state, row.resolved_at, row.handled_by = Flag.State.RESOLVED, clock.now(), by
    row.reason = reason
    row.save()
    audit.record(by=by, action="flag.dismissed", subject=row, cohort=row.cohort, rule=row.rule)
    return row
