import pytest
from celery.beat import ScheduleEntry
from django.db import DatabaseError

from mentoring import ports
from mentoring.celery import app
from mentoring.ops import beat
from mentoring.outbox.models import Heartbeat


def entries():
    return {periodic.name: periodic for answer in ports.PERIODIC.ask() for periodic in answer}


def test_every_periodic_task_exists_and_has_a_name_of_its_own():
    app.loader.import_default_modules()
    every = [periodic for answer in ports.PERIODIC.ask() for periodic in answer]
    assert len(every) == len({periodic.name for periodic in every}) >= 3
    assert [periodic.task for periodic in every if periodic.task not in app.tasks] == []


@pytest.mark.django_db
def test_everything_is_due_at_the_start_and_nothing_is_kept_on_disk():
    scheduler = beat.Scheduler(app=app)
    assert set(scheduler.schedule) == set(entries())
    assert all(entry.is_due().is_due for entry in scheduler.schedule.values())
    assert all(isinstance(entry, ScheduleEntry) for entry in scheduler.schedule.values())


@pytest.mark.django_db
def test_each_tick_starts_what_is_due_and_shows_a_heartbeat(monkeypatch):
    sent = []
    scheduler = beat.Scheduler(app=app)
    monkeypatch.setattr(
        scheduler, "apply_async", lambda entry, **_: sent.append((entry.task, entry.options))
    )
    scheduler.__dict__["producer"] = None  # the real one connects to the broker
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    while scheduler.tick() == 0:
        pass
    assert sorted(task for task, _ in sent) == sorted(entry.task for entry in entries().values())
    assert all(options["expires"] >= 30 for _, options in sent)
    assert Heartbeat.objects.get().name == "beat"


def test_a_database_that_is_away_does_not_stop_the_beat(monkeypatch):
    def away(name):
        raise DatabaseError("away")

    monkeypatch.setattr(Heartbeat, "beat", away)
    monkeypatch.setattr(beat, "close_old_connections", lambda: None)
    scheduler = beat.Scheduler(app=app)
    monkeypatch.setattr(scheduler, "apply_async", lambda entry, **_: None)
    scheduler.__dict__["producer"] = None  # the real one connects to the broker
    assert scheduler.tick() >= 0
