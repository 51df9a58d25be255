"""The thread of a mentorship: read by its members, for the dates of their membership."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.keys import new_key
from mentoring.rows import sole
from sessions import private
from sessions.circle import circle
from sessions.models import Message, ThreadRead

MAX_LENGTH = 5000
SHOWN = 100


@dataclass(frozen=True)
class Entry:
    """A message as its reader sees it; ``text`` is ``None`` once its author was erased."""

    key: str
    author: str
    own: bool
    side: str
    sent_at: datetime
    text: str | None


@transaction.atomic
def write(*, mentorship: Mentorship, text: str, by: User, key: str = "") -> Message:
    """Write to the others of the mentorship; they get one mail until they have read.

    ``key`` is the form's: sent twice, it is still one message.
    """
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended."))
    members = circle(mentorship)
    members.need(by)
    text = text.strip()
    if not text:
        raise DomainError(_("Write something first."), field="text")
    if len(text) > MAX_LENGTH:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": MAX_LENGTH}, field="text"
        )
    message, created = Message.objects.get_or_create(
        key=key or new_key(),
        defaults={"mentorship": mentorship, "author": by, "side": members.side(by)},
    )
    if not created:
        if message.author_id != by.pk or message.mentorship_id != mentorship.pk:
            raise DomainError(_("Load the page again, then send it once more."))
        return message
    private.put(message, text)
    audit.record(by=by, action="message.written", subject=message)
    _tell(message, [member.person for member in members.others(by)])
    return message


def thread(*, mentorship: Mentorship, by: User) -> list[Entry]:
    """The latest messages that this person may read, oldest first; hers are marked as read.

    The caller has checked ``READ_MESSAGES``; what was written before she came or after she left
    is not hers to read.
    """
    rows = list(
        visible(mentorship, by).select_related("author", "body").order_by("-sent_at", "-pk")[:SHOWN]
    )
    texts = private.texts(rows)
    _mark_read(mentorship, by)
    return [
        Entry(
            key=row.key,
            author=row.author.full_name if row.author else "",
            own=row.author_id == by.pk,
            side=row.side,
            sent_at=row.sent_at,
            text=texts.get(row.pk),
        )
        for row in reversed(rows)
    ]


def visible(mentorship: Mentorship, user: User) -> QuerySet[Message]:
    """The messages written while this person was a member."""
    during = Q(pk__in=[])
    for starts, ends in mentorship.memberships.filter(person=user).values_list(
        "started_at", "ended_at"
    ):
        span = Q(sent_at__gte=starts)
        during |= span & Q(sent_at__lte=ends) if ends else span
    return Message.objects.filter(during, mentorship=mentorship)


def unread(mentorship: Mentorship, user: User) -> int:
    """How many messages of the others this person has not seen."""
    seen = sole(ThreadRead.objects.filter(mentorship=mentorship, person=user))
    rows = visible(mentorship, user).exclude(author=user)
    return rows.filter(sent_at__gt=seen.read_at).count() if seen else rows.count()


def _mark_read(mentorship: Mentorship, user: User) -> None:
    ThreadRead.objects.update_or_create(
        mentorship=mentorship, person=user, defaults={"read_at": clock.now()}
    )


def _tell(message: Message, readers: list[User]) -> None:
    seen = dict(
        ThreadRead.objects.filter(mentorship=message.mentorship_id, person__in=readers).values_list(
            "person_id", "read_at"
        )
    )
    drafts = []
    for reader in readers:
        unseen = visible(message.mentorship, reader).exclude(author=reader)
        if reader.pk in seen:
            unseen = unseen.filter(sent_at__gt=seen[reader.pk])
        first = unseen.order_by("sent_at", "pk").values_list("pk", flat=True).first()
        # The key names the first unread message: what follows it adds no further mail.
        drafts.append(
            outbox.Draft(
                kind="new_message",
                recipient=reader,
                dedupe_key=f"new_message:{message.mentorship_id}:{reader.pk}:{first}",
                context={"mentorship": message.mentorship_id, "message": first},
                about=f"thread:{message.mentorship_id}:{reader.pk}",
            )
        )
    outbox.put(drafts)
