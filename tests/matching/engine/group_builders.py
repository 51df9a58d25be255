"""Small group instances of all kinds, and an independent answer to compare with."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from matching.engine.groups.instance import GroupInstance, GroupShape, Leader, Standing

YEARS = ("1", "2")
CAMPUSES = ("north", "south")


@st.composite
def shapes(draw):
    least = draw(st.sampled_from([1, 1, 2, 2, 0, 3]))
    most = draw(st.sampled_from([0, max(1, least), max(2, least), max(3, least)]))
    span = st.tuples(st.sampled_from([0, 0, 1]), st.sampled_from([2, 2, 1, 0]))
    span = span.map(lambda both: (min(both), both[1]))
    quotas = draw(st.sampled_from([{}, {"class_year": {}}]))
    if quotas:
        quotas = {"class_year": draw(st.dictionaries(st.sampled_from(YEARS), span, min_size=1))}
    return GroupShape(
        least=least,
        most=most,
        seats=draw(
            st.sampled_from(
                [{"mentor": 1}, {"mentor": 1}, {"mentor": 2}, {"mentor": 1, "junior": 1}]
            )
        ),
        quotas=quotas,
        unlike=draw(st.sampled_from([(), ("campus",)])),
        alike=draw(st.sampled_from([(), (), ("campus",)])),
        balance=draw(st.sampled_from([(), ("class_year",), ("class_year", "campus")])),
        common_hours=draw(st.sampled_from([0, 0, 1, 2])),
    )


@st.composite
def group_instances(draw, most_students=5, most_leaders=4):
    """Nobody, no leaders, no hours, contradicting quotas: all of it may come."""
    shape = draw(shapes())
    students = draw(_often(most_students))
    number = draw(_often(most_leaders))
    trait = st.fixed_dictionaries(
        {"class_year": st.sampled_from(YEARS), "campus": st.sampled_from(CAMPUSES)}
    )
    hours = st.sampled_from([15, 15, 15, 7, 11, 13, 14, 12, 3, 1, 0])
    leaders = [
        Leader(
            f"m{n}",
            draw(st.sampled_from(sorted(shape.seats))),
            draw(st.sampled_from([1, 1, 1, 2, 2, 0])),
            draw(trait),
            draw(hours) if shape.common_hours else 15,
        )
        for n in range(number)
    ]
    top = draw(st.sampled_from([0, 2, 9, 1_000_000]))
    score = st.one_of(st.integers(0, top), st.integers(0, top), st.integers(-1, top))
    rows = draw(
        st.lists(
            st.lists(score, min_size=number, max_size=number),
            min_size=students,
            max_size=students,
        )
    )
    scores = np.array(rows, np.int32).reshape(students, number)
    together, apart = draw(_mates(students))
    pinned = [
        (i, leader)
        for i in range(students)
        if draw(_seldom)
        for leader in [
            n for n in range(number) if scores[i, n] >= 0 and leaders[n].groups and scores.size
        ][:1]
    ]
    barred = [
        (i, n)
        for i in range(students)
        for n in range(number)
        if (i, n) not in pinned and draw(_seldom)
    ]
    return GroupInstance(
        students=[f"s{i}" for i in range(students)],
        traits=[draw(trait) for _ in range(students)],
        leaders=leaders,
        shape=shape,
        scores=scores,
        together=together,
        apart=apart,
        pinned=pinned,
        barred=barred,
        free=[draw(hours) for _ in range(students)] if shape.common_hours else (),
        wanted=draw(st.sampled_from([None, None, 1, 2])),
        named=[(i, n) for i in range(students) for n in range(number) if draw(_seldom)],
        standing=draw(_standing(number, trait, hours)),
    )


@st.composite
def _standing(draw, leaders, trait, hours):
    """At most one group that is there already, of as many or as few as may be."""
    if not leaders or draw(st.booleans()):
        return []
    led_by = draw(st.lists(st.integers(0, leaders - 1), min_size=1, max_size=2, unique=True))
    return [Standing("old", tuple(led_by), draw(st.lists(trait, max_size=3)), draw(hours))]


_seldom = st.integers(0, 9).map(lambda n: n == 9)


def _often(most):
    """Numbers from 0 to the most, of which the greater ones come more often."""
    return st.sampled_from([n for n in range(most + 1) for _ in range(1 + n * n)])


@st.composite
def _mates(draw, students):
    if students < 3 or draw(st.booleans()):
        return [], []
    return draw(st.sampled_from([([(0, 1)], []), ([], [(0, 1)]), ([(1, 0)], [(2, 0)])]))


def teams_of(instance, result):
    """Those who lead each group, as positions: the groups that stand, then all that were formed."""
    at = {one.name: n for n, one in enumerate(instance.leaders)}
    named = [group.leaders for group in result.groups if not group.standing] + result.idle
    new = [tuple(at[name] for name, _role in team) for team in named]
    return [one.leaders for one in instance.standing] + new


def new_teams(instance, result):
    return teams_of(instance, result)[len(instance.standing) :]


def as_assignment(instance, result):
    """A result as the number of each student's team, or None."""
    old = [group for group in result.groups if group.standing]
    new = [group for group in result.groups if not group.standing]
    stands = {one.name: k for k, one in enumerate(instance.standing)}
    place = {name: stands[group.standing] for group in old for name in group.students}
    for k, group in enumerate(new, len(instance.standing)):
        place |= dict.fromkeys(group.students, k)
    names = [name for group in result.groups for name in group.students]
    assert sorted([*names, *result.unplaced]) == sorted(instance.students)
    return tuple(place.get(name) for name in instance.students)


def mean_score(instance, i, team):
    """None where the student cannot be in the group of this team."""
    scores = [int(instance.scores[i, leader]) for leader in team]
    able = [score for score in scores if score >= 0]
    pins = [leader for student, leader in instance.pinned if student == i]
    if not able or any((i, leader) in set(instance.barred) for leader in team):
        return None
    if any(leader not in team for leader in pins):
        return None
    named = [leader for student, leader in instance.named if student == i]
    if named and not set(named) & set(team):
        return None
    return sum(able) // len(able)


def keeps_the_rules(instance, teams, assignment):
    """Whether a way to give students to teams keeps all that must be kept."""
    for a, b in instance.together:
        if assignment[a] != assignment[b]:
            return False
    for a, b in instance.apart:
        if assignment[a] is not None and assignment[a] == assignment[b]:
            return False
    for k, team in enumerate(teams):
        inside = [i for i, place in enumerate(assignment) if place == k]
        stands = instance.standing[k] if k < len(instance.standing) else None
        if inside and not _may_be(instance, team, inside, stands):
            return False
    return True


def _may_be(instance, team, inside, stands):
    shape = instance.shape
    there = list(stands.members) if stands else []
    traits = [instance.traits[i] for i in inside]
    if shape.most and len(there + traits) > shape.most:
        return False
    if not stands and len(inside) < max(1, shape.least):
        return False
    if not all(
        _within(span, trait, value, (traits, there, stands))
        for trait, spans in shape.quotas.items()
        for value, span in spans.items()
    ):
        return False
    kinds = {tuple(one[trait] for trait in shape.alike) for one in traits}
    old = {tuple(one[trait] for trait in shape.alike) for one in there}
    if len(kinds) > 1 or (len(old) == 1 and old != kinds):
        return False
    if shape.common_hours and common(instance, team, inside, stands) < shape.common_hours:
        return False
    return all(mean_score(instance, i, team) is not None for i in inside)


def _within(span, trait, value, people):
    """Whether a quota is kept; a group that stands needs nobody more."""
    (least, most), (traits, there, stands) = span, people
    number = sum(one[trait] == value for one in traits)
    room = max(0, most - sum(one[trait] == value for one in there))
    return (0 if stands else least) <= number <= room


def common(instance, team, inside, stands):
    """How many hours all of them are free in."""
    hours = range(168)
    others = [stands.free] if stands else []
    others += [instance.leaders[n].free for n in team]
    for free in others + [instance.free[i] for i in inside]:
        hours = [hour for hour in hours if free >> hour & 1]
    return len(hours)


def differences(instance, teams, assignment):
    """For each balanced trait the greatest difference between groups of one kind.

    A group that stands counts with those in it, unless they are mixed where groups are alike.
    """
    found = []
    shape = instance.shape

    def kind(traits):
        return tuple(traits[trait] for trait in shape.alike)

    groups = []
    for k in range(len(teams)):
        inside = [instance.traits[i] for i, p in enumerate(assignment) if p == k]
        there = list(instance.standing[k].members) if k < len(instance.standing) else []
        there = there if len({kind(one) for one in there}) == 1 else []
        if inside or there:
            groups.append(inside + there)
    kinds = {kind(traits) for traits in instance.traits}
    for trait in shape.balance:
        most = 0
        for of_kind in kinds:
            mine = [traits for traits in instance.traits if kind(traits) == of_kind]
            for value in {traits[trait] for traits in mine}:
                counts = [
                    sum(one[trait] == value for one in inside)
                    for inside in groups
                    if kind(inside[0]) == of_kind
                ]
                most = max(most, max(counts, default=0) - min(counts, default=0))
        found.append(most)
    return found


def quality(instance, teams, assignment):
    """What is wanted first, then next, and so on; greater is better."""
    pinned = {i for i, _leader in instance.pinned}
    placed = [i for i, place in enumerate(assignment) if place is not None]
    total = sum(mean_score(instance, i, teams[assignment[i]]) for i in placed)
    uneven = [-max(1, one) for one in differences(instance, teams, assignment)]
    begun = len({k for i in placed if (k := assignment[i]) >= len(instance.standing)})
    return (len(pinned & set(placed)), len(placed), begun, *uneven, total)


def all_assignments(instance, teams):
    choices = [
        [None, *(k for k, team in enumerate(teams) if mean_score(instance, i, team) is not None)]
        for i in range(len(instance.students))
    ]
    for assignment in product(*choices):
        if keeps_the_rules(instance, teams, assignment):
            yield assignment
