"""The terms of an agreement: what can be chosen, what a program suggests, and how it reads."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mentoring.errors import DomainError
from sessions.models import Agreement, ContactChannel, Driver, Rhythm

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

Text = str | Promise
MAX_LENGTH = 2000
EVERY_WEEKS = (1, 2, 3, 4, 6, 8, 13, 26)
A_MONTH = (1, 2, 3, 4)
MINUTES = (15, 20, 30, 45, 60, 75, 90, 120)
CONTACT_WEEKS = (0, 1, 2, 3, 4)
ANSWER_DAYS = (1, 2, 3, 5, 7)
NOTICE_HOURS = (12, 24, 48, 72)
CHECK_IN_WEEKS = (0, 4, 6, 8, 12, 16)
END_DAYS = (0, 3, 7, 14, 28)
WORDS = ("aims", "confidentiality")


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version says. ``aims`` and ``confidentiality`` are words of the pair's own.

    The defaults follow published mentoring contracts: 48 hours' notice before a meeting is called
    off, seven days' before the mentoring is ended, by either side and without fault.
    """

    rhythm: str = Rhythm.MONTH
    every: int = 1
    minutes: int = 45
    contact_weeks: int = 0
    channels: tuple[str, ...] = (ContactChannel.MESSAGE.value,)
    answer_days: int = 2
    notice_hours: int = 48
    driver: str = Driver.BOTH
    check_in_weeks: int = 8
    end_days: int = 7
    aims: str = ""
    confidentiality: str = ""

    def checked(self) -> "Terms":
        """The same, tidied up; refused where it says something that cannot be agreed upon."""
        often = {Rhythm.WEEKS: EVERY_WEEKS, Rhythm.MONTH: A_MONTH, Rhythm.OPEN: (0,)}
        if self.every not in often.get(Rhythm(self.rhythm), ()):
            raise DomainError(_("Say how often you want to meet."), field="often")
        if not set(self.channels) <= set(ContactChannel.values):
            raise DomainError(_("Say how you reach each other."), field="channels")
        for name in WORDS:
            if len(getattr(self, name)) > MAX_LENGTH:
                raise DomainError(
                    _("Please write at most %(max)d characters.") % {"max": MAX_LENGTH}, field=name
                )
        channels = tuple(one for one in ContactChannel.values if one in self.channels)
        words = {name: getattr(self, name).strip() for name in WORDS}
        return Terms(**{**asdict(self), **words, "channels": channels})

    @property
    def facts(self) -> dict[str, Any]:
        """The columns of a version: everything but words."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name not in WORDS
        }

    @property
    def words(self) -> str:
        """What is sealed."""
        return json.dumps({name: getattr(self, name) for name in WORDS})


def of(agreement: Agreement, words: str) -> Terms:
    """The terms of a stored version with its opened words."""
    facts = {
        name: getattr(agreement, name)
        for name in Terms.__dataclass_fields__
        if name not in {*WORDS, "channels"}
    }
    said = json.loads(words) if words else {}
    return Terms(
        **facts, channels=tuple(agreement.channels), **{name: said.get(name, "") for name in WORDS}
    )


def suggested(spec: "ProgramSpec") -> Terms:
    """What the program has in mind, for the pair to change: its cadence, else monthly."""
    days = spec.meeting_interval_days()
    contact = spec.contact_interval_days()
    rhythm, every = _rhythm(days)
    lengths = (rule.minutes for rule in spec.meeting_rules() if rule.minutes is not None)
    minutes = next((int(span.min or span.max or 0) for span in lengths), 45)
    weeks = round(contact / 7) if contact is not None and contact < days else 0
    return Terms(
        rhythm=rhythm,
        every=every,
        minutes=min(MINUTES, key=lambda choice: abs(choice - minutes)),
        contact_weeks=min(CONTACT_WEEKS[1:], key=lambda choice: abs(choice - weeks))
        if weeks
        else 0,
    )


def _rhythm(days: float) -> tuple[str, int]:
    if days % 7 and not 30 % days and int(30 / days) in A_MONTH:
        return Rhythm.MONTH, int(30 / days)
    return Rhythm.WEEKS, min(EVERY_WEEKS, key=lambda weeks: abs(weeks * 7 - days))


# --- In words ------------------------------------------------------------------------------------


def often(rhythm: str, every: int) -> Text:
    """How often they meet, in words; nothing private."""
    if rhythm == Rhythm.OPEN:
        return _("when we need it")
    if rhythm == Rhythm.WEEKS:
        return ngettext_lazy("every week", "every %(n)d weeks", every) % {"n": every}
    return ngettext_lazy("once a month", "%(n)d times a month", every) % {"n": every}


def contact(weeks: int) -> Text:
    """How often they are in touch between meetings."""
    if not weeks:
        return _("when we need it")
    return ngettext_lazy("every week", "every %(n)d weeks", weeks) % {"n": weeks}


def answer(days: int) -> Text:
    return ngettext_lazy("within %(n)d working day", "within %(n)d working days", days) % {
        "n": days
    }


def notice(hours: int) -> Text:
    return ngettext_lazy("%(n)d hour before", "%(n)d hours before", hours) % {"n": hours}


def check_in(weeks: int) -> Text:
    if not weeks:
        return _("when one of us asks")
    return ngettext_lazy("every week", "every %(n)d weeks", weeks) % {"n": weeks}


def ending(days: int) -> Text:
    if not days:
        return _("at any time, no reason needed")
    return ngettext_lazy(
        "with %(n)d day's notice, no reason needed",
        "with %(n)d days' notice, no reason needed",
        days,
    ) % {"n": days}


def minutes(number: int) -> Text:
    return format_lazy(_("{n} minutes"), n=number)


def channels(names: tuple[str, ...]) -> Text:
    labels = [str(ContactChannel(name).label) for name in names]
    return ", ".join(labels) or _("not agreed")


@dataclass(frozen=True, slots=True)
class Line:
    """One term in words; ``before`` where the former version said something else."""

    name: str
    label: Text
    text: Text
    before: Text = ""
    private: bool = False


LABELS: dict[str, Text] = {
    "often": _("We meet"),
    "minutes": _("For"),
    "contact": _("In touch between meetings"),
    "channels": _("We reach each other by"),
    "answer": _("We answer"),
    "notice": _("We call off a meeting at least"),
    "driver": _("Who proposes times and topics"),
    "check_in": _("We look at how it goes"),
    "ending": _("Either of us may end it"),
    "confidentiality": _("About confidentiality"),
    "aims": _("What we want to reach"),
}
# Said in every agreement: it is the program's promise, not theirs to change.
CONFIDENTIAL = _(
    "What we say stays between us. The exception is danger to somebody's life or health."
)


def _texts(terms: Terms) -> dict[str, Text]:
    return {
        "often": often(terms.rhythm, terms.every),
        "minutes": minutes(terms.minutes),
        "contact": contact(terms.contact_weeks),
        "channels": channels(terms.channels),
        "answer": answer(terms.answer_days),
        "notice": notice(terms.notice_hours),
        "driver": Driver(terms.driver).label,
        "check_in": check_in(terms.check_in_weeks),
        "ending": ending(terms.end_days),
        "confidentiality": terms.confidentiality,
        "aims": terms.aims,
    }


def lines(terms: Terms, former: Terms | None = None) -> list[Line]:
    """The terms in words, those of ``former`` beside what differs."""
    now, then = _texts(terms), _texts(former) if former else {}
    return [
        Line(
            name,
            label,
            now[name],
            before=_was(then[name]) if then and str(then[name]) != str(now[name]) else "",
            private=name in WORDS,
        )
        for name, label in LABELS.items()
        if str(now[name]) or str(then.get(name, ""))
    ]


def _was(text: Text) -> Text:
    return text if str(text) else _("nothing")
