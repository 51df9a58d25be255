"""Surveys as templates draw them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.forms import BoundField
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluation.surveys import instruments, opening, results
from evaluation.surveys.forms import AnswerForm
from evaluation.surveys.instruments import say
from evaluation.surveys.models import FEWEST, Survey, SurveySide, SurveyState
from evaluation.surveys.plan import Planned
from evaluation.surveys.scoring import Estimate
from mentoring import clock
from programs.models import Cohort

LOOKS: dict[str, tuple[str, str]] = {
    SurveyState.SCHEDULED: ("plum", "calendar-event"),
    SurveyState.OPEN: ("info", "envelope-open"),
    SurveyState.CLOSED: ("quiet", "check2-all"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the form: a rating with its choices, or an open one."""

    number: int
    slug: str
    text: str
    value: str
    errors: list[str]
    choices: tuple[int, ...] = ()
    ends: tuple[str, str] = ("", "")
    help: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One instrument of the form."""

    number: int
    slug: str
    title: str
    intro: str
    entries: tuple[Entry, ...]


def language() -> str:
    return get_language() or "en"


def sections(form: AnswerForm) -> list[Section]:
    """The whole questionnaire, its questions numbered through."""
    found: list[Section] = []
    count = 0
    for number, name in enumerate(form.survey.instruments, start=1):
        instrument = instruments.load(name)
        entries = []
        for scale in instrument.scales:
            for item in scale.items:
                count += 1
                entries.append(_rating(form, instrument, scale, item, count))
        for question in instrument.questions:
            count += 1
            entries.append(_open(form, instrument, question, count))
        intro = say(instrument.intro, language()) if instrument.intro else ""
        title = say(instrument.title, language())
        found.append(Section(number, instrument.slug, title, intro, tuple(entries)))
    return found


def _rating(
    form: AnswerForm,
    instrument: instruments.Instrument,
    scale: instruments.Scale,
    item: instruments.Item,
    number: int,
) -> Entry:
    slug = f"{instrument.slug}.{item.slug}"
    low, high = (say(end, language()) for end in scale.ends)
    return Entry(
        number=number,
        slug=slug,
        text=say(item.text, language()),
        value=_value(form[slug]),
        errors=[str(error) for error in form[slug].errors],
        choices=tuple(range(scale.low, scale.high + 1)),
        ends=(low, high),
    )


def _open(
    form: AnswerForm,
    instrument: instruments.Instrument,
    question: instruments.Question,
    number: int,
) -> Entry:
    slug = f"{instrument.slug}.{question.slug}"
    return Entry(
        number=number,
        slug=slug,
        text=say(question.text, language()),
        value=_value(form[slug]),
        errors=[str(error) for error in form[slug].errors],
        help=say(question.help, language()) if question.help else "",
    )


def _value(field: BoundField) -> str:
    given = field.value()
    return "" if given is None else str(given)


def questions(survey: Survey) -> list[Section]:
    """The questionnaire to read."""
    return sections(AnswerForm(survey))


def rate_text(survey: Survey) -> str:
    """How many have answered, as far as it is told: in steps while open, never under five.

    Nor are fewer than five told apart who have not answered.
    """
    few = {"few": FEWEST, "all": survey.invited}
    if survey.state == SurveyState.SCHEDULED:
        return ""
    if survey.answered < FEWEST:
        return _("fewer than %(few)d of %(all)d") % few
    numbers = {"n": survey.answered, "all": survey.invited}
    if nearly_all(survey):
        numbers["n"] = max(FEWEST, survey.invited - (FEWEST - 1))
    if survey.state == SurveyState.OPEN or nearly_all(survey):
        return _("at least %(n)d of %(all)d") % numbers
    return _("%(n)d of %(all)d") % numbers


def nearly_all(survey: Survey) -> bool:
    """Whether those who have not answered are so few that they could be told apart."""
    return survey.answered >= FEWEST and 0 < survey.invited - survey.answered < FEWEST


def rows(surveys: Iterable[Survey]) -> list[dict[str, Any]]:
    """Lines of a list of surveys."""
    return [
        {
            "survey": one,
            "tone": LOOKS[one.state][0],
            "icon": LOOKS[one.state][1],
            "rate": rate_text(one),
            "percent": round(100 * one.answered / one.invited)
            if one.invited and one.answered >= FEWEST and not nearly_all(one)
            else None,
        }
        for one in surveys
    ]


def plan_rows(cohort: Cohort) -> list[dict[str, Any]]:
    """What the plan has not sent, with a word about what was not, or will not be, and why."""
    now, running = clock.now(), cohort.state in opening.UNDER_WAY
    found = opening.unsent(cohort)
    few = (
        {side: opening.few(cohort, side) for side in {one.side for one in found}} if running else {}
    )
    rows = []
    for one in found:
        number, over = few.get(one.side), one.closes_at <= now
        word = ""
        if over:
            word = _("not sent")
        elif not (running or one.before):
            word = _("once the cohort runs")
        elif number is not None:
            word = ngettext(
                "not sent to %(n)d person: an anonymous survey needs at least %(few)d",
                "not sent to %(n)d people: an anonymous survey needs at least %(few)d",
                number,
            ) % {"n": number, "few": FEWEST}
        rows.append(
            {
                "title": one.title,
                "side": SurveySide(one.side).label,
                "opens_at": one.opens_at,
                "closes_at": one.closes_at,
                "word": word,
                "questions": _preview_query(one),
            }
        )
    return rows


def _preview_query(one: Planned) -> str:
    """What the page that shows a questionnaire is asked with."""
    asked = [instruments.load(name).slug for name in one.instruments]
    given = {"side": str(one.side), "title": one.title, "instruments": asked}
    return urlencode(given, doseq=True)


def scale_rows(result: results.SurveyResult) -> list[dict[str, Any]]:
    """Scales with the place of their mean between the ends, and their items."""
    return [
        {
            "title": say(scale.title, language()),
            "low": f"{scale.low:g}",
            "high": f"{scale.high:g}",
            "estimate": scale.estimate,
            "interval": interval(scale.estimate),
            "alpha": scale.alpha,
            "items": [_item(item) for item in scale.items],
            **_marks(scale),
        }
        for scale in result.scales
    ]


def _marks(scale: results.ScaleResult) -> dict[str, float]:
    """Where the mean and its interval are drawn, in hundredths of the scale."""
    found = scale.estimate
    if found is None:
        return {}
    low, high = _place(scale, found.low), _place(scale, found.high)
    return {
        "from": low,
        "width": round(max(0.5, high - low), 1),
        "mark_left": min(99.0, max(0.0, _place(scale, found.value) - 0.5)),
    }


def _item(item: results.ItemResult) -> dict[str, Any]:
    found = item.favorable
    return {
        "text": say(item.text, language()),
        "reverse": item.reverse,
        "percent": None if found is None else round(100 * found.value),
        "interval": "" if found is None else percents(found),
    }


def _place(scale: results.ScaleResult, value: float | None) -> float:
    """0–100 along the scale."""
    at = scale.low if value is None else value
    return round(100 * (at - scale.low) / (scale.high - scale.low), 1)


def interval(found: Estimate | None) -> str:
    """The interval of a mean in words."""
    if found is None or found.low is None or found.high is None:
        return ""
    return f"{found.low:.1f}–{found.high:.1f}"


def percents(found: Estimate) -> str:
    """The interval of a share in words."""
    if found.low is None or found.high is None:
        return ""
    return f"{round(100 * found.low)}–{round(100 * found.high)} %"
