import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MatchRun, Membership, Mentorship, PairRule
from matching.services import mentorships
from mentoring.accounts.permissions import Role
from tests.factories import START, CohortFactory, EnrollmentFactory, UserFactory, pair


@pytest.fixture
def board(as_user, coordinator, cohort):
    """The coordinator's browser; ``get`` and ``post`` by address name."""
    client = as_user(coordinator)

    class Board:
        def __init__(self):
            self.client = client

        def get(self, name, *args, query="", **extra):
            return client.get(reverse(f"matching:{name}", args=args) + query, **extra)

        def post(self, name, *args, data=None):
            return client.post(reverse(f"matching:{name}", args=args), data or {})

    return Board()


@pytest.fixture
def run_of(cohort):
    def make(*pairs, **fields):
        result = {"placed": len(pairs), "unmatched": 0, "total": 700_000 * len(pairs),
                  "bound": 700_000 * len(pairs), "optimal": True, "minimum": 100_000,
                  "loads": {"1": len(pairs)}, "seconds": 0.1}  # fmt: skip
        usual = {"procedure": "optimal", "weights": {"interests": 5}, "state": "done"}
        fields = usual | {"result": result} | fields
        run = MatchRun.objects.create(
            cohort=cohort,
            number=MatchRun.objects.count() + 1,
            seed=7,
            **fields,
        )
        for student, mentor, score, reasons in pairs:
            run.pairs.create(student=student, mentor=mentor, score=score, reasons=reasons)
        return run

    return make


SHARED = [{"code": "interests", "points": 500_000, "share": 1, "shared": ["psychiatry"]}]
NO_PLACES = [{"code": "too_few_places", "places": 2, "students": 3}]


def text(response):
    return " ".join(response.content.decode().split())


def test_the_matching_page_says_who_waits_and_starts_a_run(board, cohort, student, mentor):
    student(), student(), mentor(capacity=3)
    page = text(board.get("overview", cohort.key))
    assert "No run yet" in page
    answer = board.post(
        "start", cohort.key, data={"procedure": "random", "weight_interests": "5", "seed": "3"}
    )
    run = MatchRun.objects.get()
    assert answer.url == reverse("matching:run", args=[cohort.key, run.key])
    assert (run.procedure, run.seed, run.weights) == ("random", 3, {"interests": 5})


def test_a_program_says_what_its_first_run_starts_from(board, cohort):
    page = text(board.get("overview", cohort.key))
    assert 'value="random" id="id_procedure_3" checked' in page
    assert 'name="weight_interests" value="5"' in page
    assert 'name="weight_languages" value="3"' in page


def test_a_board_changes_nothing_in_what_is_proposed(board, cohort, run_of):
    run_of(procedure="expert", weights={"campus": 1})
    page = text(board.get("overview", cohort.key))
    assert 'value="random" id="id_procedure_3" checked' in page
    assert 'name="weight_interests" value="5"' in page


def test_lists_are_proposed_to_go_by_until_a_run_was_computed(
    board, cohort, run_of, student, mentor
):
    round_ = cohort.choosing_rounds.create(way="ranked")
    round_.wishes.create(student=student(), mentor=mentor(), shape="pair", rank=1)
    chosen = 'value="wishes" id="id_procedure_4" checked'
    run_of(procedure="expert")
    assert chosen in text(board.get("overview", cohort.key))
    run_of(procedure="optimal")
    assert chosen not in text(board.get("overview", cohort.key))


def test_without_pairs_none_can_be_changed(board, cohort):
    answer = board.post("start", cohort.key, data={"procedure": "keeping"})
    assert "Select a valid choice" in text(answer)
    assert 'value="keeping"' not in text(answer)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({}, "This field is required"),
        ({"procedure": "magic"}, "Select a valid choice"),
        ({"procedure": "optimal", "weight_campus": "-1"}, "Enter 0 or more"),
        ({"procedure": "optimal", "weight_campus": "nan"}, "Enter a number"),
        ({"procedure": "optimal"}, "nobody to match"),
    ],
)
def test_a_run_that_cannot_start_says_why(board, cohort, data, problem):
    answer = board.post("start", cohort.key, data=data)
    assert answer.status_code == 422
    assert problem in text(answer)
    assert not MatchRun.objects.exists()


def test_a_run_at_work_shows_its_progress(board, cohort, run_of):
    run = run_of(state="running", result={})
    assert "Matching is at work" in text(board.get("run", cohort.key, run.key))


def test_a_failed_run_says_so_and_can_be_run_again(board, cohort, run_of):
    run = run_of(state="failed", result={})
    page = text(board.get("run", cohort.key, run.key))
    assert "This run came to no end" in page
    assert reverse("matching:again", args=[cohort.key, run.key]) in page


def test_the_review_page_says_why_in_words(board, cohort, run_of, student, mentor):
    anna, bela = student(), student()
    run = run_of((anna, mentor(), 500_000, SHARED), (bela, None, None, NO_PLACES))
    page = text(board.get("run", cohort.key, run.key))
    assert "both interested in psychiatry" in page
    assert "2 places for 3 students, and all are taken" in page
    assert "proven best" in page
    assert "<svg" in page


def test_what_was_drawn_by_lot_shows_no_scores(board, cohort, run_of, student, mentor):
    run = run_of((student(), mentor(), 500_000, SHARED), procedure="random")
    page = text(board.get("run", cohort.key, run.key))
    assert "Scores did not matter" in page
    assert "<dt>Weights</dt>" not in page
    assert 'value="weak"' not in page
    assert "Average score" not in page
    assert "proven best" not in page
    assert "both interested in psychiatry" in page, "what they have in common helps them begin"
    table = b"".join(board.get("run", cohort.key, run.key, query="?format=csv")).decode()
    assert '"50"' not in table.splitlines()[1]
    assert "Proven best" not in text(board.get("overview", cohort.key))


def test_a_must_that_nobody_has_on_record_is_refused_before_any_work(
    board, cohort, student, mentor
):
    student(campus="North"), mentor()
    answer = board.post("start", cohort.key, data={"procedure": "optimal", "must_campus": "on"})
    assert answer.status_code == 422
    page = text(answer)
    assert "“Same campus” is a must, but 1 of 1 mentors have nothing on record there." in page
    assert not MatchRun.objects.exists()


def test_who_has_nothing_on_record_in_a_must_is_named_before_and_after(
    board, cohort, student, mentor, django_capture_on_commit_callbacks
):
    student(campus="North"), student(), mentor(campus="North", capacity=3)
    with django_capture_on_commit_callbacks(execute=True):
        board.post("start", cohort.key, data={"procedure": "optimal", "must_campus": "on"})
    run = MatchRun.objects.get()
    words = "“Same campus” is a must, but 1 of 2 students have nothing on record there."
    assert words in text(board.get("run", cohort.key, run.key))
    assert words in text(board.get("overview", cohort.key)), "the next run starts from the last"


def test_a_run_that_places_nobody_is_not_called_the_best(board, cohort, run_of):
    nothing = {"placed": 0, "unmatched": 3, "total": 0, "bound": 0, "optimal": True}
    run = run_of(result=nothing | {"minimum": None, "loads": {}, "seconds": 0.1})
    assert "proven best" not in text(board.get("run", cohort.key, run.key))


def test_the_matching_page_says_what_a_group_needs(board, coordinator):
    groups = CohortFactory(edition="tromso", override_at=START)
    EnrollmentFactory(cohort=groups, role=Role.COORDINATOR, person=coordinator)
    EnrollmentFactory(cohort=groups, role=Role.MENTOR)
    page = text(board.get("overview", groups.key))
    assert "A group needs 2 people in the role “Mentor”; 1 can lead one so far." in page


def test_the_review_page_finds_who_needs_a_second_look(board, cohort, run_of, student, mentor):
    strong, weak, left = student(), student(), student()
    run = run_of(
        (strong, mentor(), 800_000, SHARED),
        (weak, mentor(), 100_000, []),
        (left, None, None, NO_PLACES),
    )

    def shown(query):
        rows = board.get("run", cohort.key, run.key, query=query).context["listing"].page
        return [row.student for row in rows]

    assert shown("?show=weak") == [weak]
    assert shown("?show=unmatched") == [left]
    assert shown("?show=pinned") == []
    assert shown(f"?q={strong.person.family_name}") == [strong]
    assert shown("?sort=-score")[:2] != shown("?sort=score")[:2]


def test_a_pair_is_kept_or_kept_apart_from_the_review_page(board, cohort, run_of, student, mentor):
    anna, kata = student(), mentor()
    run = run_of((anna, kata, 500_000, SHARED))
    data = {"rule": f"pin:{anna.key}:{kata.key}", "run": run.key, "query": "show=weak&page=2"}
    answer = board.post("add_rule", cohort.key, data=data)
    assert answer.url == reverse("matching:run", args=[cohort.key, run.key]) + "?show=weak&page=2"
    rule = PairRule.objects.get()
    assert (rule.student, rule.mentor, rule.kind) == (anna, kata, "pin")
    assert "Stop keeping together" in text(board.get("run", cohort.key, run.key))
    board.post("remove_rule", cohort.key, rule.key, data={"run": run.key})
    assert not PairRule.objects.exists()


def test_a_rule_about_strangers_is_refused(board, cohort, student):
    stranger = EnrollmentFactory(role="mentor")
    data = {"student": student().key, "mentor": stranger.key, "kind": "pin"}
    assert board.post("add_rule", cohort.key, data=data).status_code == 422
    assert not PairRule.objects.exists()


def test_publishing_leads_to_the_mentorships(board, cohort, run_of, student, mentor):
    anna, kata = student(), mentor()
    run = run_of((anna, kata, 500_000, SHARED))
    answer = board.post("publish", cohort.key, run.key)
    assert answer.url == reverse("matching:mentorships", args=[cohort.key])
    page = text(board.get("mentorships", cohort.key))
    assert "1 mentorship has begun" in page
    assert anna.person.full_name in page
    assert kata.person.full_name in page


def test_publishing_what_does_not_hold_any_more_says_so(board, cohort, run_of, mentor):
    there = pair(cohort)
    run = run_of((there.student, mentor(), 500_000, SHARED))
    board.post("publish", cohort.key, run.key)
    page = text(board.get("run", cohort.key, run.key))
    assert f"{there.student.person.full_name} has a mentor already" in page


def test_running_again_takes_the_settings_of_the_run(board, cohort, run_of, student, mentor):
    pair = student(languages=["hu"]), mentor(languages=["hu"])
    run = run_of((*pair, 500_000, SHARED), inputs={"required": ["languages"]})
    board.post("again", cohort.key, run.key)
    fresh = MatchRun.objects.first()
    assert fresh.number == 2
    assert (fresh.procedure, fresh.seed, fresh.weights) == ("optimal", 7, {"interests": 5})
    assert fresh.inputs["required"] == ["languages"]


def test_a_student_is_assigned_from_the_list_of_those_without_a_mentor(
    board, cohort, student, mentor
):
    anna = student(interests=["surgery"])
    kata, laci = mentor(), mentor(interests=["surgery"])
    mentor(capacity=0)
    assert anna.person.full_name in text(board.get("unmatched", cohort.key))
    page = board.get("assign", cohort.key, anna.key)
    assert [one.mentor for one in page.context["candidates"]] == [laci, kata]
    assert "both interested in surgery" in text(page)
    board.post("assign", cohort.key, anna.key, data={"mentor": kata.key})
    assert Membership.objects.filter(enrollment=anna, ended_at=None).exists()
    assert anna.person.full_name not in [
        row.person.full_name for row in board.get("unmatched", cohort.key).context["listing"].page
    ]


def test_assigning_to_nobody_or_a_full_mentor_says_so(board, cohort, student, mentor):
    anna, full = student(), mentor(capacity=0)
    for data in ({}, {"mentor": full.key}):
        answer = board.post("assign", cohort.key, anna.key, data=data)
        assert answer.status_code == 422
    assert not Mentorship.objects.exists()


def test_a_mentorship_is_moved_and_ended_from_its_page(board, cohort, mentor):
    old, kata = pair(cohort), mentor()
    answer = board.post(
        "move", old.key, old.student.key, data={"mentor": kata.key, "reason": "fit"}
    )
    new = Mentorship.objects.exclude(pk=old.pk).get()
    assert answer.url == reverse("matching:manage", args=[new.key])
    assert board.post("end", new.key, data={"reason": ""}).status_code == 422
    board.post("end", new.key, data={"reason": "time"})
    new.refresh_from_db()
    assert new.state == "dissolved"
    assert "Their calendars do not meet" in text(board.get("manage", new.key))


def test_the_list_of_mentorships_is_filtered_and_exported(board, cohort):
    first, second = pair(cohort), pair(cohort)
    mentorships.end(mentorship=second, reason="fit", by=None)

    def shown(query):
        return list(board.get("mentorships", cohort.key, query=query).context["listing"].page)

    assert shown("?state=active") == [first]
    assert shown("?state=dissolved") == [second]
    assert shown(f"?q={first.mentor.person.family_name}") == [first]
    assert shown("?q=nobody") == []
    lines = b"".join(board.get("mentorships", cohort.key, query="?format=csv")).decode()
    assert first.student.person.full_name in lines
    assert second.student.person.full_name in lines


LISTS = ["overview", "run", "rules", "unmatched", "mentorships"]
# The frame (session, rights, tabs, navigation) takes the greater part of it, and before a run is
# published every floor is asked what is not ready yet.
MOST_QUERIES = 36


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_with_one_row_and_with_thirty(name, crowd, board, cohort):
    def cost(rows):
        run = crowd(rows)
        args = [cohort.key, run.key] if name == "run" else [cohort.key]
        with CaptureQueriesContext(connection) as queries:
            assert board.get(name, *args).status_code == 200
        return len(queries)

    # A run that has one before it is compared with it.
    crowd(1)
    assert cost(1) == cost(29) <= MOST_QUERIES


@pytest.fixture
def crowd(cohort, run_of, mentor, student):
    """So many more pairs, people without a mentor, and rules; a run that proposes for them."""

    def fill(rows):
        for _ in range(rows):
            pair(cohort)
        waiting = [student() for _ in range(rows)]
        run = run_of(*((one, mentor(), 500_000, SHARED) for one in waiting))
        run_of(*((one, None, None, NO_PLACES) for one in waiting))
        for one in waiting:
            PairRule.objects.create(cohort=cohort, student=one, mentor=mentor(), kind="forbid")
        return run

    return fill


def test_a_coordinators_home_shows_the_run_that_waits_for_her(
    board, cohort, run_of, student, mentor
):
    client = board.client
    run = run_of((student(), mentor(), 500_000, SHARED))
    link = reverse("matching:run", args=[cohort.key, run.key])
    assert link in text(client.get("/"))
    client.post(reverse("matching:publish", args=[cohort.key, run.key]))
    assert link not in text(client.get("/"))


def test_nobody_else_gets_in(as_user, cohort):
    client = as_user(UserFactory())
    assert client.get(reverse("matching:overview", args=[cohort.key])).status_code == 404
