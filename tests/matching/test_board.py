"""The expert's board: placed one by one, by several people, with what it does to others."""

import pytest
from django.urls import reverse

from matching import boards
from matching.models import InterviewNote, MatchRun, Membership, PairRule
from matching.services import board as services
from matching.services import interviews, publishing, runs
from matching.services.mentorships import assign
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from tests.factories import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(cohort, coordinator):
    """Begins a board and lets its job be done."""

    def make(onto=None):
        run = services.open_board(cohort=cohort, by=coordinator, onto=onto)
        for job in Job.objects.filter(state="queued"):
            work.run(job.pk)
        run.refresh_from_db()
        return run

    return make


@pytest.fixture
def put(coordinator):
    """Places a student with a mentor (``None``: takes her out), as somebody who sees the board."""

    def make(run, student, mentor, *, by=None, was="as it is"):
        pair = run.pairs.get(student=student)
        column = column_of(run, mentor) if mentor else None
        seen = pair.column if was == "as it is" else was
        return services.place(run=run, pair=pair, column=column, was=seen, by=by or coordinator)

    return make


def column_of(run, mentor):
    return next(k for k, one in enumerate(run.columns) if one["mentors"] == [mentor.pk])


def choice(run, student):
    state = boards.Board.of(run)
    pair = run.pairs.select_related("student__cohort__program").get(student=student)
    return state.choice(state.entries[pair.pk], pair.student)


def test_a_board_has_everybody_who_waits_and_places_nobody(opened, student, mentor):
    students = [student() for _ in range(3)]
    mentor()
    run = opened()
    assert run.state == MatchRun.State.BOARD
    assert {pair.student for pair in run.pairs.all()} == set(students)
    assert not run.pairs.exclude(mentor=None).exists()


def test_ten_mentors_the_best_first_with_reasons(opened, student, mentor):
    her = student(interests=["Surgery", "Research"], languages=["en"])
    best = mentor(interests=["Surgery", "Research"], languages=["en"])
    for _ in range(14):
        mentor()
    found = choice(opened(), her).candidates
    assert len(found) == 10
    assert found[0].leaders == [best]
    assert "both interested in Research and Surgery" in found[0].reasons


def test_who_a_rule_keeps_apart_is_not_offered(opened, student, mentor):
    her, barred, free = student(), mentor(), mentor()
    PairRule.objects.create(cohort=her.cohort, student=her, mentor=barred, kind="forbid")
    run = opened()
    assert [one.leaders for one in choice(run, her).candidates] == [[free]]


def test_placing_takes_the_place_and_says_who_did_it(opened, put, student, mentor, coordinator):
    her, other, one = student(), student(), mentor(capacity=1)
    run = opened()
    row = put(run, her, one)
    assert (row.mentor, row.placed_by) == (one, coordinator)
    found = choice(run, other)
    assert (found.candidates, found.full) == ([], [one.person.full_name])
    with pytest.raises(DomainError, match="last place there was given"):
        put(run, other, one)


def test_nobody_overwrites_what_another_expert_did_in_the_meantime(opened, put, student, mentor):
    her, one, two = student(), mentor(), mentor()
    eva = EnrollmentFactory(cohort=her.cohort, role=Role.COORDINATOR).person
    run = opened()
    put(run, her, one, by=eva)
    with pytest.raises(DomainError, match=f"{eva.full_name} has placed"):
        put(run, her, two, was=None)
    assert run.pairs.get(student=her).mentor == one
    put(run, her, two)
    assert run.pairs.get(student=her).mentor == two


def test_taken_out_she_waits_again(opened, put, student, mentor):
    her, one = student(), mentor()
    run = opened()
    put(run, her, one)
    put(run, her, None)
    row = run.pairs.get(student=her)
    assert (row.mentor, row.column, row.score, row.placed_by) == (None, None, None, None)


def test_what_a_place_does_to_others_is_counted(opened, student, mentor):
    her, poor, other = student(), student(), student()
    only = mentor()
    for one in [mentor() for _ in range(3)]:
        PairRule.objects.create(cohort=her.cohort, student=poor, mentor=one, kind="forbid")
    run = opened()
    found = {one.leaders[0]: one.effect for one in choice(run, her).candidates}
    assert found[only].only == 1
    assert found[only].among_first >= 1
    assert choice(run, poor).candidates[0].effect.only == 0
    assert other.pk in {entry.student for entry in boards.Board.of(run).entries.values()}


def test_a_run_is_put_on_the_board_to_be_changed(opened, student, mentor, cohort, coordinator):
    for n in range(3):
        student(interests=[f"field {n}"]), mentor(interests=[f"field {n}"])
    runs.start(
        cohort=cohort, procedure="optimal", weights={"interests": 1}, required=[], by=coordinator
    )
    for job in Job.objects.filter(state="queued"):
        work.run(job.pk)
    done = MatchRun.objects.get()
    run = opened(onto=done)
    here = dict(run.pairs.values_list("student", "mentor"))
    assert here == dict(done.pairs.values_list("student", "mentor"))
    assert boards.Board.of(run).placed == 3


def test_only_those_placed_are_published_and_the_rest_waits(
    opened, put, student, mentor, coordinator
):
    her, waits, one = student(), student(), mentor()
    run = opened()
    put(run, her, one)
    (formed,) = publishing.publish(run=run, by=coordinator)
    seats = Membership.objects.filter(mentorship=formed)
    assert {seat.enrollment_id for seat in seats} == {her.pk, one.pk}
    assert not Membership.objects.filter(enrollment=waits).exists()
    run.refresh_from_db()
    assert (run.state, run.result["placed"], run.result["unmatched"]) == ("published", 1, 1)


def test_whoever_found_a_mentor_elsewhere_is_left_out_of_the_publication(
    opened, put, student, mentor, coordinator
):
    her, other = student(), student()
    run_mentors = [mentor(), mentor(), mentor()]
    run = opened()
    put(run, her, run_mentors[0])
    put(run, other, run_mentors[1])
    assign(student=her, mentor=run_mentors[2], by=coordinator)
    publishing.publish(run=run, by=coordinator)
    assert Membership.objects.filter(enrollment=her, ended_at=None).count() == 1
    assert Membership.objects.filter(enrollment=other, ended_at=None).count() == 1


def test_a_published_board_is_closed(opened, put, student, mentor, coordinator):
    her, other, one = student(), student(), mentor(capacity=2)
    run = opened()
    put(run, her, one)
    publishing.publish(run=run, by=coordinator)
    with pytest.raises(DomainError, match="This board is closed"):
        put(run, other, one)


def test_a_board_asks_the_database_as_much_for_many_as_for_few(
    opened, put, student, mentor, django_assert_num_queries
):
    her, one = student(), mentor()
    mentor()
    run = opened()
    choice(run, her)
    with django_assert_num_queries(6):
        choice(run, her)
    for _ in range(12):
        student(), mentor()
    run = opened()
    with django_assert_num_queries(6):
        choice(run, her)
    assert one


# --- Notes from talks ----------------------------------------------------------------------------


def test_a_note_is_kept_sealed_and_its_reading_recorded(student, coordinator):
    her = student()
    eva = EnrollmentFactory(cohort=her.cohort, role=Role.COORDINATOR).person
    interviews.write(enrollment=her, text="Would like a woman who works part-time.", by=coordinator)
    assert b"part-time" not in bytes(InterviewNote.objects.get().body.sealed)
    (own,) = interviews.read(enrollment=her, by=coordinator)
    assert own.text == "Would like a woman who works part-time."
    assert not Event.objects.filter(action="interview.read").exists()
    interviews.read(enrollment=her, by=eva)
    assert Event.objects.filter(action="interview.read").count() == 1


def test_only_its_author_throws_a_note_away(student, coordinator):
    her = student()
    eva = EnrollmentFactory(cohort=her.cohort, role=Role.COORDINATOR).person
    note = interviews.write(enrollment=her, text="Shy.", by=coordinator)
    with pytest.raises(DomainError, match="Only whoever wrote"):
        interviews.remove(note=note, by=eva)
    interviews.remove(note=note, by=coordinator)
    assert not InterviewNote.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_note_is_refused(student, coordinator, text):
    with pytest.raises(DomainError):
        interviews.write(enrollment=student(), text=text, by=coordinator)


# --- Pages ---------------------------------------------------------------------------------------


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def browser(as_user, coordinator):
    return as_user(coordinator)


def test_from_the_matching_page_to_a_published_board(browser, cohort, student, mentor, opened):
    her, one = student(interests=["Surgery"]), mentor(interests=["Surgery"])
    overview = text_of(browser.get(reverse("matching:overview", args=[cohort.key])))
    assert "Match by hand on a board" in overview
    run = opened()
    url = reverse("matching:board", args=[cohort.key, run.key])
    page = text_of(browser.get(url))
    assert her.person.full_name in page
    assert "both interested in Surgery" in page
    assert "1 of 1 place left" in page
    done = browser.post(
        reverse("matching:board_place", args=[cohort.key, run.key]),
        {"student": her.key, "shape": run.pairs.get().shape, "column": "0", "was": ""},
        follow=True,
    )
    assert f"is placed with {one.person.full_name}" in text_of(done)
    assert "Publish those placed" in text_of(done)
    published = browser.post(reverse("matching:publish", args=[cohort.key, run.key]), follow=True)
    assert "1 mentorship has begun" in text_of(published)


def test_the_run_page_of_a_board_leads_to_it(browser, cohort, student, mentor, opened):
    student(), mentor()
    run = opened()
    url = reverse("matching:run", args=[cohort.key, run.key])
    board = reverse("matching:board", args=[cohort.key, run.key])
    assert browser.get(url).url == board
    assert browser.get(url, headers={"HX-Request": "true"}).headers["HX-Redirect"] == board


def test_a_note_is_written_on_the_board(browser, cohort, student, mentor, opened):
    her = student()
    mentor()
    run = opened()
    done = browser.post(
        reverse("matching:add_note", args=[cohort.key, her.key]),
        {"text": "Hopes for honest words.", "run": run.key},
        follow=True,
    )
    assert "Hopes for honest words." in text_of(done)
    refused = browser.post(
        reverse("matching:add_note", args=[cohort.key, her.key]),
        {"text": " ", "run": run.key},
        follow=True,
    )
    assert "Write something first" in text_of(refused)
