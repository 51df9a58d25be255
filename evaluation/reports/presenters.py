"""A report in words: what pages and paper show of stored figures. No queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from evaluation.reports.disclosure import FEWEST
from evaluation.reports.figures import Figures
from evaluation.reports.section import Block, Section, Text, Words
from evaluation.reports.sections import BY_SLUG
from mentoring.ui import charts


@dataclass(frozen=True, slots=True)
class BlockView:
    """A figure with its title and how it was counted."""

    slug: str
    kind: str
    title: Text
    counted: Text
    text: str = ""
    detail: str = ""
    chart: str = ""
    below: str = ""
    rows: list[tuple[Text, Text]] = field(default_factory=list)
    total: tuple[Text, str] | None = None
    since: str = ""
    # What it is about, where several figures of a kind stand in a section: a quota, a survey.
    about: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    slug: str
    title: Text
    intro: Text
    withheld: Text
    empty: Text
    blocks: list[BlockView]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A number for those who read only one line."""

    label: Text
    value: str
    note: str


HIGHLIGHTS = (
    ("matching", "matched"),
    ("meetings", "came_about"),
    ("contact", "weekly"),
    ("contact", "monthly"),
    ("participation", "stayed_students"),
    ("participation", "stayed_mentors"),
)
HIGHLIGHTS_SHOWN = 4


def sections(figures: Figures) -> list[SectionView]:
    """Every section of the figures that this version knows how to name."""
    found = []
    for one in figures["sections"]:
        section = BY_SLUG.get(one["slug"])
        if section is not None:
            found.append(_section(section, one, figures["level"]))
    return found


def _section(section: Section, one: Block, level: str) -> SectionView:
    withheld = _withheld(level) if one.get("withheld") else ""
    blocks: list[BlockView] = []
    said: set[str] = set()
    for block in one["blocks"]:
        view = _block(section.words(block["slug"]), block)
        # What is counted alike is explained once.
        blocks.append(replace(view, counted="") if str(view.counted) in said else view)
        said.add(str(view.counted))
    return SectionView(section.slug, section.title, section.intro, withheld, section.empty, blocks)


def level_note(level: str) -> str:
    """What the program's confidentiality keeps out of the report; empty if nothing."""
    if level == "strict":
        return _withheld(level)
    if level == "counts":
        return _(
            "This program lets out only how often each pair met, and no dates or attendance. The "
            "report therefore sums up those counts, and has no months, no weekly contact and no "
            "missed meetings."
        )
    return ""


def _withheld(level: str) -> str:
    if level == "strict":
        return _(
            "This program is strict: nothing that happens within a pair leaves it, not even a "
            "count. Nothing is shown here, and nothing was counted."
        )
    return _("The confidentiality level of this program does not let these figures out.")


def highlights(figures: Figures) -> list[Highlight]:
    """The first shares there are, in the order of what a dean asks first."""
    blocks = {
        (one["slug"], block["slug"]): block
        for one in figures["sections"]
        for block in one["blocks"]
    }
    found = []
    for section, slug in HIGHLIGHTS:
        block = blocks.get((section, slug))
        if block is not None and "share" in block:
            words = BY_SLUG[section].words(slug)
            found.append(Highlight(words.title, percent(block["share"]), _of(block)))
    return found[:HIGHLIGHTS_SHOWN]


def _block(words: Words, block: Block) -> BlockView:
    makers = {"parts": _parts, "share": _share, "facts": _facts, "mean": _mean}
    return replace(makers[block["kind"]](words, block), about=block.get("about", ""))


def _facts(words: Words, block: Block) -> BlockView:
    rows = [
        (words.item(fact["key"]), words.value(fact["key"], fact["value"]))
        for fact in block["facts"]
    ]
    return BlockView(block["slug"], "facts", words.title, words.counted, rows=rows)


def _parts(words: Words, block: Block) -> BlockView:
    # Rows in which nobody ever stood are not worth a line, unless nothing else is there.
    cells = [cell for cell in block["cells"] if cell.get("value") != 0] or block["cells"][:1]
    said = partial(number, events=block.get("events", False), amount=words.amount)
    rows: list[tuple[Text, Text]] = [(words.item(cell["key"]), said(cell)) for cell in cells]
    data = [(label, cell.get("value")) for (label, _text), cell in zip(rows, cells, strict=True)]
    return BlockView(
        block["slug"],
        "parts",
        words.title,
        words.counted,
        chart=charts.bars(words.title, data, texts=[text for _label, text in rows]),
        rows=rows,
        total=(words.total, _total(block, cells, said(block["total"]))) if words.total else None,
        since=_since(words, cells),
    )


def _total(block: Block, cells: list[Block], said: str) -> str:
    """The total, with its own day where it stands since another one than its parts."""
    total = block["total"]
    shown = [cell for cell in cells if cell["state"] == "shown"]
    if "since" not in total or sum(cell["value"] for cell in shown) <= total["value"]:
        return said
    return _("%(n)s, as it stood on %(day)s") % {"n": said, "day": day(total["since"])}


def number(
    cell: Block, *, events: bool = False, amount: Callable[[int], Text] | None = None
) -> str:
    """A count, or as much as may be said of it.

    Of ``events`` few are those behind them: they may be many, and have no bound.
    """
    if cell["state"] == "shown":
        return str(amount(cell["value"])) if amount else _grouped(cell["value"])
    if events:
        few = {"n": FEWEST}
        return _("of fewer than %(n)d") % few if cell["state"] == "few" else _("not shown")
    if cell["state"] == "few":
        return _("fewer than %(n)d") % {"n": FEWEST}
    return _("at least %(n)s") % {"n": _grouped(cell.get("at_least", FEWEST))}


def _since(words: Words, cells: list[Block]) -> str:
    """Since when the numbers stand, the same days together."""
    days: dict[str, list[str]] = {}
    for cell in cells:
        if cell["state"] == "shown" and "since" in cell:
            days.setdefault(cell["since"], []).append(str(words.item(cell["key"])))
    return "; ".join(f"{day(when)}: {', '.join(names)}" for when, names in sorted(days.items()))


def _share(words: Words, block: Block) -> BlockView:
    text, detail, chart = _("Not shown"), "", ""
    if "share" in block:
        text, detail = percent(block["share"]), _of(block, interval=True)
        spoken = f"{text}; {detail}"
        chart = charts.interval(words.title, block["share"], block["low"], block["high"], spoken)
    elif block.get("of") == 0:
        text, detail = "–", _("There is nothing to count yet.")
    elif "at_least" in block:
        text = _("at least %(share)s") % {"share": percent(block["at_least"] / block["of"])}
        detail = _("%(n)s or more of %(of)s") % _numbers(block["at_least"], block["of"])
    elif "at_most" in block:
        text = _("at most %(share)s") % {"share": percent(block["at_most"] / block["of"])}
        detail = _("fewer than %(n)s of %(of)s") % _numbers(block["at_most"] + 1, block["of"])
    else:
        detail = _("It would speak of fewer than five.")
    since = day(block["since"]) if "since" in block and text != _("Not shown") else ""
    return BlockView(
        block["slug"], "share", words.title, words.counted, text, detail, chart, since=since
    )


def _mean(words: Words, block: Block) -> BlockView:
    least, most = block["ends"]
    middle = (least + most) / 2
    text = number_format(block["mean"], 1)
    scale = {"low": f"{least:g}", "high": f"{most:g}"}
    detail = _("on a scale from %(low)s to %(high)s") % scale
    chart = ""
    if block["low"] is not None:
        ends = {key: number_format(block[key], 1) for key in ("low", "high")}
        detail += "; " + _("95 %% interval %(low)s to %(high)s") % ends
        at, low, high = ((block[key] - least) / (most - least) for key in ("mean", "low", "high"))
        spoken = f"{text}; {detail}"
        marks = [number_format(one, 0 if one == int(one) else 1) for one in (least, middle, most)]
        chart = charts.interval(words.title, at, low, high, spoken, ends=marks)
    if block["alpha"] is not None:
        detail += "; " + _("Cronbach's alpha %(n)s") % {"n": number_format(block["alpha"], 2)}
    rows: list[tuple[Text, Text]] = [
        (words.item(item["key"]), _favorable(item)) for item in block["items"]
    ]
    data = [
        (label, item.get("share"))
        for (label, _text), item in zip(rows, block["items"], strict=True)
    ]
    said = [text for _label, text in rows]
    below = charts.bars(_("Answered favorably"), data, texts=said, top=1)
    return BlockView(
        block["slug"], "mean", words.title, words.counted, text, detail, chart, below, rows
    )


def _favorable(item: Block) -> str:
    if item["state"] != "shown":
        return _("too few")
    low, high = round(100 * item["low"]), round(100 * item["high"])
    return f"{percent(item['share'])} ({low}–{high})"


def _of(block: Block, *, interval: bool = False) -> str:
    said = _("%(n)s of %(of)s") % _numbers(block["value"], block["of"])
    if not interval:
        return said
    low, high = percent(block["low"]), percent(block["high"])
    return said + "; " + _("95 %% interval %(low)s to %(high)s") % {"low": low, "high": high}


def _numbers(part: int, whole: int) -> dict[str, str]:
    return {"n": _grouped(part), "of": _grouped(whole)}


def _grouped(value: int) -> str:
    return str(number_format(value, force_grouping=True))


def percent(share: float) -> str:
    """A share in whole percent; never rounded to all or nothing unless it is."""
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def day(when: str | date) -> str:
    """A date in words."""
    return date_format(date.fromisoformat(when) if isinstance(when, str) else when, "j F Y")


CSV_HEADER = (
    "section", "figure", "item", "state", "number", "of", "share", "low", "high", "since",
)  # fmt: skip


def csv_rows(figures: Figures) -> Iterator[list[Any]]:
    """The figures as rows of numbers and codes, the same in every language."""
    for section in figures["sections"]:
        for block in section["blocks"]:
            where = [section["slug"], block["slug"]]
            for fact in block.get("facts", []):
                yield [*where, fact["key"], "shown", fact["value"], *[""] * 5]
            for cell in block.get("cells", []):
                yield [*where, cell["key"], *_cells(cell)]
            if "total" in block:
                yield [*where, "total", *_cells(block["total"])]
            for item in block.get("items", []):
                yield [*where, item["key"], *_cells(item)]
            if block["kind"] in {"share", "mean"}:
                yield [*where, "", *_cells(block)]


def _cells(one: Block) -> list[Any]:
    names = ("state", "value", "of", "share", "low", "high", "since")
    known = {"value": one["mean"]} | one if "mean" in one else one
    return [known.get(name, "") for name in names]
