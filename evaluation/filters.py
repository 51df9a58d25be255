"""How the board's lists can be narrowed: only by what the program lets the coordinator see."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from evaluation import queries
from evaluation.models import Flag
from evaluation.monitoring.catalog import RULES
from matching.models import Membership, Mentorship
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import (
    sees_agreement_status,
    sees_meeting_counts,
    sees_meeting_facts,
)
from programs.models import Cohort, Enrollment
from sessions.agreement_presenters import STATUS

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
SIDES = [("student", _("Students")), ("mentor", _("Mentors"))]


def _choice(**options: Any) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(empty_label=_("All"), **options)


def _words(text: str, prefix: str = "") -> Q:
    """Every word of the text in a name or an address."""
    found = Q()
    for word in text.split():
        either = Q()
        for field in ("given_name", "family_name", "email"):
            either |= Q((f"{prefix}person__{field}__icontains", word))
        found &= either
    return found


class _BoardFilter(filters.FilterSet):  # type: ignore[misc]
    """What both lists share. Fields that ``keep`` does not name are not there at all."""

    cohort: Cohort

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        students = Enrollment.objects.filter(cohort=self.cohort, state__in=Enrollment.PRESENT)
        campuses = students.exclude(campus="").values_list("campus", flat=True)
        years = queries.people(self.cohort).exclude(class_year=None)
        self._offer("campus", campuses.order_by("campus").distinct())
        self._offer("year", years.order_by("class_year").values_list("class_year", flat=True)
                    .distinct())  # fmt: skip
        level = self.cohort.level
        hidden = [] if sees_meeting_facts(level) else ["booked", "silent", "disputed"]
        hidden += [] if sees_meeting_counts(level) else ["met", "flag"]
        hidden += [] if sees_agreement_status(level) else ["agreement"]
        for name in hidden:
            self.filters.pop(name, None)

    def _offer(self, name: str, values: Any) -> None:
        """A choice among what there is; none where there is nothing to choose."""
        found = list(values)
        if len(found) < 2:
            self.filters.pop(name, None)
        else:
            self.filters[name].extra["choices"] = [(value, value) for value in found]

    def by_met(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(held_count__gt=0) if value == "yes" else rows.filter(held_count=0)


class PairFilter(_BoardFilter):
    """Pairs and groups."""

    q = filters.CharFilter(label=_("Name"), method="by_name")
    met = _choice(label=_("Met"), choices=YES_NO, method="by_met")
    booked = _choice(label=_("Meeting booked"), choices=YES_NO, method="by_booked")
    silent = _choice(
        label=_("Waiting for"),
        choices=[("mentor", _("the mentor")), ("student", _("the student"))],
        field_name="silent",
    )
    disputed = _choice(label=_("The two sides disagree"), choices=YES_NO, method="by_disputed")
    flag = _choice(
        label=_("Flag"),
        choices=[("yes", _("Flagged")), ("high", _("Urgent")), ("no", _("None"))],
        method="by_flag",
    )
    agreement = _choice(
        label=_("Agreement"),
        choices=[(slug, label) for slug, (label, _tone, _icon) in STATUS.items()],
        field_name="agreement_status",
    )
    campus = _choice(label=_("Campus"), field_name="campus")
    year = _choice(label=_("Class year"), field_name="class_year")
    # One pair alone: where a message to it is written.
    pair = filters.CharFilter(field_name="key", widget=forms.HiddenInput)

    class Meta:
        model = Mentorship
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        # Each word may be in another member's name.
        for word in value.split():
            named = Membership.objects.filter(
                _words(word), mentorship=OuterRef("pk"), ended_at=None
            )
            rows = rows.filter(Exists(named))
        return rows

    def by_booked(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(next_booked__isnull=value == "no")

    def by_disputed(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(disputed=value == "yes")

    def by_flag(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        wanted = {"yes": Q(flagged__gt=0), "high": Q(flagged=2), "no": Q(flagged=0)}
        return rows.filter(wanted[value])


class PeopleFilter(_BoardFilter):
    """Students and mentors."""

    q = filters.CharFilter(label=_("Name"), method="by_name")
    side = _choice(label=_("Who"), choices=SIDES, method="by_side")
    matched = _choice(label=_("Matched"), choices=YES_NO, method="by_matched")
    met = _choice(label=_("Met"), choices=YES_NO, method="by_met")
    flag = _choice(label=_("Flag"), choices=YES_NO, method="by_flag")
    campus = _choice(label=_("Campus"), field_name="campus")
    year = _choice(label=_("Class year"), field_name="class_year")

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(_words(value))

    def by_side(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        roles = [Role.STUDENT] if value == "student" else list(MENTOR_ROLES)
        return rows.filter(role__in=roles)

    def by_matched(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(matched=value == "yes")

    def by_flag(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(has_flag=value == "yes")


class FlagFilter(filters.FilterSet):  # type: ignore[misc]
    """Flags by what became of them."""

    show = _choice(
        label=_("Show"),
        choices=[
            ("standing", _("Standing")),
            ("snoozed", _("Put off")),
            ("acknowledged", _("Being looked after")),
            ("settled", _("Settled or cleared")),
        ],
        method="by_state",
    )
    rule = _choice(label=_("Rule"), field_name="rule")

    class Meta:
        model = Flag
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(self.queryset.order_by().values_list("rule", flat=True).distinct())
        choices = [(rule.slug, rule.title) for rule in RULES if rule.slug in there]
        if len(choices) < 2:
            self.filters.pop("rule")
        else:
            self.filters["rule"].extra["choices"] = choices

    def by_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "standing":
            return rows.filter(state__in=Flag.STANDING)
        if value == "snoozed":
            return rows.filter(state__in=Flag.STANDING, snoozed_until__isnull=False)
        if value == "acknowledged":
            return rows.filter(state=Flag.State.ACKNOWLEDGED)
        return rows.exclude(state__in=Flag.STANDING)


def of(cohort: Cohort, base: type[_BoardFilter]) -> type[_BoardFilter]:
    """The filter for one cohort."""
    return type(base.__name__, (base,), {"cohort": cohort})
