"""What was recorded of a meeting, said to one of its readers: who recorded what about whom."""

from django.utils.translation import gettext as _

from sessions.circle import side_of
from sessions.models import Meeting, Side
from sessions.services.records import Outcome, outcome_of


def recorded(meeting: Meeting, side: str) -> str:
    """“Anna Kovács recorded that you did not come.” ``side`` is the reader's, empty for others."""
    if meeting.recorded_side == side:
        return _("You recorded that %(what)s.") % {
            "what": _what(meeting, outcome_of(meeting), side)
        }
    if meeting.recorded_side == Side.STAFF or meeting.recorded_by is None:
        return _("A coordinator recorded that %(what)s.") % {
            "what": _what(meeting, outcome_of(meeting), side)
        }
    return _("%(name)s recorded that %(what)s.") % {
        "name": meeting.recorded_by.full_name,
        "what": _what(meeting, outcome_of(meeting), side),
    }


def disputed(meeting: Meeting, side: str) -> str:
    """What the other side than the one that recorded says; empty where nothing is in dispute."""
    if meeting.disputed_at is None or not meeting.disputed_as:
        return ""
    what = _what(meeting, meeting.disputed_as, side)
    if side in {Side.STUDENT, Side.MENTOR} and meeting.recorded_side != side:
        return _("You say that %(what)s.") % {"what": what}
    others = [
        seat.person.full_name
        for seat in meeting.participants.all()
        if side_of(seat.role) != meeting.recorded_side
    ]
    if len(others) == 1:
        return _("%(name)s says that %(what)s.") % {"name": others[0], "what": what}
    return _("The other side says that %(what)s.") % {"what": what}


def own_outcome(meeting: Meeting, side: str) -> str:
    """What the reader's side said of it; empty while it has said nothing else than the record."""
    if meeting.recorded_side == side or meeting.confirmed_at:
        return outcome_of(meeting)
    return meeting.disputed_as


def _what(meeting: Meeting, outcome: str, side: str) -> str:
    alone = sum(side_of(seat.role) == outcome for seat in meeting.participants.all()) == 1
    if outcome == Outcome.HELD:
        return _("you met") if side in {Side.STUDENT, Side.MENTOR} else _("they met")
    if outcome == Outcome.BOTH:
        return _("neither side came")
    if outcome == side and alone:
        return _("you did not come")
    if outcome == Outcome.MENTOR:
        return _("the mentor did not come")
    return _("the student did not come") if alone else _("no student came")
