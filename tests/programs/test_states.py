"""Cohorts and enrollments move along their lives; a forbidden move is refused with the reason."""

from datetime import UTC, date, datetime

import pytest

from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import Cohort, CohortState, Enrollment, EnrollmentState
from programs.services import absences, cohorts, enrollments, people
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
ALLOWED = {
    ("planning", "recruiting"),
    ("recruiting", "matching"),
    ("recruiting", "planning"),
    ("matching", "running"),
    ("matching", "recruiting"),
    ("running", "closing"),
    ("closing", "archived"),
    ("closing", "running"),
}


@pytest.fixture
def cohort():
    row = CohortFactory()
    EnrollmentFactory(cohort=row)
    EnrollmentFactory(cohort=row, role=Role.MENTOR)
    return row


def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.mark.parametrize("before", CohortState.values)
@pytest.mark.parametrize("after", CohortState.values)
def test_every_move_of_a_cohort(cohort, before, after):
    Cohort.objects.filter(pk=cohort.pk).update(state=before)
    cohort.refresh_from_db()
    if (before, after) in ALLOWED:
        cohorts.move(cohort=cohort, to=after, by=None)
        assert cohort.state == Cohort.objects.get(pk=cohort.pk).state == after
        assert Event.objects.filter(action="cohort.moved", cohort=cohort.pk).count() == 1
    else:
        with pytest.raises(DomainError, match="cannot become"):
            cohorts.move(cohort=cohort, to=after, by=None)
        assert Cohort.objects.get(pk=cohort.pk).state == before


def test_nobody_to_match_is_said():
    cohort = CohortFactory(state="recruiting")
    with pytest.raises(DomainError, match="No student"):
        cohorts.move(cohort=cohort, to="matching", by=None)
    EnrollmentFactory(cohort=cohort)
    with pytest.raises(DomainError, match="No mentor"):
        cohorts.move(cohort=cohort, to="matching", by=None)


def test_publishing_may_take_all_steps_at_once(cohort):
    cohorts.move_on_to(cohort=cohort, to="running", by=None)
    assert cohort.state == "running"
    assert cohort.started_at is not None
    cohorts.move_on_to(cohort=cohort, to="matching", by=None)
    assert cohort.state == "running"


def test_a_closing_cohort_takes_nobody(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(state="running", applications_open=True)
    cohort.refresh_from_db()
    cohorts.move(cohort=cohort, to="closing", by=None)
    assert not cohort.applications_open
    with pytest.raises(DomainError, match="closing"):
        cohorts.set_applications(cohort=cohort, open_=True, by=None)
    with pytest.raises(DomainError, match="closing"):
        people.add(cohort=cohort, email="a@b.hu", role="student", by=None)


@pytest.mark.parametrize("before", EnrollmentState.values)
@pytest.mark.parametrize("after", EnrollmentState.values)
def test_every_move_of_an_enrollment(before, after):
    row = EnrollmentFactory(state=before)
    if after in enrollments.MOVES[before]:
        enrollments.move(enrollment=row, to=after, by=None)
        assert Enrollment.objects.get(pk=row.pk).state == after
    else:
        with pytest.raises(DomainError, match="cannot become"):
            enrollments.move(enrollment=row, to=after, by=None)
        assert Enrollment.objects.get(pk=row.pk).state == before


def test_an_applicant_is_told_how_it_went(cohort):
    by = coordinator(cohort)
    row = EnrollmentFactory(cohort=cohort, state="applied")
    enrollments.put_on_waiting_list(enrollment=row, by=by)
    enrollments.accept(enrollment=row, by=by)
    other = EnrollmentFactory(cohort=cohort, state="applied")
    enrollments.decline(enrollment=other, by=by)
    kinds = Notification.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["application_waitlisted", "application_accepted", "application_declined"]


def test_in_a_running_cohort_a_late_person_is_active_at_once(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(state="running")
    cohort.refresh_from_db()
    row = EnrollmentFactory(cohort=cohort, state="applied")
    enrollments.accept(enrollment=row, by=None)
    assert row.state == "active"


def test_what_stands_in_the_way_of_activation_is_said(cohort, monkeypatch):
    gate = ports.Port("gates", "")
    gate.register(lambda enrollment: ["The introduction was not attended."])
    monkeypatch.setattr(ports, "ACTIVATION_GATES", gate)
    row = EnrollmentFactory(cohort=cohort, state="accepted", role=Role.MENTOR)
    with pytest.raises(DomainError, match="introduction"):
        enrollments.activate(enrollment=row, by=None)
    assert not enrollments.activate_if_ready(enrollment=row, by=None)
    assert row.state == "accepted"


def test_leaving_is_recorded_told_and_keeps_history(cohort, monkeypatch):
    told = []
    left = ports.Port("left", "")
    left.register(lambda enrollment, by: told.append((enrollment.pk, by.pk)))
    monkeypatch.setattr(ports, "ENROLLMENT_LEFT", left)
    boss = coordinator(cohort)
    row = EnrollmentFactory(cohort=cohort)
    enrollments.withdraw(enrollment=row, by=row.person, reason="personal")
    row.refresh_from_db()
    assert (row.state, row.left_reason) == ("withdrawn", "personal")
    assert row.left_at is not None
    assert told == [(row.pk, row.person.pk)]
    [note] = Notification.objects.filter(kind="person_left")
    assert note.recipient == boss
    with pytest.raises(DomainError, match="reasons"):
        enrollments.move(enrollment=EnrollmentFactory(), to="withdrawn", by=None, reason="lazy")


def test_the_last_coordinator_cannot_leave(cohort):
    first = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    with pytest.raises(DomainError, match="needs a coordinator"):
        enrollments.withdraw(enrollment=first, by=first.person)
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    enrollments.withdraw(enrollment=first, by=first.person)
    assert first.state == "withdrawn"


def test_who_left_may_come_back_with_the_history(cohort):
    row = EnrollmentFactory(cohort=cohort, state="withdrawn", interests=["surgery"])
    back = people.add(cohort=cohort, email=row.person.email, role="student", by=None)
    assert back == row
    assert (back.state, back.interests) == ("invited", ["surgery"])


def test_who_is_there_is_not_added_twice(cohort):
    row = EnrollmentFactory(cohort=cohort)
    with pytest.raises(DomainError, match="already, as Student"):
        people.add(cohort=cohort, email=row.person.email.upper(), role="student", by=None)


def test_one_person_may_have_several_roles(cohort):
    row = EnrollmentFactory(cohort=cohort)
    mentor = people.add(cohort=cohort, email=row.person.email, role="mentor", by=None)
    assert mentor.person == row.person
    assert mentor.capacity == 1


def test_a_new_person_needs_names(cohort):
    with pytest.raises(DomainError, match="both names") as refused:
        people.add(cohort=cohort, email="new@example.edu", role="student", by=None)
    assert refused.value.field == "given_name"


def test_absences(cohort):
    row = EnrollmentFactory(cohort=cohort)
    with clock.at(datetime(2021, 10, 1, 8, tzinfo=UTC)):
        absence = absences.declare(
            enrollment=row, starts=date(2021, 10, 4), ends=date(2021, 10, 10), by=row.person
        )
        with pytest.raises(DomainError, match="declared already"):
            absences.declare(
                enrollment=row, starts=date(2021, 10, 10), ends=date(2021, 10, 12), by=row.person
            )
        with pytest.raises(DomainError, match="before the first"):
            absences.declare(
                enrollment=row, starts=date(2021, 11, 2), ends=date(2021, 11, 1), by=row.person
            )
    with clock.at(datetime(2021, 10, 6, 8, tzinfo=UTC)):
        absences.end(absence=absence, by=row.person)
        assert absence.ends == date(2021, 10, 5)
        future = absences.declare(
            enrollment=row, starts=date(2021, 12, 1), ends=date(2021, 12, 2), by=row.person
        )
        absences.end(absence=future, by=row.person)
    assert [(a.starts, a.ends) for a in row.absences.all()] == [
        (date(2021, 10, 4), date(2021, 10, 5))
    ]


def test_terms_lie_inside_the_year_and_apart(cohort):
    edition = cohort.edition
    with pytest.raises(DomainError, match="overlaps with “Autumn”"):
        cohorts.save_term(
            edition=edition, name="X", starts=date(2022, 1, 1), ends=date(2022, 2, 1),
            by=None, term=None,
        )  # fmt: skip
    with pytest.raises(DomainError, match="must lie between"):
        cohorts.save_term(
            edition=edition, name="X", starts=date(2022, 6, 13), ends=date(2022, 7, 1),
            by=None, term=None,
        )  # fmt: skip
    with pytest.raises(DomainError, match="Spring"):
        cohorts.set_dates(edition=edition, starts=date(2021, 9, 6), ends=date(2022, 5, 1), by=None)


def test_a_country_and_its_region_must_be_known(cohort):
    cohorts.change_settings(cohort=cohort, country="DE", subdivision="BY", by=UserFactory())
    with pytest.raises(DomainError, match="not a region"):
        cohorts.change_settings(cohort=cohort, country="HU", by=None)
    with pytest.raises(DomainError, match="not known"):
        cohorts.change_settings(cohort=cohort, country="XX", subdivision="", by=None)


def test_a_contact_must_be_reachable(cohort):
    with pytest.raises(DomainError, match="telephone number"):
        cohorts.save_contact(cohort=cohort, contact=None, by=None, kind="emergency", name="Nobody")
