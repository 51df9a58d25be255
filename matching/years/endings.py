"""Which places end when the year changes, and which groups go on. Nothing is written here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from matching import shapes as shaped
from matching.models import Membership, Mentorship
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort, PassageFate, RollOver
from programs.spec import Seat, Shape
from programs.years.people import GOING, Travelers
from programs.years.plan import spec_of

COMPLETES, LEAVES = str(PassageFate.COMPLETES), str(PassageFate.LEAVES)
TIME, OTHER_SHAPE, OVER = "time", "other_shape", "over"


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes of one person: her fate, and her class year in the new year."""

    fate: str
    class_year: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A live place in a group."""

    membership: int
    mentorship: int
    enrollment: int
    role: str
    started_at: datetime
    stands_in: bool = False

    @property
    def mentors(self) -> bool:
        return self.role in MENTOR_ROLES


@dataclass
class GroupTurn:
    """One group on its way into the new year."""

    mentorship: int
    name: str
    shape: str
    started_at: datetime
    # In which year of its life it will be, counted from 1.
    age: int = 1
    stays: list[Place] = field(default_factory=list)
    ends: list[tuple[Place, str]] = field(default_factory=list)
    over: bool = False

    @property
    def students(self) -> list[Place]:
        return [place for place in self.stays if not place.mentors]

    @property
    def leaders(self) -> list[Place]:
        return [place for place in self.stays if place.mentors]


def ways_planned(roll_over: RollOver) -> dict[int, Way]:
    """What is planned for everybody, before it is done."""
    rows = Travelers(roll_over).rows
    return {row.enrollment: Way(row.fate, row.class_after) for row in rows}


def ways_taken(roll_over: RollOver) -> dict[int, Way]:
    """What became of everybody, by the passages of a roll-over that is being done."""
    rows = roll_over.passages.values_list("enrollment_id", "fate", "class_after")
    return {pk: Way(fate, class_year) for pk, fate, class_year in rows}


def turns(roll_over: RollOver, ways: Mapping[int, Way]) -> list[GroupTurn]:
    """Every live group of the cohort, in the order of their beginning; a few queries."""
    turning = _Turning(roll_over, ways)
    found = _groups(roll_over)
    for group in found:
        group.age = turning.years.served(group.started_at) + 1
        turning.turn(group)
    return found


class _Turning:
    """Decides place by place; everything it asks for was read before."""

    def __init__(self, roll_over: RollOver, ways: Mapping[int, Way]) -> None:
        self.ways = ways
        self.years = Years.of(roll_over)
        self.spec = spec_of(roll_over)
        self.listed = shaped.described(self.spec)
        self.shapes = {shape.slug: shape for shape in self.spec.shapes}

    def turn(self, group: GroupTurn) -> None:
        """Sort the places of a group into those that stay and those that end."""
        shape = self.shapes.get(group.shape)
        places, group.stays = group.stays, []
        if shape is None or _through(shape, self.years, group):
            group.ends = [(place, self._gone(place) or OVER) for place in places]
            group.over = True
            return
        for place in places:
            why = self._why(place, shape, group)
            if why:
                group.ends.append((place, why))
            else:
                group.stays.append(place)
        if _empty(shape, group):
            group.ends += [(place, OVER) for place in group.stays]
            group.stays, group.over = [], True

    def _gone(self, place: Place) -> str:
        way = self.ways.get(place.enrollment)
        return "" if way is None or way.fate in GOING else str(way.fate)

    def _why(self, place: Place, shape: Shape, group: GroupTurn) -> str:
        """Why a place ends with the year; empty: it goes on."""
        if gone := self._gone(place):
            return gone
        if place.stands_in:
            return ""
        if _time_over(place, shape, self.years, group):
            return TIME
        way = self.ways.get(place.enrollment)
        if place.role != Role.STUDENT or way is None or way.class_year is None:
            return ""
        if way.fate == PassageFate.UP and way.class_year not in self.spec.paused_class_years:
            hers = shaped.belongs(self.listed, self.spec, way.class_year)
            return "" if shape.slug in hers else OTHER_SHAPE
        return ""


def times_up(roll_over: RollOver) -> set[int]:
    """Juniors whose time is over in every group they have a place in."""
    years, spec = Years.of(roll_over), spec_of(roll_over)
    known = {shape.slug: shape for shape in spec.shapes}
    up: Counter[int] = Counter()
    all_: Counter[int] = Counter()
    for group in _groups(roll_over):
        shape = known.get(group.shape)
        for place in group.stays:
            if place.role == Role.JUNIOR_MENTOR and not place.stands_in:
                all_[place.enrollment] += 1
                up[place.enrollment] += shape is None or _time_over(place, shape, years, group)
    return {pk for pk, number in all_.items() if number == up[pk]}


def _groups(roll_over: RollOver) -> list[GroupTurn]:
    rows = Mentorship.objects.filter(cohort=roll_over.cohort_id, state__in=Mentorship.LIVE)
    found = {
        pk: GroupTurn(pk, name, shape, started)
        for pk, name, shape, started in rows.order_by("pk").values_list(
            "pk", "name", "shape", "started_at"
        )
    }
    seats = Membership.objects.filter(
        mentorship__cohort=roll_over.cohort_id,
        mentorship__state__in=Mentorship.LIVE,
        ended_at=None,
    ).order_by("pk")
    fields = ("pk", "mentorship_id", "enrollment_id", "role", "started_at", "ends_at")
    for pk, mentorship, enrollment, role, started_at, ends_at in seats.values_list(*fields):
        place = Place(pk, mentorship, enrollment, role, started_at, ends_at is not None)
        found[mentorship].stays.append(place)
    return list(found.values())


class Years:
    """In which of the cohort's years something began; counted by the roll-overs between them."""

    def __init__(self, cohort: Cohort, new: int) -> None:
        self.new = new
        self.zone = cohort.zone
        self.editions = [one for one in cohort.years if one.number < new]
        done = cohort.roll_overs.filter(number__lt=new)
        self.done = {one.number: one.done_at for one in done if one.done_at is not None}

    @classmethod
    def of(cls, roll_over: RollOver) -> "Years":
        """Up to the year that this roll-over begins."""
        return cls(roll_over.cohort, roll_over.number)

    @classmethod
    def until(cls, cohort: Cohort, number: int) -> "Years":
        """Up to a year that has begun: what begins in it has served none."""
        found = cls(cohort, number + 1)
        found.new = number
        return found

    def served(self, since: datetime) -> int:
        """How many years have passed since then when the new one begins."""
        return self.new - self._number(since)

    def _number(self, since: datetime) -> int:
        day, number = since.astimezone(self.zone).date(), 1
        for before, edition in zip(self.editions, self.editions[1:], strict=False):
            done = self.done.get(edition.number)
            begun = since >= done if done is not None else day > before.ends
            if begun:
                number = edition.number
        return number


def _through(shape: Shape, years: Years, group: GroupTurn) -> bool:
    """Whether the whole group lasts no longer, and none takes its place."""
    lasts = shape.lasts
    timed = lasts.unit == "year" and shape.renews == "never"
    return timed and years.served(group.started_at) >= lasts.length


def _time_over(place: Place, shape: Shape, years: Years, group: GroupTurn) -> bool:
    seat = shape.seat(place.role)
    return seat is not None and (
        _lasted(seat, years.served(place.started_at))
        or _outgrown(seat, years.served(group.started_at) + 1)
    )


def _lasted(seat: Seat, served: int) -> bool:
    lasts = seat.lasts
    if lasts is None:
        return False
    if lasts.unit == "year":
        return served >= lasts.length
    # A place for some sessions or a term never outlives the year.
    return lasts.unit in {"session", "term"} and served >= 1


def _outgrown(seat: Seat, age: int) -> bool:
    """Whether a group of that age, in years from 1, has this seat no more."""
    span = seat.group_years
    return span is not None and span.max is not None and age > span.max


def _empty(shape: Shape, group: GroupTurn) -> bool:
    """Whether nothing is left to go on with.

    A group waits for a new mentor, and one that renews yearly for new students; a pair is over.
    """
    people = shape.people(Role.STUDENT)
    pair = people is not None and people.max == 1
    if not group.stays:
        return True
    if not group.students:
        return shape.renews != "yearly"
    return pair and not group.leaders
