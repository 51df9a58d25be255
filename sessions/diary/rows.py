"""Diary rows shaped for pages: templates run no queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from matching.models import Membership, Mentorship
from matching.names import with_whom
from mentoring import clock
from mentoring.accounts.models import User
from sessions import private
from sessions.diary.due import Owed
from sessions.models import DiaryEntry, Meeting

BEGINNING = 140


@dataclass(frozen=True)
class EntryRow:
    """An entry in a list; ``author`` is empty and ``beginning`` is there for one's own only."""

    entry: DiaryEntry
    about: str
    author: str = ""
    beginning: str = ""

    @property
    def url(self) -> str:
        return reverse("sessions:diary_entry", args=[self.entry.key])


@dataclass(frozen=True)
class DueRow:
    """An entry that waits to be written."""

    owed: Owed
    title: str
    names: str
    url: str
    late: bool


def entry_rows(entries: Sequence[DiaryEntry], reader: User) -> list[EntryRow]:
    """Entries with the names they are about; only one's own say how they begin. Two queries."""
    names = _names({entry.mentorship_id for entry in entries}, besides=reader)
    mine = [entry for entry in entries if entry.author_id == reader.pk]
    begin = {pk: _beginning(text) for pk, text in private.texts(mine).items()}
    return [
        EntryRow(
            entry=entry,
            about=names.get(entry.mentorship_id, ""),
            author="" if entry.author_id == reader.pk else entry.author.full_name,
            beginning=begin.get(entry.pk, ""),
        )
        for entry in entries
    ]


def _beginning(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(BEGINNING)


def due_rows(owed: Sequence[Owed], author: User) -> list[DueRow]:
    """What waits, in words; two queries."""
    names = _names({one.place.mentorship for one in owed}, besides=author)
    keys = _keys(owed)
    return [
        DueRow(
            owed=one,
            title=_title(one),
            names=names.get(one.place.mentorship, ""),
            url=_write_url(one, keys),
            late=one.due_on < clock.today(author.zone),
        )
        for one in owed
    ]


def _title(one: Owed) -> str:
    if one.meeting is not None:
        return _("About your meeting of %(day)s") % {"day": _day(one.first)}
    return _("An entry for %(first)s to %(last)s") % {
        "first": _day(one.first),
        "last": _day(one.last),
    }


def _day(day: date) -> str:
    return formats.date_format(day, "j F")


def _write_url(one: Owed, keys: tuple[dict[int, str], dict[int, str]]) -> str:
    mentorships, meetings = keys
    url = reverse("sessions:write_diary", args=[mentorships[one.place.mentorship]])
    return f"{url}?meeting={meetings[one.meeting]}" if one.meeting is not None else url


def _keys(owed: Sequence[Owed]) -> tuple[dict[int, str], dict[int, str]]:
    places = {one.place.mentorship for one in owed}
    meetings = {one.meeting for one in owed if one.meeting is not None}
    return (
        dict(Mentorship.objects.filter(pk__in=places).values_list("pk", "key")),
        dict(Meeting.objects.filter(pk__in=meetings).values_list("pk", "key")),
    )


def _names(mentorships: Iterable[int], *, besides: User) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = Membership.objects.filter(mentorship__in=list(mentorships)).exclude(person=besides)
    for row in rows.select_related("person").order_by("pk"):
        names = found.setdefault(row.mentorship_id, [])
        if row.person.full_name not in names:
            names.append(row.person.full_name)
    return {key: with_whom(names) for key, names in found.items()}
