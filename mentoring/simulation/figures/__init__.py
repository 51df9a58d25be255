"""The figures of a simulation, as section 9 of the design names them.

A figure whose feature does not exist is absent, never zero.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from evaluation.models import Flag, FlagState
from evaluation.monitoring.catalog import RULES
from mentoring import ports
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.simulation.figures import contact, detection, diaries, mail, training, trial
from mentoring.simulation.player import Performance
from sessions.models import Meeting, MeetingState, Participant


def collect(performance: Performance, *, folder: Path) -> dict[str, Any]:
    """Everything but ``queries`` and ``seconds``, which the command measures."""
    stage = performance.stage
    matched = {number for group in stage.groups for number in group.students}
    students = [person for person in performance.people if person.is_student]
    own: dict[str, Any] = {
        "mentorships": len(stage.mentorships),
        "students_matched": len(matched),
        "students_unmatched": len(students) - len(matched),
        "mentor_loads": _loads(performance),
        "meetings": _meetings(performance),
        "attendance_rate": _attendance(performance),
        "contact": contact.figures(performance),
        **diaries.figures(performance),
        "notifications": mail.figures(folder, performance.diary.expected),
        "flags": _flags(performance),
        "detection": detection.figures(performance),
        **training.figures(performance),
        **trial.figures(stage.cohort),
    }
    # Features of the apps that came later say their own figures; the names above stay ours.
    for answer in ports.SIMULATED_FIGURES.ask(stage.cohort):
        own = {**answer, **own}
    return own


def _loads(performance: Performance) -> dict[str, int]:
    """Students per mentor, over all mentors who take part."""
    loads: Counter[int] = Counter()
    for group in performance.stage.groups:
        for mentor in group.mentors:
            loads[mentor] += len(group.students)
    mentors = [p.number for p in performance.people if p.role in set(MENTOR_ROLES)]
    spread = Counter(loads[number] for number in mentors)
    return {str(load): spread[load] for load in sorted(spread)}


def _meetings(performance: Performance) -> dict[str, int]:
    """Meetings by the state in which they stand at the end."""
    states = Meeting.objects.filter(mentorship__in=performance.stage.mentorships).values_list(
        "state", flat=True
    )
    found = Counter(states.order_by())
    return {str(state): found[state] for state in MeetingState.values}


def _attendance(performance: Performance) -> float | None:
    """Of the places in meetings whose hour came (held or missed), how many were taken."""
    rows = Participant.objects.filter(
        meeting__mentorship__in=performance.stage.mentorships,
        meeting__state__in=[MeetingState.HELD, MeetingState.MISSED],
        role__in=[Role.STUDENT, *MENTOR_ROLES],
    ).values_list("attendance", flat=True)
    found = Counter(rows.order_by())
    present = found[Participant.Attendance.PRESENT]
    expected = present + found[Participant.Attendance.ABSENT]
    return round(present / expected, 4) if expected else None


def _flags(performance: Performance) -> dict[str, dict[str, int]]:
    """Per rule: ever opened, cleared by the facts, standing at the end."""
    rows = list(Flag.objects.filter(cohort=performance.stage.cohort).values_list("rule", "state"))
    opened = Counter(rule for rule, _ in rows)
    cleared = Counter(rule for rule, state in rows if state == FlagState.CLEARED)
    standing = Counter(rule for rule, state in rows if state in Flag.STANDING)
    return {
        rule.slug: {
            "opened": opened[rule.slug],
            "cleared": cleared[rule.slug],
            "open": standing[rule.slug],
        }
        for rule in RULES
    }
