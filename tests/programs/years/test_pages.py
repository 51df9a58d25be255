"""The pages of the next year: steps, one press, the way back; and constant costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment, RollOver
from programs.services import staying
from tests.factories import CohortFactory, EnrollmentFactory
from tests.programs.years import vertical


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def her(summer, client):
    client.force_login(summer.by)

    class Coordinator:
        def url(self, name, *args):
            space = "" if ":" in name else "programs:"
            return reverse(f"{space}{name}", args=[summer.cohort.key, *args])

        def get(self, name, *args, **query):
            return client.get(self.url(name, *args), query)

        def post(self, name, data=None, **more):
            return client.post(self.url(name), data or {}, **more)

    return Coordinator()


def test_the_way_into_the_next_year(her, summer, one_of):
    assert "2021/22 is over" in text(her.get("cohort"))
    page = her.get("next_year")
    assert "The year 2022/23" in text(page)
    assert not RollOver.objects.exists(), "looking keeps nothing"
    dates = {"starts": "2022-09-05", "ends": "2023-06-11", "version": "1"}
    assert her.post("next_year", dates).url == her.url("next_year_people")
    people = text(her.get("next_year_people"))
    assert "moves up" in people
    row = one_of(class_year=1)
    her.post("next_year_people", {"person": row.key, "fate": "repeats"})
    assert "repeats the year" in text(her.get("next_year_people", fate="chosen"))
    groups = text(her.get("matching:next_year"))
    assert "3 students of class year 1" in groups, "one repeats in her group"
    begin = text(her.get("next_year_begin"))
    assert "Begin 2022/23" in begin
    assert "2 mentorships go on." in begin
    assert Cohort.objects.get(pk=summer.cohort.pk).editions.count() == 1
    done = text(her.post("next_year_begin", {"number": "2"}, follow=True))
    assert "2022/23 has been set up" in done
    again = text(her.post("next_year_begin", {"number": "2"}, follow=True))
    assert "has begun already" in again, "pressed twice, it begins once"
    assert "Undo the new year" in done
    assert "Plan the next year" in text(her.get("cohort"))
    assert "Taken back" in text(her.post("next_year_undo", follow=True))
    assert "The year 2022/23" in text(her.get("next_year"))
    assert "taken back already" in text(her.post("next_year_undo", follow=True))


def test_what_cannot_be_is_said_at_the_field(her):
    refused = her.post("next_year", {"starts": "2022-06-01", "ends": "2023-06-11", "version": "1"})
    assert refused.status_code == 422
    assert "The year before ends on" in text(refused)
    assert her.post("next_year", {"starts": "x", "version": "7"}).status_code == 422


def test_a_person_that_is_gone_is_said(her):
    assert "does not take part any more" in text(
        her.post("next_year_people", {"person": "nobody", "fate": "up"}, follow=True)
    )


def test_the_difference_of_a_newer_version_is_shown(her, summer):
    from tests.factories import ProgramVersionFactory

    document = vertical.document(2, 1) | {"topics": ["Finding a specialty"]}
    ProgramVersionFactory(program=summer.cohort.program, number=2, document=document)
    her.post(
        "next_year",
        {"starts": "2022-09-05", "ends": "2023-06-11", "version": "2", "look": ""},
    )
    page = text(her.get("next_year"))
    assert "Finding a specialty" in page
    assert "The program changes in 1 place." in text(her.get("next_year_begin"))


def test_mentors_are_asked_from_their_page(her, summer):
    assert "2 mentors have not been asked yet" in text(her.get("next_year_mentors"))
    assert "2 mentors get a mail" in text(
        her.post("next_year_mentors", {"what": "ask"}, follow=True)
    )
    assert "No answer yet" in text(her.get("next_year_mentors"))
    assert her.get("next_year_mentors", answer="none").context["listing"].total == 2
    assert her.get("next_year_mentors", answer="no").context["listing"].total == 0
    assert "Nobody was asked" in text(
        her.post("next_year_mentors", {"what": "remind"}, follow=True)
    )
    assert "2 mentors have not answered" in text(her.get("next_year_begin"))


def test_seats_are_filled_with_one_press(her, summer):
    vertical.roll(summer.cohort, summer.by)
    cohort = Cohort.objects.get(pk=summer.cohort.pk)
    vertical.add(cohort, 0, Role.JUNIOR_MENTOR, class_year=4, people=vertical.seniors(cohort, 1))
    page = text(her.get("matching:seats"))
    assert "Fill 2 seats" in page
    assert "4 students of class year 1" in page
    assert "2 seats were filled" in text(her.post("matching:seats", follow=True))
    assert "Fill 2 seats" not in text(her.get("matching:seats"))


@pytest.mark.django_db
def test_a_cohort_of_one_year_learns_what_to_do(client):
    by = EnrollmentFactory(cohort=CohortFactory(state="running"), role=Role.COORDINATOR)
    client.force_login(by.person)
    for name in ("next_year", "next_year_people", "next_year_mentors", "next_year_begin"):
        page = client.get(reverse(f"programs:{name}", args=[by.cohort.key]))
        assert page.status_code == 200
    assert "This program lasts a year" in text(
        client.get(reverse("programs:next_year", args=[by.cohort.key]))
    )
    refused = client.post(reverse("programs:next_year_begin", args=[by.cohort.key]), follow=True)
    assert "lasts a year" in text(refused)


def test_terms_of_either_year_can_be_changed(her, summer):
    vertical.roll(summer.cohort, summer.by)
    page = her.get("settings", year="2")
    assert page.context["edition"].number == 2
    assert "2022/23" in text(page)
    term = {"form": "term", "term-name": "Autumn", "term-starts": "2022-09-05",
            "term-ends": "2022-12-20"}  # fmt: skip
    url = f"{her.url('settings')}?year=2"
    from django.test import Client

    other = Client()
    other.force_login(summer.by)
    assert other.post(url, term).url == url
    second = Cohort.objects.get(pk=summer.cohort.pk).years[1]
    assert [one.name for one in second.terms.all()] == ["Autumn"]


def test_the_history_tells_one_line_and_more_to_whoever_looks(her, summer, one_of):
    vertical.roll(summer.cohort, summer.by)
    lines = her.get("history").context["lines"]
    assert [str(line.what) for line in lines][:1] == ["began a new year"]
    assert "took somebody into the new year" not in {str(line.what) for line in lines}
    hers = her.get("history", act="year.passed").context["lines"]
    assert "Moves up, class year 2" in {str(line.note) for line in hers}


PAGES = ["next_year", "next_year_people", "next_year_mentors", "next_year_begin",
         "matching:next_year", "matching:seats"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_larger_cohort_costs_no_more_queries(
    db, client, name, django_capture_on_commit_callbacks
):
    def cost(groups):
        with clock.at(vertical.datetime(2021, 8, 30, 8, tzinfo=vertical.UTC)):
            cohort, by = vertical.opened(groups, 2, 1)
            vertical.match(cohort, by, django_capture_on_commit_callbacks)
        client.force_login(by)
        cohort = Cohort.objects.get(pk=cohort.pk)
        with clock.at(vertical.after_the_year(cohort)):
            staying.ask(cohort=cohort, by=by)
            if name == "matching:seats":
                Enrollment.objects.filter(cohort=cohort, years__class_year=1).update(
                    state="withdrawn"
                )
            space = "" if ":" in name else "programs:"
            url = reverse(f"{space}{name}", args=[cohort.key])
            client.get(url)
            with CaptureQueriesContext(connection) as counted:
                assert client.get(url).status_code == 200
        return len(counted)

    assert cost(1) == cost(12) <= 45
