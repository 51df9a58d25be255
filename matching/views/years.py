"""A new year on the pages of matching: groups before it begins, and seats to fill after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from matching import presenters_years as presenters
from matching.models import Mentorship
from matching.services import leaders
from matching.views.common import actor, cohort_for, refuse
from matching.years import seats
from matching.years.endings import turns, ways_planned
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import paged
from programs.models import CohortState
from programs.presenters import years as steps
from programs.years.plan import goes_on, plan_of, spec_of, year_name

PER_PAGE = 20


@require_GET
@policy(Permission.MANAGE_MENTORSHIP)
def next_year(request: HttpRequest, cohort: str) -> HttpResponse:
    """Who would leave which group, and which seats would be to fill."""
    found = cohort_for(request, Permission.MANAGE_MENTORSHIP, cohort)
    plan = plan_of(found)
    context = {
        "cohort": found,
        "plan": plan,
        "steps": steps.steps(found, "groups"),
        "year_next": year_name(plan.starts, plan.ends),
        "goes_on": goes_on(found.planned_spec) and found.state == CohortState.RUNNING,
    }
    if context["goes_on"]:
        ways, spec = ways_planned(plan), spec_of(plan)
        groups = turns(plan, ways)
        to_fill = seats.of_turns(groups, ways, spec)
        shown = paged(request, groups, per_page=PER_PAGE)
        context |= {
            "listing": shown,
            "rows": presenters.group_rows(list(shown.page.object_list), to_fill),
            "totals": presenters.totals(to_fill),
            "waiting": seats.waiting(groups, ways, spec, seats.students_of(found)),
            "going": sum(not group.over for group in groups),
            "over": sum(group.over for group in groups),
            "leaving": sum(len(group.ends) for group in groups),
        }
    return render(request, "matching/next_year.html", context)


@require_http_methods(["GET", "POST"])
@policy(Permission.MANAGE_MENTORSHIP)
def to_fill(request: HttpRequest, cohort: str) -> HttpResponse:
    """Seats of the groups that wait for somebody, and who is free to take one."""
    found = cohort_for(request, Permission.MANAGE_MENTORSHIP, cohort)
    if request.method == "POST":
        try:
            count = leaders.fill(cohort=found, by=actor(request))
        except DomainError as error:
            refuse(request, error)
        else:
            text = ngettext(
                "%(n)d seat was filled. The group gets a mail.",
                "%(n)d seats were filled. The groups get a mail.",
                count,
            )
            messages.success(request, text % {"n": count})
        return redirect(reverse("matching:seats", args=[cohort]))
    groups = seats.of_cohort(found)
    missing = [group for group in groups if group.gaps]
    proposed = leaders.proposals(found, groups)
    shown = paged(request, missing, per_page=PER_PAGE)
    names = Mentorship.objects.in_bulk([group.mentorship for group in shown.page.object_list])
    hers: dict[int, list[str]] = {}
    for one in proposed:
        hers.setdefault(one.group.mentorship, []).append(one.leader.person.full_name)
    context = {
        "cohort": found,
        "listing": shown,
        "rows": [
            {
                "group": names[group.mentorship],
                "gaps": [presenters.gap_words(gap) for gap in group.gaps],
                "leads": any(gap.role != "student" for gap in group.gaps),
                "proposed": hers.get(group.mentorship, []),
            }
            for group in shown.page.object_list
        ],
        "totals": presenters.totals(groups),
        "proposed": len(proposed),
        "groups": len(groups),
    }
    return render(request, "matching/seats.html", context)
