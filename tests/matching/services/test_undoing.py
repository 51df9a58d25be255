"""Part of a run is published; a publication is taken back until the first meeting."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from matching.models import MatchRun, Membership, Mentorship
from matching.services import publishing, runs, undoing
from mentoring import clock, outbox
from mentoring.errors import DomainError
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from mentoring.outbox.models import Notification, State
from tests.factories import START, meeting

NOON = datetime(2099, 9, 7, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(cohort, coordinator, student, mentor):
    """A run over three students and three mentors, ready for review."""

    def make(people=3):
        for n in range(people):
            student(interests=[f"field {n}"])
            mentor(interests=[f"field {n}"])
        run = runs.start(
            cohort=cohort, procedure="optimal", weights={"interests": 1}, required=[],
            by=coordinator, seed=1,
        )  # fmt: skip
        for job in Job.objects.filter(state="queued"):
            work.run(job.pk)
        return MatchRun.objects.get(pk=run.pk)

    return make


def live():
    return Mentorship.objects.filter(state="active").count()


def test_what_is_left_out_is_not_published_and_waits(ran, coordinator):
    run = ran()
    out = run.pairs.first()
    undoing.leave_out(run=run, pair=out, out=True, by=coordinator)
    publishing.publish(run=run, by=coordinator)
    assert live() == 2
    assert not Membership.objects.filter(enrollment=out.student).exists()


def test_what_was_left_out_can_be_taken_in_again(ran, coordinator):
    run = ran()
    pair = run.pairs.first()
    undoing.leave_out(run=run, pair=pair, out=True, by=coordinator)
    undoing.leave_out(run=run, pair=pair, out=False, by=coordinator)
    publishing.publish(run=run, by=coordinator)
    assert live() == 3


def test_a_run_of_which_everything_is_left_out_is_not_published(ran, coordinator):
    run = ran(1)
    undoing.leave_out(run=run, pair=run.pairs.get(), out=True, by=coordinator)
    with pytest.raises(DomainError, match="nothing to publish"):
        publishing.publish(run=run, by=coordinator)


def test_before_anybody_has_met_everything_is_taken_back(ran, coordinator):
    run = ran()
    publishing.publish(run=run, by=coordinator)
    done = undoing.undo(run=run, by=coordinator)
    assert (done.taken_back, done.stay, live()) == (3, 0, 0)
    run.refresh_from_db()
    assert run.state == MatchRun.State.UNDONE


def test_whoever_has_met_stays_together(ran, coordinator):
    run = ran()
    first = publishing.publish(run=run, by=coordinator)[0]
    meeting(first, START, state="held")
    done = undoing.undo(run=run, by=coordinator)
    assert (done.taken_back, done.stay) == (2, 1)
    assert live() == 1
    with pytest.raises(DomainError, match="has met already"):
        undoing.undo(run=run, by=coordinator)


def test_the_pairs_count_as_never_made_and_can_be_made_again(ran, coordinator, cohort):
    run = ran()
    publishing.publish(run=run, by=coordinator)
    undoing.undo(run=run, by=coordinator)
    again = runs.start(
        cohort=cohort, procedure="optimal", weights={"interests": 1}, required=[],
        by=coordinator, seed=1,
    )  # fmt: skip
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    publishing.publish(run=MatchRun.objects.get(pk=again.pk), by=coordinator)
    assert live() == 3


def test_only_who_was_written_to_is_written_to_again(ran, coordinator):
    run = ran(2)
    publishing.publish(run=run, by=coordinator)
    told, *_rest = Notification.objects.filter(kind="mentorship_formed")
    with clock.at(NOON):
        outbox.cancel(about=f"match_run:{run.pk}", why="a test")
        Notification.objects.filter(pk=told.pk).update(state=State.SENT)
        undoing.undo(run=run, by=coordinator)
        outbox.deliver_due()
    sent = Notification.objects.filter(kind="matching_undone", state=State.SENT)
    assert [note.recipient for note in sent] == [told.recipient]


def test_an_unpublished_run_has_nothing_to_take_back(ran, coordinator):
    with pytest.raises(DomainError, match="not published"):
        undoing.undo(run=ran(1), by=coordinator)


def test_from_the_page_of_a_run(ran, as_user, coordinator, cohort):
    run, browser = ran(), as_user(coordinator)
    page = reverse("matching:run", args=[cohort.key, run.key])
    pair = run.pairs.first()
    out = reverse("matching:leave_out", args=[cohort.key, run.key])
    shown = browser.post(out, {"pair": f"out:{pair.pk}"}, follow=True).content.decode()
    assert "1 student is left out when you publish" in shown
    assert "Publish the others" in shown
    assert "Publish 2 pairs?" in shown
    assert pair.student.person.full_name in browser.get(f"{page}?show=kept_out").content.decode()
    browser.post(reverse("matching:publish", args=[cohort.key, run.key]))
    assert "Take 2 mentorships back?" in browser.get(page).content.decode()
    undone = browser.post(reverse("matching:undo", args=[cohort.key, run.key]), follow=True)
    assert "2 mentorships are taken back" in undone.content.decode()


def test_where_nothing_else_had_begun_the_cohort_is_at_its_matching_again(ran, coordinator, cohort):
    run = ran()
    publishing.publish(run=run, by=coordinator)
    cohort.refresh_from_db()
    assert cohort.state == "running"
    undoing.undo(run=run, by=coordinator)
    cohort.refresh_from_db()
    assert (cohort.state, cohort.started_at) == ("matching", None)
