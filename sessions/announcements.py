"""Who is told when a meeting changes. Texts are written at sending (``sessions.meeting_mails``)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mentoring import outbox
from mentoring.accounts.models import User
from sessions.models import Meeting, Participant


def about(meeting: Meeting) -> str:
    """The name under which everything that is to be sent about a meeting is found again."""
    return f"meeting:{meeting.pk}"


def booked(meeting: Meeting) -> None:
    """Those who hold the time get it for their calendars; the others of a group are invited."""
    forget(meeting, "changed since")
    seats = list(meeting.participants.select_related("person"))
    _tell("meeting_booked", meeting, (seat.person for seat in seats if seat.holds))
    open_ = (s.person for s in seats if not s.holds and s.answer == Participant.Answer.OPEN)
    _tell("meeting_invited", meeting, open_, turn="first")


def joined(meeting: Meeting, seat: Participant) -> None:
    """Somebody of a group comes too: she alone gets the entry; nothing changes for the others."""
    _tell("meeting_booked", meeting, [seat.person], turn=_moment(seat))


def changed(meeting: Meeting) -> None:
    """Another place or link at the same hour: those who come get the entry anew."""
    forget(meeting, "changed since")
    seats = meeting.participants.filter(holds=True).select_related("person")
    _tell("meeting_booked", meeting, (seat.person for seat in seats), changed=True)


def left(meeting: Meeting, seat: Participant, *, clash: bool = False) -> None:
    """Somebody of a group does not come: the entry leaves her calendar, and only hers.

    ``clash``: not by her own word, but because the new time does not suit her.
    """
    _tell("meeting_left", meeting, [seat.person], turn=_moment(seat), clash=clash)


def enrolled(days: Sequence[Meeting], seat: Participant) -> None:
    """She has a place: one mail with the entries of all days it is for."""
    _tell("meeting_booked", days[0], [seat.person], turn=_moment(seat), **_days(days))


def moved_up(days: Sequence[Meeting], seat: Participant) -> None:
    """She waited, and a place became free: one mail, with the entries."""
    _tell("place_given", days[0], [seat.person], turn=_moment(seat), **_days(days))


def gave_back(seats: Sequence[Participant], **why: bool) -> None:
    """Her place is gone: one mail that takes the entries of all its days out of her calendar.

    ``removed``: by a coordinator; ``clash``: the new time does not suit her.
    """
    first = seats[0]
    days = [seat.meeting for seat in seats]
    turn = _moment(first)
    _tell("meeting_left", first.meeting, [first.person], turn=turn, **_days(days), **why)


def waiting(meeting: Meeting, people: Iterable[User], *, became: str) -> None:
    """Those who wait are told once that the date was “moved”, “cancelled” or they “removed”."""
    turn = f"{meeting.sequence}-{became}"
    _tell("waiting_changed", meeting, people, turn=turn, became=became)


def _days(days: Sequence[Meeting]) -> dict[str, list[int]]:
    return {"days": [day.pk for day in days]} if len(days) > 1 else {}


def asked_along(meeting: Meeting, person: User) -> None:
    """Somebody who joined the group after the meeting was set."""
    kind = "meeting_invited" if meeting.state == Meeting.State.BOOKED else "meeting_proposed"
    _tell(kind, meeting, [person], turn="joined")


def proposed(meeting: Meeting, *, by: User) -> None:
    """Those who are asked."""
    seats = meeting.participants.select_related("person").exclude(person=by)
    _tell("meeting_proposed", meeting, (seat.person for seat in seats), by=by.pk)


def moved(meeting: Meeting, *, by: User, before: datetime) -> None:
    """Everyone who is still part of it, with the former time."""
    forget(meeting, "moved")
    seats = list(meeting.participants.select_related("person"))
    _tell(
        "meeting_moved",
        meeting,
        (seat.person for seat in seats if seat.holds),
        by=by.pk,
        before=before.isoformat(),
    )
    asked = [s for s in seats if not s.holds and s.answer == Participant.Answer.OPEN]
    _tell("meeting_invited", meeting, (seat.person for seat in asked))


def cancelled(
    meeting: Meeting, seats: Iterable[Participant], *, by: User | None, was_booked: bool
) -> None:
    """Everyone who had it in the calendar, the one who cancelled included."""
    forget(meeting, "cancelled")
    by_pk = by.pk if by else None
    if was_booked:
        told = [s.person for s in seats if s.holds or s.person_id == by_pk]
        told += [s.person for s in seats if not s.holds and s.answer == s.Answer.OPEN]
        _tell(
            "meeting_cancelled", meeting, {person.pk: person for person in told}.values(), by=by_pk
        )
    else:
        told = [s.person for s in seats if s.answer == s.Answer.ACCEPTED and s.person_id != by_pk]
        _tell("meeting_declined", meeting, told, by=by_pk)


def missed(meeting: Meeting, *, by: User) -> None:
    """A meeting that somebody missed is said to the others at once, so that they can object."""
    seats = meeting.participants.select_related("person").exclude(person=by)
    _tell("meeting_missed", meeting, (seat.person for seat in seats), by=by.pk)


def forget(meeting: Meeting, why: str) -> None:
    """Take back what was still to be sent about the meeting's former shape, and only that."""
    outbox.cancel(about=about(meeting), why=f"meeting {why}")


def _moment(seat: Participant) -> str:
    return f"{seat.meeting.sequence}-{seat.answered_at.timestamp() if seat.answered_at else 0}"


def _tell(
    kind: str, meeting: Meeting, people: Iterable[User], *, turn: object = None, **facts: object
) -> None:
    """One mail to each; ``turn`` tells repetitions apart (the meeting's sequence by default)."""
    number = meeting.sequence if turn is None else turn
    outbox.put(
        outbox.Draft(
            kind=kind,
            recipient=person,
            dedupe_key=f"{kind}:{meeting.pk}:{number}:{person.pk}",
            context={"meeting": meeting.pk, "sequence": meeting.sequence, **facts},
            about=about(meeting),
        )
        for person in people
    )
