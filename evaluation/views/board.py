"""The cohort board and the lists behind its numbers."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import audiences, filters, presenters, queries
from evaluation import board as figures
from evaluation.models import Survey
from evaluation.surveys.presenters import rows as survey_rows
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.visibility import (
    sees_agreement_status,
    sees_meeting_counts,
    sees_meeting_facts,
)
from mentoring.ui.lists import csv_response, listing
from programs.models import Cohort
from sessions.training_figures import short_figures

FLAGS_SHOWN = 8
SURVEYS_SHOWN = 4


def _cohort(request: HttpRequest, permission: Permission, key: str) -> Cohort:
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, permission, rows, key=key)


def context(cohort: Cohort, **more: Any) -> dict[str, Any]:
    """What every page of the board knows."""
    return {
        "cohort": cohort,
        "sees_counts": sees_meeting_counts(cohort.level),
        "sees_facts": sees_meeting_facts(cohort.level),
        "sees_agreement": sees_agreement_status(cohort.level),
        **more,
    }


@access.policy(Permission.VIEW_BOARD)
def board(request: HttpRequest, cohort: str) -> HttpResponse:
    """Flags first, then numbers, then contact over time."""
    found = _cohort(request, Permission.VIEW_BOARD, cohort)
    need = list(queries.in_need(found)[: FLAGS_SHOWN + 1])
    return render(
        request,
        "evaluation/board.html",
        context(
            found,
            rows=presenters.flag_rows(found, need[:FLAGS_SHOWN]),
            more=len(need) > FLAGS_SHOWN,
            resting=queries.resting(found),
            pair_figures=figures.pair_figures(found),
            people_figures=figures.people_figures(found),
            steps=figures.lifecycle(found),
            week=figures.week_of(found),
            chart=figures.contact_chart(found),
            training_figures=short_figures(found),
            surveys=survey_rows(Survey.objects.filter(cohort=found)[:SURVEYS_SHOWN]),
        ),
    )


@access.policy(Permission.VIEW_BOARD)
def pairs(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Pairs and groups: sort, narrow, page, export."""
    found = _cohort(request, Permission.VIEW_BOARD, cohort)
    sorts: dict[str, str | list[str]] = {
        "student": ["student_name", "mentor_name"],
        "mentor": ["mentor_name", "student_name"],
        "since": "together_since",
    }
    if sees_meeting_counts(found.level):
        sorts |= {"held": "held_count", "flag": "flagged"}
    if sees_meeting_facts(found.level):
        sorts |= {"last": "last_held", "next": "next_booked", "waiting": "silent"}
    if sees_agreement_status(found.level):
        sorts |= {"agreement": "agreement_status"}
    page = listing(
        request,
        queries.shown(queries.pairs(found), found),
        sorts=sorts,
        default="-flag" if "flag" in sorts else "student",
        filterset=filters.of(found, filters.PairFilter),
    )
    if page.wants_csv:
        return csv_response("pairs", *_pairs_table(found, page.rows))
    presenters.name_pairs(page.page)
    url = _write_url(request, found, "pairs")
    return render(request, "evaluation/pairs.html", context(found, listing=page, write_url=url))


def _write_url(request: HttpRequest, cohort: Cohort, source: str) -> str:
    """Where a message to the people of the list, as narrowed, is written."""
    query = audiences.read(cohort, request.GET).query.copy()
    query["to"] = source
    return f"{reverse('evaluation:write', args=[cohort.key])}?{query.urlencode()}"


def _pairs_table(cohort: Cohort, rows: Any) -> tuple[list[str], Iterator[list[object]]]:
    """Header and rows of the export: the columns that the program lets out."""
    header = [_("Students"), _("Mentors"), _("Campus"), _("Class year"), _("Matched on")]
    counts, facts = sees_meeting_counts(cohort.level), sees_meeting_facts(cohort.level)
    header += [_("Meetings held"), _("Flags")] if counts else []
    header += [_("Last met"), _("Next meeting"), _("Waiting for")] if facts else []
    agreed = sees_agreement_status(cohort.level)
    header += [_("Agreement"), _("Mean to meet")] if agreed else []

    def cells(pair: Any) -> list[object]:
        students, mentors = presenters.sides(pair)
        row: list[object] = ["; ".join(students), "; ".join(mentors), pair.campus, pair.class_year]
        row.append(_day(pair.together_since))
        if counts:
            row += [
                pair.held_count,
                "; ".join(str(presenters.rule_of(flag).title) for flag in pair.standing),
            ]
        if facts:
            row += [_day(pair.last_held), _day(pair.next_booked), pair.silent]
        if agreed:
            row += presenters.agreement_cells(pair)
        return row

    return header, (cells(pair) for pair in rows)


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


@access.policy(Permission.VIEW_BOARD)
def people(request: HttpRequest, cohort: str) -> HttpResponseBase:
    """Students and mentors: sort, narrow, page, export."""
    found = _cohort(request, Permission.VIEW_BOARD, cohort)
    sorts: dict[str, str | list[str]] = {
        "name": ["name", "person__given_name"],
        "role": ["role", "name"],
    }
    if sees_meeting_counts(found.level):
        sorts |= {"held": "held_count"}
    if sees_meeting_facts(found.level):
        sorts |= {"last": "last_held"}
    page = listing(
        request,
        queries.with_partners(queries.people(found)),
        sorts=sorts,
        default="name",
        filterset=filters.of(found, filters.PeopleFilter),
    )
    if page.wants_csv:
        return csv_response("people", *_people_table(found, page.rows))
    for row in page.page:
        row.with_whom = presenters.partners(row)
    url = _write_url(request, found, "people")
    return render(request, "evaluation/people.html", context(found, listing=page, write_url=url))


def _people_table(cohort: Cohort, rows: Any) -> tuple[list[str], Iterator[list[object]]]:
    header = [_("Name"), _("E-mail"), _("Role"), _("With"), _("Campus"), _("Class year")]
    counts, facts = sees_meeting_counts(cohort.level), sees_meeting_facts(cohort.level)
    header += [_("Meetings held")] if counts else []
    header += [_("Last met")] if facts else []

    def cells(row: Any) -> list[object]:
        found: list[object] = [
            row.person.full_name,
            row.person.email,
            row.get_role_display(),
            "; ".join(presenters.partners(row)),
            row.campus,
            row.class_year,
        ]
        found += [row.held_count] if counts else []
        found += [_day(row.last_held)] if facts else []
        return found

    return header, (cells(row) for row in rows)
