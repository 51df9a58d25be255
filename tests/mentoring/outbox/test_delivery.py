from dataclasses import replace
from datetime import datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from mentoring import clock, outbox
from mentoring.accounts.models import Mute
from mentoring.outbox import kinds
from mentoring.outbox.delivery import engine
from mentoring.outbox.delivery.claim import BACKOFF, MAX_TRIES, claim, lease
from mentoring.outbox.models import Notification, State
from tests.factories import UserFactory
from tests.mentoring.outbox.conftest import NOON

pytestmark = pytest.mark.django_db
BUDAPEST = ZoneInfo("Europe/Budapest")


def queue(reader, key="a", **fields):
    outbox.enqueue(**{"kind": "probe", "recipient": reader, "dedupe_key": key, **fields})
    return Notification.objects.get(dedupe_key=key)


def test_what_is_due_is_sent_once(probe, reader, noon):
    note = queue(reader)
    assert outbox.deliver_due() == outbox.Counts(sent=1)
    assert outbox.deliver_due() == outbox.Counts()
    note.refresh_from_db()
    assert (note.state, note.attempts, note.settled_at, note.claim) == ("sent", 1, NOON, "")
    assert [message.to for message in mail.outbox] == [[f'"Anna Kovács" <{reader.email}>']]


def test_nothing_is_sent_before_it_is_due(probe, reader, noon):
    queue(reader, due_at=NOON + timedelta(seconds=1))
    assert outbox.deliver_due() == outbox.Counts()
    assert outbox.deliver_due(now=NOON + timedelta(seconds=1)).sent == 1


def test_a_limit_is_kept(probe, reader, noon):
    for n in range(5):
        queue(reader, key=str(n))
    assert outbox.deliver_due(limit=3).sent == 3


def test_a_mute_suppresses_its_kind_and_no_urgent_one(probe, reader, noon):
    for kind in ("probe", "alarm"):
        Mute.objects.create(user=reader, kind=kind)
    queue(reader)
    queue(reader, key="b", kind="alarm")
    assert outbox.deliver_due() == outbox.Counts(sent=1, suppressed=1)
    assert Notification.objects.get(kind="probe").reason == "muted"


def test_a_stale_mail_is_suppressed(probe, reader, noon):
    queue(reader, not_after=NOON - timedelta(minutes=1))
    assert outbox.deliver_due() == outbox.Counts(suppressed=1)
    assert Notification.objects.get().reason == "stale"


def test_a_builder_may_find_nothing_to_say(probe, reader, noon):
    probe.build = lambda note: outbox.Suppress("met already")
    queue(reader)
    assert outbox.deliver_due() == outbox.Counts(suppressed=1)
    assert Notification.objects.get().reason == "met already"


def test_nobody_whose_account_is_closed_gets_mail(probe, reader, noon):
    reader.erased_at = NOON
    reader.save()
    queue(reader)
    assert outbox.deliver_due() == outbox.Counts(suppressed=1)


def test_quiet_hours_hold_mail_back_until_they_end_in_the_readers_zone(probe, reader):
    evening = datetime(2021, 9, 7, 22, 30, tzinfo=BUDAPEST)
    morning = datetime(2021, 9, 8, 7, 0, tzinfo=BUDAPEST)
    with clock.at(evening):
        note = queue(reader)
        queue(reader, key="urgent", kind="alarm")
        assert outbox.deliver_due() == outbox.Counts(sent=1, held=1)
    note.refresh_from_db()
    assert (note.state, note.attempts, note.try_at) == ("queued", 0, morning)
    assert outbox.deliver_due(now=morning - timedelta(seconds=1)) == outbox.Counts()
    assert outbox.deliver_due(now=morning) == outbox.Counts(sent=1)


def test_what_would_be_stale_after_quiet_hours_is_suppressed_at_once(probe, reader):
    with clock.at(datetime(2021, 9, 7, 22, 30, tzinfo=BUDAPEST)):
        queue(reader, not_after=datetime(2021, 9, 8, 6, 0, tzinfo=BUDAPEST))
        assert outbox.deliver_due() == outbox.Counts(suppressed=1)


def test_a_row_that_cannot_be_composed_backs_off_and_holds_up_nobody(probe, reader, noon):
    def build(note):
        if note.dedupe_key == "bad":
            raise RuntimeError("broken")
        return outbox.Mail({"word": "fine"})

    probe.build = build
    bad = queue(reader, key="bad")
    for n in range(120):
        queue(reader, key=str(n))
    assert outbox.deliver_due() == outbox.Counts(sent=120, retried=1)
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.try_at) == (
        "queued",
        "compose: RuntimeError",
        NOON + BACKOFF[0],
    )


def test_a_bad_row_fails_after_its_last_try(probe, reader, noon):
    probe.build = lambda note: 1 / 0
    queue(reader)
    now, tries = NOON, 0
    while Notification.objects.filter(state=State.QUEUED).exists():
        now = outbox.next_due()
        with clock.at(now):
            tries += sum((outbox.deliver_due().retried, outbox.deliver_due().failed))
            if now.astimezone(BUDAPEST).hour >= 21 or now.astimezone(BUDAPEST).hour < 7:
                continue
    note = Notification.objects.get()
    assert note.state == "failed"
    assert note.reason == f"compose: ZeroDivisionError (after {MAX_TRIES} tries)"
    assert now - NOON > timedelta(hours=24)


def test_a_worker_that_dies_gives_its_rows_back(probe, reader, noon):
    queue(reader)
    assert len(claim(size=10, now=NOON)[0]) == 1  # and dies here
    assert outbox.deliver_due() == outbox.Counts()
    assert outbox.deliver_due(now=NOON + lease()) == outbox.Counts(sent=1)


def test_a_slow_worker_cannot_overwrite_what_the_next_one_settled(probe, reader, noon):
    from mentoring.outbox.delivery.settle import failed_try, settle

    queue(reader)
    slow, _ = claim(size=10, now=NOON)
    outbox.deliver_due(now=NOON + lease())
    settle([failed_try(slow[0], "too late")])
    assert Notification.objects.get().state == "sent"


def test_a_row_that_kills_its_worker_is_tried_alone_and_given_up(probe, reader, noon):
    for key in ("deadly", "fine"):
        queue(reader, key=key)
    Notification.objects.filter(dedupe_key="deadly").update(attempts=3)
    first, _ = claim(size=10, now=NOON)
    second, _ = claim(size=10, now=NOON)
    assert [[note.dedupe_key for note in batch] for batch in (first, second)] == [
        ["fine"],
        ["deadly"],
    ]
    Notification.objects.filter(dedupe_key="deadly").update(attempts=MAX_TRIES, try_at=NOON)
    assert outbox.deliver_due() == outbox.Counts(failed=1)
    assert probe.built == []


class Away:
    """A mail server that does not answer."""

    def open(self):
        raise ConnectionRefusedError

    def close(self):
        pass


def test_while_the_mail_server_is_away_nothing_counts_against_its_mails(
    probe, reader, noon, monkeypatch
):
    for n in range(3):
        queue(reader, key=str(n))
    monkeypatch.setattr(engine, "get_connection", Away)
    assert outbox.deliver_due() == outbox.Counts(held=3)
    rows = Notification.objects.values_list("state", "attempts", "try_at").distinct()
    assert list(rows) == [("queued", 0, NOON + engine.AWAY)]


class Refusing(Away):
    def open(self):
        pass

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"anna": (550, b"no such mailbox")})


def test_a_mail_refused_for_good_fails_at_once(probe, reader, noon, monkeypatch):
    queue(reader)
    monkeypatch.setattr(engine, "get_connection", Refusing)
    assert outbox.deliver_due() == outbox.Counts(failed=1)
    assert Notification.objects.get().reason == "send: SMTPRecipientsRefused (after 1 tries)"


def test_each_mail_is_settled_before_the_next_unless_repeating_is_harmless(
    probe, reader, noon, monkeypatch
):
    states = []

    class Server(Refusing):
        def send_messages(self, messages):
            states.append(Notification.objects.filter(state="sent").count())

    for n in range(3):
        queue(reader, key=str(n))
    monkeypatch.setattr(engine, "get_connection", Server)
    outbox.deliver_due()
    assert states == [0, 1, 2]


def test_a_secret_is_forgotten_once_the_mail_is_settled(probe, reader, noon):
    note = queue(reader, kind="code", context={"code": "123456"})
    outbox.deliver_due()
    note.refresh_from_db()
    assert note.context == {}


def test_a_mail_that_went_out_says_so_even_if_cancelled_meanwhile(probe, reader, noon):
    def build(note):
        outbox.cancel(about="meeting:1", why="cancelled")
        return outbox.Mail({"word": "gone"})

    probe.build = build
    queue(reader, about="meeting:1")
    outbox.deliver_due()
    assert Notification.objects.get().state == "sent"


def test_people_without_an_account_are_reached_by_their_address(probe, db, noon):
    outbox.enqueue(kind="probe", address="new@example.edu", dedupe_key="a")
    assert outbox.deliver_due() == outbox.Counts(sent=1)
    assert mail.outbox[0].to == ["new@example.edu"]


def test_delivery_takes_few_statements_per_batch(
    probe, noon, db, django_assert_max_num_queries, folder
):
    readers = [UserFactory(quiet_from=time(21)) for _ in range(50)]
    outbox.enqueue_many(
        outbox.Draft(kind="probe", recipient=reader, dedupe_key=f"p{reader.pk}")
        for reader in readers
    )
    with django_assert_max_num_queries(9):
        assert outbox.deliver_due().sent == 50


@pytest.fixture
def loading(probe, monkeypatch):
    """The kind ``probe`` with a loader; what it was asked for, and what builders found."""
    asked, found = [], []

    def load(notes):
        asked.append([note.dedupe_key for note in notes])
        for note in notes:
            note.loaded = f"read for {note.dedupe_key}"

    def build(note):
        found.append(note.loaded)
        return outbox.Mail({"word": "welcome"})

    monkeypatch.delitem(kinds._kinds, "probe")
    outbox.kind("probe", title="Probe", load=load)(build)
    return SimpleNamespace(asked=asked, found=found)


def test_what_mails_of_a_kind_need_is_read_together(loading, reader, noon):
    for key in "abc":
        queue(reader, key=key)
    queue(reader, key="d", kind="alarm")
    assert outbox.deliver_due().sent == 4
    assert loading.asked == [["a", "b", "c"]]
    assert loading.found == ["read for a", "read for b", "read for c"]


def test_they_are_read_few_at_a_time_so_that_none_speaks_of_old_facts(
    loading, reader, noon, monkeypatch
):
    monkeypatch.setattr(engine, "TOGETHER", 2)
    for key in "abc":
        queue(reader, key=key)
    assert outbox.deliver_due().sent == 3
    assert loading.asked == [["a", "b"], ["c"]]


def test_a_reading_that_fails_leaves_each_mail_to_its_builder(
    loading, reader, noon, monkeypatch, caplog
):
    def fail(notes):
        notes[0].loaded = "half"
        raise KeyError("meeting")

    monkeypatch.setitem(kinds._kinds, "probe", replace(kinds.get("probe"), load=fail))
    for key in "ab":
        queue(reader, key=key)
    assert outbox.deliver_due().sent == 2
    assert loading.found == [None, None]
    assert "2 mails" in caplog.text
