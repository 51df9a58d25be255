"""What matching answers to the ports of lower floors."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import queries, queries_choosing, trial_home
from matching.models import (
    Membership,
    Mentorship,
)
from matching.names import with_whom
from matching.presenters_choosing import line_rows
from mentoring import access, ports
from mentoring.access import Permission
from mentoring.accounts.models import User
from programs.models import Cohort, Enrollment
from programs.queries import coordinated

CARDS = 3


def tabs(user: User, cohort: Cohort) -> Iterable[ports.Tab]:
    """The matching page and the list of mentorships, for coordinators."""
    if not access.can(user, Permission.RUN_MATCHING, cohort):
        return []
    return [
        ports.Tab(
            "matching", _("Matching"), reverse("matching:overview", args=[cohort.key]), order=40
        ),
        ports.Tab(
            "mentorships",
            _("Mentorships"),
            reverse("matching:mentorships", args=[cohort.key]),
            order=50,
        ),
    ]


def cards(user: User) -> Iterable[ports.Card]:
    """Runs to review, mentors away without a stand-in; and that somebody has no partner yet."""
    asked = queries_choosing.asking(user)
    # Who is asked for is not told that nobody has come.
    busy = {row.mentor_id for row in asked}
    yield from _alone([one for one in queries_choosing.alone(user) if one.pk not in busy])
    yield from trial_home.cards(user)
    if asked:
        yield ports.Card("asked", "mentor", 11, "matching/home/asked.html", {"rows": asked})
    if coordinated(user) and (rows := list(queries_choosing.cases_waiting(user))):
        yield ports.Card("expert", "coordinator", 19, "matching/home/expert.html", {"rows": rows})
    yield from _away(user)
    waiting = list(queries.awaiting_review(user)[:CARDS])
    if waiting:
        yield ports.Card(
            "matching-review", "coordinator", 20, "matching/home/review.html", {"runs": waiting}
        )


def _alone(places: Sequence[Any]) -> Iterable[ports.Card]:
    """Whoever has nobody yet: she may choose, or it is said that somebody looks."""
    lines = queries_choosing.lines_of([place for place in places if place.chooses])
    for place in places:
        context: dict[str, Any] = {"place": place, "cohort": place.cohort}
        audience: Any = "student" if place.is_student else "mentor"
        if not place.chooses:
            slug, template = f"no-partner-{place.key}", "matching/home/no_partner.html"
            yield ports.Card(slug, audience, 15, template, context)
            continue
        line = line_rows(lines.get(place.pk, []))
        context |= {"line": line, "more": len(line) - 1, "case": place.case_since}
        yield ports.Card(f"choose-{place.key}", audience, 14, "matching/home/choose.html", context)


def _away(user: User) -> Iterable[ports.Card]:
    """Mentors who are away for long while nobody stands in."""
    if not coordinated(user):
        return
    rows = queries.away_alone(user)
    if rows:
        yield ports.Card(
            "away", "coordinator", 24, "matching/home/away.html",
            {"rows": rows[:CARDS], "more": max(0, len(rows) - CARDS)},
        )  # fmt: skip


def periodic() -> Iterable[ports.Periodic]:
    """Stand-ins that begin or end, and requests that move on, looked for every five minutes."""
    return [
        ports.Periodic("stand-ins", "matching.stand_ins", 300),
        ports.Periodic("choosing", "matching.choosing", 300),
    ]


def place_facts(user: User, rows: Sequence[Enrollment]) -> dict[int, list[ports.PlaceFact]]:
    """The groups that each of these places had, with their days; two queries."""
    seats = (
        Membership.objects.filter(person=user, enrollment__in=[row.pk for row in rows])
        .select_related("mentorship")
        .prefetch_related("mentorship__memberships__person")
        .order_by("started_at", "pk")
    )
    found: dict[int, list[ports.PlaceFact]] = {}
    for seat in seats:
        others = [
            other.person
            for other in seat.mentorship.memberships.all()
            if other.person_id != user.pk and _together(seat, other)
        ]
        name = with_whom(list(dict.fromkeys(others)), group=seat.mentorship.name)
        since, until = date_format(seat.started_at, "j M Y"), seat.ended_at
        days = f"{since} – {date_format(until, 'j M Y')}" if until else _since(since)
        url = reverse("sessions:mentorship", args=[seat.mentorship.key])
        found.setdefault(seat.enrollment_id, []).append(
            ports.PlaceFact(name or _("Mentorship"), days, url)
        )
    return found


def _since(day: str) -> str:
    return gettext("since %(day)s") % {"day": day}


def _together(mine: Membership, other: Membership) -> bool:
    """Whether their days in it have met."""
    before = mine.ended_at is None or other.started_at < mine.ended_at
    return before and (other.ended_at is None or other.ended_at > mine.started_at)


def figures(cohort: Cohort) -> dict[str, Any]:
    """Mentorships, who is matched, and how many students each mentor has."""
    students = Membership.objects.filter(
        mentorship__cohort=cohort, role="student", ended_at=None
    ).count()
    return {
        "mentorships": Mentorship.objects.filter(cohort=cohort).count(),
        "students_matched": students,
        "students_unmatched": queries.unplaced_count(cohort),
        "mentor_loads": {str(load): count for load, count in queries.load_counts(cohort).items()},
    }
