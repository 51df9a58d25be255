"""Whatever a coordinator decides: nobody is lost when the year changes, and an undo is complete."""

from random import Random

import pytest

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.audit.models import Event
from programs.models import Cohort, Enrollment, EnrollmentYear
from programs.services import staying, year_undo, years
from programs.years.people import GOING, Travelers
from programs.years.plan import plan_of
from tests.programs.years import vertical
from tests.programs.years.test_roll_over import picture

pytestmark = pytest.mark.django_db
ALIVE = ("accepted", "active")


def decide(cohort, by, rng):
    """Random fates, random answers of mentors, and some people who are not active yet."""
    staying.ask(cohort=cohort, by=by)
    draft = plan_of(cohort)
    for question in draft.questions.select_related("enrollment"):
        answer, places = rng.choice(staying.choices(question))
        if rng.random() < 0.6:
            staying.answer(question=question, answer=answer, places=places, by=None)
    rows = {row.pk: row for row in cohort.enrollments.select_related("cohort")}
    for traveler in Travelers(draft).rows:
        if rng.random() < 0.4:
            fate = rng.choice([*traveler.choices, traveler.proposed])
            years.choose(cohort=cohort, enrollment=rows[traveler.enrollment], fate=fate, by=by)


@pytest.mark.parametrize("seed", range(6))
def test_everybody_before_is_accounted_for_after(seed, django_capture_on_commit_callbacks):
    rng = Random(seed)
    with clock.at(vertical.datetime(2021, 8, 30, 8, tzinfo=vertical.UTC)):
        cohort, by = vertical.opened(2, 2, 1)
        vertical.match(cohort, by, django_capture_on_commit_callbacks)
        waiting = vertical.add(cohort, 3, "student", class_year=rng.randint(1, 4))
        Enrollment.objects.filter(pk__in=[row.pk for row in waiting]).update(state="accepted")
    cohort = Cohort.objects.get(pk=cohort.pk)
    with clock.at(vertical.after_the_year(cohort)):
        decide(cohort, by, rng)
        people = cohort.enrollments.exclude(role="coordinator")
        before = dict(people.filter(state__in=ALIVE).values_list("pk", "state"))
        shape = picture(cohort)
        turn = vertical.roll(cohort, by)
        check(cohort, turn, before)
        year_undo.undo(roll_over=turn, by=by)
        assert picture(Cohort.objects.get(pk=cohort.pk)) == shape


def check(cohort, turn, before):
    passages = {row.enrollment_id: row for row in turn.passages.select_related("enrollment")}
    assert set(passages) == set(before)
    new_years = dict(
        EnrollmentYear.objects.filter(
            enrollment__cohort=cohort, academic_year=turn.starts.year
        ).values_list("enrollment", "class_year")
    )
    live = Membership.objects.filter(
        mentorship__cohort=cohort, mentorship__state__in=Mentorship.LIVE, ended_at=None
    )
    placed = set(live.values_list("enrollment", flat=True))
    for pk, row in passages.items():
        if row.fate in GOING:
            assert row.enrollment.state == before[pk]
            assert new_years.get(pk) == row.class_after
        else:
            assert row.enrollment.state == ("completed" if row.fate == "completes" else "withdrawn")
            assert pk not in new_years
            assert pk not in placed
    heard = Event.objects.filter(action="year.passed", cohort=cohort.pk)
    assert set(heard.values_list("subject", flat=True)) == set(before)
    stray = Membership.objects.filter(mentorship__cohort=cohort, ended_at=None)
    assert not stray.exclude(mentorship__state__in=Mentorship.LIVE).exists()
