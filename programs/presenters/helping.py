"""Whom to turn to, as the help page says it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.models import Audience, Discretion, HelpContact, HelpContactKind
from programs.roster.languages import LANGUAGES

ICONS: Final[dict[str, str]] = {
    HelpContactKind.EMERGENCY: "telephone-outbound",
    HelpContactKind.COUNSELING: "chat-heart",
    HelpContactKind.WELLBEING: "heart",
    HelpContactKind.HEALTH: "heart-pulse",
    HelpContactKind.HARASSMENT: "shield-exclamation",
    HelpContactKind.ACADEMIC: "mortarboard",
    HelpContactKind.FINANCIAL: "bank",
    HelpContactKind.PROGRAM: "life-preserver",
    HelpContactKind.OTHER: "question-circle",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact; ``facts`` are the short ones, in words."""

    contact: HelpContact
    facts: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Contacts of one kind."""

    kind: str
    title: str
    icon: str
    entries: list[Entry]

    @property
    def is_urgent(self) -> bool:
        return self.kind == HelpContactKind.EMERGENCY


def groups(contacts: Sequence[HelpContact]) -> list[Group]:
    """By kind, emergencies first. Of which cohort they are is said where there are several."""
    several = len({row.cohort_id for row in contacts if row.cohort_id}) > 1
    return [
        Group(kind.value, str(kind.label), ICONS[kind], entries)
        for kind in HelpContactKind
        if (entries := list(_entries(contacts, kind, name_cohorts=several)))
    ]


def _entries(
    contacts: Iterable[HelpContact], kind: HelpContactKind, *, name_cohorts: bool
) -> Iterator[Entry]:
    for row in contacts:
        if row.kind == kind:
            facts = list(_facts(row))
            if name_cohorts and row.cohort:
                facts.append(row.cohort.name)
            yield Entry(row, facts)


def _facts(row: HelpContact) -> Iterator[str]:
    if row.hours:
        yield capfirst(row.hours)
    if row.languages:
        yield ", ".join(LANGUAGES.get(code, code) for code in row.languages)
    # Of an ambulance nobody asks; elsewhere it decides whether somebody dares to call.
    if row.kind != HelpContactKind.EMERGENCY or row.confidential != Discretion.UNKNOWN:
        yield str(Discretion(row.confidential).label)
    if row.audience == Audience.STUDENTS:
        yield _("for students")
    elif row.audience == Audience.MENTORS:
        yield _("for mentors")
