"""Who did what: acts of coordinators on every floor, in words; nothing from inside a pair."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Flag
from evaluation.services import flags, rule_settings
from matching.services import mentorships
from mentoring import clock
from sessions.services import change_requests, messages, records
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
def shown(scene, client):
    client.force_login(scene.coordinator)

    def show(query=""):
        url = reverse("programs:history", args=[scene.cohort.key])
        response = client.get(f"{url}?{query}")
        return [
            (str(line.what), ", ".join(str(one.text) for one in line.about), str(line.note))
            for line in response.context["lines"]
        ]

    return show


def names(pair):
    return {seat.person.full_name for seat in pair.memberships.all()}


def test_flags_name_their_pair_and_how_long_they_were_put_off(scene, shown):
    flag = Flag.objects.get(rule="never-met", mentorship=scene.pairs[7])
    flags.snooze(flag=flag, days=7, by=scene.coordinator)
    what, about, note = shown()[0]
    assert (what, note) == ("put a flag off", "7 days")
    assert all(name in about for name in names(scene.pairs[7]))
    flags.acknowledge(flag=flag, by=scene.coordinator)
    flags.dismiss(flag=flag, reason="Private reason", by=scene.coordinator)
    assert [line[0] for line in shown()[:2]] == ["settled a flag", "looks after a flag"]
    assert "Private reason" not in str(shown())


def test_an_end_names_everyone_and_its_reason(scene, shown):
    mentorships.end(mentorship=scene.pairs[7], reason="time", by=scene.coordinator)
    what, about, note = shown()[0]
    assert (what, note) == ("ended a mentorship early", "Their calendars do not meet")
    assert set(about.split(", ")) == names(scene.pairs[7])


def test_rules_say_from_what_to_what(scene, shown):
    rule_settings.set_rule(
        cohort=scene.cohort, rule="never-met", enabled=True,
        thresholds={"nudge": 7, "flag": 21, "high": 56}, by=scene.coordinator,
    )  # fmt: skip
    assert shown()[0] == (
        "changed a monitoring rule", "Not met yet", "Friendly reminder after: 10 → 7",
    )  # fmt: skip
    rule_settings.reset_rule(cohort=scene.cohort, rule="never-met", by=scene.coordinator)
    assert shown()[0][2] == "Friendly reminder after: 7 → 10"


def test_recording_on_their_word_is_told_and_recording_ones_own_meeting_is_not(scene, shown):
    before = len(shown())
    for number, by in ((7, scene.coordinator), (10, scene.pairs[10].student.person)):
        records.record_unplanned(
            mentorship=scene.pairs[number], starts_at=on(2021, 12, 8, 15), minutes=30,
            mode="phone", by=by,
        )  # fmt: skip
    messages.write(mentorship=scene.pairs[10], by=scene.pairs[10].student.person, text="Hello")
    lines = shown()
    assert len(lines) == before + 1
    assert lines[0][0] == "recorded a meeting on somebody’s word"
    assert set(lines[0][1].split(", ")) == names(scene.pairs[7])


def test_reading_and_answering_a_wish_are_told_and_wishing_is_not(scene, shown):
    student = scene.pairs[7].student.person
    wish = change_requests.ask(mentorship=scene.pairs[7], by=student, reason="Secret")
    before = len(shown())
    change_requests.read_reason(request=wish, by=scene.coordinator)
    change_requests.decide(request=wish, grant=True, by=scene.coordinator)
    lines = shown()
    assert len(lines) == before + 2
    assert [line[:2] for line in lines[:2]] == [
        ("agreed to a wish for a change", student.full_name),
        ("opened a wish for a change", student.full_name),
    ]
    assert "Secret" not in str(lines)


def test_it_is_searched_by_person_act_and_day_and_exported(scene, shown, client):
    mentorships.end(mentorship=scene.pairs[7], reason="time", by=scene.coordinator)
    family = scene.pairs[7].student.person.family_name
    assert "ended a mentorship early" in {line[0] for line in shown(f"q={family}")}
    assert {line[0] for line in shown("act=mentorship.dissolved")} == {"ended a mentorship early"}
    day = f"{clock.now():%Y-%m-%d}"
    assert shown(f"since={day}")
    assert not shown("until=2020-01-01")
    url = reverse("programs:history", args=[scene.cohort.key])
    rows = b"".join(client.get(f"{url}?format=csv").streaming_content).decode()
    assert "ended a mentorship early" in rows


def test_it_takes_as_many_queries_for_many_acts_as_for_one_of_each(scene, client):
    client.force_login(scene.coordinator)
    url = reverse("programs:history", args=[scene.cohort.key])

    def count():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    standing = list(Flag.objects.filter(cohort=scene.cohort, state=Flag.State.OPEN))
    standing.sort(key=lambda flag: flag.enrollment_id is None)
    for flag in (standing[0], standing[-1]):
        flags.acknowledge(flag=flag, by=scene.coordinator)
    mentorships.end(mentorship=scene.pairs[7], reason="time", by=scene.coordinator)
    few = count()
    for flag in standing[1:5]:
        flags.snooze(flag=flag, by=scene.coordinator)
    mentorships.end(mentorship=scene.pairs[10], reason="time", by=scene.coordinator)
    assert count() == few
