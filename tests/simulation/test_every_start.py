"""Each of the nineteen published programs opens, fills, and has its readiness turn green."""

from datetime import UTC, date, datetime, time, timedelta
from math import ceil

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
from sessions.services import series, supervisors
from tests.factories import EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def states(cohort):
    """As the page of the cohort shows them now."""
    return {item.slug: item.state for item in readiness(Cohort.objects.get(pk=cohort.pk))}


def prepare(cohort, spec, by):
    """The training before the start gets its dates, and supervisors their groups."""
    found = states(cohort)
    first = [part for part in spec.requirements if part.mandatory and part.before
             and part.kind in ("training", "orientation")]  # fmt: skip
    supervised = {part.role for part in spec.requirements
                  if part.mandatory and part.kind == "supervision"}  # fmt: skip
    assert {"training", "supervision"} & set(found) == {
        name for name, asked in (("training", first), ("supervision", supervised)) if asked
    }
    if first:
        assert found["training"] == "red"
        few = [open_dates(cohort, part, by) for part in first]
        assert states(cohort)["training"] == "amber"
        for made in few:
            series.edit(series=made, by=by, capacity=None)
        assert states(cohort)["training"] == "green"
    if supervised:
        assert found["supervision"] == "red"
        supervisor = EnrollmentFactory(cohort=cohort, role=Role.SUPERVISOR)
        assert states(cohort)["supervision"] == "amber"
        group = supervisors.create(cohort=cohort, supervisor=supervisor, name="A", by=by)
        rows = cohort.enrollments.filter(role__in=supervised).values_list("pk", flat=True)
        supervisors.set_members(group=group, members=list(rows), by=by)
        assert states(cohort)["supervision"] == "green"


def open_dates(cohort, part, by):
    """As many as the program wants, with too few places; a course where it names days."""
    days = ceil(part.days or 1)
    number = max(days, int(part.times.min or 1) if part.times else 1)
    minutes = int(part.minutes.min or 0) if part.minutes else 0
    planned = series.preview(
        cohort=cohort, first=date(2021, 8, 31), at=time(9), minutes=max(minutes, 60),
        every=series.EVERY_DAY, until=date(2021, 8, 30) + timedelta(days=number),
    )  # fmt: skip
    return series.open_series(
        cohort=cohort, kind=part.kind, audience=part.role, planned=planned,
        minutes=max(minutes, 60), title=part.title or part.slug, course=days > 1, capacity=1,
        by=by,
    )  # fmt: skip


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
    # Weeks before the start.
    with clock.at(datetime(2021, 8, 2, 8, tzinfo=UTC)):
        prepare(Cohort.objects.get(pk=cohort.pk), spec, by)
        assert blocking(cohort) == []
        found = states(cohort)
    assert {name for name, state in found.items() if state != "green"} <= {"needs", "policies"}
