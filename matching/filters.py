"""How the lists of matching can be narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import MatchPair, Membership, Mentorship
from matching.queries import WEAK_BELOW
from programs.models import Enrollment

SHOWN = [
    ("unmatched", _("Without a mentor")),
    ("weak", _("Weak pairs")),
    ("pinned", _("Kept together")),
    ("kept_out", _("Left out of the publication")),
]


def _named(prefixes: list[str], text: str) -> Q:
    """Every word of the text in a name or an address."""
    found = Q()
    for word in text.split():
        either = Q()
        for prefix in prefixes:
            for field in ("given_name", "family_name", "email"):
                either |= Q((f"{prefix}person__{field}__icontains", word))
        found &= either
    return found


def pair_named(text: str) -> Q:
    """Every word of the text in a name of the student or of the mentor."""
    return _named(["student__", "mentor__"], text)


class PairFilter(filters.FilterSet):  # type: ignore[misc]
    """Pairs of a run, by name and by what needs a second look."""

    q = filters.CharFilter(label=_("Name"), method="by_name")
    show = filters.ChoiceFilter(
        label=_("Show"), choices=SHOWN, method="by_kind", empty_label=_("All")
    )
    group = filters.NumberFilter(label=_("Group"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.queryset.exclude(group=None).exists():
            del self.form.fields["group"]

    class Meta:
        model = MatchPair
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(_named(["student__", "mentor__"], value))

    def by_kind(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "unmatched":
            return rows.filter(mentor=None)
        if value == "weak":
            return rows.filter(score__lt=WEAK_BELOW)
        if value == "kept_out":
            return rows.filter(kept_out=True)
        return rows.filter(pinned=True)


class LotFilter(PairFilter):
    """Pairs of a draw by lot, in which nothing is weak: scores did not matter."""

    show = filters.ChoiceFilter(
        label=_("Show"),
        choices=[one for one in SHOWN if one[0] != "weak"],
        method="by_kind",
        empty_label=_("All"),
    )


class BoardFilter(filters.FilterSet):  # type: ignore[misc]
    """Students of a board, by name and by whether they are placed."""

    q = filters.CharFilter(label=_("Name"), method="by_name")
    show = filters.ChoiceFilter(
        label=_("Show"),
        choices=[("waiting", _("Who waits")), ("placed", _("Who is placed"))],
        method="by_kind",
        empty_label=_("All"),
    )

    class Meta:
        model = MatchPair
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(_named(["student__", "mentor__"], value))

    def by_kind(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(column__isnull=value == "waiting")


class StudentFilter(filters.FilterSet):  # type: ignore[misc]
    """Students by name."""

    q = filters.CharFilter(label=_("Name"), method="by_name")

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(_named([""], value))


class MentorshipFilter(filters.FilterSet):  # type: ignore[misc]
    """Mentorships by the people in them and by state."""

    q = filters.CharFilter(label=_("Name"), method="by_name")
    state = filters.ChoiceFilter(
        label=_("State"), choices=Mentorship.State.choices, empty_label=_("All")
    )

    class Meta:
        model = Mentorship
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        found = rows
        for word in value.split():
            seats = Membership.objects.filter(_named([""], word))
            found = found.filter(pk__in=seats.values("mentorship_id"))
        return found
