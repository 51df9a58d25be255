"""What pages and mails show of flags: names, words, and nothing a program keeps to the pair."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation import queries
from evaluation.models import Flag, FlagNote
from evaluation.monitoring.catalog import BY_SLUG
from evaluation.monitoring.rule import Rule
from matching.models import Membership
from matching.names import with_whom
from mentoring.accounts.models import User
from mentoring.accounts.visibility import sees_meeting_facts
from mentoring.audit.models import Event
from programs.models import Cohort
from sessions.agreement_presenters import STATUS, frequency
from sessions.models import Meeting, Side

Text = str | Promise
MEETINGS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag in words."""

    flag: Flag
    who: str
    title: Text
    evidence: Text
    suggestion: Text
    # When it began; only where dates of meetings and messages may be seen.
    since: datetime | None
    url: str


def names_of(mentorships: Iterable[int]) -> dict[int, tuple[list[str], list[str]]]:
    """Students' and mentors' names of mentorships; one query.

    Those in it now; of an ended one, those who were in it at its end.
    """
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    rows = Membership.objects.filter(queries.IN_IT, mentorship__in=list(mentorships))
    for row in rows.select_related("person").order_by("pk"):
        found[row.mentorship_id][row.is_mentor].append(row.person.full_name)
    return found


def flag_rows(cohort: Cohort, flags: Sequence[Flag]) -> list[FlagRow]:
    """Flags with names and words; three queries however many."""
    prefetch_related_objects(flags, "enrollment__person")
    names = names_of({flag.mentorship_id for flag in flags if flag.mentorship_id})
    level = cohort.level
    return [_row(flag, names, level) for flag in flags]


def flag_table(cohort: Cohort, flags: Sequence[Flag]) -> tuple[list[Text], Iterator[list[object]]]:
    """Header and rows of the export: what the page shows, nothing more."""
    header = [_("Who"), _("Rule"), _("What is known"), _("Urgency"), _("State"), _("Opened")]
    rows: Iterator[list[object]] = (
        [
            row.who,
            row.title,
            row.evidence,
            row.flag.get_severity_display(),
            row.flag.get_state_display(),
            f"{timezone.localtime(row.flag.opened_at):%Y-%m-%d}",
        ]
        for row in flag_rows(cohort, flags)
    )
    return [*header], rows


def _row(flag: Flag, names: dict[int, tuple[list[str], list[str]]], level: str) -> FlagRow:
    rule = BY_SLUG[flag.rule]
    students, mentors = names[flag.mentorship_id] if flag.mentorship_id else ([], [])
    if flag.enrollment and (flag.enrollment.is_student or not flag.mentorship_id):
        students = [flag.enrollment.person.full_name]
    return FlagRow(
        flag=flag,
        who=" · ".join(filter(None, [", ".join(students), ", ".join(mentors)])),
        title=rule.title,
        evidence=rule.evidence(flag.evidence, sees_meeting_facts(level)),
        suggestion=rule.step(flag.step).suggestion,
        since=flag.since if sees_meeting_facts(level) or not rule.of_the_pair else None,
        url=reverse("evaluation:flag", args=[flag.key]),
    )


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting behind a flag."""

    meeting: Meeting
    missed_by: Text


MISSED_BY = {
    Side.STUDENT.value: _("missed by the student"),
    Side.MENTOR.value: _("missed by the mentor"),
    "both": _("missed by both"),
}


def meetings_behind(flag: Flag) -> list[MeetingLine]:
    """The latest meetings of the pair, where their dates may be seen; one query."""
    if not flag.mentorship_id or not sees_meeting_facts(flag.cohort.level):
        return []
    rows = Meeting.objects.filter(mentorship=flag.mentorship_id).order_by("-starts_at", "-pk")
    return [MeetingLine(row, MISSED_BY.get(row.missed_by, "")) for row in rows[:MEETINGS_SHOWN]]


def split(members: Iterable[Membership]) -> tuple[list[str], list[str]]:
    """Students' and mentors' names."""
    names: tuple[list[str], list[str]] = ([], [])
    for member in members:
        names[member.is_mentor].append(member.person.full_name)
    return names


def sides(pair: Any) -> tuple[list[str], list[str]]:
    """The names in a row of ``queries.shown``."""
    return split(pair.members)


def name_pairs(pairs: Iterable[Any]) -> None:
    """Put what a page shows of a pair on its row: all names in a line, flags by their title."""
    for pair in pairs:
        students, mentors = sides(pair)
        pair.names = with_whom([*students, *mentors], group=pair.name)
        if (status := getattr(pair, "agreement_status", None)) is not None:
            pair.agreement = STATUS[status]
            pair.often = frequency(pair.agreed_rhythm, pair.agreed_every)
        for flag in getattr(pair, "standing", ()):
            flag.title = rule_of(flag).title


def agreement_cells(pair: Any) -> list[object]:
    """What an export says of an agreement: its status, and how often they mean to meet."""
    often = frequency(pair.agreed_rhythm, pair.agreed_every) if pair.agreed_rhythm else ""
    return [str(STATUS[pair.agreement_status][0]), str(often)]


def partners(row: Any) -> list[str]:
    """Those on the other side, of a row of ``queries.with_partners``."""
    return [
        member.person.full_name
        for place in row.places
        for member in place.mentorship.members
        if member.is_mentor != place.is_mentor
    ]


def rule_of(flag: Flag) -> Rule:
    return BY_SLUG[flag.rule]


ACTS: dict[str, tuple[Text, str, str]] = {
    "flag.opened": (_("Opened by the monitoring pass"), "flag", "danger"),
    "flag.updated": (_("Brought up to date by the monitoring pass"), "arrow-repeat", "warning"),
    "flag.cleared": (_("Cleared by the facts"), "patch-check", "success"),
    "flag.acknowledged": (_("%(who)s looks after it"), "eye", "info"),
    "flag.snoozed": (_("%(who)s put it off for %(days)s days"), "alarm", "quiet"),
    "flag.reopened": (_("%(who)s opened it again"), "arrow-counterclockwise", "warning"),
    "flag.dismissed": (_("%(who)s settled it"), "check-circle", "success"),
}


def history(flag: Flag) -> list[dict[str, Any]]:
    """What happened to a flag and what was noted about it, newest first; three queries."""
    events = list(
        Event.objects.filter(subject_type="evaluation.flag", subject=flag.pk).order_by("-at", "-pk")
    )
    people = User.objects.in_bulk({event.actor for event in events if event.actor})
    acts = [event for event in events if event.action in ACTS]
    settled = next((event.pk for event in acts if event.action == "flag.dismissed"), None)
    entries = [_entry(flag, event, people, event.pk == settled) for event in acts]
    entries += [_noted(note) for note in flag.notes.select_related("author")]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _noted(note: FlagNote) -> dict[str, Any]:
    who = note.author.full_name if note.author else _("Somebody")
    return {
        "title": _("%(who)s noted") % {"who": who},
        "icon": "chat-dots",
        "tone": "info",
        "at": note.at,
        "text": note.text,
    }


def _entry(flag: Flag, event: Event, people: dict[int, User], last: bool) -> dict[str, Any]:
    title, icon, tone = ACTS[event.action]
    actor = people.get(event.actor) if event.actor else None
    text: Text = ""
    if event.action in {"flag.opened", "flag.updated"}:
        facts = sees_meeting_facts(flag.cohort.level)
        evidence = BY_SLUG[flag.rule].evidence(event.data.get("evidence", {}), facts)
        text = f"{evidence} {SEVERITIES[event.data['severity']]}"
    elif event.action == "flag.dismissed" and last:
        # An earlier reason became a note when the flag was opened again.
        text = flag.reason
    who = actor.full_name if actor else _("Somebody")
    return {
        "title": str(title) % {"who": who, "days": event.data.get("days", 3)}
        if "%(who)s" in str(title)
        else title,
        "icon": icon,
        "tone": tone,
        "at": event.at,
        "text": text,
    }


SEVERITIES = {
    Flag.Severity.INFO.value: "",
    Flag.Severity.WARNING.value: "",
    Flag.Severity.HIGH.value: _("Urgent."),
}
