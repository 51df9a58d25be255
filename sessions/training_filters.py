"""How lists of dates and of people's attendance are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from programs.models import Enrollment
from sessions.models import Meeting, MeetingState, SeriesKind


class DateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By what became of them, and by kind."""

    show = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[
            ("ahead", _("To come")),
            ("due", _("List to be written")),
            ("past", _("Held")),
            ("cancelled", _("Cancelled")),
        ],
        empty_label=_("All"),
        method="by_state",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=SeriesKind.choices, empty_label=_("All")
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        booked, now = Q(state=MeetingState.BOOKED), clock.now()
        wanted = {
            "ahead": booked & Q(starts_at__gt=now),
            "due": booked & Q(starts_at__lte=now),
            "past": Q(state=MeetingState.HELD),
            "cancelled": Q(state=MeetingState.CANCELLED),
        }
        return rows.filter(wanted[value])


class QuotaFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By name, and by what is missing."""

    q = django_filters.CharFilter(label=_("Name"), method="by_name")
    show = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[
            ("short", _("Short so far")),
            ("uncovered", _("Short, and no date taken for it")),
            ("met", _("Quota met")),
        ],
        empty_label=_("Everyone"),
        method="by_quota",
    )

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        for word in value.split():
            rows = rows.filter(
                Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word)
            )
        return rows

    def by_quota(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        wanted = {"short": Q(short__gt=0), "uncovered": Q(uncovered__gt=0), "met": Q(short=0)}
        return rows.filter(wanted[value])


class NameFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By name alone."""

    q = django_filters.CharFilter(label=_("Name"), method="by_name")

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = QuotaFilter.by_name(self, rows, name, value)
        return found


class CertificateFilter(NameFilter):
    """By name, and by whether a certificate was issued."""

    show = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[("none", _("None issued yet")), ("issued", _("Issued"))],
        empty_label=_("Everyone"),
        method="by_certificate",
    )

    def by_certificate(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(certified=value == "issued")
