"""Why students are left over: the smallest reason that holds, as data.

Every reason has a ``code``, ``students`` (how many it is about) and ``names`` (those left over
for it). The codes:

``too_few_leaders``  no team is complete: ``role``, ``needed`` in one group, ``leaders`` there are
``too_few_to_begin`` fewer students than a group needs at least: ``least``
``none_possible``    no group takes her, even alone: ``causes``, how many groups each rule closes
``together``         she and those she must be with fit into no group together
``too_few_places``   a set of students has too few ``places`` in all groups that may take any of
                     them: all who are like her in what groups are alike or have quotas for; else
                     a set described by as few ``traits`` as can be; with ``among``, the names of
                     the set, where no traits describe one
``left_by``          it takes lifting ``rules``, as few as can be, to place more students
``search_ended``     none of these; more students might be placed, but none was found to be
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from matching.engine.groups import circles
from matching.engine.groups.instance import GroupInstance
from matching.engine.groups.leading import possible
from matching.engine.groups.model import Goal
from matching.engine.groups.places import Places, described, violator
from matching.engine.groups.report import standing
from matching.engine.groups.scores import free_of, group_scores
from matching.engine.groups.search import seek
from matching.engine.groups.task import Task, build, without
from matching.engine.groups.traits import Ints, Team, kinds_of

RULES = ("apart", "together", "common_hours", "least", "quota_least", "quota_most", "most")
SECONDS = 10.0
Reason = dict[str, Any]


def explain(
    instance: GroupInstance, task: Task, teams: Sequence[Team], chosen: Ints
) -> list[Reason]:
    """One reason for each set of students left over; together they name everybody left over."""
    left = [int(b) for b in np.nonzero(chosen < 0)[0]]
    if not left:
        return []
    everybody = [i for b in left for i in task.members[b]]
    if not teams:
        return [_no_team(instance, everybody)]
    found: list[Reason] = []
    waiting: list[int] = []
    for b in left:
        if not task.allowed[b].any():
            found.append(_impossible(instance, task, teams, b))
        else:
            waiting.append(b)
    found += _crowded(instance, task, teams, chosen, waiting)
    named = {name for reason in found for name in reason["names"]}
    rest = [i for b in waiting for i in task.members[b] if instance.students[i] not in named]
    if rest:
        found.append(_ruled(instance, task, teams, chosen, rest))
    return _merged(found)


def _names(instance: GroupInstance, students: Sequence[int]) -> list[str]:
    return sorted(instance.students[i] for i in students)


def _no_team(instance: GroupInstance, students: Sequence[int]) -> Reason:
    reason: Reason = {"students": len(students), "names": _names(instance, students)}
    for role, seats in instance.shape.seats.items():
        able = sum(one.groups > 0 and one.role == role for one in instance.leaders)
        if able < seats:
            return {
                "code": "too_few_leaders",
                "role": role,
                "needed": seats,
                "leaders": able,
            } | reason
    if instance.wanted == 0:
        return {"code": "left_by", "rules": ["wanted"]} | reason
    return {"code": "too_few_to_begin", "least": instance.shape.least} | reason


def _impossible(instance: GroupInstance, task: Task, teams: Sequence[Team], b: int) -> Reason:
    """No group takes this block: the reason of one of its students alone, or of their being one."""
    members = task.members[b]
    scores = group_scores(instance, teams, instance.standing)
    _kinds, kind_of = kinds_of(instance)
    for i in members:
        open_ = (scores[i] >= 0) & task.able[:, kind_of[i]]
        if not open_.any():
            causes = dict(sorted(Counter(_causes(instance, task, teams, i)).items()))
            names = _names(instance, members)
            return {"code": "none_possible", "causes": causes, "students": 1, "names": names}
    if len(members) == 1:  # a quota of nobody
        causes = {"quota_most": len(teams)}
        names = _names(instance, members)
        return {"code": "none_possible", "causes": causes, "students": 1, "names": names}
    return {
        "code": "together", "students": len(members), "names": _names(instance, members),
    }  # fmt: skip


def _causes(instance: GroupInstance, task: Task, teams: Sequence[Team], i: int) -> list[str]:
    """For each group the first rule that closes it to this student."""
    barred = {leader for student, leader in instance.barred if student == i}
    pinned = {leader for student, leader in instance.pinned if student == i}
    own = {leader for student, leader in instance.own if student == i}
    named = {leader for student, leader in instance.named if student == i}
    kind_of = kinds_of(instance)[1]
    closed = circles.closed(instance, teams)[i]
    found = []
    for j, team in enumerate(teams):
        if pinned - set(team):
            found.append("pinned")
        elif named and named.isdisjoint(team):
            found.append("named")
        elif closed[j]:
            found.append("circle" if own.isdisjoint(team) else "own")
        elif barred & set(team):
            found.append("barred")
        elif not (instance.scores[i, list(team)] >= 0).any():
            found.append("forbidden")
        elif not task.able[j, kind_of[i]]:
            found.append("alike")
        elif (task.open_hours[j] & free_of(instance)[i]).bit_count() < task.hours:
            found.append("common_hours")
    return found


def _crowded(
    instance: GroupInstance, task: Task, teams: Sequence[Team], chosen: Ints, waiting: Sequence[int]
) -> list[Reason]:
    """Sets of students with too few places; each of those left over is named once."""
    places = Places(instance, task, chosen)
    more_teams = possible(instance) > len(teams) - task.stand and instance.wanted is None
    found: list[Reason] = []
    named: set[int] = set()
    for b in waiting:
        if not named.isdisjoint(task.members[b]):
            continue
        student = task.members[b][0]
        hit = described(places, student) or violator(places, student)
        if hit is None or places.spare[sorted(hit[1])].any():
            continue
        traits, students, room = hit
        mine = [i for w in waiting for i in task.members[w] if i in students and i not in named]
        named.update(mine)
        if more_teams:
            begin = {"code": "too_few_to_begin", "least": instance.shape.least}
            found.append(begin | {"students": len(mine), "names": _names(instance, mine)})
            continue
        reason: Reason = {
            "code": "too_few_places",
            "traits": [list(pair) for pair in traits or ()],
            "students": len(students),
            "places": room,
            "names": _names(instance, mine),
        }
        if traits is None:
            reason["among"] = _names(instance, sorted(students))
        found.append(reason)
    return found


def _ruled(
    instance: GroupInstance, task: Task, teams: Sequence[Team], chosen: Ints, rest: Sequence[int]
) -> Reason:
    """Which rules would have to go, so that more could be placed: as few as can be."""
    reason: Reason = {"students": len(rest), "names": _names(instance, rest)}
    reached = standing(task, chosen)[:2]
    asked = [rule for rule in RULES if _is_asked(instance, task, rule)]
    for count in range(1, min(2, len(asked)) + 1):
        for rules in combinations(asked, count):
            lifted = _lifted(instance, task, teams, rules)
            found = seek(lifted, Goal("placed"), SECONDS)
            if found.chosen is not None and standing(lifted, found.chosen)[:2] > reached:
                if rules == ("least",):
                    return {"code": "too_few_to_begin", "least": instance.shape.least} | reason
                return {"code": "left_by", "rules": list(rules)} | reason
    return {"code": "search_ended"} | reason


def _lifted(
    instance: GroupInstance, task: Task, teams: Sequence[Team], rules: Sequence[str]
) -> Task:
    if "together" in rules:
        task = build(replace(instance, together=()), teams, task.able)
    for rule in rules:
        task = without(task, rule)
    return task


def _is_asked(instance: GroupInstance, task: Task, rule: str) -> bool:
    if rule == "together":
        return bool(instance.together)
    if rule == "apart":
        return bool(task.apart)
    if rule == "common_hours":
        return task.hours > 0
    limits = [one for one in task.features if one.trait < 0]
    sizes = [one for one in limits if one.kind >= 0]
    if rule in ("least", "most"):
        return any(one.least > 1 if rule == "least" else one.most is not None for one in sizes)
    quotas = [one for one in limits if one.kind < 0]
    return any(one.least > 0 if rule == "quota_least" else one.most is not None for one in quotas)


def _merged(found: Sequence[Reason]) -> list[Reason]:
    """The same reason once, for all it holds for; in a fixed order."""
    merged: dict[str, Reason] = {}
    for reason in found:
        facts = {k: v for k, v in reason.items() if k not in ("names", "students")}
        alone = reason["code"] == "none_possible"
        key = repr(sorted(facts.items())) if alone else repr(sorted(reason.items()))
        if key in merged:
            merged[key]["names"] = sorted([*merged[key]["names"], *reason["names"]])
            merged[key]["students"] += reason["students"]
        else:
            merged[key] = dict(reason)
    return sorted(merged.values(), key=lambda one: (str(one["code"]), one["names"]))
