"""A meeting as a calendar entry for one of its readers."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from matching.names import with_whom
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.outbox import Attachment
from sessions import ics
from sessions.models import Meeting, Mode, Participant
from sessions.times import zone_for


def uid(meeting: Meeting) -> str:
    """The entry's name for its whole life."""
    return f"meeting-{meeting.key}@chiron-mentoring"


def where(meeting: Meeting) -> str:
    """Place, link or "telephone", as one line."""
    if meeting.mode == Mode.VIDEO:
        return meeting.video_link or str(Mode.VIDEO.label)
    if meeting.mode == Mode.PHONE:
        return str(Mode.PHONE.label)
    return meeting.place


def title(meeting: Meeting) -> str:
    """What a training or supervision is called, with its topic; empty for what pairs meet for."""
    if meeting.series is None:
        return ""
    return ": ".join(filter(None, [meeting.series.title, meeting.series.topic]))


def entry(meeting: Meeting, reader: User, *, url: str) -> ics.Event:
    """The entry, in the reader's zone and language. Participants' persons should be prefetched.

    The others are named, and nobody's address but the reader's own is in it.
    """
    seats = [
        seat for seat in meeting.participants.all() if seat.answer != Participant.Answer.DECLINED
    ]
    own = [seat for seat in meeting.participants.all() if seat.person_id == reader.pk]
    others = with_whom([seat.person for seat in seats if seat.person_id != reader.pk])
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return ics.Event(
        uid=uid(meeting),
        sequence=meeting.sequence,
        stamped=clock.now(),
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        zone=zone_for(meeting, reader.zone),
        summary=title(meeting) or _("Mentoring: %(people)s") % {"people": others},
        organizer=ics.Party(name or settings.SITE_NAME, address),
        attendees=tuple(
            ics.Party(
                seat.person.full_name,
                seat.person.email,
                agreed=seat.answer == Participant.Answer.ACCEPTED,
            )
            for seat in own
        ),
        description=_("Move or cancel here: %(url)s") % {"url": url},
        location=where(meeting),
        url=url,
    )


def attachments(*events: ics.Event, cancelled: bool = False) -> list[Attachment]:
    """The entry both as a form of the mail's body, for programs that act on it, and as a file.

    Those of several days are files only: a mail has one body.
    """
    method = "CANCEL" if cancelled else "REQUEST"
    contents = [ics.cancel(event) if cancelled else ics.request(event) for event in events]
    if len(contents) > 1:
        return [
            Attachment(f"day-{n}.ics", "application/ics", content)
            for n, content in enumerate(contents, start=1)
        ]
    return [
        Attachment("", f"text/calendar; method={method}", contents[0], alternative=True),
        Attachment("meeting.ics", "application/ics", contents[0]),
    ]
