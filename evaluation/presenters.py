"""What pages and mails show of flags: names, words, and nothing a program keeps to the pair."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.functional import Promise

from evaluation.models import Flag
from evaluation.monitoring.catalog import BY_SLUG
from matching.models import Membership
from programs.models import Cohort

Text = str | Promise


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
    """Students' and mentors' names of mentorships, live places first; one query."""
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    rows = Membership.objects.filter(mentorship__in=list(mentorships), ended_at=None)
    for row in rows.select_related("person").order_by("pk"):
        found[row.mentorship_id][row.is_mentor].append(row.person.full_name)
    return found


def flag_rows(cohort: Cohort, flags: Sequence[Flag]) -> list[FlagRow]:
    """Flags with names and words; three queries however many."""
    prefetch_related_objects(flags, "enrollment__person")
    names = names_of({flag.mentorship_id for flag in flags if flag.mentorship_id})
    level = cohort.level
    return [_row(flag, names, level) for flag in flags]


def _row(flag: Flag, names: dict[int, tuple[list[str], list[str]]], level: str) -> FlagRow:
    rule = BY_SLUG[flag.rule]
    students, mentors = names[flag.mentorship_id] if flag.mentorship_id else ([], [])
    if flag.enrollment and flag.enrollment.is_student:
        students = [flag.enrollment.person.full_name]
    return FlagRow(
        flag=flag,
        who=" · ".join(filter(None, [", ".join(students), ", ".join(mentors)])),
        title=rule.title,
        evidence=rule.evidence(flag.evidence),
        suggestion=rule.step(flag.step).suggestion,
        since=flag.since if level == "open" else None,
        url=reverse("evaluation:flag", args=[flag.key]),
    )
