"""M5: the student wrote, asked or proposed, and no answer came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.pairs import Circle, circles, live_memberships
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
from matching.models import MentorshipState
from mentoring.accounts.permissions import MENTOR_ROLES
from programs.models import Cohort
from sessions.models import Contact, Meeting, MeetingState, Message, Participant, Side

SLUG = "unresponsive-mentor"
STEPS = ("rematch", "reserve", "flag")  # the furthest first


@dataclass(slots=True)
class Silence:
    """What is known of one mentorship's exchange."""

    asked: list[datetime]
    answered: list[datetime]
    waits_for_student: bool = False

    def since(self) -> datetime | None:
        """The first thing asked after the mentor's last sign of life."""
        last = max(self.answered, default=None)
        open_ = [at for at in self.asked if last is None or at > last]
        return None if self.waits_for_student else min(open_, default=None)


def find(world: World) -> Iterator[Finding]:
    """Mentorships in which a student waits for the mentor."""
    cohorts = world.watching(SLUG)
    silences = _silences(
        {"mentorship__state": MentorshipState.ACTIVE, "mentorship__cohort__in": cohorts}, world.now
    )
    for circle in circles(
        live_memberships(cohorts).filter(AnyOf("mentorship_id", silences))
    ).values():
        since = silences[circle.mentorship].since()
        if since is not None and circle.complete:
            yield _finding(world, circle, since)


def waiting_since(mentorship: int, now: datetime) -> datetime | None:
    """Since when a student of this mentorship waits for an answer."""
    silence = _silences({"mentorship": mentorship}, now).get(mentorship)
    return silence.since() if silence else None


def waiting(cohort: Cohort, now: datetime) -> dict[int, datetime]:
    """Since when each live mentorship of a cohort waits for its mentor; eight queries."""
    found = _silences(
        {"mentorship__state": MentorshipState.ACTIVE, "mentorship__cohort": cohort}, now
    )
    since = {mentorship: silence.since() for mentorship, silence in found.items()}
    return {mentorship: at for mentorship, at in since.items() if at is not None}


def _silences(among: dict[str, Any], now: datetime) -> dict[int, Silence]:
    """Exchanges in which the student spoke last or a proposal of hers is open; eight queries."""
    found: dict[int, Silence] = {}
    for mentorship, at in _unanswered_messages(among):
        found[mentorship] = Silence([at], [])
    proposals = Meeting.objects.filter(
        state=MeetingState.PROPOSED, created_side=Side.STUDENT, **among
    )
    for pair, at in proposals.values_list("mentorship_id", "created_at"):
        if pair is not None:
            found.setdefault(pair, Silence([], [])).asked.append(at)
    ids = list(found)
    asked = Message.objects.filter(AnyOf("mentorship_id", ids), side=Side.STUDENT)
    for mentorship, at in asked.values_list("mentorship_id", "sent_at"):
        found[mentorship].asked.append(at)
    for mentorship, at in _signs_of_life(ids):
        found[mentorship].answered.append(at)
    waits = Meeting.objects.filter(
        AnyOf("mentorship_id", ids),
        state=MeetingState.PROPOSED,
        created_side=Side.MENTOR,
        starts_at__gt=now,
    )
    for pair in waits.values_list("mentorship_id", flat=True):
        if pair is not None:
            found[pair].waits_for_student = True
    return found


def _unanswered_messages(among: dict[str, Any]) -> Iterator[tuple[int, datetime]]:
    """Mentorships whose student wrote after the mentor's last message, with that message."""
    rows = (
        Message.objects.filter(**among)
        .values("mentorship")
        .annotate(
            student=Max("sent_at", filter=Q(side=Side.STUDENT)),
            mentor=Max("sent_at", filter=Q(side=Side.MENTOR)),
        )
        .filter(Q(mentor=None) | Q(student__gt=F("mentor")), student__isnull=False)
        .order_by("mentorship")
    )
    yield from rows.values_list("mentorship", "student")


def _signs_of_life(ids: list[int]) -> Iterator[tuple[int, datetime]]:
    """Everything that shows the mentor to be there: replies, contacts, meetings, answers."""
    replies = Message.objects.filter(AnyOf("mentorship_id", ids), side=Side.MENTOR)
    contacts = Contact.objects.filter(AnyOf("mentorship_id", ids))
    yield from (
        replies.values("mentorship").annotate(at=Max("sent_at")).values_list("mentorship", "at")
    )
    yield from contacts.values("mentorship").annotate(at=Max("at")).values_list("mentorship", "at")
    answers = Participant.objects.filter(
        AnyOf("meeting__mentorship_id", ids), role__in=list(MENTOR_ROLES)
    )
    yield from (
        answers.exclude(answered_at=None)
        .values("meeting__mentorship")
        .annotate(at=Max("answered_at"))
        .values_list("meeting__mentorship", "at")
    )
    moments = (
        Meeting.objects.filter(AnyOf("mentorship_id", ids))
        .values("mentorship")
        .annotate(
            held=Max("starts_at", filter=Q(state=MeetingState.HELD)),
            proposed=Max("created_at", filter=Q(created_side=Side.MENTOR)),
            called_off=Max("cancelled_at", filter=Q(cancelled_by=Side.MENTOR)),
            recorded=Max("recorded_at", filter=Q(recorded_side=Side.MENTOR)),
        )
    )
    for mentorship, *instants in moments.values_list(
        "mentorship", "held", "proposed", "called_off", "recorded"
    ):
        yield from ((mentorship, at) for at in instants if at is not None)


def _finding(world: World, circle: Circle, since: datetime) -> Finding:
    scope = circle.scope(world)
    # A mentor who took over answers for what was asked since she came.
    clock_starts = max(since, min(mentor.since for mentor in circle.mentors))
    count = circle.count(world)
    days = count.working_days(scope.calendar.day(clock_starts), scope.today)
    limits = scope.thresholds[SLUG]
    rests = count.rests_on(scope.today)
    reached = [step for step in STEPS if days >= limits[step]]
    step = reached[0] if reached and not rests else ""
    nudge = not rests and limits["remind"] <= days < limits["remind"] + NUDGE_WINDOW
    return Finding(
        rule=SLUG,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"mentorship:{circle.mentorship}",
        enrollment=circle.mentors[0].enrollment,
        occurrence=f"{since:%Y-%m-%dT%H:%M:%S.%f}",
        since=clock_starts,
        step=step,
        severity=RULE.step(step).severity if step else "",
        evidence={"working_days": limits[step]} if step else {},
        nudges=tuple(Nudge("unanswered", "nudge", mentor.person) for mentor in circle.mentors)
        if nudge
        else (),
    )


def _evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    return _(
        "The student asked or proposed something, and has waited for an answer for more than "
        "%(n)d working days."
    ) % {"n": evidence.get("working_days", RULE.defaults["flag"])}


RULE = Rule(
    slug=SLUG,
    title=_("No answer to the student"),
    domain_id="M5",
    source=_(
        "Mentoring offices expect an answer within three to five working days and look for "
        "another mentor after three weeks. In Gulf Medical University's focus groups unanswered "
        "mails and calls were a common disappointment."
    ),
    about=_(
        "Counts working days since the first message or proposal of the student that is not "
        "answered. Any reply, note of contact, held meeting or proposal by the mentor stops it, "
        "and it never runs while the student has a proposal to answer. What was written is not "
        "read, only when."
    ),
    told=_("First the mentor; the coordinator when a flag opens."),
    clears=_("The mentor answers, by any means, or they meet."),
    thresholds=(
        Threshold(
            "remind",
            _("Remind the mentor after"),
            5,
            _("working days"),
            _("A short mail with a link to answer, or to note that they spoke."),
        ),
        Threshold(
            "flag",
            _("Flag for the coordinator after"),
            10,
            _("working days"),
            _("Two weeks without a sign."),
        ),
        Threshold(
            "reserve",
            _("Suggest a reserve mentor after"),
            15,
            _("working days"),
            _("The flag becomes urgent."),
        ),
        Threshold(
            "rematch",
            _("Suggest a new match after"),
            25,
            _("working days"),
            _("Two weeks later."),
        ),
    ),
    steps=(
        Step("nudge", "remind", _("The mentor is reminded.")),
        Step(
            "flag",
            "flag",
            _("A flag opens."),
            "warning",
            _("Telephone the mentor: illness or a new post is often behind it."),
        ),
        Step(
            "reserve",
            "reserve",
            _("The flag becomes urgent."),
            "high",
            _("Ask a reserve mentor to step in until the mentor is back."),
        ),
        Step(
            "rematch",
            "rematch",
            _("A new match is suggested."),
            "high",
            _("Offer the student another mentor; nobody needs to be at fault."),
        ),
    ),
    find=find,
    evidence=_evidence,
)
