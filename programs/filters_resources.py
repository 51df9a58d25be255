"""How the lists of resources are narrowed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from programs.models import Audience, Resource, ResourceKind, ResourceState


class LibraryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What a member looks for: words, and a kind."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ResourceKind.choices, empty_label=_("All kinds")
    )

    class Meta:
        model = Resource
        fields = ["q", "kind"]

    def search(self, rows: QuerySet[Resource], _name: str, value: str) -> QuerySet[Resource]:
        """Every word must be found in the title, the summary or the text."""
        for word in value.split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word)
            )
        return rows


class ResourceFilter(LibraryFilter):
    """What a coordinator narrows by: also for whom, and whether it is published."""

    audience = django_filters.ChoiceFilter(
        label=_("For whom"), choices=Audience.choices, empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ResourceState.choices, empty_label=_("All states")
    )

    class Meta(LibraryFilter.Meta):
        fields: Any = ["q", "kind", "audience", "state"]
