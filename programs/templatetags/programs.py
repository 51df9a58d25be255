"""Tags of cohort pages. Load with ``{% load programs %}``."""

from typing import Any

from django import template
from django.template.context import RequestContext

from mentoring import access, ports
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment
from programs.presenters.capacity import taken_on
from programs.spec import catalog

register = template.Library()


@register.simple_tag(takes_context=True)
def cohort_tabs(context: RequestContext, cohort: Cohort) -> list[dict[str, Any]]:
    """The pages of a cohort that the reader may open; the deepest that fits is the current one."""
    request = context["request"]
    if not isinstance(request.user, User):
        return []
    tabs = _tabs(request.user, cohort)
    path = request.path_info
    fitting = [tab.url for tab in tabs if request.path.startswith(tab.url)]
    fitting += [tab.url for tab in tabs if tab.under and path.startswith(tab.under)]
    here = max(fitting, key=len, default="")
    return [{"tab": tab, "current": tab.url == here} for tab in tabs]


@register.simple_tag(takes_context=True)
def cohort_tab(context: RequestContext, cohort: Cohort, slug: str) -> str:
    """The address of one of these pages; empty where the reader has none such."""
    user = context["request"].user
    tabs = _tabs(user, cohort) if isinstance(user, User) else []
    return next((tab.url for tab in tabs if tab.slug == slug), "")


def _tabs(user: User, cohort: Cohort) -> list[ports.Tab]:
    """In order; asked for once while a page is written."""

    def asked() -> list[ports.Tab]:
        tabs = [tab for found in ports.COHORT_TABS.ask(user, cohort) for tab in found]
        return sorted(tabs, key=lambda tab: (tab.order, tab.slug))

    return access.remember(("tabs", user.pk, cohort.pk), asked)


@register.inclusion_tag("programs/_unreadable.html")
def unreadable_templates() -> dict[str, Any]:
    """The school's own files that are no templates, with what is wrong; nothing where all are."""
    return {"unreadable": catalog.broken()}


@register.filter
def role_label(code: str) -> str:
    """A role's code by its name."""
    return str(Role(code).label)


@register.filter
def takes(row: Enrollment, cohort: Cohort) -> str:
    """How much a mentor of the cohort takes on: “2 students”."""
    return taken_on(cohort.planned_spec.capacity(row.role).unit, row.capacity)
