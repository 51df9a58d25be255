"""A running cohort whose people are asked."""

from types import SimpleNamespace

import pytest

from evaluation.models import Survey
from evaluation.surveys import answering, batches, instruments, opening, tick
from mentoring import clock
from mentoring.accounts.permissions import Role
from tests.evaluation.conftest import MATCHED, after
from tests.factories import CohortFactory, EnrollmentFactory

FIRST, LAST = after(100, hour=6), after(121, hour=6)


def ground(students: int = 12, mentors: int = 0) -> SimpleNamespace:
    """A cohort with so many active people and its coordinator, and nothing asked yet."""
    cohort = CohortFactory(country="", state="running", started_at=MATCHED)
    staff = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    people = [EnrollmentFactory(cohort=cohort).person for _ in range(students)]
    mentoring = [EnrollmentFactory(cohort=cohort, role=Role.MENTOR).person for _ in range(mentors)]
    return SimpleNamespace(cohort=cohort, coordinator=staff, students=people, mentors=mentoring)


def ask(place: SimpleNamespace, side: str = "student", **fields) -> Survey:
    """A survey of that side, open from ``FIRST`` to ``LAST``."""
    survey = Survey.objects.create(
        cohort=place.cohort,
        occurrence=fields.pop("occurrence", f"hand:{side}"),
        slug=fields.pop("slug", f"mid-year-{side}"),
        title="Mid-year survey",
        side=side,
        instruments=list(instruments.questionnaire([], side)),
        opens_at=FIRST,
        closes_at=LAST,
        **fields,
    )
    with clock.at(FIRST):
        return opening.open_survey(survey=survey)


def answers(number: int) -> dict[str, int]:
    """Ratings that tell the n-th person from every other."""
    items = [
        f"{instrument.slug}.{item.slug}"
        for instrument in (instruments.load(n) for n in instruments.questionnaire([], "student"))
        for scale in instrument.scales
        for item in scale.items
    ]
    return {item: 1 + (number // 5**place) % 5 for place, item in enumerate(items)}


def answer(survey: Survey, person, number: int, days: int = 1) -> None:
    """The n-th person answers, in ratings and words of her own."""
    with clock.at(after(100 + days)):
        answering.submit(
            survey=survey,
            ratings=answers(number),
            comments={"open-word.change": f"Voice number {number:03}"},
            by=person,
        )


def close(survey: Survey) -> Survey:
    with clock.at(LAST):
        return batches.close(survey=survey)


def pass_time(days: int) -> None:
    """The hourly pass on that day of the survey."""
    with clock.at(after(100 + days)):
        tick.tick(clock.now())


@pytest.fixture
def place(db):
    return ground()
