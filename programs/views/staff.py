"""Who has a staff role in a cohort."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.accounts.permissions import STAFF_ROLES
from mentoring.errors import DomainError
from programs.forms.people import StaffForm
from programs.models import Enrollment
from programs.queries import GONE
from programs.services import roles
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of


@policy(Permission.GRANT_ROLES)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """Staff roles, and the form that gives one."""
    row = fetch_cohort(request, Permission.GRANT_ROLES, cohort)
    form = StaffForm(request.POST or None, initial={"role": "coordinator"})
    if request.method == "POST" and form.is_valid():
        try:
            given = roles.grant(cohort=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            done = _("%(name)s: %(role)s.") % {
                "name": given.person.full_name,
                "role": given.get_role_display(),
            }
            return back_with(request, "staff", row.key, done=done)
    staff = (
        Enrollment.objects.filter(cohort=row, role__in=STAFF_ROLES)
        .exclude(state__in=GONE)
        .select_related("person", "granted_by")
        .order_by("role", "person__family_name")
    )
    context = {"cohort": row, "form": form, "staff": staff}
    return render(request, "programs/staff.html", context, status=status_of(form))


@require_POST
@policy(Permission.GRANT_ROLES)
def revoke(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Take a role back."""
    rows = Enrollment.objects.select_related("person", "cohort").filter(
        cohort__key=cohort, role__in=STAFF_ROLES
    )
    row = access.get_or_404(request.user, Permission.GRANT_ROLES, rows, key=key)
    try:
        roles.revoke(enrollment=row, by=me(request))
    except DomainError as error:
        return back_with(request, "staff", cohort, error=error)
    return back_with(request, "staff", cohort, done=_("The role was taken back."))
