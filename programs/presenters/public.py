"""A cohort for those who think of joining: what its program says, in words for outsiders."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import OF_THE_PAIR, Content, Sight, Viewer, sight
from programs.models import Cohort, PublicLink
from programs.presenters import documents
from programs.presenters.capacity import taken_on
from programs.services import applications
from programs.spec import ProgramSpec

LINK_ICONS = {
    PublicLink.Kind.VIDEO: "camera-video",
    PublicLink.Kind.LEAFLET: "file-earmark-text",
    PublicLink.Kind.PAGE: "globe2",
}
HOW_THEY_COME: dict[str | None, str | Promise] = {
    "mandatory": gettext_lazy("All students of the class take part."),
    "opt_out": gettext_lazy("All students take part, unless they say no."),
    "opt_in": gettext_lazy("Students take part by their own choice."),
}
READERS = (
    (Viewer.MEMBER, gettext_lazy("Your mentor or students")),
    (Viewer.COORDINATOR, gettext_lazy("Coordinators")),
    (Viewer.PROGRAM_LEAD, gettext_lazy("Program lead")),
    (Viewer.EVALUATOR, gettext_lazy("Evaluators")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the program asks of a role, and the button that applies for it."""

    role: str
    label: str
    lines: list[str]
    url: str


def page(cohort: Cohort, links: list[PublicLink]) -> dict[str, Any]:
    """Everything the public page shows that is derived."""
    spec = cohort.planned_spec
    return {
        "summary": spec.summary,
        "facts": list(_facts(cohort, spec)),
        "asked": [_asked(cohort, spec, role) for role in _roles(spec)],
        "matching": list(_matching(spec)),
        "readers": [label for _viewer, label in READERS],
        "secrets": _secrets(spec),
        "statement": spec.confidentiality.statement,
        "links": [(link, LINK_ICONS[PublicLink.Kind(link.kind)]) for link in links],
    }


def _roles(spec: ProgramSpec) -> list[str]:
    wanted = {Role.STUDENT, *MENTOR_ROLES}
    return [role for role in spec.roles if role in wanted]


def _facts(cohort: Cohort, spec: ProgramSpec) -> Iterator[tuple[str, str]]:
    yield _("Who meets"), documents.size_words(spec)
    for role in _roles(spec):
        years = spec.class_years(role)
        if years:
            words = _("class year %(years)s") % {"years": documents.runs(years)}
            yield str(Role(role).label), words
    yield _("How often"), documents.rhythm_words(spec).capitalize()
    if cohort.program.school:
        yield _("School"), cohort.program.school


def _asked(cohort: Cohort, spec: ProgramSpec, role: str) -> Asked:
    lines = list(_asked_lines(spec, role))
    takes = cohort.applications_open and role in applications.offered_roles(cohort)
    url = reverse("programs:apply", args=[cohort.key]) + f"?role={role}" if takes else ""
    return Asked(role, str(Role(role).label), lines, url)


def _asked_lines(spec: ProgramSpec, role: str) -> Iterator[str]:
    if role == Role.STUDENT:
        yield str(HOW_THEY_COME.get(spec.enrollment.students, HOW_THEY_COME["opt_in"]))
    else:
        capacity = spec.capacity(role)
        most = capacity.max or capacity.default
        text = _("You take on %(what)s at most.") if most > 1 else _("You take on %(what)s.")
        yield text % {"what": taken_on(capacity.unit, most)}
    rules = spec.meeting_rules()
    if rules:
        yield _("Meetings: %(often)s.") % {"often": documents.cadence_words(rules[0])}
    yield from documents.asked_lines(spec, role)
    for what in documents.incentive_lines(spec, role):
        yield _("You get: %(what)s") % {"what": what}


def _matching(spec: ProgramSpec) -> Iterator[str]:
    matching = spec.matching
    known = documents.PROCEDURES.get(str(matching.procedure))
    if known:
        yield str(known)
    names = [str(documents.CRITERIA[part.criterion]) for part in matching.criteria]
    if names:
        yield _("What counts: %(names)s") % {"names": ", ".join(names)}
    yield str(documents.ASSESSORS[matching.assessor])
    if matching.equity:
        yield documents.equity_words(spec)


def _secrets(spec: ProgramSpec) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What passes within a pair, and who else reads it: rows of the table that decides requests."""
    return [
        (
            str(content.label),
            [(str(label), *_sight(spec, content, viewer)) for viewer, label in READERS],
        )
        for content in Content
        if content in OF_THE_PAIR
    ]


def _sight(spec: ProgramSpec, content: Content, viewer: Viewer) -> tuple[str, bool]:
    seen = sight(content, viewer, spec.confidentiality.level)
    if seen is Sight.IF_PROGRAM_SAYS:
        seen = Sight.FULL if spec.may_leave_the_pair("topics") else Sight.NOTHING
    return str(seen.label), seen is Sight.NOTHING
