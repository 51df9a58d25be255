"""Needs, answers and gaps in words."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mentoring.accounts.permissions import Role
from mentoring.ui import charts
from programs.spec import ProgramSpec
from programs.spec.staffing import RoleNeed, ShapeNeed
from programs.staffing import Gap, Staffing

SHOWN = 8
TITLES: dict[str, str | Promise] = {
    "campus": gettext_lazy("Campus"),
    "languages": gettext_lazy("Language"),
    "interests": gettext_lazy("Interest or specialty"),
    "track": gettext_lazy("Degree program"),
}


@dataclass(frozen=True)
class Need:
    """One kind of group, as the page says it."""

    title: str
    lead: str
    roles: list[dict[str, Any]]
    picture: str
    short: int
    students: int


def needs(spec: ProgramSpec, found: Staffing) -> list[Need]:
    """Every kind of group with what it needs; the title only where there are several."""
    several = len(found.needs) > 1
    return [_need(spec, need, named=several) for need in found.needs]


def _need(spec: ProgramSpec, need: ShapeNeed, *, named: bool) -> Need:
    roles = [_role(spec, role) for role in need.roles]
    data = [(_("Students"), need.students), (_("Places so far"), need.places)]
    lead = ngettext("%(n)d student", "%(n)d students", need.students) % {"n": need.students}
    if need.groups and need.groups != need.students:
        groups = ngettext("%(n)d group", "%(n)d groups", need.groups) % {"n": need.groups}
        lead = _("%(students)s make %(groups)s or more.") % {"students": lead, "groups": groups}
    else:
        lead = f"{lead}."
    return Need(
        title=need.title if named else "",
        lead=lead,
        roles=roles,
        picture=charts.bars(_("Students and places"), data),
        short=need.short,
        students=need.students,
    )


def _role(spec: ProgramSpec, need: RoleNeed) -> dict[str, Any]:
    return {
        "title": Role(need.role).label,
        "needed": need.needed,
        "fewest": need.at_most_load if need.at_most_load != need.needed else None,
        "people": need.people,
        "missing": need.missing,
        "load": load_words(spec, need.role),
    }


def load_words(spec: ProgramSpec, role: str) -> str:
    """“1 student each, at most 2”."""
    capacity = spec.capacity(role)
    if capacity.unit == "groups":
        words = ngettext("%(n)d group each", "%(n)d groups each", capacity.default)
    elif capacity.unit == "students_per_class":
        words = ngettext(
            "%(n)d student of each class year",
            "%(n)d students of each class year",
            capacity.default,
        )
    else:
        words = ngettext("%(n)d student each", "%(n)d students each", capacity.default)
    said = words % {"n": capacity.default}
    if capacity.max and capacity.max > capacity.default:
        return _("%(usual)s, at most %(most)d") % {"usual": said, "most": capacity.max}
    return said


def answers(found: Staffing) -> list[dict[str, Any]]:
    """How many said yes, are silent, or said no, by role."""
    return [{"title": Role(row.role).label, "row": row} for row in found.answers]


def gaps(found: Staffing) -> list[dict[str, Any]]:
    """Each kind of gap, the greatest lacks shown and the rest behind a fold."""
    return [
        {
            "title": TITLES[name],
            "rows": [_named(name, gap) for gap in rows[:SHOWN]],
            "rest": [_named(name, gap) for gap in rows[SHOWN:]],
        }
        for name, rows in found.gaps.items()
    ]


def _named(name: str, gap: Gap) -> dict[str, Any]:
    value = gap.value
    if name == "languages":
        # Django does not know every language.
        with suppress(KeyError):
            value = str(get_language_info(value)["name_translated"])
    return {"value": value, "gap": gap}
