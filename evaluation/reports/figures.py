"""The figures of a report: the same for the same database, cohort and date."""

from datetime import date
from typing import Any

from evaluation.reports.basis import Basis
from evaluation.reports.disclosure import FEWEST
from evaluation.reports.section import MEETS
from evaluation.reports.sections import SECTIONS
from programs.models import Cohort

# Raise it with every change of a definition: an issued report says by which it was counted.
DEFINITIONS = 2

Figures = dict[str, Any]


def collect(cohort: Cohort, as_of: date | None = None) -> Figures:
    """Every section, counted to the last Sunday on or before ``as_of`` that is over.

    Facts that became known later do not count. A section that a program keeps within the pair is
    there without figures. The number of queries does not grow with the cohort.
    """
    basis = Basis.of(cohort, as_of)
    return {
        "definitions": DEFINITIONS,
        "cohort": cohort.key,
        "as_of": basis.day.isoformat(),
        "level": str(basis.level),
        "fewest": FEWEST,
        "sections": [
            {"slug": section.slug, "blocks": list(section.figures(basis))}
            if basis.level in MEETS[section.needs]
            else {"slug": section.slug, "withheld": True, "blocks": []}
            for section in SECTIONS
        ],
    }
