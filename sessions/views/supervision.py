"""Supervisors' groups: the coordinator forms them, the supervisor leads hers."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from mentoring.ui.lists import listing
from programs.models import Enrollment
from sessions import credits as earned
from sessions import standings, training
from sessions.models import Meeting, SupervisorGroup, SupervisorPlace
from sessions.services import supervisors as services
from sessions.training_forms import GroupForm, MembersForm
from sessions.views.support import attempt, page, person, posted
from sessions.views.training_staff import cohort_or_404

_GROUPS = SupervisorGroup.objects.select_related("cohort__program", "supervisor__person")


@require_safe
@policy(SIGNED_IN)
def mine(request: HttpRequest) -> HttpResponse:
    """The groups that this person supervises."""
    return page(request, "my_groups.html", {"groups": standings.groups_of(person(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def groups(request: HttpRequest, cohort: str) -> HttpResponse:
    """All groups of a cohort, and a form for one more."""
    place = cohort_or_404(request, cohort)
    form = GroupForm(posted(request), cohort=place)
    if request.method == "POST" and form.is_valid():
        act = partial(services.create, cohort=place, by=person(request), **form.cleaned_data)
        made = attempt(request, act, form)
        if made is not None:
            messages.success(request, _("The group is there. Now choose who is in it."))
            return redirect("sessions:group_members", key=made.key)
    found = listing(
        request,
        _GROUPS.filter(cohort=place, ended_at=None),
        sorts={"name": "name", "supervisor": "supervisor__person__family_name"},
        default="name",
    )
    has_supervisors = place.enrollments.filter(
        role=Role.SUPERVISOR, state__in=Enrollment.PRESENT
    ).exists()
    context = {
        "cohort": place,
        "form": form,
        "listing": found,
        "rows": standings.group_rows(list(found.page), person(request)),
        "has_supervisors": has_supervisors,
    }
    return page(request, "groups.html", context, form)


@require_safe
@policy(Permission.SUPERVISE)
def group(request: HttpRequest, key: str) -> HttpResponse:
    """One group: its dates, its lists, and who attended how often."""
    found = access.get_or_404(request.user, Permission.SUPERVISE, _GROUPS, key=key)
    reader = person(request)
    plan = training.plan_of(found.cohort)
    quotas = [quota for quota in plan.quotas if quota.kind == "supervision"]
    rows = listing(
        request,
        training.people(found.cohort, quotas)
        .filter(supervisor_places__group=found, supervisor_places__ended_at=None)
        .select_related("person"),
        sorts={"name": ["name", "person__given_name"], "short": "short"},
        default="name",
    )
    for row in rows.page:
        row.counts = earned.counts(row, quotas)
    dates = training.counted(Meeting.objects.filter(series__group=found)).order_by("-starts_at")
    context = {
        "cohort": found.cohort,
        "group": found,
        "listing": rows,
        "periods": list(dict.fromkeys(quota.period for quota in quotas)),
        "dates": standings.date_rows(dates[:30], reader),
        "manages": access.can(reader, Permission.MANAGE_TRAINING, found),
    }
    return page(request, "group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.MANAGE_TRAINING)
def members(request: HttpRequest, key: str) -> HttpResponse:
    """Who is in the group."""
    found = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _GROUPS, key=key)
    form = MembersForm(
        posted(request),
        people=_choices(found),
        initial={
            "members": list(found.places.filter(ended_at=None).values_list("enrollment", flat=True))
        },
    )
    if request.method == "POST" and form.is_valid():
        act = partial(
            services.set_members,
            group=found,
            members=form.cleaned_data["members"],
            by=person(request),
        )
        if attempt(request, act, form) is not None:
            messages.success(request, _("Saved."))
            return redirect("sessions:group", key=key)
    context = {"cohort": found.cohort, "group": found, "form": form}
    return page(request, "group_members.html", context, form)


def _choices(group: SupervisorGroup) -> list[tuple[int, str]]:
    """Everyone who is supervised in this program, with the group she is in."""
    spec = group.cohort.spec
    wanted = {part.role for part in spec.requirements if part.kind == "supervision"}
    roles = wanted or (set(spec.mentoring_roles) & set(PARTICIPANT_ROLES))
    rows = Enrollment.objects.filter(
        cohort=group.cohort, role__in=roles, state__in=Enrollment.PRESENT
    ).select_related("person")
    elsewhere = dict(
        SupervisorPlace.objects.filter(group__cohort=group.cohort_id, ended_at=None)
        .exclude(group=group)
        .values_list("enrollment", "group__name")
    )
    ordered = rows.order_by("person__family_name", "person__given_name", "pk")
    return [
        (row.pk, f"{row.person.full_name} ({elsewhere[row.pk]})")
        if row.pk in elsewhere
        else (row.pk, row.person.full_name)
        for row in ordered
    ]


@require_POST
@policy(Permission.MANAGE_TRAINING)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Close a group."""
    found = access.get_or_404(request.user, Permission.MANAGE_TRAINING, _GROUPS, key=key)

    def act() -> bool:
        services.end(group=found, by=person(request))
        return True

    if attempt(request, act):
        messages.success(request, _("The group has ended."))
        return redirect("sessions:groups", cohort=found.cohort.key)
    return redirect("sessions:group", key=key)
