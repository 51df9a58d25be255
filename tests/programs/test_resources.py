"""The library of a cohort: who keeps it, who reads what, and what comes first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs import queries_resources, starters
from programs.models import Audience, Resource, ResourceKind
from programs.services import public, resources
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    meeting,
    pair,
    template_document,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 9, 8, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOW):
        yield


@pytest.fixture
def cohort():
    phases = [
        {"slug": "arriving", "title": "Arriving", "weeks": {"min": 6, "max": 6}},
        {"slug": "working", "title": "Working", "weeks": {"min": 20, "max": 20}},
        {"slug": "leaving", "title": "Leaving", "weeks": {"min": 6, "max": 6}},
    ]
    return CohortFactory(edition={**template_document(), "phases": phases})


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def student(cohort):
    return EnrollmentFactory(cohort=cohort).person


@pytest.fixture
def mentor(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.MENTOR).person


def add(cohort, title, *, published=True, **fields):
    row = resources.save(
        cohort=cohort, resource=None, by=None, title=title, **{"text": "Words"} | fields
    )
    return resources.publish(resource=row, public=published, by=None)


def url(name, cohort, *args):
    return reverse(f"programs:{name}", args=[cohort.key, *args])


def html(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def titles(rows):
    return [row.title for row in rows]


# --- Keeping it ----------------------------------------------------------------------------------


def test_a_resource_begins_as_a_draft_and_each_act_is_recorded(cohort, boss):
    row = resources.save(cohort=cohort, resource=None, by=boss, title=" Tips ", text="Be kind")
    assert (row.title, row.state, row.edited_by, row.edited_at) == ("Tips", "draft", boss, NOW)
    resources.publish(resource=row, public=True, by=boss)
    resources.publish(resource=row, public=True, by=boss)
    resources.save(cohort=cohort, resource=row, by=boss, title="Hints")
    resources.publish(resource=row, public=False, by=boss)
    resources.remove(resource=row, by=boss)
    events = Event.objects.filter(action__startswith="resource.").order_by("pk")
    assert [event.action.split(".")[1] for event in events] == [
        "added", "published", "changed", "hidden", "removed"
    ]  # fmt: skip
    assert {event.data["title"] for event in events} == {"Tips", "Hints"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " ", "url": ""}, "text"),
        ({"title": " "}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"phase": "elsewhere"}, "phase"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(cohort, fields, field):
    with pytest.raises(DomainError) as refused:
        add(cohort, **{"title": "Tips"} | fields)
    assert refused.value.field == field
    assert not Resource.objects.exists()


def test_the_database_refuses_a_resource_of_nothing(cohort):
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.create(cohort=cohort, title="Empty")


def test_a_library_is_no_archive(cohort, monkeypatch):
    monkeypatch.setattr(resources, "MOST", 2)
    row = add(cohort, "One")
    add(cohort, "Two")
    with pytest.raises(DomainError, match="at most 2"):
        add(cohort, "Three")
    resources.save(cohort=cohort, resource=row, by=None, title="One, changed")
    with pytest.raises(DomainError, match="at most 2"):
        resources.add_starters(cohort=cohort, by=None)


# --- Our own texts -------------------------------------------------------------------------------


def test_there_is_a_text_for_each_need():
    texts = starters.texts()
    kinds = [one.kind for one in texts]
    assert kinds.count("handbook") == 2
    assert kinds.count("agenda") == 3
    assert kinds.count("activity") == 10
    assert kinds.count("guide") == 3
    assert len({one.slug for one in texts}) == len(texts)
    for one in texts:
        assert one.kind in ResourceKind.values
        assert one.audience in Audience.values
        assert 0 < len(one.summary) <= 300
        assert 0 < len(one.title) <= 150
        assert len(one.slug) <= 50
        assert len(one.text) > 300


def test_they_come_as_drafts_and_never_twice(cohort, boss):
    assert resources.add_starters(cohort=cohort, by=boss) == 18
    assert resources.add_starters(cohort=cohort, by=boss) == 0
    assert set(Resource.objects.values_list("state", flat=True)) == {"draft"}
    first = Resource.objects.get(starter="agenda-first-meeting")
    last = Resource.objects.get(starter="agenda-closing-meeting")
    assert (first.phase, last.phase, first.language) == ("arriving", "leaving", "en")
    # Whatever became of it, it is the same text: it does not come back beside itself.
    resources.save(cohort=cohort, resource=first, by=boss, title="Ours", text="Quite different")
    assert resources.add_starters(cohort=cohort, by=boss) == 0
    resources.remove(resource=last, by=boss)
    assert resources.add_starters(cohort=cohort, by=boss) == 1


@pytest.mark.parametrize(
    ("phases", "moment", "phase"),
    [
        ([], "first", ""),
        (["a"], "first", "a"),
        (["a"], "last", ""),
        (["a", "b"], "middle", ""),
        (["a", "b"], "last", "b"),
        (["a", "b", "c"], "middle", "b"),
        (["a", "b", "c"], "", ""),
    ],
)
def test_the_moment_of_a_text_lies_in_a_phase_of_the_program(phases, moment, phase):
    assert starters.phase_at(phases, moment) == phase


def test_they_are_taken_over_with_one_press(as_user, cohort, boss):
    client = as_user(boss)
    assert "Begin with our texts" in html(client.get(url("resources_manage", cohort)))
    added = html(client.post(url("resources_starters", cohort), follow=True))
    assert "18 drafts were added." in added
    again = html(client.post(url("resources_starters", cohort), follow=True))
    assert "All of them are here already." in again
    assert url("resources_starters", cohort) not in html(
        client.get(url("resources_manage", cohort))
    )


# --- Who reads what ------------------------------------------------------------------------------


def test_everyone_finds_what_is_published_for_them(cohort, student, mentor, boss):
    for audience in Audience.values:
        add(cohort, audience, audience=audience)
    add(cohort, "draft", published=False)
    add(CohortFactory(), "elsewhere")
    lead = EnrollmentFactory(cohort=cohort, role=Role.LEAD_MENTOR).person
    supervisor = EnrollmentFactory(cohort=cohort, role=Role.SUPERVISOR).person
    finished = EnrollmentFactory(cohort=cohort, state="completed").person
    invited = EnrollmentFactory(cohort=cohort, state="invited").person
    left = EnrollmentFactory(cohort=cohort, state="withdrawn").person

    def found(user):
        return set(titles(queries_resources.published_for(user, cohort)))

    assert found(student) == found(finished) == {"all", "students"}
    assert found(mentor) == found(lead) == {"all", "mentors"}
    assert found(supervisor) == found(boss) == {"all", "students", "mentors"}
    assert found(invited) == found(left) == set()


def test_a_list_and_its_pages_agree(as_user, cohort, student, mentor, boss):
    rows = {audience: add(cohort, audience, audience=audience) for audience in Audience.values}
    rows["draft"] = add(cohort, "draft", published=False)
    for user in (student, mentor, boss):
        client = as_user(user)
        listed = html(client.get(url("resources", cohort)))
        for row in rows.values():
            page = url("resource", cohort, row.key)
            opens = client.get(page).status_code == 200
            assert opens == (page in listed or (user == boss and not row.is_published))


def test_a_resource_is_read_at_its_own_cohort_only(as_user, cohort, mentor):
    row = add(cohort, "Tips")
    other = CohortFactory()
    EnrollmentFactory(cohort=other, person=mentor, role=Role.COORDINATOR)
    client = as_user(mentor)
    for name in ("resource", "resource_edit"):
        assert client.get(url(name, other, row.key)).status_code == 404
    act = client.post(url("resource_act", other, row.key), {"act": "remove"})
    assert act.status_code == 404
    assert Resource.objects.filter(pk=row.pk).exists()


def test_the_tab_is_there_once_there_is_something(cohort, student, mentor, boss):
    def tab(user):
        tabs = [tab for found in ports.COHORT_TABS.ask(user, cohort) for tab in found]
        return next((tab.url for tab in tabs if tab.slug == "resources"), None)

    assert (tab(student), tab(boss)) == (None, url("resources_manage", cohort))
    add(cohort, "For mentors", audience="mentors")
    assert (tab(student), tab(mentor)) == (None, url("resources", cohort))
    add(cohort, "For all")
    assert tab(student) == url("resources", cohort)


def test_what_is_written_is_rendered_and_cannot_do_harm(as_user, cohort, student):
    row = add(
        cohort, "Tips", text="## One\n\n<script>alert(1)</script> **Two**", url="https://a.b/"
    )
    page = html(as_user(student).get(url("resource", cohort, row.key)))
    assert "<h2>One</h2>" in page
    assert "<strong>Two</strong>" in page
    assert "<script>alert" not in page
    assert 'href="https://a.b/" rel="noopener noreferrer"' in page


# --- What comes first ----------------------------------------------------------------------------


def test_the_phase_and_the_language_at_hand_come_first(cohort, student):
    add(cohort, "later", phase="working", order=1)
    add(cohort, "any", order=5)
    add(cohort, "now, in Hungarian", phase="arriving", language="hu", order=2)
    add(cohort, "now, in any", phase="arriving", order=3)
    add(cohort, "now, in English", phase="arriving", language="en", order=4)
    rows = queries_resources.published_for(student, cohort)
    phase = queries_resources.current_phase(cohort)
    assert phase == "arriving"
    assert titles(queries_resources.nearest_first(rows, phase=phase, language="en")) == [
        "now, in English", "now, in any", "now, in Hungarian", "any", "later"
    ]  # fmt: skip


def test_the_phase_of_the_cohort_counts_from_when_it_began(cohort):
    day = date(2021, 9, 6)
    assert queries_resources.current_phase(cohort, day=day + timedelta(weeks=7)) == "working"
    cohort.started_at = NOW + timedelta(weeks=2)
    assert queries_resources.current_phase(cohort, day=day + timedelta(weeks=7)) == "arriving"
    started = day - timedelta(weeks=25)
    assert queries_resources.current_phase(cohort, started=started, day=day) == "working"


def test_one_searches_in_titles_summaries_and_texts(as_user, cohort, student):
    add(cohort, "Learning", text="Spacing and recall")
    add(cohort, "Sleeping", summary="Why it helps")
    client = as_user(student)

    def found(query):
        page = html(client.get(url("resources", cohort), {"q": query}))
        return {title for title in ("Learning", "Sleeping") if title in page}

    assert found("recall spacing") == {"Learning"}
    assert found("helps") == {"Sleeping"}
    assert found("nowhere") == set()


def test_a_coordinator_narrows_by_kind_audience_and_state(as_user, cohort, boss):
    add(cohort, "Agenda one", kind="agenda", audience="mentors")
    add(cohort, "Guide two", published=False)
    client = as_user(boss)
    for query, wanted in (
        ({"kind": "agenda"}, {"Agenda one"}),
        ({"audience": "mentors"}, {"Agenda one"}),
        ({"state": "draft"}, {"Guide two"}),
        ({}, {"Agenda one", "Guide two"}),
    ):
        page = html(client.get(url("resources_manage", cohort), query))
        assert {title for title in ("Agenda one", "Guide two") if title in page} == wanted


def count(client, address):
    client.get(address)  # the session and the caches are warm
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_lists_take_as_many_queries_for_thirty_as_for_one(as_user, cohort, student, boss):
    add(cohort, "One")
    pages = [
        (as_user(student), url("resources", cohort)),
        (as_user(boss), url("resources_manage", cohort)),
    ]
    few = [count(client, address) for client, address in pages]
    for number in range(40):
        resources.save(cohort=cohort, resource=None, by=boss, title=f"{number}", text="x")
    Resource.objects.update(state="published")
    assert [count(client, address) for client, address in pages] == few


# --- Writing -------------------------------------------------------------------------------------

FIELDS = {"title": "Tips", "kind": "guide", "audience": "all", "order": "100", "text": "Be *kind*"}


def test_a_coordinator_writes_looks_publishes_and_removes(as_user, cohort, boss):
    client = as_user(boss)
    page = url("resource_add", cohort)
    seen = html(client.post(page, {**FIELDS, "title": "", "preview": "1"}))
    assert "<em>kind</em>" in seen
    assert "Be *kind*</textarea>" in seen
    assert "This field is required" not in seen
    assert not Resource.objects.exists()
    assert client.post(page, FIELDS).status_code == 302
    row = Resource.objects.get()
    assert (row.state, row.edited_by) == ("draft", boss)
    edit = url("resource_edit", cohort, row.key)
    client.post(edit, {**FIELDS, "title": "Hints", "phase": "working", "publish": "1"})
    row.refresh_from_db()
    assert (row.title, row.phase, row.state) == ("Hints", "working", "published")
    act = url("resource_act", cohort, row.key)
    client.post(act, {"act": "hide"})
    assert not Resource.objects.get().is_published
    back = client.post(act, {"act": "publish", "next": "manage"})
    assert back["Location"] == url("resources_manage", cohort)
    assert Resource.objects.get().is_published
    assert "Choose what to do" in html(client.post(act, {"act": "?"}, follow=True))
    client.post(act, {"act": "remove"})
    assert not Resource.objects.exists()


def test_a_form_that_is_wrong_loses_nothing(as_user, cohort, boss):
    client = as_user(boss)
    sent = {**FIELDS, "text": "", "summary": "Kept"}
    refused = client.post(url("resource_add", cohort), sent)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Write a text, or give a web address." in page
    assert "Kept" in page


# --- On the public page --------------------------------------------------------------------------


def test_the_public_page_leads_to_what_is_public(client, as_user, cohort, boss):
    leaflet = add(cohort, "A leaflet", kind="leaflet", public=True)
    film = add(cohort, "A film", kind="video", text="", url="https://v.example.edu/", public=True)
    inner = add(cohort, "Not public")
    draft = add(cohort, "Not yet", public=True, published=False)
    own = url("about_resource", cohort, leaflet.key)
    assert client.get(own).status_code == 404
    assert "This is a preview" in html(as_user(boss).get(own))
    public.publish(cohort=cohort, public=True, by=boss)
    page = html(client.get(url("about", cohort)))
    assert "Videos and leaflets" in page
    assert f'href="{own}"' in page
    assert f'href="{film.url}" rel="noopener noreferrer"' in page
    assert "Not public" not in page
    assert "Not yet" not in page
    assert "Words" in html(client.get(own))
    for row in (inner, draft):
        assert client.get(url("about_resource", cohort, row.key)).status_code == 404


# --- Beside a meeting ----------------------------------------------------------------------------


def test_a_coming_meeting_shows_three_ideas_of_its_phase(as_user, cohort):
    mentorship = pair(cohort, started_at=NOW)
    add(cohort, "Handbook", kind="handbook")
    add(cohort, "Later", kind="agenda", phase="leaving")
    add(cohort, "For the other side", kind="agenda", audience="mentors")
    for number in range(3):
        add(cohort, f"Any time {number}", kind="activity")
    add(cohort, "First agenda", kind="agenda", phase="arriving")
    ahead = meeting(mentorship, NOW + timedelta(days=3))
    over = meeting(mentorship, NOW - timedelta(days=3), state="held")
    client = as_user(mentorship.student.person)
    page = html(client.get(reverse("sessions:meeting", args=[ahead.key])))
    listed = page.split('id="ideas"')[1]
    shown = ["First agenda", "Any time 0", "Any time 1"]
    assert [listed.index(title) for title in shown] == sorted(listed.index(t) for t in shown)
    for title in ("Any time 2", "Later", "Handbook", "For the other side"):
        assert title not in listed
    assert url("resources", cohort) in listed
    assert 'id="ideas"' not in html(client.get(reverse("sessions:meeting", args=[over.key])))


def test_where_there_are_none_nothing_is_said(as_user, cohort):
    mentorship = pair(cohort)
    ahead = meeting(mentorship, NOW + timedelta(days=3))
    page = html(
        as_user(mentorship.student.person).get(reverse("sessions:meeting", args=[ahead.key]))
    )
    assert "Ideas for this meeting" not in page


# --- The person who wrote ------------------------------------------------------------------------


def test_who_edited_is_in_her_export_and_goes_with_her(cohort, boss):
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    row = resources.save(cohort=cohort, resource=None, by=boss, title="Tips", text="Be kind")
    sections = {}
    for found in ports.PERSON_EXPORT.ask(boss):
        sections |= found
    assert [entry["title"] for entry in sections["resources_edited"]] == ["Tips"]
    ports.PERSON_ERASED.tell(boss)
    row.refresh_from_db()
    assert (row.edited_by, row.text) == (None, "Be kind")


def test_a_program_that_names_no_phases_has_the_usual_ones():
    cohort = CohortFactory()
    assert not cohort.spec.phases
    resources.add_starters(cohort=cohort, by=None)
    phases = {row.starter: row.phase for row in Resource.objects.filter(kind="agenda")}
    assert phases == {
        "agenda-first-meeting": "ice-breaking",
        "agenda-middle-meeting": "structured",
        "agenda-closing-meeting": "self-directed",
    }
    Resource.objects.update(state="published")
    student = EnrollmentFactory(cohort=cohort).person
    for day, slug in (
        (date(2021, 9, 8), "agenda-first-meeting"),
        (date(2021, 12, 8), "agenda-middle-meeting"),
        (date(2022, 6, 8), "agenda-closing-meeting"),
    ):
        phase = queries_resources.current_phase(cohort, day=day)
        found = queries_resources.ideas(student, cohort, phase=phase, language="en")
        assert [row.starter for row in found if row.kind == "agenda"] == [slug]
        assert len(found) == 3
