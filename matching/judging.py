"""How well somebody suits a student, outside of a run: with the weights a run would begin with."""

from collections.abc import Mapping
from typing import Any

from matching.engine.criteria import Contribution, Criteria, Criterion, Person, broken, explain
from matching.models import MatchPair
from matching.reasons import reasons
from matching.services import asked
from matching.services.inputs import default_weights, ruled
from programs import queries
from programs.models import Cohort, Enrollment
from programs.spec import ProgramSpec

# What everybody tells of herself; a cohort asks for more as its form says, a round for ranks.
PROFILE = [
    criterion
    for criterion in Criterion
    if criterion not in {Criterion.EXPECTATION, Criterion.WISH, Criterion.LIKING}
]


def usual_weights(spec: ProgramSpec) -> dict[str, float]:
    """What the program weighs; where it weighs nothing, everything that people tell, equally."""
    return default_weights(spec) or {str(criterion): 1.0 for criterion in PROFILE}


class Judge:
    """Knows the criteria of a cohort, its class years and what people answered: few queries.

    The musts are those of the program and of the cohort's form.
    """

    def __init__(self, cohort: Cohort) -> None:
        spec = cohort.planned_spec
        weights = usual_weights(spec)
        form = asked.compared(cohort)
        self.criteria = Criteria(
            weights | asked.weights(form),
            required=frozenset([*ruled(spec, "share"), *asked.musts(form)]),
            differ=frozenset([*ruled(spec, "differ"), *asked.differing(form)]),
        )
        self.said = asked.of(form)
        self.years = queries.class_years(cohort)

    def facts(self, row: Enrollment) -> Person:
        """What the criteria know about her."""
        return person_facts(row, self.years, self.said)

    def allows(self, student: Person, mentor: Person) -> bool:
        """Whether no must stands between the two."""
        return not broken(student, mentor, self.criteria)

    def parts(self, student: Person, mentor: Person) -> list[Contribution]:
        """What speaks for the two, criterion by criterion."""
        return [part for part in explain(student, mentor, self.criteria) if part.points]


def in_words(parts: list[Contribution]) -> list[str]:
    """The reasons as a page names them."""
    codes = [{"code": str(part.criterion), **part.data} for part in parts]
    return reasons(MatchPair(reasons=codes))


def person_facts(
    row: Enrollment, years: dict[int, int], said: Mapping[int, Any] | None = None
) -> Person:
    """Somebody as the criteria see her."""
    facts = (said or {}).get(row.pk, {})
    return Person(
        id=str(row.pk),
        interests=frozenset(row.interests),
        languages=frozenset(row.languages),
        campus=row.campus,
        track=row.track,
        gender=row.gender,
        free_hours=int(row.free_time[::-1] or "0", 2),
        class_year=years.get(row.pk),
        expectation=facts.get("expectation", ""),
        choices={name: frozenset(chosen) for name, chosen in facts.get("choices", {}).items()},
    )
