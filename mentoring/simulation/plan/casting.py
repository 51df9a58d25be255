"""Who is who: exact counts from the behavior, the seed chooses."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from mentoring.simulation.behavior import Behavior
from mentoring.simulation.plan.calendar import Calendar, Span
from mentoring.simulation.plan.script import Group, Kind
from mentoring.simulation.plan.shares import count, counts, stream

QUIET = (Kind.SILENT, Kind.NEVER)


@dataclass(frozen=True)
class Part:
    """The role of one mentorship in the play; ``reply_days`` is empty: never."""

    group: Group
    kind: Kind
    weekly: bool = False
    monthly: bool = False
    reply_days: float | None = 1.0
    away: Span | None = None


def cast(
    behavior: Behavior, calendar: Calendar, groups: Sequence[Group], seed: int
) -> tuple[list[Part], dict[int, Span]]:
    """A part for every group, in order, and the mentors' absences."""
    rng = stream(seed, "kinds")
    shares = behavior.shares
    numbers = counts([shares.engaged, shares.fading, shares.silent, shares.never], len(groups))
    kinds = [kind for kind, number in zip(Kind, numbers, strict=True) for _ in range(number)]
    rng.shuffle(kinds)
    parts = [Part(group, kind) for group, kind in zip(groups, kinds, strict=True)]
    weekly = _chosen(parts, behavior.weekly_contact, stream(seed, "weekly"))
    monthly = _chosen(parts, behavior.monthly_meeting, stream(seed, "monthly"))
    parts = [
        replace(part, weekly=index in weekly, monthly=index in monthly)
        for index, part in enumerate(parts)
    ]
    replies = _replies(behavior, parts, stream(seed, "replies"))
    away = _absences(behavior, calendar, parts, stream(seed, "absences"))
    parts = [
        replace(
            part,
            reply_days=replies[part.group.mentors[0]],
            away=away.get(part.group.mentors[0]),
        )
        for part in parts
    ]
    return parts, away


def _chosen(parts: list[Part], share: float, rng: Random) -> set[int]:
    """To so many of the engaged ones the outcome falls, counted over all."""
    engaged = [index for index, part in enumerate(parts) if part.kind is Kind.ENGAGED]
    return set(rng.sample(engaged, min(count(share, len(parts)), len(engaged))))


def _by_mentor(parts: list[Part]) -> dict[int, list[Part]]:
    """The first mentor of a mentorship speaks for its mentors' side."""
    held: dict[int, list[Part]] = defaultdict(list)
    for part in parts:
        held[part.group.mentors[0]].append(part)
    return held


def _replies(behavior: Behavior, parts: list[Part], rng: Random) -> dict[int, float | None]:
    """Days within which each mentor answers; those who never do mentor nobody lively."""
    held = _by_mentor(parts)
    mentors = sorted(held)
    steps = list(behavior.mentor_reply)
    never_share = max(0.0, 1 - sum(share for share, _ in steps))
    *numbers, never = counts([*(share for share, _ in steps), never_share], len(mentors))
    silent = [m for m in mentors if all(part.kind in QUIET for part in held[m])]
    # In a small play rounding may leave fewer quiet mentorships than mentors who never answer.
    mute = set(rng.sample(silent, min(never, len(silent))))
    days: list[float] = [
        within for (_, within), number in zip(steps, numbers, strict=True) for _ in range(number)
    ]
    days += [steps[-1][1] if steps else 1.0] * (len(mentors) - len(mute) - len(days))
    rng.shuffle(days)
    answers = iter(days)
    return {mentor: None if mentor in mute else next(answers) for mentor in mentors}


def _absences(
    behavior: Behavior, calendar: Calendar, parts: list[Part], rng: Random
) -> dict[int, Span]:
    """Absent are first of all mentors of whom neither weeks nor months are promised."""
    held = _by_mentor(parts)
    free = [m for m in sorted(held) if not any(part.weekly or part.monthly for part in held[m])]
    others = [m for m in sorted(held) if m not in set(free)]
    rng.shuffle(free)
    rng.shuffle(others)
    waiting = iter([*free, *others])
    away: dict[int, Span] = {}
    for absence in behavior.absence:
        if absence.from_week > calendar.weeks:
            continue
        first = calendar.week(absence.from_week).first
        last = min(first + timedelta(weeks=absence.weeks, days=-1), calendar.last)
        for _ in range(count(absence.mentors, len(held))):
            mentor = next(waiting, None)
            if mentor is not None:
                away[mentor] = Span(first, last)
    return away
