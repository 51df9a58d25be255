"""Solves one goal of a task: a linear program for the bound, then whole numbers near it.

Effort is limited by the number of nodes of branch and bound, not by time, so that machines agree.
A time limit is only there for the worst case; what a search had found when it struck is thrown
away, since another machine would have found something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import vstack

from matching.engine.exact import solve as solve_transport
from matching.engine.groups.model import Floats, Goal, Model
from matching.engine.groups.proof import Proof, prove
from matching.engine.groups.task import Task
from matching.engine.groups.traits import Bools, Ints
from matching.engine.problem import Problem

EXACT_PAIRS = 2_500
"""Up to so many pairs all are searched; beyond, those near the bound first."""
ALL_PAIRS = 60_000
"""Up to so many the linear program starts from all pairs."""
MOST_PAIRS = 12_000
"""Up to so many all are searched in whole numbers if the search near the bound finds nothing."""
NEAR, WIDE = 3, 8
WHOLE = 1e-6
FIRST = 12
ROUNDS = 4
EFFORTS = ((300, 5_000, 0.0), (EXACT_PAIRS, 50, 1e-4), (inf, 1, 1e-3))
"""Up to so many pairs: so many nodes, and the gap to the bound at which the search may end."""


@dataclass(frozen=True)
class Found:
    """``chosen`` is ``None`` where nothing was found; ``impossible`` where nothing can be.

    ``value`` is what was sought, ``bound`` what it cannot exceed.
    """

    chosen: Ints | None = None
    value: int = 0
    bound: int | None = None
    impossible: bool = False

    @property
    def exact(self) -> bool:
        return self.chosen is not None and self.value == self.bound


def seek(task: Task, goal: Goal, seconds: float) -> Found:
    """The best there is for this goal, as far as the effort reaches."""
    allowed = task.allowed
    if not allowed.any():
        empty = np.full(len(task.kinds), -1, np.int64)
        impossible = any(goal.placed) or (goal.full and bool(task.able.any()))
        return Found(None if impossible else empty, 0, 0, impossible)
    every = int(np.count_nonzero(allowed))
    if goal.aim != "total":
        if every <= ALL_PAIRS:
            return _whole(Model(task, allowed, goal), seconds)
        found = _whole(Model(task, _first(task, allowed), goal), seconds, complete=False)
        return Found(found.chosen, found.value)  # other pairs might have done better
    relaxed = _relaxed(task, goal)
    if relaxed is None:
        return Found(impossible=every <= ALL_PAIRS)
    return _rounded(relaxed) or _near(task, goal, relaxed, seconds)


@dataclass(frozen=True)
class Relaxed:
    """A linear program's answer, which may halve students, and the bound its prices prove."""

    model: Model
    proof: Proof
    values: Floats


def _rounded(relaxed: Relaxed) -> Found | None:
    """Nobody is halved more often than not, where nothing but places is scarce."""
    whole = np.rint(relaxed.values)
    if np.abs(relaxed.values - whole).max(initial=0) > WHOLE:
        return None
    value = int(relaxed.model.worth @ whole.astype(np.int64))
    return Found(relaxed.model.chosen(whole), value, max(value, relaxed.proof.bound))


def _near(task: Task, goal: Goal, relaxed: Relaxed, seconds: float) -> Found:
    """Whole numbers near the linear program's answer; of a small task, and if there are none
    near, among all pairs."""
    proof, allowed = relaxed.proof, task.allowed
    every = int(np.count_nonzero(allowed))
    found = Found()
    for near in (NEAR, WIDE) if every > EXACT_PAIRS else ():
        best = _nearest(proof.loss, allowed, near) | _must_stay(task, allowed) | _used(relaxed)
        found = _whole(Model(task, best, goal), seconds, complete=False)
        found = _for_all(found, proof, allowed & ~best)
        if found.chosen is not None:
            break
    if found.chosen is None and every <= MOST_PAIRS:
        found = _whole(Model(task, allowed, goal), seconds)
    if found.chosen is None:
        return Found(bound=proof.bound, impossible=found.impossible)
    bound = proof.bound if found.bound is None else min(found.bound, proof.bound)
    return Found(found.chosen, found.value, max(bound, found.value))


def _used(relaxed: Relaxed) -> Bools:
    """The pairs of the linear program's answer."""
    used = np.zeros(relaxed.model.task.allowed.shape, np.bool_)
    taken = np.nonzero(relaxed.values[: len(relaxed.model.block)] > WHOLE)[0]
    used[relaxed.model.block[taken], relaxed.model.group[taken]] = True
    return used


def _relaxed(task: Task, goal: Goal) -> Relaxed | None:
    """The linear program and the bound its prices prove; nothing where not even that is possible.

    Of a large task it starts from few pairs and takes in more while they could still help.
    """
    allowed = task.allowed
    pairs = allowed if np.count_nonzero(allowed) <= ALL_PAIRS else _first(task, allowed)
    for at in range(ROUNDS):
        model = Model(task, pairs, goal)
        solved = _solved(model)
        if solved is None:
            return None
        prices, values = solved
        proof = prove(model, prices)
        helpful = (proof.loss < _of_model(model, proof)[:, None]) & allowed & ~pairs
        if at + 1 == ROUNDS or not helpful.any():
            break
        pairs = pairs | helpful & (_nearest(proof.loss, allowed, FIRST))
    return Relaxed(model, proof, values)


def _of_model(model: Model, proof: Proof) -> Ints:
    """The loss of each block's best pair in the model: 0, unless one left out is better."""
    least = np.full(len(model.task.kinds), 0, np.int64)
    inside = np.full(model.task.allowed.shape, np.iinfo(np.int64).max)
    inside[model.block, model.group] = proof.loss[model.block, model.group]
    least[model.placeable] = inside.min(axis=1)[model.placeable]
    return least


def _first(task: Task, allowed: Bools) -> Bools:
    """Each block's best groups at the prices of a plain transport problem."""
    places = np.full(len(task.able), max(1, -(-len(task.kinds) // max(1, len(task.able)))))
    rough = solve_transport(Problem(np.where(allowed, task.weights, -1), places, 0)).prices
    return _nearest(rough[None, :] - task.weights, allowed, FIRST) | _must_stay(task, allowed)


def _nearest(loss: Ints, allowed: Bools, count: int) -> Bools:
    """Of each block the allowed pairs with the least loss."""
    loss = np.where(allowed, loss, np.iinfo(np.int64).max)
    count = min(count, loss.shape[1])
    part = np.zeros(loss.shape, np.bool_)
    best = np.argsort(loss, axis=1, kind="stable")[:, :count]
    np.put_along_axis(part, best, values=True, axis=1)
    return part & allowed


def _must_stay(task: Task, allowed: Bools) -> Bools:
    """All pairs of blocks that are to be apart, and all there are where hours are decided."""
    stay = np.zeros(allowed.shape, np.bool_)
    stay[sorted({block for pair in task.apart for block in pair})] = True
    if task.hours:
        stay[:] = True
    return stay & allowed


def _solved(model: Model) -> tuple[Floats, Floats] | None:
    """What each rule costs in the linear program, and its answer; ``None`` where it has none."""
    matrix = model.matrix()
    least, most = np.array(model.rows.least), np.array(model.rows.most)
    equal = least == most
    up, down = ~equal & np.isfinite(most), ~equal & np.isfinite(least)
    found = linprog(  # type: ignore[call-overload]
        -model.worth.astype(np.float64),
        A_ub=vstack([matrix[up], -matrix[down]], format="csr"),
        b_ub=np.concatenate([most[up], -least[down]]),
        A_eq=matrix[equal],
        b_eq=least[equal],
        bounds=np.column_stack([model.lower, model.upper]),
        method="highs-ds",
    )
    if found.status == 2:
        return None
    prices = np.zeros(len(least))
    if found.status:
        return prices, np.full(len(model.lower), 0.5)
    prices[equal] = -found.eqlin.marginals
    marginals = -found.ineqlin.marginals
    prices[up] += marginals[: up.sum()]
    prices[down] -= marginals[up.sum() :]
    return prices, found.x


def _whole(model: Model, seconds: float, *, complete: bool = True) -> Found:
    """Branch and bound on the pairs of the model; ``complete`` says that these are all."""
    nodes, gap = next((n, g) for pairs, n, g in EFFORTS if len(model.block) <= pairs)
    result = milp(
        -model.worth.astype(np.float64),
        constraints=LinearConstraint(model.matrix(), model.rows.least, model.rows.most),
        bounds=Bounds(np.array(model.lower), np.array(model.upper)),
        integrality=np.ones(len(model.lower), np.int64),
        options={
            "time_limit": float(seconds),
            "node_limit": nodes,
            "mip_rel_gap": gap if model.goal.aim == "total" else 0.0,
        },
    )
    if result.status == 2:
        return Found(impossible=complete)
    if result.x is None or _out_of_time(result):
        return Found()
    values = np.rint(result.x).astype(np.int64)
    dual = result.mip_dual_bound
    value = int(model.worth @ values)
    bound: int | None
    if result.status == 0 and (gap == 0 or model.goal.aim != "total"):
        bound = value
    else:
        bound = None if dual is None or abs(dual) == inf else int(np.floor(-dual + 0.01))
    return Found(model.chosen(result.x), value, bound)


def _out_of_time(result: OptimizeResult) -> bool:
    return "time limit" in result.message.lower()


def _for_all(found: Found, proof: Proof, left_out: Bools) -> Found:
    """A bound of the pairs near the optimum, made one for all: with any other the loss is known."""
    if found.bound is None or not left_out.any():
        return found
    least = int(proof.loss[left_out].min())
    with_others = proof.bound - least // 1024
    return Found(found.chosen, found.value, max(found.bound, with_others))
