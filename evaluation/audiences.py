"""Who gets a message: the people behind a list of the board, each once."""

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation import filters, queries
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import Cohort

ListName = Literal["pairs", "people"]
NOT_FILTERS = {"to", "sort", "page", "format", "who"}
WHO = [("everyone", _("Both sides")), ("student", _("Students")), ("mentor", _("Mentors"))]


@dataclass(frozen=True)
class Audience:
    """A list of the board, as narrowed, and which side of it."""

    cohort: Cohort
    source: ListName
    query: QueryDict
    who: str = "everyone"

    def __str__(self) -> str:
        return f"{self.source}?{self.query.urlencode()}&who={self.who}"[:300]

    @property
    def people(self) -> QuerySet[User]:
        """Everyone it reaches, by name; who holds two roles is here once."""
        rows = self._rows()
        roles = self._roles()
        found = User.objects.filter(is_active=True, erased_at=None)
        if self.source == "pairs":
            seats = Q(memberships__mentorship__in=rows, memberships__ended_at=None)
            found = found.filter(seats, memberships__role__in=roles)
        else:
            found = found.filter(enrollments__in=rows.filter(role__in=roles))
        return found.order_by("family_name", "given_name", "pk").distinct()

    @property
    def description(self) -> list[tuple[str | Promise, str]]:
        """The filters in words: label and choice."""
        form = self._filterset().form
        form.is_valid()
        return [
            (field.label, _shown(field.field, str(self.query[name])))
            for name, field in ((bound.name, bound) for bound in form.visible_fields())
            if self.query.get(name)
        ]

    @property
    def one_pair(self) -> bool:
        """Whether it is one pair or group and nobody else."""
        return self.source == "pairs" and bool(self.query.get("pair"))

    def _rows(self) -> QuerySet[Any]:
        filterset = self._filterset()
        unknown = set(self.query) - set(filterset.filters)
        if unknown or not filterset.form.is_valid():
            # Never reach more people than was meant: what cannot be asked for is refused.
            raise DomainError(_("This list cannot be narrowed like that. Choose it again."))
        rows: QuerySet[Any] = filterset.qs
        return rows

    def _filterset(self) -> Any:
        if self.source == "pairs":
            kind, rows = filters.PairFilter, queries.pairs(self.cohort)
            return filters.of(self.cohort, kind)(self.query, queryset=rows)
        kind, rows = filters.PeopleFilter, queries.people(self.cohort)
        return filters.of(self.cohort, kind)(self.query, queryset=rows)

    def _roles(self) -> list[str]:
        sides = {"student": [Role.STUDENT], "mentor": list(MENTOR_ROLES)}
        return [str(role) for role in sides.get(self.who, [Role.STUDENT, *MENTOR_ROLES])]


def read(cohort: Cohort, query: QueryDict, who: str = "everyone") -> Audience:
    """The audience that an address names, such as ``?to=pairs&met=no``."""
    source: ListName = "people" if query.get("to") == "people" else "pairs"
    kept = query.copy()
    for name in list(kept):
        if name in NOT_FILTERS or not kept[name]:
            del kept[name]
    return Audience(cohort, source, kept, who)


def _shown(field: Any, value: str) -> str:
    return str(dict(getattr(field, "choices", ())).get(value, value))
