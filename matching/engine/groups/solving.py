"""Forms groups: teams first, then the students of each, and says how good that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matching.engine.groups import hours, kinds, leading, sizes
from matching.engine.groups.checking import check
from matching.engine.groups.explaining import explain
from matching.engine.groups.instance import GroupInstance, GroupResult, Leaders
from matching.engine.groups.model import Goal
from matching.engine.groups.report import (
    as_seated,
    balances,
    begun_groups,
    idle_teams,
    spread,
    standing,
)
from matching.engine.groups.search import EXACT_PAIRS, Found, seek
from matching.engine.groups.start import start
from matching.engine.groups.swaps import polished
from matching.engine.groups.task import Task, build
from matching.engine.groups.traits import Ints, Kind, Team, kinds_of

TRIES = 6
DRAWS = 4
LADDER = (2, 3, 5, 8)
TASTES = (5, 3, 2, 1, 0)


@dataclass(frozen=True)
class Choice:
    """Students' places in these teams, and whether nothing earlier goals ask can be better."""

    task: Task
    teams: list[Team]
    chosen: Ints
    bound: int
    proven: bool
    full: bool = False

    @property
    def placed(self) -> tuple[int, int]:
        """Pinned students and students with a place."""
        there = self.chosen >= 0
        return int(self.task.pins[there].sum()), int(self.task.sizes[there].sum())

    @property
    def quality(self) -> tuple[int, ...]:
        """What is sought, the first thing first."""
        uneven = [max(1, spread(self.task, self.chosen, t)) for t in range(self.task.traits)]
        return (*standing(self.task, self.chosen), *(-one for one in uneven), self.total)

    @property
    def total(self) -> int:
        there = np.nonzero(self.chosen >= 0)[0]
        return int(self.task.weights[there, self.chosen[there]].sum())


def solve_groups(instance: GroupInstance, seed: int = 0, seconds: float = 10) -> GroupResult:
    """Groups for these students; the same for the same people, scores and seed.

    Pins come first, then as many students as can be placed, then as many groups begun, then the
    least difference in each balanced trait (1 is good enough), then the greatest total; all that
    for teams of leaders that are formed beforehand, and for the groups that stand. More teams are
    tried while students are left over, there are leaders for them, and no number is ``wanted``;
    then other teams, where there are places enough; then smaller groups, where they may be
    ``short``. The order in which people and scores are given never matters.

    No single search lasts longer than ``seconds``; what ends it is nearly always the number of
    steps, which is the same on every machine.
    """
    check(instance)
    instance = instance.shuffled(seed)
    best = _best(instance, seed, seconds)
    if instance.shape.short and _are_short(best):
        instance, best = _smaller(instance, best, seed, seconds)
    return _result(instance, seed, best)


def drawn_teams(instance: GroupInstance, seed: int) -> list[tuple[Leaders, Kind]]:
    """The new teams that ``solve_groups`` starts from, each with a kind of students to lead.

    For those who give students to them in another way; of teams that no kind needs nothing is said.
    """
    check(instance)
    instance = instance.shuffled(seed)
    teams = leading.form(instance, _number(instance), seed)
    of_kind, found = kinds.given(instance, teams), kinds_of(instance)[0]
    return [
        (as_seated(instance, teams[j]), found[k])
        for j, k in zip(*map(list, np.nonzero(of_kind)), strict=True)
    ]


def _number(instance: GroupInstance) -> int:
    """So many groups are to be begun, as far as leaders and students suffice."""
    most = min(leading.possible(instance), sizes.at_most(instance))
    return min(most, sizes.needed(instance) if instance.wanted is None else instance.wanted)


def _best(instance: GroupInstance, seed: int, seconds: float) -> Choice:
    most = min(leading.possible(instance), sizes.at_most(instance))
    number = _number(instance)
    best = _with(instance, number, seed, seconds)
    for _ in range(TRIES if instance.wanted is None else 0):
        if number >= most or best.placed[1] == len(instance.students):
            break
        number = min(most, number + max(1, number // 8))
        more = _with(instance, number, seed, seconds)
        best = max(best, more, key=lambda one: one.placed)
    for draw in range(1, DRAWS):
        if best.placed[1] == len(instance.students) or not _has_places(instance, best):
            break
        more = _with(instance, number, seed, seconds, draw)
        best = max(best, more, key=lambda one: one.placed)
    return best


def _has_places(instance: GroupInstance, best: Choice) -> bool:
    """Whether there would be places for all, if only others led together."""
    there = sum(len(one.members) for one in instance.standing)
    most = instance.shape.most * len(best.teams) - there
    return len(best.teams) > 1 and (not instance.shape.most or most >= len(instance.students))


def _are_short(best: Choice) -> bool:
    """Whether somebody is left over whom a group could take that is not full."""
    task, chosen = best.task, best.chosen
    left = task.allowed & (chosen < 0)[:, None]
    for j in np.nonzero(left.any(axis=0))[0].tolist():
        sizes_of = [f for f, one in enumerate(task.features) if one.trait < 0 and one.kind >= 0]
        most = task.most_of(j, sizes_of[0])
        if most is None or int(task.sizes[chosen == j].sum()) < most:
            return True
    return False


def _smaller(
    instance: GroupInstance, best: Choice, seed: int, seconds: float
) -> tuple[GroupInstance, Choice]:
    """With the greatest least number of students in a group that places as many as none would."""

    def tried(least: int) -> tuple[GroupInstance, Choice]:
        smaller = replace(instance, shape=replace(instance.shape, least=least))
        return smaller, _best(smaller, seed, seconds)

    low, high = 1, instance.shape.least
    found = tried(low)
    if high <= low or found[1].placed <= best.placed:
        return instance, best
    while high - low > 1:
        between = (low + high) // 2
        more = tried(between)
        if more[1].placed >= found[1].placed:
            low, found = between, more
        else:
            high = between
    return found


def _with(instance: GroupInstance, number: int, seed: int, seconds: float, draw: int = 0) -> Choice:
    formed = leading.form(instance, number, seed, draw)
    teams = [*(one.leaders for one in instance.standing), *formed]
    able = kinds.able(instance, teams)
    used = [k for k in range(len(teams)) if k < len(instance.standing) or able[k].any()]
    teams = [teams[k] for k in used]
    task = build(instance, teams, able[used])
    return _chosen(task, teams, seconds)


def _chosen(task: Task, teams: list[Team], seconds: float) -> Choice:
    if not task.hours or hours.few(task):
        return decide(task, teams, seconds)
    longing = np.zeros(len(task.kinds), np.int64)
    found = []
    for taste in TASTES:
        fixed = decide(hours.chosen(task, longing, taste), teams, seconds)
        found.append(replace(fixed, task=task, chosen=polished(task, fixed.chosen)))
        left = (fixed.chosen < 0) & task.allowed.any(axis=1)
        longing += np.where(left, 8, 0)
    best = max(found, key=lambda one: one.quality)
    everybody = (best.chosen >= 0) | ~task.allowed.any(axis=1)
    full = best.full and bool(everybody.all())
    bound = most_for_each(task)
    if full:  # then what could be had without asking for hours is a bound
        bound = decide(replace(task, hours=0), teams, seconds).bound
    return replace(best, bound=bound, proven=full, full=full)


def most_for_each(task: Task) -> int:
    """What students could have at most, each for herself."""
    return int(np.where(task.allowed, task.weights, 0).max(axis=1, initial=0).sum())


def decide(task: Task, teams: list[Team], seconds: float) -> Choice:
    """Goal by goal; first whether all of them can be reached at once, as is the rule."""
    even = (1,) * task.traits
    found = seek(task, Goal("total", full=True, spreads=even), seconds)
    if found.chosen is not None:
        return Choice(task, teams, found.chosen, found.bound or 0, proven=True, full=True)
    return _Steps(task, teams, seconds).run()


class _Steps:
    """Goal after goal; each keeps what the one before it reached."""

    def __init__(self, task: Task, teams: list[Team], seconds: float) -> None:
        self.task, self.teams, self.seconds = task, teams, seconds
        self.chosen = start(task)
        self.bound = most_for_each(task)
        self.proven = True

    def run(self) -> Choice:
        placed = self._improve(Goal("placed"))
        self.proven = placed.exact
        reached = standing(self.task, self.chosen)
        if not self._even(reached):
            self._less_and_less_uneven(reached)
        return Choice(self.task, self.teams, self.chosen, self.bound, self.proven)

    def _improve(self, goal: Goal) -> Found:
        found = seek(self.task, goal, self.seconds)
        if found.chosen is not None:
            now, new = standing(self.task, self.chosen), standing(self.task, found.chosen)
            self.chosen = self.chosen if new < now else found.chosen
        return found

    def _total(self, reached: tuple[int, int, int], spreads: tuple[int, ...]) -> bool:
        found = self._improve(Goal("total", placed=reached, spreads=spreads))
        self.bound = most_for_each(self.task) if found.bound is None else found.bound
        return found.chosen is not None

    def _even(self, reached: tuple[int, int, int]) -> bool:
        """Whether all traits can be spread as evenly as one wants at once."""
        return self._total(reached, (1,) * self.task.traits)

    def _less_and_less_uneven(self, reached: tuple[int, int, int]) -> None:
        if np.count_nonzero(self.task.allowed) > EXACT_PAIRS:
            self.proven = False
            if any(self._total(reached, (limit,) * self.task.traits) for limit in LADDER):
                return
        spreads: tuple[int, ...] = ()
        for trait in range(self.task.traits):
            step = self._improve(Goal("spread", placed=reached, spreads=spreads))
            self.proven = self.proven and step.exact
            spreads = (*spreads, max(1, spread(self.task, self.chosen, trait)))
        self._total(reached, spreads)


def _result(instance: GroupInstance, seed: int, best: Choice) -> GroupResult:
    placed = {int(i) for b in np.nonzero(best.chosen >= 0)[0] for i in best.task.members[int(b)]}
    unplaced = [i for i in range(len(instance.students)) if i not in placed]
    return GroupResult(
        seed=seed,
        groups=begun_groups(instance, best.task, best.teams, best.chosen),
        idle=idle_teams(instance, best.teams, best.chosen),
        unplaced=sorted(instance.students[i] for i in unplaced),
        total=best.total,
        bound=best.bound,
        proven=best.proven,
        balance=balances(instance, best.task, best.chosen),
        explanations=explain(instance, best.task, best.teams, best.chosen),
    )
