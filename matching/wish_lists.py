"""What lists of ranks say to a run. Reads, never writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.engine.criteria import Criterion
from matching.models import ChoosingRound, MentorWish, StudentRank, Way
from matching.queries import unplaced
from matching.reasons import CRITERIA
from programs.models import Cohort, Enrollment

Lists = dict[int, dict[str, list[int]]]


def round_of(cohort: Cohort) -> ChoosingRound | None:
    """The last round in which students ranked, whether it is open still or not."""
    return cohort.choosing_rounds.filter(way=Way.RANKED).first()


@dataclass(frozen=True)
class Order:
    """Those who named a mentor: ranked, not ranked yet by name, and those she would rather not."""

    ranked: list[Enrollment]
    unranked: list[Enrollment]
    rather_not: list[Enrollment]

    @classmethod
    def of(cls, round_: ChoosingRound, mentor: Enrollment) -> "Order":
        """Who takes part and still waits; two queries."""
        rows = MentorWish.objects.filter(
            round=round_, mentor=mentor, student__in=unplaced(mentor.cohort)
        ).select_related("student__person")
        named = {row.student_id: row.student for row in rows}
        ranks = dict(
            StudentRank.objects.filter(round=round_, mentor=mentor, student__in=named)
            .order_by("rank")
            .values_list("student", "rank")
        )
        by_name = sorted(named.values(), key=lambda one: (one.person.family_name, one.pk))
        return cls(
            ranked=[named[pk] for pk, rank in ranks.items() if rank is not None],
            unranked=[one for one in by_name if one.pk not in ranks],
            rather_not=[one for one in by_name if one.pk in ranks and ranks[one.pk] is None],
        )

    @property
    def everybody(self) -> list[Enrollment]:
        return [*self.ranked, *self.unranked, *self.rather_not]


def criteria(cohort: Cohort) -> list[tuple[str, str]]:
    """What lists add to what a run can weigh; nothing where nobody has ranked."""
    round_ = round_of(cohort)
    if round_ is None or not round_.wishes.exists():
        return []
    found = [Criterion.WISH]
    if round_.mentors_turn_at is not None:
        found.append(Criterion.LIKING)
    return [(str(one), str(CRITERIA[one])) for one in found]


def of_students(round_: ChoosingRound) -> Lists:
    """By student and shape: mentors, the most wanted first."""
    found: Lists = {}
    rows = MentorWish.objects.filter(round=round_).order_by("student", "shape", "rank")
    for student, shape, mentor in rows.values_list("student", "shape", "mentor"):
        found.setdefault(student, {}).setdefault(shape, []).append(mentor)
    return found


def of_mentors(round_: ChoosingRound, shapes: Iterable[str]) -> tuple[Lists, list[list[Any]]]:
    """By mentor and shape: students, the most wanted first; and whom mentors would rather not."""
    found: Lists = {}
    rather_not: list[list[Any]] = []
    listed = list(shapes)
    rows = StudentRank.objects.filter(round=round_).order_by("mentor", "rank", "pk")
    for mentor, student, rank in rows.values_list("mentor", "student", "rank"):
        if rank is None:
            rather_not.append([student, mentor, "rather_not"])
            continue
        for shape in listed:
            found.setdefault(mentor, {}).setdefault(shape, []).append(student)
    return found, rather_not


def unwanted(cohort: Cohort) -> list[tuple[int, int]]:
    """Student and mentor, of those whom mentors would rather not have, by the last lists."""
    round_ = round_of(cohort)
    if round_ is None:
        return []
    rows = StudentRank.objects.filter(round=round_, rank=None).order_by("pk")
    return list(rows.values_list("student_id", "mentor_id"))


def add_to(
    cohort: Cohort,
    students: Sequence[dict[str, Any]],
    mentors: Sequence[dict[str, Any]],
    shapes: Sequence[Mapping[str, Any]],
) -> list[list[Any]]:
    """Puts the lists into the facts of a run; returns the rules that come of them."""
    round_ = round_of(cohort)
    if round_ is None:
        return []
    slugs = [str(shape["slug"]) for shape in shapes]
    wishes, (ranked, rather_not) = of_students(round_), of_mentors(round_, slugs)
    for side, lists in ((students, wishes), (mentors, ranked)):
        for facts in side:
            if facts["id"] in lists:
                facts["wishes"] = lists[facts["id"]]
    return rather_not


def met(inputs: Mapping[str, Any], chosen: Iterable[tuple[int, str, int | None]]) -> dict[str, int]:
    """Of those with a list: how many got their first, and how many anybody on it.

    ``chosen``: student, shape and mentor.
    """
    lists = {
        (facts["id"], shape): wanted
        for facts in inputs.get("students", [])
        for shape, wanted in facts.get("wishes", {}).items()
    }
    got = {(student, shape): mentor for student, shape, mentor in chosen}
    found = [
        wanted.index(mentor) if (mentor := got.get(place)) in wanted else None
        for place, wanted in lists.items()
        if place in got
    ]
    return {
        "lists": len(found),
        "first": sum(at == 0 for at in found),
        "any": sum(at is not None for at in found),
    }
