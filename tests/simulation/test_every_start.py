"""Each of the nineteen published programs opens, fills, and has its readiness turn green."""

from datetime import date

import pytest

from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.simulation import people as cast
from mentoring.simulation.player import stage
from programs.models import Cohort, Enrollment, HelpContact, Invitation
from programs.readiness import blocking, readiness
from programs.roster import read
from programs.services import cohorts, invitations, opening, rosters
from programs.spec import catalog
from tests.factories import EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def states(cohort):
    """As the page of the cohort shows them now."""
    return {item.slug: item.state for item in readiness(Cohort.objects.get(pk=cohort.pk))}


@pytest.mark.parametrize("slug", catalog.shipped())
def test_readiness_turns_green_step_by_step(slug):
    spec = catalog.spec(slug)
    by = UserFactory(is_superuser=True)
    cohort = opening.open_cohort(slug=slug, name="A year", by=by, starts=date(2021, 9, 6))
    found = states(cohort)
    assert {found[one] for one in ("people", "places", "contacts")} == {"red"}
    assert found["dates"] in ("amber", "green")
    assert found["coordinators"] == "amber"

    cohorts.confirm_dates(edition=cohort.edition, by=by)
    assert states(cohort)["dates"] == "green"

    students, mentors = spec.usual_people
    people = cast.invent(stage.company(spec, students=students, mentors=mentors), seed=1)
    outcome = rosters.import_roster(cohort=cohort, roster=read(cast.roster(people)), by=by)
    assert (outcome.created, outcome.rejected) == (students + mentors, [])
    found = states(cohort)
    assert (found["people"], found["invitations"], found["places"]) == ("green", "red", "red")

    invitations.invite_all(cohort=cohort, by=by)
    found = states(cohort)
    assert (found["invitations"], found["answers"]) == ("green", "amber")
    everyone = Enrollment.objects.filter(cohort=cohort, role__in=[Role.STUDENT, *MENTOR_ROLES])
    everyone.update(state=Enrollment.State.ACCEPTED)
    Invitation.objects.filter(enrollment__cohort=cohort).update(used_at=clock.now())
    found = states(cohort)
    assert (found["answers"], found["places"]) == ("green", "green")

    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    HelpContact.objects.create(cohort=cohort, kind="emergency", name="112", phone="112")
    found = states(cohort)
    assert {name for name, state in found.items() if state != "green"} <= {"needs", "policies"}
    assert blocking(cohort) == []
