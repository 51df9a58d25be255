"""A person's private calendar feed: an address that can be taken back at any time."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from sessions import ics
from sessions.models import CalendarFeed, Participant

PAST = timedelta(days=60)


@transaction.atomic
def open_feed(*, by: User) -> str:
    """A new secret address part; a former one stops working. It is shown once, never stored."""
    _revoke(by)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(person=by, digest=_digest(token))
    audit.record(by=by, action="feed.opened", subject=feed)
    return token


@transaction.atomic
def revoke(*, by: User) -> bool:
    """Stop the feed."""
    if not _revoke(by):
        return False
    audit.record(by=by, action="feed.revoked", subject=by)
    return True


def reader_of(token: str) -> User | None:
    """Whose feed this is; nobody's once it was revoked or the person has left."""
    feed = (
        CalendarFeed.objects.filter(digest=_digest(token), revoked_at=None)
        .select_related("person")
        .first()
    )
    return feed.person if feed and feed.person.is_active else None


def content(person: User) -> bytes:
    """The busy times of this person, and nothing else about them."""
    seats = Participant.objects.filter(
        person=person, holds=True, ends_at__gt=clock.now() - PAST
    ).select_related("meeting")
    return ics.feed(
        (
            ics.Busy(
                uid=_opaque(seat),
                stamped=seat.meeting.booked_at or seat.meeting.created_at,
                starts=seat.starts_at,
                ends=seat.ends_at,
            )
            for seat in seats.order_by("starts_at")
        ),
        label=_("Busy"),
    )


def _revoke(person: User) -> int:
    return CalendarFeed.objects.filter(person=person, revoked_at=None).update(
        revoked_at=clock.now()
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _opaque(seat: Participant) -> str:
    # Not the invitation's UID: two calendars of two people must not be joinable by it.
    return sha256(f"feed:{seat.pk}:{seat.meeting.key}".encode()).hexdigest()[:32]
