from datetime import timedelta

import pytest

from mentoring import clock, outbox
from mentoring.outbox.models import Notification, State
from tests.mentoring.outbox.conftest import NOON

pytestmark = pytest.mark.django_db


def test_a_key_is_queued_once(probe, reader):
    assert outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a") is True
    assert outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a") is False
    assert Notification.objects.count() == 1


def test_many_are_queued_in_few_statements(probe, reader, django_assert_num_queries):
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="k7")
    drafts = [outbox.Draft(kind="probe", recipient=reader, dedupe_key=f"k{n}") for n in range(50)]
    with django_assert_num_queries(2):
        assert outbox.enqueue_many(drafts) == 49


def test_a_settled_key_is_never_queued_again(probe, reader, noon):
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    outbox.deliver_due()
    assert outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a") is False


def test_an_unknown_kind_is_refused(reader):
    with pytest.raises(LookupError, match="nobody registered the kind 'nothing'"):
        outbox.enqueue(kind="nothing", recipient=reader, dedupe_key="a")


def test_a_mail_without_reader_is_refused(probe, db):
    with pytest.raises(ValueError, match="neither recipient nor address"):
        outbox.enqueue(kind="probe", dedupe_key="a")


def test_a_key_too_long_for_the_column_is_refused_on_every_database(probe, reader):
    with pytest.raises(ValueError, match="1 to 200 characters"):
        outbox.enqueue(kind="probe", recipient=reader, dedupe_key="x" * 201)


def test_cancel_suppresses_what_is_queued_about_the_matter(probe, reader, noon):
    for key, about in [("a", "meeting:1"), ("b", "meeting:1"), ("c", "meeting:2")]:
        outbox.enqueue(kind="probe", recipient=reader, dedupe_key=key, about=about)
    assert outbox.cancel(about="meeting:1", why="meeting cancelled") == 2
    rows = Notification.objects.order_by("dedupe_key").values_list("state", "reason")
    cancelled = (State.SUPPRESSED, "meeting cancelled")
    assert list(rows) == [cancelled, cancelled, (State.QUEUED, "")]


def test_cancel_can_be_limited_to_kinds(probe, reader):
    outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a", about="meeting:1")
    outbox.enqueue(kind="alarm", recipient=reader, dedupe_key="b", about="meeting:1")
    assert outbox.cancel(about="meeting:1", why="moved", kinds=["alarm"]) == 1
    assert Notification.objects.get(state=State.QUEUED).kind == "probe"


def test_next_due_is_the_earliest_queued(probe, reader):
    assert outbox.next_due() is None
    for days in (3, 1, 2):
        due = NOON + timedelta(days=days)
        outbox.enqueue(kind="probe", recipient=reader, dedupe_key=str(days), due_at=due)
    assert outbox.next_due() == NOON + timedelta(days=1)


def test_an_urgent_mail_is_handed_over_after_the_commit(
    probe, reader, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    sent = []
    monkeypatch.setattr("mentoring.handover._send", lambda task, args: sent.append(task.name))
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue(kind="probe", recipient=reader, dedupe_key="a")
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue(kind="alarm", recipient=reader, dedupe_key="b")
        assert sent == []
    assert sent == ["outbox.deliver"]


@pytest.fixture
def no_broker(settings):
    from mentoring.celery import app

    settings.CELERY_TASK_ALWAYS_EAGER = False
    away = "redis+socket:///nowhere/broker.sock"
    changed = {"task_always_eager": False, "broker_url": away, "broker_write_url": away}
    before = {name: app.conf[name] for name in changed}
    app.conf.update(changed)
    yield
    app.conf.update(before)


def test_a_broker_that_is_away_breaks_nothing(
    probe, reader, no_broker, caplog, django_capture_on_commit_callbacks
):
    started = clock.stopwatch()
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue(kind="alarm", recipient=reader, dedupe_key="b")
    assert clock.stopwatch() - started < 3
    assert "beat will hand outbox.deliver over later" in caplog.text
