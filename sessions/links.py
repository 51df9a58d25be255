"""What the buttons in our mails do: GET shows them, POST acts (``mentoring.links``)."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.names import with_whom
from mentoring import links
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import words
from sessions.circle import seat_in, side_of
from sessions.models import Meeting, MeetingState, Participant
from sessions.services import booking, records, seating
from sessions.services.records import Outcome
from sessions.times import when


def _mine(user: User, key: str) -> Meeting:
    meeting = Meeting.objects.filter(key=key, series=None).first()
    if meeting is None or seat_in(meeting, user) is None:
        raise DomainError(_("This meeting does not exist any more."))
    return meeting


def _others(meeting: Meeting, user: User) -> str:
    seats = Participant.objects.filter(meeting=meeting).exclude(person=user)
    return with_whom([seat.person for seat in seats.select_related("person")])


def _line(meeting: Meeting, user: User) -> str:
    return _("%(when)s, with %(people)s") % {
        "when": when(meeting, user.zone),
        "people": _others(meeting, user),
    }


def _record_prompt(*, user: User, subject: str) -> links.Prompt:
    """Asks once; whoever comes back reads what is recorded by now, and may say otherwise."""
    meeting = _mine(user, subject)
    seat = Participant.objects.get(meeting=meeting, person=user)
    side, line = side_of(seat.role), _line(meeting, user)
    known = records.outcome_of(meeting)
    if not known:
        return links.Prompt(
            heading=gettext_lazy("Did this meeting take place?"),
            text=line,
            buttons=_outcomes(first=Outcome.HELD),
        )
    said = " ".join(filter(None, [words.recorded(meeting, side), words.disputed(meeting, side)]))
    if words.own_outcome(meeting, side):
        return links.Prompt(
            heading=gettext_lazy("This is recorded. Do you want to change it?"),
            text=f"{line}. {said}",
            buttons=_outcomes(besides=words.own_outcome(meeting, side)),
        )
    right = links.Button(gettext_lazy("That is right"), known)
    return links.Prompt(
        heading=gettext_lazy("Is this right?"),
        text=f"{line}. {said}",
        buttons=[right, *_outcomes(besides=known)],
    )


def _outcomes(*, first: str = "", besides: str = "") -> list[links.Button]:
    return [
        links.Button(outcome.label, outcome.value, "primary" if outcome == first else "secondary")
        for outcome in Outcome
        if outcome != besides
    ]


@links.action("meeting.record", prompt=_record_prompt)
def record(*, user: User, subject: str, choice: str) -> str | Promise:
    """Record the outcome; pressing twice is the same as once."""
    meeting = records.record(meeting=_mine(user, subject), outcome=choice, by=user)
    if meeting.disputed_at:
        return _(
            "Thank you. The other side recorded it differently; what each said stands on the page "
            "of the meeting."
        )
    return _("Thank you, it is recorded.")


def _answer_prompt(*, user: User, subject: str) -> links.Prompt:
    meeting = _mine(user, subject)
    if meeting.state not in {MeetingState.PROPOSED, MeetingState.BOOKED}:
        raise DomainError(seating.CHANGED)
    return links.Prompt(
        heading=gettext_lazy("Can you come?"),
        text=_line(meeting, user),
        buttons=[
            links.Button(gettext_lazy("I will come"), "accept"),
            links.Button(gettext_lazy("I cannot"), "decline", "secondary"),
        ],
    )


@links.action("meeting.answer", prompt=_answer_prompt)
def answer(*, user: User, subject: str, choice: str) -> str | Promise:
    """Accept or decline; conflicts are checked at this moment."""
    meeting = _mine(user, subject)
    if choice == "accept":
        accepted = booking.accept(meeting=meeting, by=user)
        if accepted.state == MeetingState.BOOKED:
            return _("Booked. The calendar entry is on its way to you.")
        return _("Thank you. The meeting is booked as soon as the other side has agreed too.")
    if choice == "decline":
        booking.decline(meeting=meeting, by=user)
        return _("Thank you, they are told.")
    raise DomainError(_("Choose one of the two answers."))
