"""A trial of matching procedures: opened, joined, drawn, followed, read."""

from datetime import timedelta

import pytest
from django.urls import reverse

from matching.models import TrialRecord
from matching.services import trials
from matching.services.mentorships import assign
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.simulation.player.stage import finish_jobs
from tests.factories import START, CohortFactory, EnrollmentFactory, EnrollmentYearFactory, meeting
from tests.journeys.test_choosing import shot
from tests.journeys.visitor import EVERY_WINDOW, PHONE


@pytest.fixture
def cohort(transactional_db):
    cohort = CohortFactory(edition="lmu-munich", state="recruiting", override_at=START)
    for n in range(24):
        row = EnrollmentFactory(cohort=cohort, person__given_name=f"Student{n}")
        EnrollmentYearFactory(enrollment=row, class_year=3 + n % 3)
    for n in range(20):
        EnrollmentFactory(cohort=cohort, role=Role.MENTOR, person__given_name=f"Mentor{n}")
    return cohort


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def test_from_the_question_to_the_report(visit, cohort, coordinator):
    address = reverse("matching:trial", args=[cohort.key])
    office = visit(coordinator)
    office.open(reverse("matching:overview", args=[cohort.key]))
    office.press("Compare by lot", role="link")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "trial-open")
    office.press("Open the trial")
    office.page.get_by_role("dialog").get_by_role("button", name="Open the trial").click()
    office.sees("The trial is open")

    rows = list(TrialRecord.objects.select_related("student__person"))
    ada = rows[0].student
    her = visit(ada.person, size=PHONE)
    her.open(reverse("home"))
    shot(her, "trial-home")
    her.press("Read about it and decide", role="link")
    assert her.look_in(EVERY_WINDOW) == []
    shot(her, "trial-mine")
    her.press("Yes, I take part")
    her.sees("You said yes")
    for row in rows[1:]:
        trials.answer(
            trial=row.trial, student=row.student, consent=row != rows[-1], by=row.student.person
        )

    office.open(address)
    office.press("Draw the lot")
    office.page.get_by_role("dialog").get_by_role("button", name="Draw the lot").click()
    office.sees("23 students were drawn")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "trial-drawn")
    her.open(reverse("matching:my_trial", args=[cohort.key, ada.key]))
    her.sees("Your way")
    assert her.look_in(EVERY_WINDOW) == []

    mentors = iter(cohort.enrollments.filter(role=Role.MENTOR))
    for row in TrialRecord.objects.exclude(arm="").select_related("student"):
        if (row.arm == "expert" or row.pk % 2) and (mentor := next(mentors, None)):
            made = assign(student=row.student, mentor=mentor, by=None)
            meeting(made, clock.now() + timedelta(days=5), state="held")
    long_ago = clock.now() - timedelta(weeks=9)
    TrialRecord.objects.exclude(arm="").update(allocated_at=long_ago)
    office.open(address)
    office.press("Close allocation")
    office.page.get_by_role("dialog").get_by_role("button", name="Close allocation").click()
    office.sees("The seed is told now")
    office.press("Compute the report")
    finish_jobs(cohort)
    office.open(address)
    office.sees("A first meeting in time")
    assert office.look_in(EVERY_WINDOW) == []
    shot(office, "trial-report")
