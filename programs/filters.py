"""How lists of people are narrowed."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import Role
from programs.models import Enrollment, Invitation


class PeopleFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By name or address, role, state, and whether the invitation is still to be sent."""

    q = django_filters.CharFilter(label=_("Name or address"), method="search")
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, empty_label=_("All roles")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Enrollment.State.choices, empty_label=_("All states")
    )
    invitation = django_filters.ChoiceFilter(
        label=_("Invitation"),
        choices=[("never", _("Not invited yet")), ("sent", _("Sent"))],
        empty_label=_("Any"),
        method="by_invitation",
    )

    class Meta:
        model = Enrollment
        fields = ["q", "role", "state", "invitation"]

    def search(self, rows: QuerySet[Enrollment], _name: str, value: str) -> QuerySet[Enrollment]:
        """Every word must be found in a name, the address or the student number."""
        for word in value.split():
            rows = rows.filter(
                Q(person__given_name__icontains=word)
                | Q(person__family_name__icontains=word)
                | Q(person__email__icontains=word)
                | Q(student_number__iexact=word)
            )
        return rows

    def by_invitation(
        self, rows: QuerySet[Enrollment], _name: str, value: Any
    ) -> QuerySet[Enrollment]:
        """Those to whom an invitation went, or the others who wait for one."""
        if value == "never":
            return rows.filter(invitations=None, state=Enrollment.State.INVITED)
        return rows.filter(Exists(Invitation.objects.filter(enrollment=OuterRef("pk"))))
