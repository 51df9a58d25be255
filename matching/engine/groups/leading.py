"""How many groups there are, and who leads each together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.engine import teams as drawing
from matching.engine.exact import solve as solve_transport
from matching.engine.groups.hours import meeting
from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.scores import group_scores, team_hours
from matching.engine.groups.traits import Ints, Team
from matching.engine.problem import Problem

ROUNDS = 4
BONUS = 10**8
"""More than any score."""


def possible(instance: GroupInstance) -> int:
    """How many teams the leaders make at most."""
    return drawing.possible(_seats(instance), _pool(instance, range(len(instance.leaders))))


def form(instance: GroupInstance, number: int, seed: int, draw: int = 0) -> list[Team]:
    """So many teams, or as many as leaders allow, that suit the students.

    Drawn by lot, people unlike each other together; then those who are alike change places, or
    give theirs to somebody without a group, while that helps students, or helps the team to
    hours in common where these are asked. Whom a student is pinned to leads. In the end those
    without a group join one, where a group can have more of their role. A later ``draw`` is another
    lot, in which nobody changes places for the sake of scores.
    """
    number = min(number, possible(instance))
    chosen = _who_lead(instance, number)
    drawn = drawing.form(
        _seats(instance),
        _pool(instance, chosen),
        wanted=number,
        seed=f"{seed}:groups:{draw}" if draw else f"{seed}:groups",
        unlike=bool(instance.shape.unlike),
    )
    teams = [tuple(member.id for member, _role in team.members) for team in drawn]
    if not draw or instance.shape.common_hours:
        teams = _bettered(instance, teams)
    return _joined(instance, teams)


def _bettered(instance: GroupInstance, teams: list[Team]) -> list[Team]:
    """After changes of place, unless one person would be twice in a team."""
    better = teams
    if instance.shape.common_hours:
        better = meeting(instance, teams)
    else:
        for _ in range(ROUNDS):
            before, better = better, _reseated(instance, better)
            if better == before:
                break
    people = [[_person(instance, at) for at in team] for team in better]
    return teams if any(len({*team}) < len(team) for team in people) else better


def _joined(instance: GroupInstance, teams: Sequence[Team]) -> list[Team]:
    """With those who lead no group yet, as far as teams can have more of their role."""
    found = [list(team) for team in teams]
    for role, more in sorted(instance.shape.extra.items()):
        most = instance.shape.seats.get(role, 0) + more
        for at, leader in enumerate(instance.leaders):
            if leader.role != role or not leader.groups or any(at in team for team in found):
                continue
            able = [team for team in found if _has_room(instance, team, at, most)]
            if able:
                min(able, key=len).append(at)
    return [tuple(team) for team in found]


def _has_room(instance: GroupInstance, team: Sequence[int], at: int, most: int) -> bool:
    of_role = sum(instance.leaders[one].role == instance.leaders[at].role for one in team)
    twice = any(_person(instance, one) == _person(instance, at) for one in team)
    hours = team_hours(instance, (*team, at)).bit_count() >= instance.shape.common_hours
    return of_role < most and not twice and hours


def _person(instance: GroupInstance, at: int) -> str:
    return instance.leaders[at].person or instance.leaders[at].name


def _seats(instance: GroupInstance) -> list[drawing.Seat]:
    asked = sorted(instance.shape.seats.items())
    return [drawing.Seat(role, number, number) for role, number in asked if number]


def _pool(
    instance: GroupInstance, leaders: Sequence[int] | range
) -> dict[str, list[drawing.Candidate]]:
    pool: dict[str, list[drawing.Candidate]] = {}
    people = {_person(instance, at): at for at in range(len(instance.leaders))}
    for at in leaders:
        one = instance.leaders[at]
        if one.groups > 0 and instance.shape.seats.get(one.role):
            candidate = drawing.Candidate(
                at, people[_person(instance, at)], one.groups, _traits(instance, at)
            )
            pool.setdefault(one.role, []).append(candidate)
    return pool


def _traits(instance: GroupInstance, leader: int) -> tuple[str, ...]:
    traits = instance.leaders[leader].traits
    return tuple(traits.get(name, "") for name in instance.shape.unlike)


def _who_lead(instance: GroupInstance, number: int) -> list[int]:
    """Those to whom students are pinned, or for whom named, then those who suit students best.

    All of these lead one group before anybody leads a second. Where co-leaders are to be unlike,
    of one sort no more than there are teams come before others.
    """
    pinned = {leader for _student, leader in (*instance.pinned, *instance.named)}
    best = -np.sort(-np.maximum(instance.scores.astype(np.int64), 0), axis=0)
    worth = best[: max(1, instance.shape.most or instance.shape.least)].sum(axis=0)
    ranked = sorted(
        range(len(instance.leaders)), key=lambda at: (at not in pinned, -int(worth[at]), at)
    )
    chosen: list[int] = []
    for role, seats in sorted(instance.shape.seats.items()):
        of_role = [at for at in ranked if instance.leaders[at].role == role]
        chosen += _of_role(instance, of_role, number, seats, pinned)
    return chosen


def _of_role(
    instance: GroupInstance, ranked: Sequence[int], number: int, seats: int, pinned: set[int]
) -> list[int]:
    room, sorts = number * seats, Counter[tuple[str, ...]]()
    first: list[int] = []
    later: list[int] = []
    for at in ranked:
        sort = _traits(instance, at)
        crowded = bool(instance.shape.unlike) and seats > 1 and sorts[sort] >= number
        (later if crowded and at not in pinned else first).append(at)
        sorts[sort] += bool(instance.leaders[at].groups)
    found: list[int] = []
    for at in [*first, *later]:
        if room > 0 or at in pinned:
            found.append(at)
            room -= bool(instance.leaders[at].groups)
    return found


def _reseated(instance: GroupInstance, teams: Sequence[Team]) -> list[Team]:
    """The teams after people of one role and sort were given the seats where they do best.

    That is, given which students would join which team now.
    """
    if not teams or not instance.students:
        return list(teams)
    scores = group_scores(instance, teams)
    size = instance.shape.most or -(-len(instance.students) // len(teams))
    places = np.full(len(teams), size, np.int64)
    joins = solve_transport(Problem(scores, places, BONUS)).chosen
    single = instance.scores.astype(np.int64)
    single[single < 0] = 0
    for i, leader in instance.barred:
        single[i, leader] = -BONUS
    worth = np.array([single[joins == k].sum(axis=0) for k in range(len(teams))], np.int64)
    seats: dict[tuple[str, tuple[str, ...]], list[tuple[int, int]]] = {}
    for k, team in enumerate(teams):
        for n, at in enumerate(team):
            seats.setdefault(sort_of(instance, at), []).append((k, n))
    found = [list(team) for team in teams]
    for sort, places_of in sorted(seats.items()):
        _reseat(instance, found, sort, places_of, worth)
    return [tuple(team) for team in found]


def sort_of(instance: GroupInstance, leader: int) -> tuple[str, tuple[str, ...]]:
    """Leaders of one sort can change places: nobody is then less unlike her co-leaders."""
    return instance.leaders[leader].role, _traits(instance, leader)


def _level(groups: Sequence[int], seats: int) -> int:
    """How many groups the busiest leads if these people share so many seats evenly."""
    level = 1
    while level < max(groups, default=1) and sum(min(one, level) for one in groups) < seats:
        level += 1
    return level


def _reseat(
    instance: GroupInstance,
    teams: list[list[int]],
    sort: tuple[str, tuple[str, ...]],
    seats: Sequence[tuple[int, int]],
    worth: Ints,
) -> None:
    people = [at for at in range(len(instance.leaders)) if sort_of(instance, at) == sort]
    level = _level([instance.leaders[at].groups for at in people], len(seats))
    each = {at: min(instance.leaders[at].groups, level, len(teams)) for at in people}
    copies = [at for at in people for _ in range(each[at])]
    pinned = {leader for _student, leader in instance.pinned}
    gain = worth[np.array([k for k, _ in seats])][:, copies].astype(np.float64)
    first = {at: copies.index(at) for at in people if at in copies}
    for at, column in first.items():  # as evenly as can be
        gain[:, column : column + min(each[at], level - 1)] += float(BONUS)
    gain[:, [first[at] for at in pinned & set(first)]] += float(BONUS) * BONUS
    rows, columns = linear_sum_assignment(-gain)
    taken = [copies[int(column)] for column in columns]
    placed = [(seats[int(row)][0], at) for row, at in zip(rows, taken, strict=True)]
    if len(set(placed)) < len(placed):  # nobody leads one group twice
        return
    for row, at in zip(rows, taken, strict=True):
        k, n = seats[int(row)]
        teams[k][n] = at
