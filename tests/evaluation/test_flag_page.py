"""A flag's page names whom it is about, follows the facts, and can be noted on and reopened."""

import pytest
from django.urls import reverse

from evaluation.models import Flag, FlagNote
from evaluation.monitoring import scan
from evaluation.services import flags
from matching.services import mentorships
from mentoring import clock, ports
from mentoring.errors import DomainError
from sessions.services import records
from tests.evaluation.conftest import after, on
from tests.evaluation.scene import TODAY, play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _week_fourteen():
    with clock.at(after(TODAY)):
        yield


@pytest.fixture
def scene():
    return play()


@pytest.fixture
def page(scene, client):
    client.force_login(scene.coordinator)

    def show(flag):
        return client.get(reverse("evaluation:flag", args=[flag.key])).content.decode()

    return show


def never_met(scene, number=7):
    return Flag.objects.get(rule="never-met", mentorship=scene.pairs[number], state="open")


def names(mentorship):
    return [seat.person.full_name for seat in mentorship.memberships.all()]


def test_a_flag_of_an_ended_pair_keeps_its_names_and_offers_nothing_more(scene, page, client):
    flag = never_met(scene)
    mentorships.end(mentorship=scene.pairs[7], reason="time", by=scene.coordinator)
    html = page(flag)
    for name in names(scene.pairs[7]):
        assert name in html
    assert "there is nothing left to do here" in html
    assert "Write to them" not in html
    assert "Cleared by the facts" in html
    listed = client.get(reverse("evaluation:flags", args=[scene.cohort.key])).content.decode()
    assert names(scene.pairs[7])[0] in listed


@pytest.mark.django_db(transaction=True)
def test_ending_and_recording_clear_flags_at_once(scene):
    ended, recorded = never_met(scene, 7), never_met(scene, 10)
    mentorships.end(mentorship=scene.pairs[7], reason="time", by=scene.coordinator)
    records.record_unplanned(
        mentorship=scene.pairs[10], starts_at=on(2021, 12, 8, 15), minutes=30, mode="phone",
        by=scene.coordinator,
    )  # fmt: skip
    for flag in (ended, recorded):
        flag.refresh_from_db()
        assert flag.state == Flag.State.CLEARED


def test_opening_a_flag_looks_at_the_facts_again(scene, page):
    flag = never_met(scene)
    pair = scene.pairs[7]
    by = pair.memberships.first().person
    records.record_unplanned(
        mentorship=pair, starts_at=on(2021, 12, 8, 15), minutes=30, mode="phone", by=by
    )
    flag.refresh_from_db()
    assert flag.is_standing
    assert "Cleared by the facts" in page(flag)


def test_looking_again_opens_nothing_and_writes_to_nobody(scene):
    Flag.objects.filter(rule="never-met").delete()
    ports.FACTS_SETTLED.tell(scene.cohort)
    assert not Flag.objects.filter(rule="never-met").exists()
    assert scan().opened > 0


def test_the_page_lists_people_and_meetings_with_links(scene, page):
    flag = Flag.objects.filter(rule__startswith="missed", enrollment=None).first()
    flag = flag or Flag.objects.get(rule="unresponsive-mentor")
    html = page(flag)
    seat = flag.mentorship.memberships.first()
    assert reverse("programs:person", args=[scene.cohort.key, seat.enrollment.key]) in html
    assert reverse("sessions:mentorship", args=[flag.mentorship.key]) in html


def test_meetings_stay_with_the_pair_where_only_counts_leave_it(client):
    scene = play("counts")
    client.force_login(scene.coordinator)
    flag = Flag.objects.filter(cohort=scene.cohort).first()
    response = client.get(reverse("evaluation:flag", args=[flag.key]))
    assert response.context["meetings"] == []


def test_a_note_settles_nothing(scene, page, client):
    flag = never_met(scene)
    client.post(reverse("evaluation:note", args=[flag.key]), {"text": "Called on Monday"})
    flag.refresh_from_db()
    assert flag.state == Flag.State.OPEN
    html = page(flag)
    assert "Called on Monday" in html
    assert "Katalin Bodnár noted" in html
    empty = client.post(reverse("evaluation:note", args=[flag.key]), {"text": " "})
    assert empty.status_code == 422


@pytest.mark.parametrize("days", [3, 7, 14])
def test_a_flag_is_put_off_for_as_long_as_one_likes(scene, page, client, days):
    flag = never_met(scene)
    client.post(reverse("evaluation:snooze", args=[flag.key]), {"days": days})
    flag.refresh_from_db()
    assert (flag.snoozed_until - clock.now()).days == days
    assert f"put it off for {days} days" in page(flag)


def test_for_any_other_time_it_is_not(scene):
    with pytest.raises(DomainError):
        flags.snooze(flag=never_met(scene), by=scene.coordinator, days=90)


def test_a_settled_flag_can_be_opened_again_and_keeps_what_was_said(scene, page, client):
    flag = flags.dismiss(flag=never_met(scene), reason="Both away", by=scene.coordinator)
    client.post(reverse("evaluation:reopen", args=[flag.key]))
    flag.refresh_from_db()
    assert (flag.state, flag.reason) == (Flag.State.OPEN, "")
    html = page(flag)
    assert "Both away" in html
    assert "opened it again" in html
    with pytest.raises(DomainError):
        flags.reopen(flag=flag, by=scene.coordinator)


def test_a_message_to_one_pair_names_them(scene, client):
    client.force_login(scene.coordinator)
    pair = scene.pairs[7]
    url = reverse("evaluation:write", args=[scene.cohort.key])
    html = client.get(f"{url}?to=pairs&pair={pair.key}").content.decode()
    assert "all of them" not in html
    for name in names(pair):
        assert name in html.partition("</h1>")[2].partition("</p>")[0]


def test_notes_go_with_the_person_they_are_about(scene):
    flag = never_met(scene)
    flags.note(flag=flag, text="Speaks of a hard time", by=scene.coordinator)
    ports.PERSON_ERASED.tell(scene.pairs[7].memberships.first().person)
    assert not FlagNote.objects.exists()


def test_the_page_of_an_ended_mentorship_says_who_was_in_it_and_why_it_ended(scene, client):
    client.force_login(scene.coordinator)
    pair = scene.pairs[7]
    mentorships.end(mentorship=pair, reason="time", by=scene.coordinator)
    html = client.get(reverse("sessions:mentorship", args=[pair.key])).content.decode()
    for name in names(pair):
        assert name in html.partition("<h1>")[2].partition("</h1>")[0]
    assert "Their calendars do not meet" in html
