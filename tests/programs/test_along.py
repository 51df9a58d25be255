"""Mentors are asked again, and last year's students become mentors, in one step."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock, outbox
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs.models import BroughtAlong, Enrollment
from programs.services import along, invitations
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    EnrollmentYearFactory,
    UserFactory,
    sibling,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    """Of a near-peer program, whose mentors are in class years 3 to 6."""
    return CohortFactory(state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def last_year(cohort, boss):
    other = sibling(cohort, years=-1, name="Last year", state="closing")
    EnrollmentFactory(cohort=other, person=boss, role=Role.COORDINATOR, state="completed")
    return other


@pytest.fixture
def person(last_year):
    def add(role="mentor", year=None, status="studying", **fields):
        row = EnrollmentFactory(cohort=last_year, role=role, **fields)
        if year:
            EnrollmentYearFactory(
                enrollment=row, academic_year=2020, class_year=year, status=status
            )
        return row

    return add


def found(cohort, source):
    return {one.place: (one.role, one.class_year) for one in along.candidates(cohort, source)}


def bring(cohort, source, by, *places):
    return along.bring(cohort=cohort, source=source, keys=[row.key for row in places], by=by)


# --- Who may be asked ----------------------------------------------------------------------------


def test_mentors_who_stayed_are_asked_again(cohort, last_year, person):
    stayed = [person(state=state) for state in ("accepted", "active", "completed")]
    for state in ("invited", "applied", "waitlisted", "declined", "withdrawn"):
        person(state=state)
    assert found(cohort, last_year) == dict.fromkeys(stayed, ("mentor", None))


@pytest.mark.parametrize(
    ("had", "expected"),
    [
        ((1, "studying"), None),
        ((2, "studying"), 3),
        ((2, "repeating"), 3),
        ((2, "paused"), None),
        ((3, "intercalating"), 3),
        ((5, "studying"), 6),
        ((6, "studying"), None),
        ((None, "studying"), None),
    ],
)
def test_students_qualify_by_their_class_year_of_the_new_year(
    cohort, last_year, person, had, expected
):
    year, status = had
    row = person("student", year=year, status=status)
    assert found(cohort, last_year) == ({row: ("mentor", expected)} if expected else {})


def test_a_mentor_who_has_finished_her_studies_is_not_asked(cohort, last_year, person):
    person(year=6)
    on = person(year=5)
    assert found(cohort, last_year) == {on: ("mentor", 6)}


def test_students_of_a_program_without_class_years_for_mentors_do_not_qualify(
    cohort, last_year, person
):
    version = cohort.edition.version
    shape = version.document["shapes"][0]
    seats = [{k: v for k, v in seat.items() if k != "class_years"} for seat in shape["seats"]]
    version.document = {**version.document, "shapes": [{**shape, "seats": seats}]}
    version.save()
    fresh = type(cohort).objects.get(pk=cohort.pk)
    person("student", year=4)
    mentor = person()
    assert list(found(fresh, last_year)) == [mentor]


@pytest.mark.parametrize("state", ["invited", "active", "declined", "withdrawn"])
def test_whoever_has_a_place_here_is_not_asked_again(cohort, last_year, person, state):
    row = person()
    EnrollmentFactory(cohort=cohort, person=row.person, role="mentor", state=state)
    assert found(cohort, last_year) == {}


def test_who_was_both_is_asked_once_as_a_mentor(cohort, last_year, person):
    mentor = person(year=3)
    both = person("student", year=3, person=mentor.person)
    assert found(cohort, last_year) == {mentor: ("mentor", 4)}
    assert both not in found(cohort, last_year)


# --- Bringing them -------------------------------------------------------------------------------


def test_one_click_invites_those_ticked_with_their_profile(
    as_user, cohort, boss, last_year, person
):
    again = person(
        capacity=3, campus="Pest", languages=["hu"], interests=["chess"], gender="female",
        offers="Fridays", free_time="1" * 168,
    )  # fmt: skip
    new = person("student", year=2, hopes="To survive", student_number="S1")
    left_out = person()
    page = reverse("programs:along", args=[cohort.key])
    client = as_user(boss)
    look = client.get(page).content.decode()
    for row in (again, new, left_out):
        assert f'value="{row.key}" checked' in look
    client.post(page, {"from": last_year.key, "who": [again.key, new.key]})
    here = Enrollment.objects.filter(cohort=cohort, role="mentor").order_by("pk")
    first, second = here
    assert (first.person, first.state, first.capacity) == (again.person, "invited", 3)
    assert (first.campus, first.languages, first.interests, first.gender) == (
        "Pest", ["hu"], ["chess"], "female",
    )  # fmt: skip
    assert (first.offers, first.free_time) == ("Fridays", "")
    assert (second.person, second.hopes, second.offers, second.student_number) == (
        new.person, "", "", "S1",
    )  # fmt: skip
    assert second.years.get().class_year == 3
    assert second.capacity == cohort.spec.capacity("mentor").default
    outbox.deliver_due()
    said = {sent.to[0].split("<")[1].rstrip(">"): sent.body for sent in mail.outbox}
    assert "you were a mentor in “Last year”" in said[again.person.email]
    assert "last time you had a mentor yourself" in said[new.person.email]
    assert said.keys() == {again.person.email, new.person.email}


def test_an_invitation_of_this_kind_is_accepted_like_any_other(
    client, cohort, boss, last_year, person
):
    batch = bring(cohort, last_year, boss, person())
    place = batch.places.get()
    row = place.invitations.get()
    invitations.accept(invitation=row, by=place.person)
    assert batch.places.get().state == "accepted"


def test_nobody_is_brought_twice(cohort, boss, last_year, person):
    row = person()
    bring(cohort, last_year, boss, row)
    with pytest.raises(DomainError, match="Nobody is chosen"):
        bring(cohort, last_year, boss, row)
    assert Enrollment.objects.filter(cohort=cohort, person=row.person).count() == 1


def test_of_another_program_the_profile_stays_there(cohort, boss):
    other = CohortFactory(name="Other program")
    other.editions.update(starts="2020-09-07", ends="2021-06-13")
    EnrollmentFactory(cohort=other, person=boss, role=Role.COORDINATOR)
    row = EnrollmentFactory(
        cohort=other, role="mentor", campus="Pest", interests=["chess"], capacity=3
    )
    place = bring(cohort, other, boss, row).places.get()
    assert (place.campus, place.interests, place.capacity) == ("", [], 3)
    outbox.deliver_due()
    assert "filled in already" not in mail.outbox[0].body


def test_only_from_an_earlier_cohort_that_she_coordinates(as_user, cohort, boss, person):
    stranger = sibling(cohort, years=-1)
    row = EnrollmentFactory(cohort=stranger, role="mentor")
    with pytest.raises(DomainError, match="your earlier cohorts"):
        bring(cohort, stranger, boss, row)
    page = as_user(boss).get(reverse("programs:along", args=[cohort.key]), {"from": stranger.key})
    assert row.person.full_name not in page.content.decode()


def test_people_of_a_third_cohort_cannot_be_smuggled_in(cohort, boss, last_year):
    outsider = EnrollmentFactory(cohort=sibling(cohort, years=-2), role="mentor")
    with pytest.raises(DomainError, match="Nobody is chosen"):
        bring(cohort, last_year, boss, outsider)


def test_a_closing_cohort_takes_nobody(cohort, boss, last_year, person):
    cohort.state = "closing"
    cohort.save()
    with pytest.raises(DomainError, match="closing"):
        bring(cohort, last_year, boss, person())


# --- Undoing -------------------------------------------------------------------------------------


def test_it_is_taken_back_while_nobody_has_answered(as_user, cohort, boss, last_year, person):
    rows = [person(), person()]
    batch = bring(cohort, last_year, boss, *rows)
    page = reverse("programs:along", args=[cohort.key])
    client = as_user(boss)
    assert "Take it back" in client.get(page).content.decode()
    client.post(reverse("programs:along_undo", args=[cohort.key]), {"batch": batch.key})
    assert not Enrollment.objects.filter(cohort=cohort, role="mentor").exists()
    assert set(Notification.objects.values_list("state", flat=True)) == {"suppressed"}
    assert len(found(cohort, last_year)) == 2
    again = client.post(
        reverse("programs:along_undo", args=[cohort.key]), {"batch": batch.key}, follow=True
    )
    assert "taken back already" in again.content.decode()


def test_once_somebody_has_answered_it_stays(as_user, cohort, boss, last_year, person):
    batch = bring(cohort, last_year, boss, person(), person())
    answered = batch.places.first()
    invitations.respond(enrollment=answered, yes=False, by=answered.person)
    with pytest.raises(DomainError, match="has answered"):
        along.undo(batch=batch, by=boss)
    page = as_user(boss).get(reverse("programs:along", args=[cohort.key]))
    assert "Take it back" not in page.content.decode()


def test_a_batch_of_another_cohort_is_not_touched(as_user, cohort, boss, last_year, person):
    batch = bring(cohort, last_year, boss, person())
    elsewhere = EnrollmentFactory(cohort=CohortFactory(), role=Role.COORDINATOR)
    url = reverse("programs:along_undo", args=[elsewhere.cohort.key])
    as_user(elsewhere.person).post(url, {"batch": batch.key})
    assert BroughtAlong.objects.get().undone_at is None


# --- The page ------------------------------------------------------------------------------------


def test_without_an_earlier_cohort_the_page_teaches(as_user, cohort, boss):
    page = as_user(boss).get(reverse("programs:along", args=[cohort.key]))
    assert "No earlier cohort" in page.content.decode()


def test_the_page_takes_as_many_queries_for_thirty_as_for_one(as_user, cohort, boss, person):
    client, url = as_user(boss), reverse("programs:along", args=[cohort.key])

    def cost():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    person(year=3)
    few = cost()
    for _ in range(29):
        person(year=3, person=UserFactory())
    assert cost() == few
