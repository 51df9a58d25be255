"""What a coordinator does on the board: flags, rules, records, messages."""

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Broadcast, Flag, RuleSetting
from evaluation.monitoring import scan
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.outbox import Notification
from sessions.services import records
from tests.evaluation.conftest import after, mails, on
from tests.evaluation.scene import TODAY, play
from tests.factories import EnrollmentFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _week_fourteen():
    with clock.at(after(TODAY)):
        yield


@pytest.fixture
def scene():
    return play()


@pytest.fixture
def client(scene) -> Client:
    client = Client()
    client.force_login(scene.coordinator)
    return client


@pytest.fixture
def flag(scene) -> Flag:
    return Flag.objects.get(rule="unresponsive-mentor")


def act(client: Client, name: str, flag: Flag, **data):
    return client.post(reverse(f"evaluation:{name}", args=[flag.key]), data)


def test_a_flag_says_what_is_known_and_what_was_done(client, flag):
    act(client, "acknowledge", flag)
    html = client.get(reverse("evaluation:flag", args=[flag.key])).content.decode()
    assert "has waited for an answer for more than 10 working days" in html
    assert "Telephone the mentor" in html
    assert "Opened by the monitoring pass" in html
    assert "Katalin Bodnár looks after it" in html


def test_an_acknowledged_or_snoozed_flag_leaves_what_needs_the_coordinator(client, scene, flag):
    board = reverse("evaluation:board", args=[scene.cohort.key])
    assert len(client.get(board).context["rows"]) == 7
    act(client, "acknowledge", flag)
    assert len(client.get(board).context["rows"]) == 6
    other = Flag.objects.filter(rule="never-met").first()
    act(client, "snooze", other)
    assert len(client.get(board).context["rows"]) == 5
    with clock.at(after(TODAY + 3)):
        assert len(client.get(board).context["rows"]) == 6


def test_settling_needs_a_reason_and_is_recorded(client, flag, scene):
    assert act(client, "dismiss", flag, reason=" ").status_code == 422
    flag.refresh_from_db()
    assert flag.is_standing
    assert act(client, "dismiss", flag, reason="On parental leave").status_code == 302
    flag.refresh_from_db()
    assert (flag.state, flag.reason, flag.handled_by) == (
        "resolved", "On parental leave", scene.coordinator,
    )  # fmt: skip
    event = Event.objects.get(action="flag.dismissed")
    assert "leave" not in str(event.data), "the audit holds codes, no texts"
    assert scan().opened == 0


def test_acting_twice_is_answered_kindly(client, flag):
    act(client, "dismiss", flag, reason="Solved")
    response = client.post(reverse("evaluation:acknowledge", args=[flag.key]), follow=True)
    assert "settled already" in response.content.decode()
    assert act(client, "dismiss", flag, reason="Solved").status_code == 422


def test_get_changes_nothing(client, flag):
    for name in ("acknowledge", "snooze", "dismiss"):
        assert client.get(reverse(f"evaluation:{name}", args=[flag.key])).status_code == 405


# --- Rules ---------------------------------------------------------------------------------------


def set_rule(client: Client, scene, rule: str = "never-met", **values):
    url = reverse("evaluation:set_rule", args=[scene.cohort.key, rule])
    return client.post(url, {f"{rule}-{key}": value for key, value in values.items()})


def test_thresholds_are_changed_for_one_cohort(client, scene):
    assert set_rule(client, scene, enabled="on", nudge=7, flag=14, high=40).status_code == 302
    setting = RuleSetting.objects.get()
    assert (setting.cohort, setting.thresholds) == (
        scene.cohort, {"nudge": 7, "flag": 14, "high": 40},
    )  # fmt: skip
    html = client.get(reverse("evaluation:rules", args=[scene.cohort.key])).content.decode()
    assert 'value="14"' in html
    assert "Changed here" in html


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"nudge": 10, "flag": 10, "high": 56}, "more than the step before it (10)"),
        ({"nudge": 0, "flag": 21, "high": 56}, "Enter 1 or more"),
        ({"nudge": 10, "flag": 21, "high": 366}, "Enter 365 or less"),
        ({"nudge": 10, "flag": 21}, "required"),
        ({"nudge": "x", "flag": 21, "high": 56}, "whole number"),
    ],
)
def test_numbers_that_cannot_work_are_refused_with_the_reason(client, scene, values, problem):
    response = set_rule(client, scene, enabled="on", **values)
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert RuleSetting.objects.count() == 0


def test_a_rule_goes_back_to_the_programs_numbers(client, scene):
    set_rule(client, scene, enabled="", nudge=7, flag=14, high=40)
    scan()
    assert not Flag.objects.filter(rule="never-met", state="open").exists()
    url = reverse("evaluation:set_rule", args=[scene.cohort.key, "never-met"])
    client.post(url, {"reset": "1"})
    assert RuleSetting.objects.count() == 0


def test_there_are_no_other_rules(client, scene):
    assert set_rule(client, scene, rule="made-up").status_code == 404


# --- Recording on somebody's word ----------------------------------------------------------------


def test_a_meeting_recorded_on_somebodys_word_clears_the_flag(client, scene):
    mentorship = scene.pairs[7]
    url = reverse("sessions:record_unplanned_for_them", args=[mentorship.key])
    assert url in client.get(reverse("evaluation:pairs", args=[scene.cohort.key])).content.decode()
    records.record_unplanned(
        mentorship=mentorship, starts_at=on(2021, 12, 8, 15), minutes=30, mode="phone",
        by=scene.coordinator,
    )  # fmt: skip
    assert scan().cleared == 1


# --- Messages to a list --------------------------------------------------------------------------


def write(client: Client, scene, query: str, **data):
    url = reverse("evaluation:write", args=[scene.cohort.key])
    form = {"key": "abcdefghjkmn", "who": "everyone", "subject": "Hello", "text": "A line."}
    return client.post(f"{url}?{query}", form | data)


def test_a_preview_names_everyone_and_sends_nothing(client, scene):
    response = write(client, scene, "to=pairs&met=no")
    assert [person.full_name for person in response.context["people"]] == [
        "Kristóf Balogh", "Júlia Farkas", "Zoltán Fehér", "Ágnes Gál", "Ödön Kis",
        "Hanna Molnár", "István Németh", "Luca Papp", "Ugo Szilágyi", "Vera Török",
    ]  # fmt: skip
    assert "Send to 10 people" in response.content.decode()
    assert Broadcast.objects.count() == 0


def test_everyone_on_the_list_gets_one_mail(client, scene):
    write(client, scene, "to=pairs&met=no&who=everyone", send="1")
    assert len(mails("broadcast")) == 10
    assert Broadcast.objects.get().recipients == 10


def test_sending_twice_sends_once(client, scene):
    for _ in range(2):
        write(client, scene, "to=pairs&met=no", send="1")
    assert (Broadcast.objects.count(), len(mails("broadcast"))) == (1, 10)


def test_somebody_with_two_roles_gets_one_mail(client, scene):
    # Kristóf, who has not met his mentor, mentors Luca too.
    both = EnrollmentFactory(
        cohort=scene.cohort, person=scene.pairs[10].student.person, role=Role.MENTOR
    )
    member(scene.pairs[11], both)
    write(client, scene, "to=pairs&met=no", send="1")
    sent = mails("broadcast")
    assert len(sent) == len(set(sent)) == 10
    write(client, scene, "to=people", key="other", send="1")
    sent = mails("broadcast")[10:]
    assert len(sent) == len(set(sent)) == 26


@pytest.mark.parametrize(("who", "count"), [("student", 5), ("mentor", 5), ("everyone", 10)])
def test_one_side_alone_can_be_meant(client, scene, who, count):
    write(client, scene, "to=pairs&met=no", who=who, send="1")
    assert len(mails("broadcast")) == count


def test_one_pair_alone_can_be_written_to(client, scene):
    write(client, scene, f"to=pairs&pair={scene.pairs[0].key}", send="1")
    assert len(mails("broadcast")) == 2


def test_a_list_that_cannot_be_narrowed_like_that_never_becomes_everybody():
    scene = play("strict")
    client = Client()
    client.force_login(scene.coordinator)
    for query in ("to=pairs&met=no", "to=pairs&made=up", "to=people&flag=yes"):
        response = write(client, scene, query, send="1")
        assert response.status_code == 302
    assert mails("broadcast") == []


def test_an_empty_list_is_said_to_be_empty(client, scene):
    response = write(client, scene, "to=pairs&pair=nobody", send="1")
    assert response.status_code == 302
    assert mails("broadcast") == []


@pytest.mark.parametrize("missing", ["subject", "text"])
def test_a_message_needs_a_subject_and_a_text(client, scene, missing):
    assert write(client, scene, "to=pairs", send="1", **{missing: " "}).status_code == 422
    assert mails("broadcast") == []


def test_the_audit_says_who_got_it_and_not_what_it_said(client, scene):
    write(client, scene, f"to=pairs&pair={scene.pairs[0].key}", send="1", text="A private line")
    event = Event.objects.get(action="broadcast.sent")
    pair = scene.pairs[0]
    assert sorted(event.data["people"]) == sorted([pair.student.person_id, pair.mentor.person_id])
    assert "private" not in str(event.data)
    assert Notification.objects.filter(kind="broadcast").first().context == {
        "broadcast": Broadcast.objects.get().pk
    }
