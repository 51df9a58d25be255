"""Small promises of pages."""

from datetime import UTC, datetime

import pytest

from mentoring import clock
from mentoring.accounts.forms import zone_choices
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory, pair


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("hour", "greeting"), [(2, "Hello"), (4, "Good morning"), (22, "Good evening"), (23, "Hello")]
)
def test_nobody_is_wished_a_good_evening_at_night(db, as_user, hour, greeting):
    with clock.at(datetime(2021, 9, 10, hour, tzinfo=UTC)):
        assert f"<h1>{greeting}, " in text(as_user(UserFactory()).get("/"))


def test_a_student_reads_no_columns_of_coordinators(db, as_user):
    cohort = CohortFactory()
    pages = [
        text(as_user(EnrollmentFactory(cohort=cohort, role=role).person).get("/cohorts/"))
        for role in ("student", "coordinator")
    ]
    assert [">Students</th>" in page for page in pages] == [False, True]


def test_zones_are_grouped_by_region(db, as_user):
    regions = dict(zone_choices())
    assert ("Europe/Budapest", "Budapest") in regions["Europe"]
    assert '<optgroup label="Europe">' in text(as_user(UserFactory()).get("/me/preferences/"))


def test_a_number_too_small_is_said_in_words_of_a_form(db, as_user):
    row = EnrollmentFactory(role="mentor")
    url = f"/cohorts/{row.cohort.key}/mine/{row.key}/"
    refused = text(as_user(row.person).post(url, {"capacity": "-1"}))
    assert "Enter 0 or more." in refused
    assert "Ensure this value" not in refused


def test_a_noted_contact_can_be_undone_from_the_notice(db, as_user):
    mentorship = pair()
    base = f"/mentorships/{mentorship.key}/"
    her = as_user(mentorship.student.person)
    done = her.post(f"{base}contact/", {"channel": "phone", "next": "home"}, follow=True)
    assert f'<a href="{base}#contacts">Undo</a>' in text(done)
    assert 'id="contacts"' in text(her.get(base))


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_who_can_see_what_begins_with_the_level_of_ones_own_program(db, as_user, level):
    row = EnrollmentFactory()
    version = row.cohort.edition.version
    version.document = {**version.document, "confidentiality": {"level": level}}
    version.save()
    page = text(as_user(row.person).get("/who-can-see-what/"))
    first = page.index('id="level-')
    assert page[first:].startswith(f'id="level-{level}"')
    assert page.count("Your program") == 1
    assert page.count('<details class="reveal" open>') == 1
    assert "Any other reason is shown to nobody." in page


def test_a_pair_reads_each_others_profile_and_no_free_hours(db, as_user):
    mentorship = pair()
    row = mentorship.mentor
    row.interests, row.offers, row.languages = ["psychiatry"], "Time on Fridays", ["hu"]
    row.save()
    page = text(as_user(mentorship.student.person).get(f"/mentorships/{mentorship.key}/"))
    assert f"About {row.person.full_name}" in page
    for fact in ("psychiatry", "Time on Fridays", "Hungarian"):
        assert fact in page
    assert "Free hours" not in page
