"""What a run starts from, read from the database once and kept with the run."""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from matching import wish_lists
from matching.engine.criteria import Criterion
from matching.models import EndReason, Membership, PairRule
from matching.services import asked
from matching.services.standing import Standing, hours_of
from matching.shapes import belongs, described
from mentoring import ports
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs import queries
from programs.models import Cohort, Enrollment, Question
from programs.spec import ProgramSpec

STRATA = {"class_year", "campus", "track", "gender"}


def default_weights(spec: ProgramSpec) -> dict[str, float]:
    """What the program weighs, as far as the engine knows it."""
    weights = {str(w.criterion): w.weight for w in spec.matching.criteria}
    return {name: weights[name] for name in _known(weights)}


def ruled(spec: ProgramSpec, must: str) -> list[str]:
    """In what a program says that pairs must share, or differ, as far as the engine knows it."""
    return _known(rule.criterion for rule in spec.matching.rules if rule.must == must)


@dataclass(frozen=True)
class Snapshot:
    """Plain data, ready to be stored: people with their facts, rules, weights."""

    data: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The same for the same inputs, on every machine."""
        text = json.dumps(self.data, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def held_back(cohort: Cohort) -> set[int]:
    """Who may not become active yet, for want of the training before the start."""
    return {pk for found in ports.HELD_BACK.ask(cohort) for pk in found}


def snapshot(
    cohort: Cohort,
    weights: Mapping[str, float],
    required: list[str],
    without: Container[int] = (),
    elsewhere: Container[int] = (),
    *,
    moving: bool = False,
) -> Snapshot:
    """Everyone who waits for a place, every place that is left, and what must or must not be.

    ``without``: enrollments that are left out of the run; ``elsewhere``: whom another procedure of
    a trial matches; ``moving``: pairs that have not met may be changed, too.
    """
    spec = cohort.planned_spec
    shapes = described(spec)
    years = queries.class_years(cohort)
    standing = Standing.of(cohort)
    current = _unmet(standing.movable(shapes), without, elsewhere) if moving else []
    standing.let_go(current, years)
    students = _students(cohort, shapes, years, standing)
    mentors = _mentors(cohort, shapes, years, standing)
    questions = asked.compared(cohort)
    everybody = {person["id"] for person in [*students, *mentors]}
    of_trial = [person["id"] for person in students if person["id"] in elsewhere]
    students, mentors = (_placed(side, without, elsewhere) for side in (students, mentors))
    asked.add_to([*students, *mentors], questions)
    rather_not = wish_lists.add_to(cohort, students, mentors, shapes)
    _number(students)
    _number(mentors)
    there = {person["id"] for person in [*students, *mentors]}
    return Snapshot(
        {
            "shapes": shapes,
            "students": students,
            "mentors": mentors,
            "groups": standing.open_groups(shapes, there),
            "above": standing.above({one["person"] for one in mentors}),
            "rules": _rules(cohort, there, rather_not),
            "current": [list(place) for place in current],
            "left_out": sorted(everybody - there - set(of_trial)),
            "of_trial": sorted(of_trial),
            "assessor_allowed": spec.matching.assessor == "allowed",
            "equity": list(spec.matching.equity),
            "balanced_by": [name for name in spec.matching.balanced_by if name in STRATA],
            **_criteria(weights, required, ruled(spec, "differ"), questions),
        }
    )


def _placed(
    side: list[dict[str, Any]], without: Container[int], elsewhere: Container[int]
) -> list[dict[str, Any]]:
    return [one for one in side if one["id"] not in without and one["id"] not in elsewhere]


def _criteria(
    weights: Mapping[str, float],
    required: list[str],
    differ: list[str],
    questions: list[Question],
) -> dict[str, Any]:
    """What pairs are judged by; the form's own criteria are known as long as it asks for them."""
    also = [one.criterion for one in questions]
    return {
        "weights": {n: weights[n] for n in _known(weights, also) if weights[n] > 0},
        "required": _known(required, also),
        "differ": _known([*differ, *asked.differing(questions)], also),
    }


def _mentors(
    cohort: Cohort, shapes: list[dict[str, Any]], years: dict[int, int], standing: "Standing"
) -> list[dict[str, Any]]:
    """Everybody who mentors, with what is left of her places."""
    return [
        _facts(row) | {"class_year": years.get(row.pk)} | standing.of_mentor(row, shapes)
        for row in _by_address(present_mentors(cohort))
    ]


def _number(people: list[dict[str, Any]]) -> None:
    """By which place of the list each takes part in lots."""
    for place, one in enumerate(people):
        one["lot"] = place


def _unmet(
    places: list[tuple[int, int, str, int]], without: Container[int], elsewhere: Container[int]
) -> list[tuple[int, int, str, int]]:
    """Those whose people have not met, and who are in this run."""
    met = {pk for found in ports.FIRST_MEETINGS.ask([place[3] for place in places]) for pk in found}
    return [
        place
        for place in places
        if place[3] not in met and not any(who in without or who in elsewhere for who in place[:2])
    ]


def _students(
    cohort: Cohort, shapes: list[dict[str, Any]], years: dict[int, int], standing: "Standing"
) -> list[dict[str, Any]]:
    """Those who wait for a place in one shape or more, each with the shapes she waits for.

    With none is listed who has no place at all and fits in no shape, so that it can be said.
    """
    found = []
    rows = Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT, state__in=Enrollment.PRESENT)
    for row in _by_address(rows.annotate(address=F("person__email"))):
        hers = belongs(shapes, cohort.planned_spec, years.get(row.pk))
        has = standing.shapes_of.get(row.pk, set())
        open_ = [slug for slug in hers if slug not in has]
        if open_ or not (hers or has):
            facts = _facts(row) | {"class_year": years.get(row.pk), "shapes": open_}
            found.append(facts)
    return found


def _known(criteria: Iterable[str], also: Iterable[str] = ()) -> list[str]:
    """Those that the engine can judge; a program may name others for its experts."""
    return sorted({str(name) for name in criteria} & {*(str(c) for c in Criterion), *also})


def _rules(
    cohort: Cohort, there: Container[int], rather_not: Iterable[Sequence[Any]]
) -> list[list[Any]]:
    """What coordinators and mentors said of pairs, and pairs that were, among those there."""
    rows = PairRule.objects.filter(cohort=cohort).order_by("pk")
    said = rows.values_list("student_id", "mentor_id", "kind")
    return [
        [student, mentor, kind]
        for student, mentor, kind in [*said, *former_pairs(cohort), *rather_not]
        if student in there and mentor in there
    ]


def former_pairs(cohort: Cohort) -> list[tuple[int, int, str]]:
    """Pairs that were and have ended: no procedure makes them again."""
    ended = Membership.objects.filter(
        mentorship__cohort=cohort, role=Role.STUDENT, ended_at__isnull=False
    ).exclude(mentorship__end_reason=EndReason.UNDONE)
    mentors: dict[int, list[int]] = {}
    for group, mentor in Membership.objects.filter(
        mentorship__in=ended.values("mentorship_id"), role__in=MENTOR_ROLES, ends_at=None
    ).values_list("mentorship_id", "enrollment_id"):
        mentors.setdefault(group, []).append(mentor)
    pairs = {
        (student, mentor, "former")
        for student, group in ended.values_list("enrollment_id", "mentorship_id")
        for mentor in mentors.get(group, [])
    }
    return sorted(pairs)


def present_mentors(cohort: Cohort) -> list[Enrollment]:
    """Mentors of the cohort who take part; of those in reserve, who leads a group already."""
    leads = Membership.objects.filter(enrollment=OuterRef("pk"), ended_at=None, ends_at=None)
    rows = Enrollment.objects.filter(
        cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT
    ).annotate(address=F("person__email"))
    return list(rows.filter(Q(reserve=False) | Exists(leads)).order_by("pk"))


def _by_address(rows: Iterable[Enrollment]) -> list[Enrollment]:
    """In an order that is the same in every database, whatever numbers the rows have there.

    What is decided by lot goes by a person's place in it, which says nothing about her.
    """
    return sorted(rows, key=lambda row: (row.address, row.role))  # type: ignore[attr-defined]


def _facts(row: Enrollment) -> dict[str, Any]:
    return {
        "id": row.pk,
        "person": row.person_id,
        "interests": sorted(row.interests),
        "languages": sorted(row.languages),
        "campus": row.campus,
        "track": row.track,
        "gender": row.gender,
        "free_time": hours_of(row.free_time),
    }
