"""Rows and words while students choose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.choices import Can, Choice
from matching.models import ChoosingRound, ExpertCase, MentorRequest
from matching.reasons import language, listed
from programs.models import Cohort, Enrollment

Text = str | Promise
S = MentorRequest.State

CANNOT: dict[Can, Text] = {
    Can.FULL: gettext_lazy("has no place left"),
    Can.AWAY: gettext_lazy("is away at the moment"),
    Can.PAUSED: gettext_lazy("takes no requests at the moment"),
}


@dataclass(frozen=True)
class ChoiceRow:
    """A mentor on the student's page."""

    choice: Choice
    who: str
    reasons: str
    facts: list[tuple[Text, str]]
    state: Text
    tone: str

    @property
    def mentor(self) -> Enrollment:
        return self.choice.mentor


def choice_rows(choices: Iterable[Choice]) -> list[ChoiceRow]:
    return [choice_row(one) for one in choices]


def choice_row(one: Choice) -> ChoiceRow:
    """What a mentor tells, in words; no figure says how good a match it is."""
    mentor = one.mentor
    state, tone = _state(one)
    return ChoiceRow(
        choice=one,
        who=who(mentor, one.class_year),
        reasons=capfirst("; ".join(one.reasons)),
        facts=facts(mentor),
        state=state,
        tone=tone,
    )


def _state(one: Choice) -> tuple[Text, str]:
    if one.request is not None and one.standing:
        return (_("asked"), "info") if one.request.state == S.OPEN else (_("in your line"), "info")
    if one.refused:
        return _("cannot this time"), "quiet"
    if one.can != Can.ASK:
        return CANNOT[one.can], "quiet"
    return (_("asked by others too"), "warning") if one.busy else ("", "quiet")


def who(row: Enrollment, class_year: int | None) -> str:
    """What she is: role, class year, campus."""
    parts = [str(row.get_role_display())]
    if class_year:
        parts.append(_("class year %(year)d") % {"year": class_year})
    parts += [part for part in (row.track, row.campus) if part]
    return " · ".join(parts)


def facts(row: Enrollment) -> list[tuple[Text, str]]:
    """What mentors tell students of themselves."""
    found: list[tuple[Text, str]] = [
        (_("Can offer"), row.offers),
        (_("Interests"), ", ".join(row.interests)),
        (_("Languages"), ", ".join(map(language, row.languages))),
    ]
    return [(label, value) for label, value in found if value]


def told_of(row: Enrollment, class_year: int | None) -> list[tuple[Text, str]]:
    """What a student tells the mentor she asks."""
    found: list[tuple[Text, str]] = [
        (_("Name"), row.person.full_name),
        (_("Class year"), str(class_year or "")),
        (_("Degree program"), row.track),
        (_("Campus"), row.campus),
        (_("Interests"), ", ".join(row.interests)),
        (_("Languages"), ", ".join(map(language, row.languages))),
        (_("Hopes for"), row.hopes),
    ]
    return [(label, value) for label, value in found if value]


@dataclass(frozen=True)
class LineRow:
    """One of those whom a student asks, in order."""

    request: MentorRequest
    number: int
    state: str
    can_rise: bool


def line_rows(rows: Sequence[MentorRequest]) -> list[LineRow]:
    found = []
    for number, row in enumerate(rows, 1):
        if row.state == S.OPEN:
            day = date_format(row.last_day, "l j F") if row.last_day else ""
            state = _("asked; answers by %(day)s") % {"day": day}
        else:
            state = _("next, if those before cannot")
        rises = row.state == S.WAITING and number > 1 and rows[number - 2].state == S.WAITING
        found.append(LineRow(row, number, state, rises))
    return found


def choose_url(student: Enrollment) -> str:
    return reverse("matching:choose", args=[student.cohort.key, student.key])


def asked_words(row: MentorRequest) -> str:
    """What has happened, once somebody was put into the line."""
    names = {"name": row.mentor.person.full_name}
    if row.state != S.OPEN:
        return _("%(name)s is in your line, and is asked if those before cannot.") % names
    day = date_format(row.last_day, "l j F") if row.last_day else ""
    return _("%(name)s is asked, and has until %(day)s to answer.") % {**names, "day": day}


def shape_links(cohort: Cohort, slugs: Sequence[str]) -> list[tuple[str, str]]:
    """The shapes to switch between; none where there is one."""
    if len(slugs) < 2:
        return []
    titles = {shape.slug: shape.title for shape in cohort.planned_spec.shapes}
    return [(slug, titles[slug]) for slug in slugs]


# --- For coordinators ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a round has come, counted in students."""

    found: int
    asking: int
    handed_over: int
    idle: int
    declined: int
    expired: int


def progress(round_: ChoosingRound, waiting: Sequence[int]) -> Progress:
    """``waiting``: who has no mentor now."""
    rows = MentorRequest.objects.filter(round=round_)
    states = rows.aggregate(
        accepted=Count("pk", filter=Q(state=S.ACCEPTED)),
        declined=Count("pk", filter=Q(state=S.DECLINED)),
        expired=Count("pk", filter=Q(state=S.EXPIRED)),
    )
    asking = set(rows.filter(state__in=MentorRequest.STANDING).values_list("student_id", flat=True))
    cases = set(ExpertCase.objects.filter(round=round_).values_list("student_id", flat=True))
    here = set(waiting)
    ever = set(rows.values_list("student_id", flat=True))
    return Progress(
        found=states["accepted"],
        asking=len(asking & here),
        handed_over=len(cases & here),
        idle=len(here - ever - cases),
        declined=states["declined"],
        expired=states["expired"],
    )


def tried(rows: Iterable[MentorRequest]) -> str:
    """What a student has tried so far, in words for the coordinator."""
    by_state: dict[str, list[str]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row.mentor.person.full_name)
    parts = [
        (S.OPEN, gettext_lazy("asks %(names)s")),
        (S.WAITING, gettext_lazy("then %(names)s")),
        (S.DECLINED, gettext_lazy("%(names)s cannot")),
        (S.EXPIRED, gettext_lazy("%(names)s did not answer")),
    ]
    return "; ".join(
        str(text) % {"names": listed(by_state[state])} for state, text in parts if state in by_state
    )
