"""Where a cohort stands: numbers, each with the list behind it, and contact over the weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import queries
from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import sees_meeting_counts, sees_meeting_facts
from mentoring.ui import charts
from programs.models import Cohort, CohortState
from sessions.models import Contact, Meeting, MeetingState

WEEK = timedelta(weeks=1)
WEEKS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the board and the address of the very rows it counts."""

    slug: str
    value: int
    label: str | Promise
    url: str
    note: str | Promise = ""
    tone: str = ""


def list_url(cohort: Cohort, name: str, **query: str) -> str:
    """The address of a list of the board, narrowed."""
    url = reverse(f"evaluation:{name}", args=[cohort.key])
    return f"{url}?{urlencode(query)}" if query else url


def pair_figures(cohort: Cohort) -> list[Figure]:
    """Pairs, those that met and that did not, and flags, as far as shown; two queries at most."""
    wanted: dict[str, Any] = {"total": Count("pk")}
    counts, facts = sees_meeting_counts(cohort.level), sees_meeting_facts(cohort.level)
    if counts:
        wanted["met"] = Count("pk", filter=Q(held_count__gt=0))
    if facts:
        wanted["booked"] = Count("pk", filter=Q(held_count=0, next_booked__isnull=False))
        wanted["waiting"] = Count("pk", filter=Q(silent="mentor"))
        wanted["disagree"] = Count("pk", filter=Q(disputed=True))
    n = queries.pairs(cohort).aggregate(**wanted)
    found = [Figure("pairs", n["total"], _("Pairs and groups"), list_url(cohort, "pairs"))]
    if counts:
        unmet = n["total"] - n["met"]
        booked = _booked_note(n["booked"]) if facts else ""
        found += [
            Figure("met", n["met"], _("Have met"), list_url(cohort, "pairs", met="yes")),
            Figure(
                "unmet",
                unmet,
                _("Have not met yet"),
                list_url(cohort, "pairs", met="no"),
                note=booked if unmet else "",
                tone="warning" if unmet else "",
            ),
        ]
    if facts:
        found.append(
            Figure(
                "waiting",
                n["waiting"],
                _("Wait for their mentor's answer"),
                list_url(cohort, "pairs", silent="mentor"),
            )
        )
    if facts and n["disagree"]:
        url = list_url(cohort, "pairs", disputed="yes")
        found.append(Figure("disputed", n["disagree"], _("Say different things of a meeting"), url))
    flags = _flag_figure(cohort)
    # Even in a strict program, flags that are not about the pair are shown.
    return [*found, flags] if counts or flags.value else found


def _booked_note(count: int) -> str:
    return ngettext(
        "%(n)d of them has a meeting booked", "%(n)d of them have a meeting booked", count
    ) % {"n": count}


def _flag_figure(cohort: Cohort) -> Figure:
    standing = queries.flags(cohort).filter(state__in=["open", "acknowledged"]).count()
    url = list_url(cohort, "flags", show="standing")
    return Figure("flags", standing, _("Flags"), url, tone="danger" if standing else "")


def people_figures(cohort: Cohort) -> list[Figure]:
    """Students and mentors, and students whom nobody mentors; one query."""
    student, mentor = Q(role=Role.STUDENT), Q(role__in=MENTOR_ROLES)
    n = queries.people(cohort).aggregate(
        students=Count("pk", filter=student),
        mentors=Count("pk", filter=mentor),
        alone=Count("pk", filter=student & Q(matched=False)),
    )
    return [
        Figure(
            "students", n["students"], _("Students"), list_url(cohort, "people", side="student")
        ),
        Figure("mentors", n["mentors"], _("Mentors"), list_url(cohort, "people", side="mentor")),
        Figure(
            "unmatched",
            n["alone"],
            _("Students without a mentor"),
            list_url(cohort, "people", side="student", matched="no"),
            tone="warning" if n["alone"] else "",
        ),
    ]


def lifecycle(cohort: Cohort) -> list[dict[str, Any]]:
    """The steps of a cohort's life, with where it stands."""
    order = list(CohortState)
    here = order.index(CohortState(cohort.state))
    return [
        {
            "title": state.label,
            "state": "done" if n < here else "current" if n == here else "todo",
        }
        for n, state in enumerate(order)
    ]


def week_of(cohort: Cohort) -> tuple[int, int] | None:
    """Which week of how many of its edition it is; ``None`` outside it."""
    edition, today = cohort.edition, clock.today(cohort.zone)
    if not edition.starts <= today <= edition.ends:
        return None
    return (today - edition.starts) // WEEK + 1, (edition.ends - edition.starts) // WEEK + 1


def contact_chart(cohort: Cohort) -> SafeString | None:
    """Pairs that met, and that were in touch at all, by week; where facts may be seen."""
    if not sees_meeting_facts(cohort.level):
        return None
    met = _pairs_by_week(
        cohort,
        Meeting.objects.filter(mentorship__cohort=cohort, state=MeetingState.HELD),
        "starts_at",
    )
    touched = _pairs_by_week(cohort, Contact.objects.filter(mentorship__cohort=cohort), "at")
    weeks = _weeks(cohort, [*met, *touched])
    if not weeks:
        return None
    return charts.lines(
        _("Pairs in touch, by week"),
        [date_format(week, "j M") for week in weeks],
        [
            charts.Series(_("Met"), [len(met.get(week, ())) for week in weeks]),
            charts.Series(
                _("Met or in touch"),
                [len(met.get(week, set()) | touched.get(week, set())) for week in weeks],
            ),
        ],
    )


def _pairs_by_week(cohort: Cohort, rows: Any, field: str) -> dict[date, set[int]]:
    found: dict[date, set[int]] = {}
    weekly = rows.filter(mentorship__state__in=Mentorship.LIVE).annotate(
        week=TruncWeek(field, tzinfo=cohort.zone)
    )
    for week, mentorship in weekly.order_by().values_list("week", "mentorship").distinct():
        found.setdefault(week.date(), set()).add(mentorship)
    return found


def _weeks(cohort: Cohort, seen: Iterable[date]) -> list[date]:
    """Every Monday from the first week with contact to the present one, without gaps."""
    first, today = min(seen, default=None), clock.today(cohort.zone)
    if first is None:
        return []
    last = today - timedelta(days=today.weekday())
    first = max(first, last - WEEKS_SHOWN * WEEK)
    return [first + n * WEEK for n in range((last - first) // WEEK + 1)]
