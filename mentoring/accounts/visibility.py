"""Who can see what: one table, read by the rules and by the page of that name.

A program chooses a confidentiality level. A level, or a program, may be stricter than the
table, never looser.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How much leaves a mentorship."""

    OPEN = "open", _("Open: meeting facts as in the table")
    COUNTS = "counts", _("Counts: outside the pair only counts per mentorship")
    STRICT = "strict", _("Strict: nothing leaves the pair, not even a count")


class Content(models.TextChoices):
    """What can be seen."""

    DIARY = "diary", _("Diary entry")
    MEETING_FACTS = "meeting_facts", _("Meeting facts: date, length, mode, attendance")
    TOPICS = "topics", _("Topics of a meeting")
    NOTES = "notes", _("Notes of a meeting")
    MESSAGES = "messages", _("Messages")
    AGREEMENT = "agreement", _("Agreement")
    GOALS = "goals", _("Goals")
    AT_RISK = "at_risk", _("At-risk status and scores")
    SURVEY_ANSWERS = "survey_answers", _("Answers to an anonymous survey")
    CONCERN = "concern", _("Concern")


class Viewer(models.TextChoices):
    """Who looks, in relation to the thing."""

    AUTHOR = "author", _("Its author")
    MEMBER = "member", _("Other members of the mentorship, for the dates of their membership")
    SUPERVISOR = "supervisor", _("Supervisor")
    COORDINATOR = "coordinator", _("Coordinator")
    PROGRAM_LEAD = "program_lead", _("Program lead")
    EVALUATOR = "evaluator", _("Evaluator")
    OFFICER = "officer", _("At-risk officer")
    RECIPIENT = "recipient", _("The person it was sent to")
    SITE_ADMIN = "site_admin", _("Site administrator")


class Sight(models.TextChoices):
    """How much of it."""

    FULL = "full", _("yes")
    IF_SHARED = "if_shared", _("only if its author shared it")
    IF_JOINT = "if_joint", _("if it was written for both")
    IF_PROGRAM_SAYS = "if_program_says", _("only if the program says so, and says so to everyone")
    DATES = "dates", _("that it exists, and its date")
    EXISTS = "exists", _("that it exists")
    RESPONSE_TIME = "response_time", _("how long an answer took, nothing else")
    STATUS = "status", _("whether it is signed, and how often they mean to meet")
    COUNTS = "counts", _("numbers only")
    DEIDENTIFIED = "deidentified", _("without names")
    NOTHING = "nothing", _("no")


INSIDE = frozenset({Viewer.AUTHOR, Viewer.MEMBER, Viewer.RECIPIENT})
# What is said within a mentorship. Levels apply to it; a concern is a call for help, at-risk
# status does not come from the pair, and anonymous answers are shown to nobody at any level.
OF_THE_PAIR = frozenset(
    {
        Content.DIARY,
        Content.MEETING_FACTS,
        Content.TOPICS,
        Content.NOTES,
        Content.MESSAGES,
        Content.AGREEMENT,
        Content.GOALS,
    }
)

_S, _V = Sight, Viewer
TABLE: Mapping[Content, Mapping[Viewer, Sight]] = MappingProxyType(
    {
        Content.DIARY: {
            _V.AUTHOR: _S.FULL,
            _V.MEMBER: _S.IF_SHARED,
            _V.SUPERVISOR: _S.IF_SHARED,
            _V.COORDINATOR: _S.DATES,
            _V.PROGRAM_LEAD: _S.COUNTS,
        },
        Content.MEETING_FACTS: {
            _V.AUTHOR: _S.FULL,
            _V.MEMBER: _S.FULL,
            _V.COORDINATOR: _S.FULL,
            _V.PROGRAM_LEAD: _S.COUNTS,
            _V.EVALUATOR: _S.DEIDENTIFIED,
        },
        Content.TOPICS: {
            _V.AUTHOR: _S.FULL,
            _V.MEMBER: _S.FULL,
            _V.COORDINATOR: _S.IF_PROGRAM_SAYS,
        },
        Content.NOTES: {_V.AUTHOR: _S.FULL, _V.MEMBER: _S.IF_JOINT},
        Content.MESSAGES: {
            _V.AUTHOR: _S.FULL,
            _V.MEMBER: _S.FULL,
            _V.COORDINATOR: _S.RESPONSE_TIME,
        },
        Content.AGREEMENT: {
            _V.AUTHOR: _S.FULL,
            _V.MEMBER: _S.FULL,
            _V.COORDINATOR: _S.STATUS,
        },
        Content.GOALS: {_V.AUTHOR: _S.FULL, _V.MEMBER: _S.FULL},
        Content.AT_RISK: {
            _V.MEMBER: _S.IF_PROGRAM_SAYS,
            _V.PROGRAM_LEAD: _S.COUNTS,
            _V.OFFICER: _S.FULL,
        },
        Content.SURVEY_ANSWERS: {},
        Content.CONCERN: {
            _V.AUTHOR: _S.FULL,
            _V.RECIPIENT: _S.FULL,
            _V.COORDINATOR: _S.EXISTS,
            _V.PROGRAM_LEAD: _S.COUNTS,
        },
    }
)


def sight(content: Content, viewer: Viewer, level: str = Level.OPEN) -> Sight:
    """How much of ``content`` this viewer sees in a program of that confidentiality level."""
    full = TABLE[content].get(viewer, Sight.NOTHING)
    if content not in OF_THE_PAIR or viewer in INSIDE or full is Sight.IF_SHARED:
        return full
    if level == Level.STRICT:
        return Sight.NOTHING
    if level == Level.COUNTS:
        countable = {Sight.FULL, Sight.DATES, Sight.COUNTS, Sight.DEIDENTIFIED, Sight.STATUS}
        return Sight.COUNTS if full in countable else Sight.NOTHING
    return full


def sees_meeting_facts(level: str) -> bool:
    """Whether a coordinator may see single meetings: their dates, attendance, who missed."""
    return sight(Content.MEETING_FACTS, Viewer.COORDINATOR, level) is Sight.FULL


def sees_meeting_counts(level: str) -> bool:
    """Whether a coordinator may see how often a pair met."""
    return sight(Content.MEETING_FACTS, Viewer.COORDINATOR, level) is not Sight.NOTHING


def sees_agreement_status(level: str) -> bool:
    """Whether a coordinator may see if a pair has signed an agreement, and its frequency.

    Both are numbers of a mentorship: they are seen where counts are, and a strict program keeps
    them to the pair.
    """
    return sight(Content.AGREEMENT, Viewer.COORDINATOR, level) is not Sight.NOTHING
