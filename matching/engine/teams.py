"""Who leads a group together: teams of mentoring people, drawn before students join them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True)
class Candidate:
    """Somebody who can lead: in so many groups more, with traits that co-leaders may differ in.

    Where lots are drawn people stand in the order of ``lot``, then of ``id``.
    """

    id: int
    person: int
    groups: int
    traits: tuple[str, ...] = ()
    lot: int = 0


@dataclass(frozen=True)
class Seat:
    """A role in a team, and how many people of it one team has."""

    role: str
    least: int
    most: int


@dataclass
class Team:
    """The people of one team, in the order of the seats: the first leads."""

    members: list[tuple[Candidate, str]] = field(default_factory=list)

    def holds(self, candidate: Candidate) -> bool:
        return any(member.person == candidate.person for member, _role in self.members)

    def count(self, role: str) -> int:
        return sum(one == role for _member, one in self.members)


def possible(seats: Sequence[Seat], pool: Mapping[str, Sequence[Candidate]]) -> int:
    """How many complete teams these people make at most; nobody is twice in one."""
    asked = [(seat, [c.groups for c in pool.get(seat.role, ())]) for seat in seats if seat.least]
    number = min((sum(groups) // seat.least for seat, groups in asked), default=0)
    while number and not all(
        sum(min(one, number) for one in groups) >= number * seat.least for seat, groups in asked
    ):
        number -= 1
    return number


def form(
    seats: Sequence[Seat],
    pool: Mapping[str, Sequence[Candidate]],
    *,
    wanted: int,
    seed: str,
    unlike: bool = False,
) -> list[Team]:
    """At most ``wanted`` complete teams, drawn by lot; who is left over joins, up to the most.

    Nobody is in more groups than she can take, nor twice in one. With ``unlike``, people who
    differ in their traits are put together, as far as there are. The same seed and people give
    the same teams.
    """
    chance = Random(seed)  # noqa: S311 (a lot, no secret)
    number = min(wanted, possible(seats, pool))
    teams = [Team() for _ in range(number)]
    order = {role: _drawn(people, chance, unlike=unlike) for role, people in pool.items()}
    for seat in seats:
        _seat(teams, seat, order.get(seat.role, []))
    complete = [t for t in teams if all(t.count(seat.role) >= seat.least for seat in seats)]
    _add_the_rest(complete, seats, order)
    return complete


def _drawn(people: Sequence[Candidate], chance: Random, *, unlike: bool) -> list[Candidate]:
    """In an order of chance; those with the same traits in a row, where these are to be parted."""
    drawn = chance.sample(sorted(people, key=lambda c: (c.lot, c.id)), len(people))
    if unlike:
        traits = sorted({part for c in drawn for part in enumerate(c.traits)})
        lot = {part: chance.random() for part in traits}
        drawn.sort(key=lambda c: [lot[part] for part in enumerate(c.traits)])
    return drawn


def _seat(teams: Sequence[Team], seat: Seat, people: Sequence[Candidate]) -> None:
    """Deals the people of one role around: who comes next sits in the next team.

    So nobody sits twice in one, and neighbors in the order sit in different ones.
    """
    picks = _picks(people, len(teams), len(teams) * seat.least)
    for position in range(len(picks)):
        team = teams[position % len(teams)]
        if team.holds(picks[position]):
            _swap(teams, picks, position)
        if not team.holds(picks[position]):
            team.members.append((picks[position], seat.role))


def _picks(people: Sequence[Candidate], number: int, wanted: int) -> list[Candidate]:
    """Each person as often as she leads, as evenly as can be, all her times in a row."""
    times = dict.fromkeys((c.id for c in people), 0)
    while sum(times.values()) < wanted:
        able = [c for c in people if times[c.id] < min(c.groups, number)]
        if not able:
            break
        for candidate in able[: wanted - sum(times.values())]:
            times[candidate.id] += 1
    return [candidate for candidate in people for _ in range(times[candidate.id])]


def _swap(teams: Sequence[Team], picks: list[Candidate], position: int) -> None:
    """Who holds another role in the team already changes places with somebody still to come."""
    here = teams[position % len(teams)]
    for other in range(position + 1, len(picks)):
        there = teams[other % len(teams)]
        if not here.holds(picks[other]) and not there.holds(picks[position]):
            picks[position], picks[other] = picks[other], picks[position]
            return


def _add_the_rest(
    teams: Sequence[Team], seats: Sequence[Seat], order: Mapping[str, Sequence[Candidate]]
) -> None:
    leading = {member.id for team in teams for member, _role in team.members}
    for seat in seats:
        for candidate in order.get(seat.role, []):
            if candidate.id in leading or not candidate.groups:
                continue
            open_ = [t for t in teams if t.count(seat.role) < seat.most and not t.holds(candidate)]
            if open_:
                min(open_, key=lambda t: t.count(seat.role)).members.append((candidate, seat.role))
