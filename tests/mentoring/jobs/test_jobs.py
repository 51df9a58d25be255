from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from mentoring import clock, jobs
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.jobs import live, registry, services
from mentoring.jobs.models import Job, State
from programs.services import roles
from tests.factories import EnrollmentFactory, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 9, 7, 10, 0, tzinfo=UTC)


@pytest.fixture
def work(monkeypatch):
    """The kind ``count``; a test says what it does."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    cache.clear()
    does = {}

    @jobs.handler("count", title="Counting", url=lambda job: f"/results/{job.key}/")
    def handle(job, progress):
        return does["work"](job, progress)

    return does


@pytest.fixture
def nobody_works(settings, monkeypatch):
    """Jobs stay in the queue, as while the broker is away."""
    monkeypatch.setattr("mentoring.handover._send", lambda task, args: None)


def start(**fields):
    return jobs.start(**{"kind": "count", "by": None, "args": {"n": 3}, **fields})


def test_a_job_runs_after_the_commit_and_keeps_its_result(work, django_capture_on_commit_callbacks):
    work["work"] = lambda job, progress: {"sum": job.args["n"]}
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
        assert job.state == State.QUEUED
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"sum": 3}, 1)
    assert job.result_url == f"/results/{job.key}/"


def test_progress_is_seen_while_the_work_is_one_transaction(work, nobody_works):
    seen = []

    def work_in_transaction(job, progress):
        with transaction.atomic():
            progress(1, 4)
            shown = services.with_progress(Job.objects.get(pk=job.pk))
            seen.append((shown.done, shown.total))
        progress(4, 4)
        return {}

    work["work"] = work_in_transaction
    job = start()
    assert services.run(job.pk) is True
    job.refresh_from_db()
    assert (seen, job.done, job.total) == ([(1, 4)], 4, 4)


def test_a_refusal_is_told_in_its_words_and_a_mistake_of_ours_in_general(work, nobody_works):
    def refuse(job, progress):
        raise DomainError("There are no mentors.")

    def break_down(job, progress):
        raise ZeroDivisionError("private detail")

    errors = []
    for fate in (refuse, break_down):
        work["work"] = fate
        job = start()
        services.run(job.pk)
        job.refresh_from_db()
        assert job.state == State.FAILED
        errors.append(job.error)
    assert errors == [
        "There are no mentors.",
        "Something went wrong on our side. Please try again.",
    ]


def test_a_cancelled_job_leaves_nothing_behind(work, nobody_works):
    def half_done(job, progress):
        with transaction.atomic():
            UserFactory(email="half@example.edu")
            services.cancel(job=Job.objects.get(pk=job.pk), by=None)
            progress(1, 2)
        return {}

    work["work"] = half_done
    job = start()
    services.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert not User.objects.filter(email="half@example.edu").exists()


def test_a_waiting_job_is_cancelled_at_once(work, nobody_works):
    job = start()
    services.cancel(job=job, by=None)
    assert job.state == State.CANCELLED
    assert services.run(job.pk) is False


def test_two_workers_do_not_share_a_job(work, nobody_works):
    second = []
    work["work"] = lambda job, progress: {"second": second.append(services.run(job.pk))}
    job = start()
    assert services.run(job.pk) is True
    assert second == [False]


def test_what_a_dead_worker_left_is_done_again(work, nobody_works):
    runs = []
    work["work"] = lambda job, progress: {"run": runs.append(1) or len(runs)}
    with clock.at(NOON):
        job = start()
        services._claim(job.pk)  # and dies here
    with clock.at(NOON + timedelta(seconds=live.ALIVE_SECONDS + 1)):
        assert list(services.abandoned()) == [job]
        assert services.run(job.pk) is True
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"run": 1})


def test_who_is_still_at_work_is_left_alone(work, nobody_works):
    with clock.at(NOON):
        job = start()
        claimed = services._claim(job.pk)
    with (
        live.kept_alive(claimed.claim),
        clock.at(NOON + timedelta(hours=1)),
    ):
        assert list(services.abandoned()) == []
        assert services.run(job.pk) is False


def test_a_worker_thought_dead_cannot_overwrite_the_result(work, nobody_works):
    def slow(job, progress):
        # Another worker takes over and finishes first.
        Job.objects.filter(pk=job.pk).update(claim="other", state="done", result={"by": "other"})
        return {"by": "slow"}

    work["work"] = slow
    job = start()
    services.run(job.pk)
    job.refresh_from_db()
    assert job.result == {"by": "other"}


def test_a_job_that_kills_its_workers_is_given_up(work, nobody_works):
    work["work"] = lambda job, progress: {}
    job = start()
    Job.objects.update(attempts=services.MAX_ATTEMPTS)
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        "failed",
        "This was tried several times and never came to its end.",
    )


def test_queued_jobs_are_handed_over_when_the_broker_is_back(
    work, nobody_works, monkeypatch, django_capture_on_commit_callbacks
):
    from mentoring.jobs.tasks import resume

    job = Job.objects.create(kind="count", created_at=NOON)
    sent = []
    monkeypatch.setattr("mentoring.handover._send", lambda task, args: sent.append(args))
    with (
        clock.at(NOON + timedelta(seconds=16)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        resume()
    assert sent == [(job.pk,)]


def test_the_fragment_polls_until_the_end(work, nobody_works, client):
    person = UserFactory()
    client.force_login(person)
    work["work"] = lambda job, progress: {}
    job = start(by=person)
    address = reverse("jobs:job", args=[job.key])
    assert "You can leave this page" in client.get(address).content.decode()
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    assert "HX-Trigger" not in waiting
    services.run(job.pk)
    ended = client.get(address, headers={"HX-Request": "true"})
    assert "hx-get" not in ended.content.decode()
    assert f'href="/results/{job.key}/"' in ended.content.decode()
    assert ended["HX-Trigger"] == "job-finished"


def test_who_coordinates_no_more_neither_sees_nor_stops_what_she_started(as_user, nobody_works):
    past = EnrollmentFactory(role="coordinator")
    stays = EnrollmentFactory(role="coordinator", cohort=past.cohort)
    job = start(kind="programs.roster", by=past.person, cohort=past.cohort)
    roles.revoke(enrollment=past, by=stays.person)
    show, cancel = reverse("jobs:job", args=[job.key]), reverse("jobs:cancel", args=[job.key])
    gone, here = as_user(past.person), as_user(stays.person)
    assert [gone.get(show).status_code, gone.post(cancel).status_code] == [404, 404]
    job.refresh_from_db()
    assert job.state == "queued"
    assert here.get(show).status_code == 200
