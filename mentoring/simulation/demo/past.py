"""The demo's finished years: a Delhi and a Semmelweis cohort, played to their end, with reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.services import reports
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.simulation import behavior
from mentoring.simulation.player import Piece, perform
from programs.models import CohortState
from programs.services import cohorts
from programs.spec import catalog
from sessions.models import CertificateKind
from sessions.services import certificates

# A report brings its numbers up to date four weeks after the year.
REPORTED_AFTER = timedelta(days=35)


@dataclass(frozen=True)
class Year:
    """A finished year. ``before`` is how many weeks ahead of the running cohort it began."""

    slug: str
    name: str
    students: int
    mentors: int
    weeks: int
    before: int
    seed: int
    state: CohortState


# In the order of their years: each has ended, and been reported on, before the next one opens.
YEARS = (
    Year("delhi", "Faculty mentors", 24, 9, 44, 108, 11, CohortState.ARCHIVED),
    Year("semmelweis", "Near-peer mentoring", 24, 22, 40, 51, 12, CohortState.CLOSING),
)


def play(year: Year, *, present: date, admin: User, tell: Callable[[str], object]) -> None:
    """Play it from its opening to its report; ``present`` is when the running cohort began."""
    spec = catalog.spec(year.slug)
    start = present - timedelta(weeks=year.before)
    piece = Piece(
        spec=spec,
        name=f"{year.name} {start:%Y}/{(start.year + 1) % 100:02}",
        students=year.students,
        mentors=year.mentors,
        weeks=year.weeks,
        start=start,
        seed=year.seed,
        behavior=behavior.load(year.slug),
        generation=f"{start:%y}",
    )
    tell(f"{piece.name}: a year that is over")
    performance = perform(piece, admin=admin)
    stage = performance.stage
    clock.set_process(performance.ended + REPORTED_AFTER)
    cohorts.move(cohort=stage.cohort, to=CohortState.CLOSING, by=stage.coordinator)
    for kind in CertificateKind.values:
        certificates.issue_all(cohort=stage.cohort, kind=kind, by=stage.coordinator)
    reports.issue(cohort=stage.cohort, as_of=None, by=stage.coordinator)
    cohorts.move_on_to(cohort=stage.cohort, to=year.state, by=stage.coordinator)
