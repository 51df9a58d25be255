"""Addresses of ``sessions``."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from mentoring import clock
from sessions.models import CalendarFeed, ChangeRequest, Concern, DiaryEntry, Goal, Meeting
from sessions.services import goals
from tests.access.expectation import (
    EVERYBODY,
    IN_COHORT,
    SIGNED_IN,
    THE_PAIR,
    Expect,
    cohort,
    cohort_page,
    other_cohort,
)
from tests.factories import meeting

COORDINATOR = frozenset({"coordinator"})
OTHER_PAIR = frozenset({"other_student", "other_mentor"})
MENTORS = frozenset({"mentor", "fellow_mentor", "other_mentor", "lead_mentor", "junior_mentor"})


def _of(mentorship: str, **more: Any) -> Any:
    return lambda world: {"key": getattr(world, mentorship).key, **more}


def _meeting(mentorship: str, *, ahead: bool) -> Any:
    def make(world: Any) -> dict[str, Any]:
        shift = timedelta(days=3 if ahead else -3)
        starts = (clock.now() + shift).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        pair = getattr(world, mentorship)
        found = Meeting.objects.filter(mentorship=pair, starts_at=starts).first()
        return {"key": (found or meeting(pair, starts)).key}

    return make


def _concern(mentorship: str, recipient: str) -> Any:
    def make(world: Any) -> dict[str, Any]:
        pair = getattr(world, mentorship)
        concern, _created = Concern.objects.get_or_create(
            cohort=pair.cohort,
            raised_by=pair.student.person,
            recipient=world.people[recipient],
        )
        return {"key": concern.key}

    return make


def _change(mentorship: str) -> Any:
    def make(world: Any) -> dict[str, Any]:
        pair = getattr(world, mentorship)
        wish, _created = ChangeRequest.objects.get_or_create(
            mentorship=pair, person=pair.student.person
        )
        return {"key": wish.key}

    return make


def _feed(world: Any) -> dict[str, Any]:
    token = "a-secret-address"
    CalendarFeed.objects.get_or_create(
        person=world.people["student"], digest=sha256(token.encode()).hexdigest()
    )
    return {"token": token}


def of_the_pair(allowed: frozenset[str] = THE_PAIR, **more: Any) -> Expect:
    """A page of a mentorship, for its members (or these) here, and its own elsewhere."""
    extra = more.pop("extra", {})
    more.setdefault("allowed_elsewhere", OTHER_PAIR)
    return Expect(
        allowed, args=_of("mentorship", **extra), elsewhere=_of("elsewhere", **extra), **more
    )


def of_a_meeting(allowed: frozenset[str] = THE_PAIR, *, ahead: bool = True, **more: Any) -> Expect:
    """A page of a meeting."""
    more.setdefault("allowed_elsewhere", OTHER_PAIR)
    return Expect(
        allowed,
        args=_meeting("mentorship", ahead=ahead),
        elsewhere=_meeting("elsewhere", ahead=ahead),
        **more,
    )


def of_a_concern(**more: Any) -> Expect:
    """A concern: its author and the one person it was sent to."""
    return Expect(
        frozenset({"student", "wellbeing_contact"}),
        args=_concern("mentorship", "wellbeing_contact"),
        elsewhere=_concern("elsewhere", "other_coordinator"),
        allowed_elsewhere=frozenset({"other_student", "other_coordinator"}),
        **more,
    )


def _diary(mentorship: str, *, shared: bool = False) -> Any:
    """An entry of the mentor, hers alone or shared with the members and her supervisors."""

    def make(world: Any) -> dict[str, Any]:
        pair, now = getattr(world, mentorship), clock.now()
        at = now if shared else None
        entry, _created = DiaryEntry.objects.get_or_create(
            mentorship=pair,
            author=pair.mentor.person,
            side="mentor",
            day=now.date(),
            phase="shared" if shared else "",
            defaults={"written_at": now, "members_at": at, "supervisor_at": at},
        )
        return {"key": entry.key}

    return make


def _goal(mentorship: str) -> Any:
    def make(world: Any) -> dict[str, Any]:
        pair = getattr(world, mentorship)
        found = Goal.objects.filter(mentorship=pair).first() or goals.add(
            mentorship=pair, title="Pass", horizon="short", by=pair.student.person
        )
        return {"key": pair.key, "goal": found.key}

    return make


def of_an_entry(*, shared: bool = False, **more: Any) -> Expect:
    """A page of a diary entry: its author's, and where it is shared, its readers'."""
    readers = {"student", "supervisor"} if shared else set()
    elsewhere = {"other_student"} if shared else set()
    return Expect(
        frozenset({"mentor"} | readers),
        args=_diary("mentorship", shared=shared),
        elsewhere=_diary("elsewhere", shared=shared),
        allowed_elsewhere=frozenset({"other_mentor"} | elsewhere),
        **more,
    )


def of_a_goal(**more: Any) -> Expect:
    """A goal of the pair."""
    return Expect(
        THE_PAIR,
        args=_goal("mentorship"),
        elsewhere=_goal("elsewhere"),
        allowed_elsewhere=OTHER_PAIR,
        **more,
    )


_STAMP = {"at": int(datetime(2021, 9, 13, 7, tzinfo=UTC).timestamp())}
_FOR_THEM = {"allowed_elsewhere": frozenset({"other_coordinator"})}

EXPECTATIONS: dict[str, Expect] = {
    "sessions:mentorship": of_the_pair(
        THE_PAIR | {"former_member"} | COORDINATOR,
        allowed_elsewhere=OTHER_PAIR | {"other_coordinator"},
    ),
    "sessions:slots": of_the_pair(),
    "sessions:book": of_the_pair(extra=_STAMP),
    "sessions:propose": of_the_pair(),
    "sessions:record_unplanned": of_the_pair(),
    "sessions:record_unplanned_for_them": of_the_pair(COORDINATOR, **_FOR_THEM),
    "sessions:contact": of_the_pair(method="post", data={"channel": "phone"}),
    "sessions:undo_contact": of_the_pair(method="post"),
    "sessions:fit": of_the_pair(method="post", data={"answer": "good"}),
    "sessions:contacted": of_the_pair(method="post", data={"contacted": "yes"}),
    "sessions:thread": of_the_pair(THE_PAIR | {"former_member"}),
    "sessions:write": of_the_pair(method="post", data={"text": "Hello"}),
    # Who left keeps her own entries, and can change them; she begins no new one.
    "sessions:mentorship_diary": of_the_pair(THE_PAIR | {"former_member"}),
    "sessions:write_diary": of_the_pair(),
    "sessions:save_diary": of_the_pair(
        THE_PAIR | {"former_member"}, method="post", data={"text": "Hello"}
    ),
    "sessions:diary": Expect(SIGNED_IN),
    "sessions:shared_diaries": Expect(SIGNED_IN),
    "sessions:diary_entry": of_an_entry(shared=True),
    "sessions:share_diary": of_an_entry(method="post"),
    "sessions:delete_diary": of_an_entry(method="post"),
    "sessions:agreement": of_the_pair(THE_PAIR | {"former_member"}),
    "sessions:propose_agreement": of_the_pair(),
    "sessions:sign_agreement": of_the_pair(method="post"),
    "sessions:withdraw_agreement": of_the_pair(method="post"),
    "sessions:goals": of_the_pair(THE_PAIR | {"former_member"}),
    "sessions:add_goal": of_the_pair(),
    "sessions:goal": of_a_goal(),
    "sessions:edit_goal": of_a_goal(),
    "sessions:goal_progress": of_a_goal(method="post", data={"percent": "10"}),
    "sessions:settle_goal": of_a_goal(method="post", data={"state": "active"}),
    "sessions:prefer_goal": of_a_goal(method="post"),
    "sessions:change": of_the_pair(),
    "sessions:withdraw_change": of_the_pair(method="post"),
    "sessions:meetings": Expect(SIGNED_IN),
    "sessions:meeting": of_a_meeting(
        THE_PAIR | COORDINATOR, allowed_elsewhere=OTHER_PAIR | {"other_coordinator"}
    ),
    "sessions:answer": of_a_meeting(method="post", data={"answer": "decline"}),
    "sessions:move": of_a_meeting(),
    "sessions:cancel": of_a_meeting(),
    # Of a day on which she still belonged to it.
    "sessions:record": of_a_meeting(
        THE_PAIR | {"former_member"}, ahead=False, method="post", data={"outcome": "held"}
    ),
    "sessions:record_for_them": of_a_meeting(
        COORDINATOR, ahead=False, method="post", data={"outcome": "held"}, **_FOR_THEM
    ),
    "sessions:availability": Expect(MENTORS),
    "sessions:hours_line": Expect(MENTORS, args=lambda world: {"day": 0}),
    "sessions:add_date": Expect(MENTORS, method="post"),
    "sessions:remove_date": Expect(MENTORS, method="post"),
    "sessions:concerns": Expect(SIGNED_IN),
    "sessions:concern": of_a_concern(),
    "sessions:acknowledge_concern": of_a_concern(method="post"),
    "sessions:close_concern": of_a_concern(method="post"),
    "sessions:raise_concern": Expect(
        IN_COHORT,
        args=cohort,
        elsewhere=other_cohort,
        allowed_elsewhere=OTHER_PAIR | {"other_coordinator"},
    ),
    "sessions:changes": cohort_page(),
    "sessions:change_request": Expect(
        COORDINATOR,
        args=_change("mentorship"),
        elsewhere=_change("elsewhere"),
        allowed_elsewhere=frozenset({"other_coordinator"}),
    ),
    "sessions:feeds": Expect(SIGNED_IN),
    # The address is the secret: whoever has it reads the times.
    "sessions:feed": Expect(EVERYBODY, args=_feed),
}
