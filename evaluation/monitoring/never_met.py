"""M1: matched, and not met since."""

from collections.abc import Iterator
from math import ceil
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.pairs import Circle, Member, circles, live_memberships
from evaluation.monitoring.rule import (
    NUDGE_WINDOW,
    Finding,
    Nudge,
    Rule,
    Step,
    Text,
    Threshold,
)
from evaluation.monitoring.standing import standing_bookings
from evaluation.monitoring.world import World
from mentoring.accounts.permissions import Role
from sessions.models import ContactCheck, Meeting, MeetingState, Participant, ParticipantAttendance

SLUG = "never-met"
HELD = Meeting.objects.filter(mentorship=OuterRef("mentorship"), state=MeetingState.HELD)


def find(world: World) -> Iterator[Finding]:
    """Mentorships without a held meeting, and students without one in a group that met."""
    cohorts = world.watching(SLUG)
    live = live_memberships(cohorts)
    unmet = circles(live.filter(~Exists(HELD)))
    alone = _students_left_out(live, world.groups)
    groups = circles(live.filter(AnyOf("mentorship_id", alone)))
    booked = standing_bookings(world.now, live)
    denied = set(
        ContactCheck.objects.filter(
            contacted=False, mentorship__cohort__in=cohorts, mentorship__state="active"
        ).values_list("mentorship", "person")
    )
    for circle in unmet.values():
        if circle.complete:
            yield _finding(world, circle, booked, denied)
    for circle in groups.values():
        for student in circle.students:
            if student.membership in alone[circle.mentorship] and circle.mentors:
                yield _finding(world, circle, booked, denied, student)


def _students_left_out(live: Any, groups: frozenset[int]) -> dict[int, set[int]]:
    """Memberships of students whom a mentorship with several has met without, by mentorship."""
    there = Participant.objects.filter(
        meeting__mentorship=OuterRef("mentorship"),
        meeting__state=MeetingState.HELD,
        person=OuterRef("person"),
        attendance=ParticipantAttendance.PRESENT,
    )
    several = AnyOf("mentorship_id", groups)
    rows = live.filter(several, Exists(HELD), ~Exists(there), role=Role.STUDENT)
    found: dict[int, set[int]] = {}
    for mentorship, membership in rows.values_list("mentorship_id", "pk"):
        found.setdefault(mentorship, set()).add(membership)
    return found


def _finding(
    world: World,
    circle: Circle,
    booked: set[int],
    denied: set[tuple[int, int]],
    student: Member | None = None,
) -> Finding:
    scope = circle.scope(world)
    students = [student] if student else circle.students
    since = circle.together_since
    if student:
        since = max(student.since, min(mentor.since for mentor in circle.mentors))
    count = circle.count(world, students)
    days = count.days(scope.calendar.day(since), scope.today)
    limits = {key: ceil(value * scope.stretch) for key, value in scope.thresholds[SLUG].items()}
    quiet = circle.mentorship in booked or count.rests_on(scope.today)
    step = "" if quiet else _step(days, limits)
    evidence: dict[str, Any] = {"booked": circle.mentorship in booked}
    if any((circle.mentorship, one.person) in denied for one in students):
        evidence["not_contacted"] = True
    if student:
        evidence["group_met"] = True
    nudge = not quiet and limits["nudge"] <= days < limits["nudge"] + NUDGE_WINDOW
    return Finding(
        rule=SLUG,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"student:{student.membership}" if student else f"mentorship:{circle.mentorship}",
        enrollment=student.enrollment if student else None,
        occurrence=f"{since:%Y-%m-%d}",
        since=since,
        step=step,
        severity=RULE.step(step).severity if step else "",
        evidence=evidence,
        nudges=tuple(_nudges(circle, students)) if nudge else (),
    )


def _step(days: int, limits: dict[str, int]) -> str:
    if days >= limits["high"]:
        return "high"
    return "flag" if days >= limits["flag"] else ""


def _nudges(circle: Circle, students: list[Member]) -> Iterator[Nudge]:
    for student in students:
        yield Nudge("never_met_student", "nudge", student.person)
    for mentor in circle.mentors:
        yield Nudge("never_met_mentor", "nudge", mentor.person)


def _evidence(evidence: dict[str, Any], facts: bool) -> Text:
    parts: list[Text] = [
        _("The group has met, but not with this student.")
        if evidence.get("group_met")
        else _("No meeting has been held since they were matched.")
    ]
    if not facts:
        return parts[0]
    if evidence.get("not_contacted"):
        parts.append(_("The student says that nobody has been in touch."))
    parts.append(_("One is booked now.") if evidence.get("booked") else _("None is booked."))
    return " ".join(str(part) for part in parts)


RULE = Rule(
    slug=SLUG,
    title=_("Not met yet"),
    domain_id="M1",
    source=_(
        "In Delhi one third of the students never had contact with their mentor; at "
        "Södersjukhuset 7 of 118 never met. Semmelweis expects a meeting every month."
    ),
    about=_(
        "Counts the days since both were matched on which nothing is paused: no holiday, exam "
        "week, placement or declared absence. Where a program means to meet less often than "
        "monthly, all three numbers grow in proportion."
    ),
    told=_("First the pair; the coordinator when a flag opens."),
    clears=_("A meeting is held."),
    thresholds=(
        Threshold(
            "nudge",
            _("Friendly reminder after"),
            10,
            _("days"),
            _(
                "Both get a mail unless a meeting is booked; the student is asked: were you "
                "contacted?"
            ),
        ),
        Threshold(
            "flag",
            _("Flag for the coordinator after"),
            21,
            _("days"),
            _("Opens only while no meeting is booked."),
        ),
        Threshold(
            "high",
            _("Becomes urgent after"),
            56,
            _("days"),
            _("Eight weeks: much of the year is gone by then."),
        ),
    ),
    steps=(
        Step(
            "nudge",
            "nudge",
            _("Both are reminded, and the student is asked if somebody was in touch."),
        ),
        Step(
            "flag",
            "flag",
            _("A flag opens."),
            "warning",
            _("Write to both, or telephone: often a first date is all that is missing."),
        ),
        Step(
            "high",
            "high",
            _("The flag becomes urgent."),
            "high",
            _("Speak with both sides, and offer the student another mentor."),
        ),
    ),
    find=find,
    evidence=_evidence,
    only_counts=True,
)
