"""Contact between meetings, noted with one tap; and the question whether there was any."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions.circle import circle
from sessions.models import Contact, ContactChannel, ContactCheck

# A second tap on the same button within this time is the same contact.
SAME = timedelta(minutes=5)


@transaction.atomic
def note(*, mentorship: Mentorship, channel: str, by: User, at: datetime | None = None) -> Contact:
    """Note an informal exchange; it counts for cadence."""
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended."))
    if channel not in ContactChannel.values:
        raise DomainError(_("Say how you were in touch."), field="channel")
    members = circle(mentorship)
    members.need(by)
    now = clock.now()
    moment = at or now
    if moment > now:
        raise DomainError(_("This is still to come."), field="at")
    if moment < mentorship.started_at:
        raise DomainError(_("The mentorship had not begun then."), field="at")
    before = mentorship.contacts.filter(
        noted_by=by, channel=channel, at__gt=moment - SAME, at__lte=moment
    ).first()
    if before is not None:
        return before
    contact = Contact.objects.create(
        mentorship=mentorship, at=moment, channel=channel, noted_by=by, side=members.side(by)
    )
    audit.record(by=by, action="contact.noted", subject=contact)
    return contact


@transaction.atomic
def undo(*, mentorship: Mentorship, contact: int, by: User) -> bool:
    """Take back a contact one has noted oneself."""
    row = mentorship.contacts.filter(pk=contact, noted_by=by).first()
    if row is None:
        return False
    # The row goes; what it said on earlier days must still be countable.
    audit.record(
        by=by,
        action="contact.undone",
        subject=row,
        mentorship=mentorship.pk,
        was_at=row.at.isoformat(),
        noted_at=row.created_at.isoformat(),
    )
    row.delete()
    return True


@transaction.atomic
def answer_check(*, mentorship: Mentorship, contacted: bool, by: User) -> ContactCheck:
    """“Were you contacted?”: the student's answer; a later one replaces it."""
    member = circle(mentorship).need(by)
    if member.is_mentor:
        raise DomainError(_("This is asked of students."))
    check, _created = ContactCheck.objects.update_or_create(
        mentorship=mentorship,
        person=by,
        defaults={"contacted": contacted, "answered_at": clock.now()},
    )
    audit.record(by=by, action="contact.checked", subject=check, contacted=contacted)
    return check
