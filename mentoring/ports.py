"""The few places where a lower floor asks or tells upward.

A port is declared here with its types; higher apps register in ``AppConfig.ready()``. Calls are
synchronous, in order, in the caller's transaction. One test pins who answers which port.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from mentoring.accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")


class Port(Generic[P, R]):
    """An ordered list of answers to one question, or of listeners to one event."""

    def __init__(self, name: str, promise: str) -> None:
        self.name = name
        self.promise = promise
        self._answers: list[tuple[int, str, Callable[P, R]]] = []

    def register(self, answer: Callable[P, R], *, order: int = 100) -> None:
        """Add an answer once; a second registration of the same function changes nothing."""
        name = f"{answer.__module__}.{answer.__qualname__}"
        if all(name != known for _, known, _ in self._answers):
            self._answers.append((order, name, answer))
            self._answers.sort(key=lambda entry: entry[:2])

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Every answer, in order. An exception ends the call, and the caller's transaction."""
        return [answer(*args, **kwargs) for _, _, answer in self._answers]

    tell = ask

    @property
    def who(self) -> list[str]:
        """The dotted names of those who answer, in order."""
        return [name for _, name, _ in self._answers]


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing that must or should be so before a cohort is matched."""

    slug: str
    title: str | Promise
    state: Literal["green", "amber", "red"]
    detail: str | Promise = ""
    url: str = ""
    action: str | Promise = ""
    must: bool = True
    order: int = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry in the navigation of a cohort.

    ``under`` is the beginning of further addresses where the entry is marked as the current one:
    those of single surveys, flags and the like, which do not begin with the cohort's.
    """

    slug: str
    title: str | Promise
    url: str
    order: int = 100
    badge: int = 0
    under: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A piece of somebody's home: a template and what it shows."""

    slug: str
    audience: Literal["coordinator", "supervisor", "mentor", "student"]
    order: int
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main navigation, for those whom its page has something to show.

    ``under`` is the beginning of the addresses where the entry is marked as the current one.
    """

    slug: str
    title: str | Promise
    url: str
    icon: str
    order: int = 100
    badge: int = 0
    under: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something arranged with others, and the pages where it is moved or cancelled."""

    day: date
    text: str
    url: str
    acts: tuple[tuple[str | Promise, str], ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what a recorded act was about, and what it changed, in words."""

    text: str | Promise = ""
    url: str = ""
    note: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task that beat starts. It must be safe to run twice and at any moment."""

    name: str
    task: str
    seconds: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """One thing that a roll-over will do, in words, with the page that shows it."""

    text: str | Promise
    url: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class FitLine:
    """How many students and mentors said so after the first meeting; ``None``: not told."""

    text: str | Promise
    students: int | None
    mentors: int | None


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """Something that belongs to a person's place in a cohort: a group, credits, a certificate."""

    label: str | Promise
    text: str | Promise
    url: str = ""


# Asked of higher floors -------------------------------------------------------------------------
READINESS: Port[[Any], Iterable[ReadinessItem]] = Port(
    "readiness", "(cohort) -> what stands between today and matching"
)
COHORT_TABS: Port[[User, Any], Iterable[Tab]] = Port(
    "cohort tabs", "(user, cohort) -> the pages of a cohort that this user may open"
)
HOME_CARDS: Port[[User], Iterable[Card]] = Port(
    "home cards", "(user) -> what this user's home shows"
)
NAV: Port[[User], Iterable[NavItem]] = Port(
    "nav", "(user) -> main pages that this user may open, besides home and help"
)
HISTORY: Port[[User, Any, Sequence[Any]], dict[int, About]] = Port(
    "history", "(reader, cohort, events) -> what one's own among these events were about, by id"
)
ACTIVATION_GATES: Port[[Any], Iterable[str | Promise]] = Port(
    "activation gates", "(enrollment) -> reasons why this person cannot become active yet"
)
HELD_BACK: Port[[Any], Collection[int]] = Port(
    "held back", "(cohort) -> accepted enrollments whom training before the start holds back"
)
LEAVING_OBSTACLES: Port[[User, Any], Iterable[str | Promise]] = Port(
    "leaving obstacles",
    "(user, enrollment or None for the account) -> what must be settled before this person leaves",
)
APPOINTMENTS: Port[[Any, Any, Any], Iterable[Appointment]] = Port(
    "appointments", "(enrollment, first, last) -> what this person has arranged for these days"
)
CONFIDENTIALITY: Port[[User], Iterable[str]] = Port(
    "confidentiality", "(user) -> the levels of the programs in which this person has a place"
)
ROLES: Port[[User], Iterable[str]] = Port("roles", "(user) -> her roles, in whatever cohort")
PERSON_EXPORT: Port[[User], dict[str, Any]] = Port(
    "person export", "(user) -> sections of everything kept about this person"
)
PLACE_FACTS: Port[[User, Sequence[Any]], dict[int, list[PlaceFact]]] = Port(
    "place facts", "(user, her enrollments) -> what these places brought her, by enrollment"
)
PERSON_PAGES: Port[[User, Any], Iterable[PlaceFact]] = Port(
    "person pages", "(reader, enrollment) -> further pages about this person, for coordinators"
)
PERSON_CARDS: Port[[User, Any], Iterable[Card]] = Port(
    "person cards", "(reader, enrollment) -> what a coordinator's page about a person shows besides"
)
YEAR_TIMES_UP: Port[[Any], Iterable[int]] = Port(
    "year: times up", "(roll-over) -> enrollments of juniors whose time in every group is over"
)
YEAR_LINES: Port[[Any], Iterable[YearLine]] = Port(
    "year: lines", "(roll-over) -> what it will do on this floor, before it is done"
)
YEAR_ROLLED: Port[[Any, Any], tuple[str, Any]] = Port(
    "year: rolled", "(roll-over, by) does this floor's part -> its name, and what undoes it"
)
YEAR_OBSTACLES: Port[[Any], Iterable[str | Promise]] = Port(
    "year: obstacles", "(roll-over) -> what was built on the new year, so that it stands"
)
FIRST_MEETINGS: Port[[Collection[int]], dict[int, datetime]] = Port(
    "first meetings", "(mentorship ids) -> when the people of each met first, for those who have"
)
FIT: Port[[Any, Collection[int]], list[FitLine]] = Port(
    "fit", "(cohort, mentorship ids) -> what their people said after the first meeting, counted"
)
SIMULATED_FIGURES: Port[[Any], dict[str, Any]] = Port(
    "simulated figures", "(cohort) -> figures of section 9 of the design"
)
PERIODIC: Port[[], Iterable[Periodic]] = Port("periodic", "() -> the tasks that beat starts")

# Told to higher floors --------------------------------------------------------------------------
PERSON_ERASED: Port[[User], None] = Port(
    "person erased", "(user) after consent to erasure: remove what identifies, keep partners whole"
)
ENROLLMENT_LEFT: Port[[Any, Any], None] = Port(
    "enrollment left", "(enrollment, by) after a person left a cohort"
)
MEMBERSHIP_STARTED: Port[[Any, Any], None] = Port(
    "membership started", "(membership, by) after somebody joined a mentorship that stood already"
)
MEMBERSHIP_ENDED: Port[[Any, Any], None] = Port(
    "membership ended", "(membership, by) after somebody's place in a mentorship ended"
)
ENROLLMENT_COMPLETED: Port[[Sequence[Any], Any, Any], None] = Port(
    "enrollment completed", "(enrollments, at, by) after these people completed at one instant"
)
ENROLLMENT_REOPENED: Port[[Sequence[Any], Any, Any], None] = Port(
    "enrollment reopened", "(enrollments, at, by) after their completion of that instant was undone"
)
YEAR_UNDONE: Port[[Any, Any], None] = Port(
    "year: undone", "(roll-over, by) after it was undone below: take this floor's part back"
)
ABSENCE_ENDED: Port[[Any, Any], None] = Port(
    "absence ended", "(absence, by) before a declared absence is taken back or ends earlier"
)
FACTS_SETTLED: Port[[Any], None] = Port(
    "facts settled", "(cohort) after a coordinator recorded what the rules look at"
)


def all_ports() -> list[Port[..., Any]]:
    """Every port of this module, by name."""
    ports = [value for value in globals().values() if isinstance(value, Port)]
    return sorted(ports, key=lambda port: port.name)
