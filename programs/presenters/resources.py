"""Resources as lines of a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from programs.models import Cohort, Resource, ResourceKind
from programs.roster.languages import LANGUAGES
from programs.spec.phases import phases_of

ICONS: Final[dict[str, str]] = {
    ResourceKind.HANDBOOK: "book",
    ResourceKind.GUIDE: "compass",
    ResourceKind.ACTIVITY: "lightbulb",
    ResourceKind.AGENDA: "list-check",
    ResourceKind.FORM: "ui-checks",
    ResourceKind.LINK: "link-45deg",
    ResourceKind.VIDEO: "camera-video",
    ResourceKind.LEAFLET: "file-earmark-text",
}


def reading() -> str:
    """The two letters of the language in which this page is read."""
    return (get_language() or "")[:2]


@dataclass(frozen=True, slots=True)
class Line:
    """One resource, with its icon and what else is to be said of it in words."""

    resource: Resource
    icon: str
    phase: str
    language: str
    now: bool

    @property
    def opens_elsewhere(self) -> bool:
        """Whether there is nothing to read here but the way to another site."""
        return not self.resource.text


def lines(
    rows: Iterable[Resource], cohort: Cohort, *, phase: str = "", reads: str = ""
) -> list[Line]:
    """Resources with the names of their phases; ``phase`` is the one at hand.

    That something is in the language that the reader ``reads`` goes without saying.
    """
    titles = phases_of(cohort.planned_spec)
    return [
        Line(
            resource=row,
            icon=ICONS[row.kind],
            phase=titles.get(row.phase, ""),
            language="" if row.language == reads else LANGUAGES.get(row.language, ""),
            now=bool(row.phase) and row.phase == phase,
        )
        for row in rows
    ]
