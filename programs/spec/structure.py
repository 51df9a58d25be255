"""Structure: a list of group shapes. One-to-one is the shape 1 + 1."""

from typing import Literal

from pydantic import Field

from programs.spec.base import ClassYear, MeetingKind, Part, Range, Role, Slug, Span, Text, Unit

Kind = Literal[
    "student", "near_peer", "resident", "physician", "faculty", "clinical_faculty", "any"
]

# In what the students of one group can be meant to be alike.
Likeness = Literal["class_year", "campus", "track"]


class Lasting(Part):
    """How long a place is held: ``2 years``, one ``session``, the whole ``program``."""

    unit: Literal["session", "term", "year", "program", "degree", "pair"]
    length: float = Field(default=1, gt=0)


class Capacity(Part):
    """How much one person takes on: so many students, groups, or students of each class."""

    unit: Literal["students", "groups", "students_per_class"] = "students"
    default: int = Field(default=1, ge=0, le=100)
    max: int | None = Field(default=None, ge=0, le=1000)


class Seat(Part):
    """Who sits in a group, and how many of them."""

    role: Role
    kind: Kind = "any"
    count: Range | None = Field(default=None, description="people per group; empty: not stated")
    class_years: tuple[ClassYear, ...] = ()
    per_class: dict[ClassYear, Range] = Field(default_factory=dict)
    tracks: tuple[Text, ...] = ()
    capacity: Capacity | None = None
    lasts: Lasting | None = Field(default=None, description="empty: as long as the group")
    within: Role | None = Field(default=None, description="counted among the people of this role")
    may_also_be: tuple[Role, ...] = Field(default=(), description="roles held at the same time")
    teaches_students: bool | None = Field(default=None, description="False: barred from it")
    group_years: Range | None = Field(default=None, description="years of the group's life with it")

    @property
    def people(self) -> Span | None:
        """People on this seat in one group, ``None`` where the program does not say."""
        if self.count is not None:
            return self.count
        if not self.per_class:
            return None
        first, *rest = self.per_class.values()
        return sum(rest, first)

    @property
    def years(self) -> tuple[int, ...]:
        """The class years this seat is for; empty means any."""
        return tuple(sorted({*self.class_years, *self.per_class}))


class Quorum(Part):
    """A meeting counts when at least so many of a role are there."""

    role: Role
    at_least: int = Field(ge=1)


class Subgroups(Part):
    """Smaller circles inside a group, with a calendar of their own or not."""

    count: Range | None = None
    size: Range | None = None
    led_by: Role | None = None
    own_calendar: bool = True
    by: Literal["class_year", "free"] = "free"


class Attached(Part):
    """What else hangs on the group: an individual talk, a plenary, an opening meeting."""

    slug: Slug
    title: Text
    kind: MeetingKind
    optional: bool = False
    times: Range | None = None
    per: Unit | None = None
    minutes: Range | None = None
    event: Text | None = None
    class_years: tuple[ClassYear, ...] = ()


class Container(Part):
    """What holds groups: a college, a society."""

    slug: Slug
    title: Text
    count: Range | None = None
    mentors: Range | None = None


class Shape(Part):
    """One kind of mentorship."""

    slug: Slug
    title: Text
    seats: tuple[Seat, ...] = Field(min_length=2)
    groups: Range | None = None
    quorum: tuple[Quorum, ...] = ()
    subgroups: Subgroups | None = None
    container: Slug | None = None
    alike: tuple[Likeness, ...] = Field(
        default=(), description="the students of one group are of the same; empty: mixed"
    )
    lasts: Lasting = Lasting(unit="program")
    renews: Literal["yearly", "never"] = "never"
    setting: Literal["in_person", "virtual", "mixed"] = "mixed"
    attached: tuple[Attached, ...] = ()

    def seat(self, role: str) -> Seat | None:
        """The first seat of that role."""
        return next((seat for seat in self.seats if seat.role == role), None)

    def people(self, *roles: str) -> Span | None:
        """People of these roles in one group, each once: who counts ``within`` another of them."""
        counts = [
            seat.people
            for seat in self.seats
            if seat.role in roles and (seat.within is None or seat.within not in roles)
        ]
        known = [count for count in counts if count is not None]
        if not known or len(known) < len(counts):
            return None
        return sum(known[1:], known[0])

    def class_years(self, role: str) -> tuple[int, ...]:
        """The class years of the people of a role; empty means any."""
        return tuple(sorted({y for seat in self.seats if seat.role == role for y in seat.years}))
