"""What still stands between today and matching: derived, never ticked by hand."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import ports
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.ports import ReadinessItem
from programs import policy_ports, staffing
from programs.models import Cohort, Enrollment, HelpContact
from programs.queries import help_contacts
from programs.services.invitations import never_invited

S = Enrollment.State
# By role and state: how many people, and their places for students.
Table = dict[tuple[str, str], dict[str, int]]


def readiness(cohort: Cohort) -> list[ReadinessItem]:
    """Everything all floors have to say, in order."""
    found = [item for items in ports.READINESS.ask(cohort) for item in items]
    return sorted(found, key=lambda item: (item.order, item.slug))


def blocking(cohort: Cohort) -> list[ReadinessItem]:
    """What is necessary and missing: matching waits for it."""
    return [item for item in readiness(cohort) if item.must and item.state == "red"]


def items(cohort: Cohort) -> Iterable[ReadinessItem]:
    """What this floor has to say."""
    edition = cohort.planned
    counted = (
        Enrollment.objects.filter(cohort=cohort)
        .order_by()
        .values("role", "state")
        .annotate(people=Count("pk"), places=Sum("capacity"))
    )
    table: Table = {
        (row["role"], row["state"]): {"people": row["people"], "places": row["places"] or 0}
        for row in counted
    }
    checked = edition.dates_checked_at is not None
    yield _dates(cohort, edition.terms.count(), edition.starts, checked=checked)
    yield _people(cohort, table)
    yield _invitations(cohort, table)
    yield _answers(cohort, table)
    yield _places(cohort)
    yield _coordinators(cohort, table)
    yield from policy_ports.readiness_items(cohort)
    yield _contacts(cohort)


def _sum(table: Table, roles: Iterable[str], states: Iterable[str], what: str = "people") -> int:
    wanted = {(role, state) for role in roles for state in states}
    return sum(row[what] for key, row in table.items() if key in wanted)


def _url(cohort: Cohort, name: str, query: str = "") -> str:
    return reverse(f"programs:{name}", args=[cohort.key]) + query


def _item(
    slug: str,
    title: str | Promise,
    *,
    state: str,
    detail: str,
    url: str,
    action: str | Promise,
    order: int,
    must: bool = True,
) -> ReadinessItem:
    return ReadinessItem(
        slug=slug,
        title=title,
        state=state,  # type: ignore[arg-type]
        detail=detail,
        url=url,
        action=action if state != "green" else "",
        order=order,
        must=must,
    )


def _dates(cohort: Cohort, terms: int, starts: date, *, checked: bool) -> ReadinessItem:
    if terms and not checked:
        return _item(
            "dates",
            gettext_lazy("Terms: look them over"),
            state="amber",
            detail=_("They were laid out in weeks from %(day)s, as the template proposes.")
            % {"day": date_format(starts)},
            url=_url(cohort, "settings", "#dates"),
            action=gettext_lazy("Look at them"),
            order=10,
        )
    return _item(
        "dates",
        gettext_lazy("Terms and pauses are set"),
        state="green" if terms else "red",
        detail=_("Starts %(day)s; %(terms)s terms.") % {"day": date_format(starts), "terms": terms}
        if terms
        else _("Without terms, quotas and pauses cannot be counted."),
        url=_url(cohort, "settings"),
        action=gettext_lazy("Add terms"),
        order=10,
    )


def _people(cohort: Cohort, table: Table) -> ReadinessItem:
    states = [state for state in S.values if state not in (S.DECLINED, S.WITHDRAWN)]
    students = _sum(table, [Role.STUDENT], states)
    mentors = _sum(table, MENTOR_ROLES, states)
    return _item(
        "people",
        gettext_lazy("Students and mentors are on the list"),
        state="green" if students and mentors else "red",
        detail=_("%(students)s students, %(mentors)s mentors.")
        % {"students": students, "mentors": mentors},
        url=_url(cohort, "roster"),
        action=gettext_lazy("Import a roster"),
        order=20,
    )


def _invitations(cohort: Cohort, table: Table) -> ReadinessItem:
    waiting = never_invited(cohort).count()
    anybody = _sum(table, [Role.STUDENT, *MENTOR_ROLES], S.values) > 0
    return _item(
        "invitations",
        gettext_lazy("Everyone on the list has been invited"),
        state=("red" if waiting else "green") if anybody else "amber",
        detail=ngettext(
            "%(count)s person has not been invited yet.",
            "%(count)s people have not been invited yet.",
            waiting,
        )
        % {"count": waiting}
        if waiting
        else _("Nobody waits for an invitation.")
        if anybody
        else _("Nobody is on the list yet."),
        url=_url(cohort, "invite") if waiting else _url(cohort, "roster"),
        action=gettext_lazy("Invite them") if waiting else gettext_lazy("Import a roster"),
        order=30,
    )


def _answers(cohort: Cohort, table: Table) -> ReadinessItem:
    roles = [Role.STUDENT, *MENTOR_ROLES]
    silent = _sum(table, roles, [S.INVITED])
    undecided = _sum(table, roles, [S.APPLIED])
    anybody = _sum(table, roles, S.values) > 0
    state = "red" if undecided else "amber" if silent or not anybody else "green"
    if not anybody:
        detail = _("Nobody is on the list yet.")
    elif undecided:
        detail = ngettext(
            "%(count)s application waits for your answer.",
            "%(count)s applications wait for your answer.",
            undecided,
        ) % {"count": undecided}
    else:
        detail = ngettext(
            "%(count)s person has not answered the invitation.",
            "%(count)s people have not answered the invitation.",
            silent,
        ) % {"count": silent}
    query = "?state=invited"
    return _item(
        "answers",
        gettext_lazy("Everyone has answered"),
        state=state,
        detail=detail if state != "green" else _("Nobody is undecided."),
        url=_url(cohort, "applicants", "?state=undecided")
        if undecided
        else _url(cohort, "people", query),
        action=gettext_lazy("Decide") if undecided else gettext_lazy("See who"),
        order=40,
        must=bool(undecided),
    )


def _places(cohort: Cohort) -> ReadinessItem:
    students, missing, places = staffing.places(cohort)
    enough = students > 0 and missing <= 0
    if students == 0:
        detail = _("No student has accepted yet.")
    elif missing > 0:
        detail = _("%(students)s students, %(places)s places: %(missing)s short.") % {
            "students": students,
            "places": places,
            "missing": missing,
        }
    else:
        detail = _("%(students)s students, %(places)s places.") % {
            "students": students,
            "places": places,
        }
    return _item(
        "places",
        gettext_lazy("There are places enough with mentors"),
        state="green" if enough else "red",
        detail=detail,
        url=_url(cohort, "staffing"),
        action=gettext_lazy("See who is missing"),
        order=50,
    )


def _coordinators(cohort: Cohort, table: Table) -> ReadinessItem:
    number = _sum(table, [Role.COORDINATOR], Enrollment.PRESENT)
    invited = _sum(table, [Role.COORDINATOR], [S.INVITED])
    words = ngettext("%(count)s coordinator.", "%(count)s coordinators.", number)
    if invited:
        words = ngettext(
            "%(count)s coordinator, and %(invited)s invited.",
            "%(count)s coordinators, and %(invited)s invited.",
            number,
        )
    return _item(
        "coordinators",
        gettext_lazy("Somebody can stand in for the coordinator"),
        state="green" if number > 1 else "amber",
        detail=words % {"count": number, "invited": invited},
        url=_url(cohort, "staff"),
        action=gettext_lazy("Name a second coordinator"),
        order=60,
        must=False,
    )


def _contacts(cohort: Cohort) -> ReadinessItem:
    there = help_contacts(cohort).filter(kind=HelpContact.Kind.EMERGENCY).exists()
    return _item(
        "contacts",
        gettext_lazy("The help page names an emergency number"),
        state="green" if there else "red",
        detail=_("It is one tap from every page, also without login.")
        if there
        else _("People who need help at once find nobody on it."),
        url=_url(cohort, "settings", "#contacts"),
        action=gettext_lazy("Add a contact"),
        order=70,
        must=False,
    )
