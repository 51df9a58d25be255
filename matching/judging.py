"""How well somebody suits a student, outside of a run: with the weights a run would begin with."""

from collections.abc import Mapping
from typing import Any

from matching.engine.criteria import Contribution, Criteria, Criterion, Person, explain
from matching.models import MatchPair
from matching.reasons import reasons
from matching.services import asked
from matching.services.inputs import default_weights
from programs import queries
from programs.models import Cohort, Enrollment

# What everybody is asked; what a cohort asks besides counts as its form says.
PROFILE = [criterion for criterion in Criterion if criterion != Criterion.EXPECTATION]


class Judge:
    """Knows the criteria of a cohort, its class years and what people answered: few queries."""

    def __init__(self, cohort: Cohort) -> None:
        weights = default_weights(cohort.planned_spec) or dict.fromkeys(PROFILE, 1.0)
        form = asked.compared(cohort)
        self.criteria = Criteria(weights | asked.weights(form))
        self.said = asked.of(form)
        self.years = queries.class_years(cohort)

    def facts(self, row: Enrollment) -> Person:
        """What the criteria know about her."""
        return person_facts(row, self.years, self.said)

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
