"""The library of a cohort in a browser: from the starter texts to a student's phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import HelpContact, Resource
from programs.services import public, resources
from tests.factories import CohortFactory, EnrollmentFactory, meeting, pair
from tests.journeys.visitor import DESK, EVERY_WINDOW, PHONE


@pytest.fixture
def cohort(transactional_db):
    return CohortFactory(name="Near-peer 2021/22")


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def address(name, cohort, *more):
    return reverse(f"programs:{name}", args=[cohort.key, *more])


def test_from_our_texts_to_a_students_phone(visit, cohort, coordinator):
    her = visit(coordinator)
    her.open(address("resources_manage", cohort))
    her.press("Add our starter texts")
    her.sees("18 drafts were added.")
    her.press("Student guide", role="link")
    her.sees("This is a draft")
    her.press("Change", role="link")
    her.page.get_by_label("Text").fill("## Ours\n\nCome **early**.")
    her.press("Preview")
    her.sees("Not saved yet.")
    her.is_fine()
    her.press("Save and publish")
    her.sees("Saved.")
    student = EnrollmentFactory(cohort=cohort).person
    she = visit(student, size=PHONE)
    she.open(address("cohort", cohort))
    she.press("Resources", role="link")
    she.press("Student guide", role="link")
    she.sees("early")
    she.is_fine()


def test_every_page_of_the_library_is_sound_in_every_window(visit, cohort, coordinator):
    resources.add_starters(cohort=cohort, by=coordinator)
    Resource.objects.update(state="published", public=True)
    public.publish(cohort=cohort, public=True, by=coordinator)
    guide = Resource.objects.get(starter="worried-about-somebody")
    mentorship = pair(cohort)
    ahead = meeting(mentorship, clock.now() + timedelta(days=3))
    for kind in HelpContact.Kind.values:
        HelpContact.objects.create(
            cohort=cohort, kind=kind, name="Somebody", note="When it helps.", phone="+36 1 555 01",
            email="help@example.edu", url="https://example.edu", hours="weekdays from 9 to 17",
            languages=["en", "hu"], confidential="yes",
        )  # fmt: skip
    pages = {
        coordinator: [
            address("resources_manage", cohort),
            address("resource_add", cohort),
            address("resource_edit", cohort, guide.key),
            address("resource", cohort, guide.key),
            address("settings", cohort),
        ],
        mentorship.student.person: [
            address("resources", cohort),
            address("resource", cohort, guide.key),
            reverse("sessions:meeting", args=[ahead.key]),
        ],
        None: [
            address("about", cohort),
            address("about_resource", cohort, guide.key),
            reverse("programs:help"),
        ],
    }
    wrong = {}
    for user, addresses in pages.items():
        visitor = visit(user, size=DESK)
        for path in addresses:
            visitor.open(path)
            if found := visitor.look_in(EVERY_WINDOW):
                wrong[path] = found
    assert not wrong, wrong
