"""What coordinators do about flags."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation import monitoring
from evaluation.models import Flag, FlagNote
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError

SNOOZE_DAYS = (3, 7, 14)
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
def snooze(*, flag: Flag, by: User, days: int = SNOOZE_DAYS[0]) -> Flag:
    """Out of sight for some days, or until it becomes more urgent."""
    if days not in SNOOZE_DAYS:
        raise DomainError(_("Choose for how long."), field="days")
    row = _standing(flag)
    row.snoozed_until = clock.now() + timedelta(days=days)
    row.save()
    audit.record(
        by=by, action="flag.snoozed", subject=row, cohort=row.cohort, rule=row.rule, days=days
    )
    return row


@transaction.atomic
def note(*, flag: Flag, text: str, by: User) -> FlagNote:
    """A word to colleagues; the flag stays as it is."""
    row = FlagNote.objects.create(flag=flag, author=by, text=_words(text, "text"), at=clock.now())
    audit.record(by=by, action="flag.noted", subject=flag, cohort=flag.cohort, rule=flag.rule)
    return row


@transaction.atomic
def reopen(*, flag: Flag, by: User) -> Flag:
    """Take a settling back. What was written then stays as a note; the facts may clear it anew."""
    row = _locked(flag)
    if row.state != Flag.State.RESOLVED:
        raise DomainError(_("Only a flag that somebody settled can be opened again."))
    others = Flag.objects.filter(rule=row.rule, subject=row.subject, state__in=Flag.STANDING)
    if others.exists():
        raise DomainError(_("A newer flag about the same is open already."))
    if row.reason:
        FlagNote.objects.create(
            flag=row, author=row.handled_by, text=row.reason, at=row.resolved_at or clock.now()
        )
    row.state, row.resolved_at, row.reason = Flag.State.OPEN, None, ""
    row.handled_by, row.acknowledged_at, row.snoozed_until = None, None, None
    row.save()
    audit.record(by=by, action="flag.reopened", subject=row, cohort=row.cohort, rule=row.rule)
    return row


def brought_up_to_date(flag: Flag) -> Flag:
    """The flag as the facts have it at this moment."""
    if flag.is_standing:
        monitoring.refresh(cohort=flag.cohort)
        flag.refresh_from_db(fields=("state", "severity", "step", "evidence", "cleared_at",
                                     "snoozed_until", "digest"))  # fmt: skip
    return flag


def _words(text: str, field: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise DomainError(_("Say in a few words why; colleagues will read it."), field=field)
    if len(text) > REASON_LENGTH:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": REASON_LENGTH}, field=field
        )
    return text


@transaction.atomic
def dismiss(*, flag: Flag, reason: str, by: User) -> Flag:
    """Settle it by hand. It returns only when something new happens, not for the same fact."""
    reason = _words(reason, "reason")
    row = _standing(flag)
    row.state, row.resolved_at, row.handled_by = Flag.State.RESOLVED, clock.now(), by
    row.reason = reason
    row.save()
    audit.record(by=by, action="flag.dismissed", subject=row, cohort=row.cohort, rule=row.rule)
    return row
