"""The lines of a year in words: what it is, how often, and when."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.accounts.permissions import Role
from programs.pictures.plan import Stretch
from programs.pictures.words import marked, rhythm
from programs.pictures.year import Lane
from programs.presenters.documents import cadence_words, years_words
from programs.presenters.labels import MOMENTS, REQUIREMENTS
from programs.spec import CadenceRule, Phase, Requirement
from programs.spec.structure import Attached
from programs.spec.support import Evaluation

WEEKS_LISTED: Final = 8
MEETINGS: Final = {
    "group": gettext_lazy("Group meetings"),
    "plenary": gettext_lazy("Plenary"),
}
DRIVERS: Final = {
    "mentor": gettext_lazy("the mentor leads"),
    "student": gettext_lazy("the student leads"),
    "both": gettext_lazy("both lead"),
    "system": gettext_lazy("the calendar leads"),
}


def lane_title(lane: Lane) -> str:
    """What the line is about."""
    part = lane.part
    if isinstance(part, CadenceRule):
        title = MEETINGS.get(part.kind or "") or _("Meetings")
        title = _("Contact") if lane.kind == "contact" else title
        words = (str(title), lane.of, years_words(part.class_years))
        return ", ".join(word for word in words if word)
    if isinstance(part, Requirement):
        return part.title or str(REQUIREMENTS[part.kind])
    return part.title


def lane_words(lane: Lane) -> str:
    """How often, and for whom."""
    part = lane.part
    words: list[str] = []
    if isinstance(part, CadenceRule):
        words = [cadence_words(part), part.event or ""]
    elif isinstance(part, Phase):
        words = [str(DRIVERS[part.driver]) if part.driver else "", years_words(part.class_years)]
    elif isinstance(part, Attached):
        words = rhythm(part.times, part.per, part.minutes)
        words += [_("optional")] if part.optional else []
    elif isinstance(part, Requirement):
        words = rhythm(part.times, part.per, part.minutes)
        words += [] if part.mandatory else [_("optional")]
        words = [_roles([part.role], words)]
    elif isinstance(part, Evaluation):
        words = [_roles(part.audience, [str(MOMENTS[part.moment])])]
    return marked(", ".join(word for word in words if word), lane.assumed)


def _roles(roles: Iterable[str], words: list[str]) -> str:
    """For whom, and what."""
    who = ", ".join(str(Role(role).label) for role in roles)
    return f"{who}: {', '.join(words)}" if words else who


def when_words(lane: Lane) -> str:
    """In which weeks."""
    if lane.before:
        return _("before the year begins")
    if lane.after:
        return _("after this year")
    if lane.stretch is not None:
        weeks = {"first": lane.stretch.first, "last": lane.stretch.last}
        if lane.stretch.open:
            return _("about weeks %(first)s–%(last)s, length not stated") % weeks
        return _("weeks %(first)s–%(last)s") % weeks
    sure = [tick.week for tick in lane.ticks if tick.sure]
    perhaps = [tick.week for tick in lane.ticks if not tick.sure]
    if not lane.ticks:
        return _("no date set")
    words = [_weeks(sure)] if sure else []
    if perhaps:
        words.append(_("perhaps %(weeks)s") % {"weeks": _weeks(perhaps)})
    return "; ".join(words)


def pause_words(pause: Stretch) -> str:
    """A pause with its weeks."""
    words = _("Hatched: %(name)s, weeks %(first)s–%(last)s.")
    if pause.class_year is not None:
        words = _("%(name)s of class year %(year)s: weeks %(first)s–%(last)s.")
    return words % {
        "name": pause.name,
        "first": pause.first,
        "last": pause.last,
        "year": pause.class_year,
    }


def _weeks(weeks: list[int]) -> str:
    if len(weeks) == 1:
        return _("week %(week)s") % {"week": weeks[0]}
    if len(weeks) <= WEEKS_LISTED:
        return _("weeks %(weeks)s") % {"weeks": ", ".join(str(week) for week in weeks)}
    return _("in %(number)s weeks between %(first)s and %(last)s") % {
        "number": len(weeks),
        "first": weeks[0],
        "last": weeks[-1],
    }
