"""M3 and M4: meetings that one side missed, again and again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evaluation.monitoring import events
from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.calendar import DayCount
from evaluation.monitoring.events import Miss, Story
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
from evaluation.monitoring.world import World

BY_STUDENT, BY_MENTOR = "missed-by-student", "missed-by-mentor"


def find_by_student(world: World) -> Iterator[Finding]:
    """Students who missed several meetings and have not come since."""
    cohorts = world.watching(BY_STUDENT)
    rows = events.meetings(world, cohorts)
    held = events.let_down_twice(rows, events.BY_STUDENT, F("starts_at"))
    groups = {*events.absent_twice(world, rows), *(world.groups & held.keys())}
    found = circles(live_memberships(cohorts).filter(AnyOf("mentorship_id", {*held, *groups})))
    stories = events.student_stories(rows, held, groups)
    for circle in found.values():
        for student in circle.students if circle.complete else ():
            story = stories.get((circle.mentorship, student.enrollment), Story())
            count = circle.count(world, [student])
            run, times = _run_and_times(world, circle, count, story)
            if run:
                yield _student_finding(world, circle, student, run=run, times=times)


def _run_and_times(
    world: World, circle: Circle, count: DayCount, story: Story
) -> tuple[list[Miss], int]:
    """The misses since the last meeting, and how many there were this term; days off excluded."""
    day, (first, last) = circle.scope(world).calendar.day, circle.scope(world).term
    counted = [miss for miss in story.misses if not count.rests_on(day(miss.at))]
    times = sum(first <= day(miss.at) <= last for miss in counted)
    return [miss for miss in counted if story.came is None or miss.at > story.came], times


def _student_finding(
    world: World, circle: Circle, student: Member, *, run: list[Miss], times: int
) -> Finding:
    scope = circle.scope(world)
    count = circle.count(world, [student])
    limits = scope.thresholds[BY_STUDENT]
    rests = count.rests_on(scope.today)
    step = "flag" if not rests and times >= limits["per_term"] else ""
    nudge = not rests and _lately(world, circle, count, run, limits["in_a_row"])
    return Finding(
        rule=BY_STUDENT,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"student:{student.membership}",
        enrollment=student.enrollment,
        occurrence=f"meeting:{run[0].meeting}",
        since=run[0].at,
        step=step,
        severity="high" if step else "",
        evidence={"in_a_row": len(run), "this_term": times},
        nudges=(
            Nudge("missed_student", "nudge", student.person),
            *(Nudge("missed_student_mentor", "nudge", m.person) for m in circle.mentors),
        )
        if nudge
        else (),
    )


def _lately(world: World, circle: Circle, count: DayCount, run: list[Miss], threshold: int) -> bool:
    """Whether the miss that reached the threshold is recent enough to write about."""
    if len(run) < threshold:
        return False
    scope = circle.scope(world)
    reached = scope.calendar.day(run[threshold - 1].at)
    return count.days(reached, scope.today) < NUDGE_WINDOW


def find_by_mentor(world: World) -> Iterator[Finding]:
    """Mentorships whose mentor cancelled or stayed away, with no meeting since."""
    cohorts = world.watching(BY_MENTOR)
    rows = events.meetings(world, cohorts)
    let_down = events.BY_MENTOR | events.CALLED_OFF
    held = events.let_down_twice(rows, let_down, events.MENTOR_MOMENT)
    found = circles(live_memberships(cohorts).filter(AnyOf("mentorship_id", held)))
    stories = events.mentor_stories(rows, held)
    for circle in found.values():
        if not circle.complete:
            continue
        count = circle.count(world)
        story = stories.get(circle.mentorship, Story())
        run, times = _run_and_times(world, circle, count, story)
        if run:
            yield _mentor_finding(world, circle, count, run, times)


def _mentor_finding(
    world: World, circle: Circle, count: DayCount, run: list[Miss], times: int
) -> Finding:
    scope = circle.scope(world)
    limits = scope.thresholds[BY_MENTOR]
    reached = times >= limits["per_term"] and not count.rests_on(scope.today)
    nudge = reached and _lately(world, circle, count, run, len(run))
    return Finding(
        rule=BY_MENTOR,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"mentorship:{circle.mentorship}",
        occurrence=f"meeting:{run[0].meeting}",
        since=run[0].at,
        step="flag" if reached else "",
        severity="warning" if reached else "",
        evidence={"this_term": times},
        nudges=tuple(Nudge("missed_mentor", "nudge", m.person) for m in circle.mentors)
        if nudge
        else (),
    )


def _student_evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    times, row = evidence.get("this_term", 0), evidence.get("in_a_row", 0)
    missed = ngettext(
        "The student missed %(n)d meeting this term",
        "The student missed %(n)d meetings this term",
        times,
    ) % {"n": times}
    since = ngettext(
        "the last one without a meeting since.",
        "the last %(n)d of them in a row.",
        row,
    ) % {"n": row}
    return f"{missed}, {since}"


def _mentor_evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    times = evidence.get("this_term", 0)
    return ngettext(
        "The mentor cancelled or missed %(n)d meeting this term, and none was held since.",
        "The mentor cancelled or missed %(n)d meetings this term, and none was held since.",
        times,
    ) % {"n": times}


STUDENT_RULE = Rule(
    slug=BY_STUDENT,
    title=_("Meetings missed by the student"),
    domain_id="M3",
    source=_("Programs with attendance rules act on the second absence in a row."),
    about=_(
        "Counts meetings that the student missed without an excuse. Days on which she is away or "
        "everything is paused do not count. One meeting that she comes to sets it right."
    ),
    told=_("Student and mentor; the coordinator when it becomes a flag."),
    clears=_("The student comes to a meeting."),
    thresholds=(
        Threshold(
            "in_a_row",
            _("Ask how things are after"),
            2,
            _("missed in a row"),
            _("Both get a mail that asks what would make meeting easier."),
            minimum=2,
            maximum=20,
        ),
        Threshold(
            "per_term",
            _("Flag for the coordinator after"),
            3,
            _("missed in a term"),
            _("Opens as urgent, and only if the latest meeting was missed too."),
            minimum=2,
            maximum=20,
        ),
    ),
    steps=(
        Step("nudge", "in_a_row", _("Student and mentor are asked what would help.")),
        Step(
            "flag",
            "per_term",
            _("A flag opens, urgent at once."),
            "high",
            _("Ask the student how she is before anything else; other times, or video, may help."),
        ),
    ),
    find=find_by_student,
    evidence=_student_evidence,
)

MENTOR_RULE = Rule(
    slug=BY_MENTOR,
    title=_("Meetings cancelled or missed by the mentor"),
    domain_id="M4",
    source=_("A default of ours: sources report such meetings, but no limit."),
    about=_(
        "Counts booked meetings that the mentor cancelled or did not come to in a term. Her "
        "declared absences do not count. One meeting that is held sets it right."
    ),
    told=_("The mentor, and the coordinator."),
    clears=_("A meeting is held."),
    thresholds=(
        Threshold(
            "per_term",
            _("Flag for the coordinator after"),
            2,
            _("in a term"),
            _("The mentor gets a mail that offers help at the same time."),
            minimum=2,
            maximum=20,
        ),
    ),
    steps=(
        Step(
            "flag",
            "per_term",
            _("The mentor is offered help, and a flag opens."),
            "warning",
            _("Ask the mentor what would lighten the load: other hours, video, or a stand-in."),
        ),
    ),
    find=find_by_mentor,
    evidence=_mentor_evidence,
)
