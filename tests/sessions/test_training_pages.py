"""The pages of trainings and supervisions: one tap, one list, one table."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.models import Meeting, Series
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    attend,
    supervisor_group,
    training_date,
)
from tests.sessions.conftest import NOW, mentor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY = timedelta(days=1)
SOON = NOW + 7 * DAY


def test_a_mentor_enrolls_from_home_with_one_tap(cohort, as_user):
    one = training_date(SeriesFactory(cohort=cohort, title="Emergencies"), SOON)
    client = as_user(mentor(cohort).person)
    home = client.get("/").content.decode()
    assert "Emergencies" in home
    assert reverse("sessions:enroll", args=[one.key]) in home
    answer = client.post(reverse("sessions:enroll", args=[one.key]), {"next": "home"})
    assert answer.url == "/"
    assert one.participants.get().holds
    assert "Give back" in client.get("/training/").content.decode()


def test_a_full_date_offers_the_others(cohort, as_user):
    full = training_date(SeriesFactory(cohort=cohort, capacity=1), SOON)
    other = training_date(SeriesFactory(cohort=cohort), SOON + DAY)
    attend(full, mentor(cohort), "unknown")
    page = as_user(mentor(cohort).person).get(f"/meetings/{full.key}/").content.decode()
    assert "All places are taken." in page
    assert reverse("sessions:enroll", args=[other.key]) in page
    assert reverse("sessions:enroll", args=[full.key]) not in page


def test_who_comes_is_for_those_who_lead_it(cohort, coordinator, as_user):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    mine, other = mentor(cohort), mentor(cohort)
    for each in (mine, other):
        attend(one, each, "unknown")
    name = other.person.full_name
    assert name not in as_user(mine.person).get(f"/meetings/{one.key}/").content.decode()
    assert name in as_user(coordinator).get(f"/meetings/{one.key}/").content.decode()


SERIES = {
    "kind": "training", "audience": "mentor", "title": "Emergencies", "mode": "in_person",
    "place": "Hall 1", "capacity": "20", "first": "2021-10-06", "at": "17:00",
    "minutes": "90", "every": "2", "until": "2021-11-30",
}  # fmt: skip


def test_a_series_is_shown_before_it_is_opened(cohort, coordinator, as_user):
    client, url = as_user(coordinator), reverse("sessions:new_series", args=[cohort.key])
    shown = client.post(url, SERIES | {"act": "preview"})
    assert "These dates will be opened" in shown.content.decode()
    assert Meeting.objects.count() == 0
    opened = client.post(url, SERIES | {"act": "open"})
    made = Series.objects.get()
    assert opened.url == reverse("sessions:series", args=[made.key])
    assert made.meetings.count() == 4
    assert client.get(opened.url).status_code == 200


def test_a_series_that_cannot_be_is_said_so(cohort, coordinator, as_user):
    url = reverse("sessions:new_series", args=[cohort.key])
    answer = as_user(coordinator).post(url, SERIES | {"until": "2021-01-01"})
    assert answer.status_code == 422


def test_dates_are_added_moved_and_cancelled(cohort, coordinator, as_user):
    one = training_date(SeriesFactory(cohort=cohort), SOON)
    client = as_user(coordinator)
    when = {"day": "2021-10-06", "starts": "17:00", "minutes": "90"}
    client.post(reverse("sessions:add_training_date", args=[one.series.key]), when)
    assert one.series.meetings.count() == 2
    client.post(
        reverse("sessions:move_date", args=[one.key]),
        when | {"day": "2021-10-07", "reason": "academic"},
    )
    one.refresh_from_db()
    assert (one.starts_at.day, one.starts_at.hour, one.sequence) == (7, 15, 1)
    client.post(reverse("sessions:cancel_date", args=[one.key]), {"reason": "other"})
    one.refresh_from_db()
    assert one.state == "cancelled"


def test_a_list_is_written_with_everyone_present_by_default(cohort, coordinator, as_user):
    one = training_date(SeriesFactory(cohort=cohort), NOW - DAY)
    came, away, walk_in = mentor(cohort), mentor(cohort), mentor(cohort)
    for each in (came, away):
        attend(one, each, "unknown")
    client, url = as_user(coordinator), reverse("sessions:attendance", args=[one.key])
    page = client.get(url).content.decode()
    assert page.count('value="present"') == 2
    assert page.count("checked") == 2
    answer = client.post(
        url,
        {
            f"seat-{came.person.key}": "present",
            f"seat-{away.person.key}": "absent",
            "walk_ins": [walk_in.pk],
        },
    )
    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.state == "held"
    assert dict(one.participants.values_list("enrollment", "attendance")) == {
        came.pk: "present", away.pk: "absent", walk_in.pk: "present",
    }  # fmt: skip


def test_the_supervisors_home_shows_her_groups_and_lists(cohort, as_user):
    group = supervisor_group(cohort, mentor(cohort), name="Tuesday group")
    one = training_date(SeriesFactory(cohort=cohort, kind="supervision", group=group), NOW - DAY)
    client = as_user(group.supervisor.person)
    home = client.get("/").content.decode()
    assert "Tuesday group" in home
    assert reverse("sessions:attendance", args=[one.key]) in home
    assert client.get(reverse("sessions:group", args=[group.key])).status_code == 200
    assert client.get("/training/groups/").status_code == 200


def test_the_table_narrows_and_exports_without_formulas(cohort, coordinator, as_user):
    done, short = mentor(cohort), mentor(cohort)
    short.person.given_name = "=1+1"
    short.person.save()
    for kind, times in (("training", 4), ("supervision", 2)):
        series = SeriesFactory(cohort=cohort, kind=kind)
        for n in range(times):
            shift = timedelta(days=n, hours=3 * (kind == "training"))
            attend(training_date(series, NOW - shift - timedelta(hours=3), "held"), done)
    client, url = as_user(coordinator), reverse("sessions:quotas", args=[cohort.key])
    with clock.at(NOW):
        page = client.get(url, {"show": "short"}).content.decode()
        exported = client.get(url, {"format": "csv", "sort": "-short"})
    assert done.person.family_name not in page
    assert short.person.family_name in page
    text = b"".join(exported.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["Name"].startswith("'=1+1")
    assert [row["Missing"] for row in rows] == ["6", "0"]
    assert rows[1]["Hours"] == "9.0"


PAGES = ["training_of", "quotas", "credits", "groups"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_for_one_row_as_for_thirty(name, cohort, coordinator, as_user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def measure(rows):
        for n in range(rows):
            one = mentor(cohort)
            group = supervisor_group(cohort, one, name=f"Group {rows} {n}")
            series = SeriesFactory(cohort=cohort, kind="supervision", group=group)
            attend(training_date(series, SOON + n * timedelta(hours=2)), one, "unknown")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse(f"sessions:{name}", args=[cohort.key])).status_code == 200
        return len(caught)

    client = as_user(coordinator)
    assert measure(1) == measure(29)


def test_the_page_begins_with_what_the_program_asks(coordinator, as_user):
    cohort = CohortFactory(state="matching", edition="tromso")
    boss = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    waits = EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="accepted")
    EnrollmentFactory(cohort=cohort, role=Role.MENTOR, state="accepted")
    held = training_date(SeriesFactory(cohort=cohort), NOW - DAY, state="held")
    attend(held, waits)
    client = as_user(boss)
    answer = client.get(reverse("sessions:training_of", args=[cohort.key]))
    page = " ".join(answer.content.decode().split())
    assert "Introduction for mentors, once in the whole program" in page
    assert "Mentor · 1 of 2 have it" in page
    first = answer.context["asked"][0]
    form = client.get(first.url).context["form"]
    assert form["title"].value() == "Introduction for mentors"
    assert form["audience"].value() == "mentor"
