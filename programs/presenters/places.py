"""A person's own places, present and past, for her page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from mentoring import ports
from mentoring.accounts.models import User
from mentoring.ports import PlaceFact
from programs.models import CohortState, Enrollment

S = Enrollment.State


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: as what, from when to when, through which class years, and what it brought."""

    place: Any
    since: datetime
    until: datetime | None
    is_over: bool
    classes: str
    facts: list[PlaceFact]
    url: str


def place_rows(user: User, rows: Sequence[Any]) -> list[PlaceRow]:
    """With what the floors above know about each."""
    told: dict[int, list[PlaceFact]] = {}
    for part in ports.PLACE_FACTS.ask(user, rows):
        for key, facts in part.items():
            told.setdefault(key, []).extend(facts)
    return [
        PlaceRow(
            place=row,
            since=row.since,
            until=row.left_at,
            is_over=row.state in (S.COMPLETED, S.WITHDRAWN)
            or row.cohort.state == CohortState.ARCHIVED,
            classes=_classes(row),
            facts=told.get(row.pk, []),
            url=reverse("programs:cohort", args=[row.cohort.key])
            if row.state != S.WITHDRAWN
            else "",
        )
        for row in rows
    ]


def _classes(row: Any) -> str:
    """“1–4”, or the only one."""
    years = sorted(year.class_year for year in row.years.all())
    if not years:
        return ""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
