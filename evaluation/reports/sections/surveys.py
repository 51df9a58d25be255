"""What students and mentors said in the surveys that had closed."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import STUDENT, Basis
from evaluation.reports.disclosure import FEWEST
from evaluation.reports.section import Block, Section, Text, Words
from evaluation.surveys import instruments, results
from evaluation.surveys.instruments import say
from evaluation.surveys.results import ScaleResult, SurveyResult
from evaluation.surveys.scoring import Estimate

# What closes as the day is over belongs to the next one.
MOMENT = timedelta(microseconds=1)


def figures(basis: Basis) -> Iterator[Block]:
    """Closed surveys do not change: the same moment gives the same figures for ever."""
    for one in results.for_cohort(basis.cohort, basis.over - MOMENT):
        since = basis.local(one.closed_at).isoformat()
        yield _rate(one, since)
        for scale in one.scales:
            if scale.estimate is not None:
                yield _scale(one, scale, scale.estimate, since)


def _rate(one: SurveyResult, since: str) -> Block:
    """Those who did not answer are people too: fewer than five of them are not told apart."""
    block: Block = {"slug": f"rate:{one.audience}:{one.slug}", "about": one.title, "kind": "share"}
    if one.answered is None or one.rate is None:
        return block | {"state": "hidden", "of": one.invited, "at_most": FEWEST - 1}
    if 0 < one.invited - one.answered < FEWEST:
        bound = max(FEWEST, one.invited - (FEWEST - 1))
        return block | {"state": "hidden", "of": one.invited, "at_least": bound}
    return block | {
        "state": "shown",
        "since": since,
        "value": one.answered,
        "of": one.invited,
        **_interval(one.rate, 4),
    }


def _scale(one: SurveyResult, scale: ScaleResult, found: Estimate, since: str) -> Block:
    return {
        "slug": f"scale:{one.audience}:{one.slug}:{scale.instrument}:{scale.slug}",
        "about": one.title,
        "kind": "mean",
        "state": "shown",
        "since": since,
        "mean": found.value,
        "low": found.low,
        "high": found.high,
        "ends": [scale.low, scale.high],
        "alpha": scale.alpha,
        "items": [
            {"key": item.slug, "state": "shown", **_interval(item.favorable, 2)}
            if item.favorable
            else {"key": item.slug, "state": "few"}
            for item in scale.items
        ],
    }


def _interval(found: Estimate, digits: int) -> Block:
    return {
        "share": round(found.value, digits),
        "low": None if found.low is None else round(found.low, digits),
        "high": None if found.high is None else round(found.high, digits),
    }


def words(slug: str) -> Words:
    """``rate:SIDE:SURVEY`` or ``scale:SIDE:SURVEY:INSTRUMENT:SCALE``."""
    kind, side, _survey, *rest = slug.split(":")
    students = side == STUDENT
    if kind == "rate":
        return Words(
            _("Students who answered") if students else _("Mentors who answered"),
            _(
                "Denominator: everyone to whom the survey was sent. Counted: answers given until "
                "it closed."
            ),
        )
    instrument, scale = rest
    title = _title(instrument, scale)
    return Words(
        (_("Students: %(scale)s") if students else _("Mentors: %(scale)s")) % {"scale": title},
        _(
            "Mean of those who answered enough of its statements, with the 95 % interval by "
            "Student's t. Below: the share that answered each statement favorably, with its "
            "interval."
        ),
        item=lambda key: _statement(instrument, scale, key),
    )


def _find(name: str, scale: str) -> instruments.Scale | None:
    """The scale of an instrument; ``None``: a file of it is not here any more."""
    try:
        known = instruments.load(name).scales
    except KeyError:
        return None
    return next((one for one in known if scale.endswith(f".{one.slug}")), None)


def _title(name: str, scale: str) -> Text:
    found = _find(name, scale)
    return scale if found is None else say(found.title, get_language() or "en")


def _statement(name: str, scale: str, key: str) -> Text:
    found = _find(name, scale)
    item = next((one for one in found.items if one.slug == key), None) if found else None
    if item is None:
        return key
    text = say(item.text, get_language() or "en")
    return _("%(statement)s (favorable: disagreed)") % {"statement": text} if item.reverse else text


SECTION = Section(
    slug="surveys",
    title=_("Surveys"),
    intro=_("What students and mentors answered, anonymously, in the surveys that had closed."),
    figures=figures,
    words=words,
    empty=_("No survey had closed by that day."),
)
