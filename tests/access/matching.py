"""Addresses of ``matching``."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from matching.models import (
    ChoosingRound,
    InterviewNote,
    MatchRun,
    MentorRequest,
    PairRule,
    StandIn,
    Trial,
)
from mentoring import clock
from programs.models import Absence, Enrollment
from tests.access.expectation import COORDINATORS, Expect, cohort_page

Args = Callable[[Any], dict[str, Any]]


def _run(cohort: Any) -> MatchRun:
    fields = {"procedure": "optimal", "seed": 1, "state": "done"}
    return MatchRun.objects.get_or_create(cohort=cohort, number=1, defaults=fields)[0]


def _rule(mentorship: Any) -> PairRule:
    return PairRule.objects.get_or_create(
        cohort=mentorship.cohort,
        student=mentorship.student,
        mentor=mentorship.mentor,
        defaults={"kind": "pin"},
    )[0]


def of_pair(make: Args, **more: Any) -> Expect:
    """Something of the pair at hand, for its coordinator alone."""
    return Expect(
        COORDINATORS,
        args=lambda world: make(world.mentorship),
        elsewhere=lambda world: make(world.elsewhere),
        allowed_elsewhere=frozenset({"other_coordinator"}),
        **more,
    )


def of_run(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "run": _run(pair.cohort).key}


def of_why_not(pair: Any) -> dict[str, Any]:
    _run(pair.cohort).pairs.get_or_create(student=pair.student, shape="pair")
    return {**of_run(pair), "student": pair.student.key}


def of_rule(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "rule": _rule(pair).key}


def of_student(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "student": pair.student.key}


def of_mentorship(pair: Any) -> dict[str, Any]:
    return {"key": pair.key}


def of_seat(pair: Any) -> dict[str, Any]:
    return {"key": pair.key, "student": pair.student.key}


def of_leader(pair: Any) -> dict[str, Any]:
    return {"key": pair.key, "leader": pair.mentor.key}


def of_mentor(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "mentor": pair.mentor.key}


def of_absence(pair: Any) -> dict[str, Any]:
    today = clock.now().date()
    found, _ = Absence.objects.get_or_create(
        enrollment=pair.mentor, starts=today, ends=today + timedelta(days=20)
    )
    return {"cohort": pair.cohort.key, "absence": found.key}


def of_stand_in(pair: Any) -> dict[str, Any]:
    today = clock.now().date()
    reserve, _ = Enrollment.objects.get_or_create(
        cohort=pair.cohort, person=pair.mentor.person, role="lead_mentor"
    )
    found, _ = StandIn.objects.get_or_create(
        mentorship=pair, absent=pair.mentor, enrollment=reserve, starts=today, ends=today
    )
    return {"key": pair.key, "stand_in": found.key}


def _round(pair: Any) -> ChoosingRound:
    fields = {"way": "suggestions"}
    return ChoosingRound.objects.get_or_create(cohort=pair.cohort, defaults=fields)[0]


def _request(pair: Any) -> MentorRequest:
    fields = {"state": "accepted", "asked_at": clock.now(), "position": 1}
    return MentorRequest.objects.get_or_create(
        round=_round(pair), student=pair.student, mentor=pair.mentor, shape="pair", defaults=fields
    )[0]


def _trial(pair: Any) -> Trial:
    arms = [{"procedure": name, "title": name, "weight": 1} for name in ("expert", "search")]
    fields = {"title": "Ways", "about": "Two ways.", "arms": arms, "seed": 1}
    return Trial.objects.get_or_create(cohort=pair.cohort, defaults=fields)[0]


def of_trial(pair: Any) -> dict[str, Any]:
    return {"cohort": _trial(pair).cohort.key}


def of_my_trial(pair: Any) -> dict[str, Any]:
    _trial(pair).records.get_or_create(student=pair.student)
    return {"cohort": pair.cohort.key, "place": pair.student.key}


def of_chooser(pair: Any) -> dict[str, Any]:
    _round(pair)
    return {"cohort": pair.cohort.key, "place": pair.student.key}


def of_choice(world: Any) -> dict[str, Any]:
    """A fellow student, who has no mentor yet, and a mentor who is free."""
    _round(world.mentorship)
    rows = Enrollment.objects.filter(cohort=world.cohort)
    return {
        "cohort": world.cohort.key,
        "place": rows.get(person=world.people["fellow_student"]).key,
        "mentor": rows.get(person=world.people["fellow_mentor"]).key,
    }


def _ranking(pair: Any) -> ChoosingRound:
    fields = {"way": "ranked", "mentors_rank": True}
    return ChoosingRound.objects.get_or_create(cohort=pair.cohort, defaults=fields)[0]


def of_ranking_round(pair: Any) -> dict[str, Any]:
    return {"cohort": _ranking(pair).cohort.key}


def of_ranking(pair: Any) -> dict[str, Any]:
    return {"cohort": _ranking(pair).cohort.key, "place": pair.student.key}


def of_ranked(pair: Any) -> dict[str, Any]:
    return {"cohort": _ranking(pair).cohort.key, "place": pair.mentor.key}


def of_line(pair: Any) -> dict[str, Any]:
    return {**of_chooser(pair), "row": _request(pair).key}


def of_asked(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "place": pair.mentor.key}


def of_request(pair: Any) -> dict[str, Any]:
    return {"key": _request(pair).key}


def own(make: Args, whose: str, **more: Any) -> Expect:
    """Something of the student's, or of the mentor's, for her alone."""
    return Expect(
        frozenset({whose}),
        args=lambda world: make(world.mentorship),
        elsewhere=lambda world: make(world.elsewhere),
        allowed_elsewhere=frozenset({f"other_{whose}"}),
        **more,
    )


def of_board(pair: Any) -> dict[str, Any]:
    fields = {"procedure": "expert", "seed": 1, "state": "board", "columns": []}
    run = MatchRun.objects.get_or_create(cohort=pair.cohort, number=9, defaults=fields)[0]
    run.pairs.get_or_create(student=pair.student, shape="pair")
    return {"cohort": pair.cohort.key, "run": run.key}


def of_talk(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "place": pair.student.key}


def of_note(pair: Any) -> dict[str, Any]:
    note = InterviewNote.objects.get_or_create(enrollment=pair.student)[0]
    return {**of_talk(pair), "note": note.key}


EXPECTATIONS: dict[str, Expect] = {
    "matching:add_place": of_pair(of_mentor, method="post"),
    "matching:open_board": cohort_page(method="post"),
    "matching:board": of_pair(of_board),
    "matching:board_place": of_pair(of_board, method="post"),
    "matching:add_note": of_pair(of_talk, method="post"),
    "matching:remove_note": of_pair(of_note, method="post"),
    "matching:trial": cohort_page(),
    "matching:draw_trial": of_pair(of_trial, method="post"),
    "matching:close_trial": of_pair(of_trial, method="post"),
    "matching:trial_report": of_pair(of_trial, method="post"),
    "matching:trial_exclude": of_pair(of_trial, method="post"),
    "matching:my_trial": own(of_my_trial, "student"),
    "matching:choose": own(of_chooser, "student"),
    "matching:ask": Expect(frozenset({"fellow_student"}), args=of_choice),
    "matching:withdraw_request": own(of_line, "student", method="post"),
    "matching:change_wishes": own(of_ranking, "student", method="post"),
    "matching:rank_students": own(of_ranked, "mentor", method="post"),
    "matching:mentors_turn": of_pair(of_ranking_round, method="post"),
    "matching:request_up": own(of_line, "student", method="post"),
    "matching:let_look": own(of_chooser, "student", method="post"),
    "matching:requests": own(of_asked, "mentor"),
    "matching:pause_requests": own(of_asked, "mentor", method="post"),
    "matching:request": own(of_request, "mentor"),
    "matching:answer_request": own(of_request, "mentor", method="post"),
    "matching:choosing": cohort_page(),
    "matching:close_choosing": of_pair(
        lambda pair: {"cohort": _round(pair).cohort.key}, method="post"
    ),
    "matching:overview": cohort_page(),
    "matching:start": cohort_page(method="post"),
    "matching:run": of_pair(of_run),
    "matching:again": of_pair(of_run, method="post"),
    "matching:undo": of_pair(of_run, method="post"),
    "matching:leave_out": of_pair(of_run, method="post"),
    "matching:why_not": of_pair(of_why_not),
    "matching:try_run": of_pair(of_run),
    "matching:start_like": of_pair(of_run, method="post"),
    "matching:publish": of_pair(of_run, method="post"),
    "matching:rules": cohort_page(),
    "matching:add_rule": cohort_page(method="post"),
    "matching:remove_rule": of_pair(of_rule, method="post"),
    "matching:unmatched": cohort_page(),
    "matching:assign": of_pair(of_student),
    "matching:mentorships": cohort_page(),
    "matching:seats": cohort_page(),
    "matching:next_year": cohort_page(),
    "matching:away": of_pair(of_absence),
    "matching:stand_in": of_pair(of_mentorship),
    "matching:end_stand_in": of_pair(of_stand_in, method="post"),
    "matching:manage": of_pair(of_mentorship),
    "matching:end": of_pair(of_mentorship, method="post"),
    "matching:rename": of_pair(of_mentorship, method="post"),
    "matching:add_leader": of_pair(of_mentorship),
    "matching:end_leader": of_pair(of_leader, method="post"),
    "matching:move": of_pair(of_seat),
}
