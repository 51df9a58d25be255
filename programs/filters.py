"""How lists of people are narrowed."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from mentoring.audit.models import Event
from programs.models import Cohort, Enrollment, Invitation
from programs.presenters.history import WORDS, matching

# Two kinds of one act are offered once.
SAME = {"meeting.recorded_unplanned"}


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


class ApplicantFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Applications by name, role, state, and whether the own score is still to be given."""

    q = django_filters.CharFilter(label=_("Name or address"), method="search")
    role = django_filters.ChoiceFilter(
        label=_("Role"),
        choices=[(role.value, role.label) for role in Role if role in PARTICIPANT_ROLES],
        empty_label=_("All roles"),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("undecided", _("Undecided, or on the waiting list")),
            *Enrollment.State.choices,
        ],
        empty_label=_("All states"),
        method="by_state",
    )
    mine = django_filters.ChoiceFilter(
        label=_("My score"),
        choices=[("missing", _("Not given yet")), ("given", _("Given"))],
        empty_label=_("Any"),
        method="by_mine",
    )

    class Meta:
        model = Enrollment
        fields = ["q", "role", "state", "mine"]

    search = PeopleFilter.search

    def by_state(self, rows: QuerySet[Enrollment], _name: str, value: str) -> QuerySet[Enrollment]:
        """By state; undecided are those who applied or wait."""
        open_ = (Enrollment.State.APPLIED, Enrollment.State.WAITLISTED)
        return rows.filter(state__in=open_ if value == "undecided" else [value])

    def by_mine(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Those whom the reader has scored, or those she could and has not."""
        if value == "given":
            return rows.filter(scored_by_me=True)
        open_ = (Enrollment.State.APPLIED, Enrollment.State.WAITLISTED)
        return rows.filter(
            scored_by_me=False, is_scored=True, scoring_closed=False, state__in=open_
        ).exclude(person=self.request.user)


class HistoryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Acts by who was concerned, what was done, and when."""

    cohort: Cohort

    q = django_filters.CharFilter(label=_("By or about"), method="by_name")
    act = django_filters.ChoiceFilter(
        label=_("What"),
        choices=[(name, words) for name, words in WORDS.items() if name not in SAME],
        empty_label=_("Everything"),
        method="by_act",
    )
    since = django_filters.DateFilter(
        label=_("From"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("Until"), method="to_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        return rows.filter(matching(self.cohort, value))

    def by_act(self, rows: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        same = [name for name, words in WORDS.items() if words == WORDS[value]]
        return rows.filter(action__in=same)

    def from_day(self, rows: QuerySet[Event], _name: str, value: date) -> QuerySet[Event]:
        return rows.filter(at__gte=datetime.combine(value, time.min, self.cohort.zone))

    def to_day(self, rows: QuerySet[Event], _name: str, value: date) -> QuerySet[Event]:
        day_after = value + timedelta(days=1)
        return rows.filter(at__lt=datetime.combine(day_after, time.min, self.cohort.zone))


def history_of(cohort: Cohort) -> type[HistoryFilter]:
    """The filter for one cohort."""
    return type("HistoryFilter", (HistoryFilter,), {"cohort": cohort})
