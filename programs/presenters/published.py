"""The page about the published programs: how each is expressed, and what of it is assumed."""

from collections.abc import Iterator

from django.utils import translation

from programs.pictures import structure_words
from programs.presenters.documents import (
    cadence_words,
    confidentiality_lines,
    requirement_lines,
)
from programs.presenters.labels import PARTS
from programs.spec import ProgramSpec, catalog
from programs.spec.areas import areas, is_assumed

INTRO = """\
# Published programs

The {number} programs that come with the product. Each is one file in `programs/catalog`; how such a
file is written, and how to add one of your own, stands in [templates.md](templates.md). This page
is made from the files by `make docs`, and a test holds it in step with them.

*Expressed* says for structure, rhythm, requirements and confidentiality whether the file says all
that the source states: **fully**; **with assumptions** where it also needed a choice of ours to be
run; **assumed** where the source states nothing; – where nothing is asked. Nothing that a source
states about these four is left out of a file; it would be listed here as *not yet*. Every choice of
ours is marked in its file with a reason, which stands [below](#what-is-assumed-and-why), and a
school can change it.
"""
MODES = {
    "one_to_one": "one to one",
    "one_to_many": "one mentor of several",
    "many_to_one": "several mentors of one",
    "many_to_many": "several mentors of several",
    "group": "group",
    "virtual": "virtual",
    "combined": "combined",
}
ASPECTS = {
    "structure": {
        "shapes",
        "containers",
        "tracks",
        "duration",
        "paused_class_years",
        "second_mentor",
    },
    "rhythm": {"cadence", "phases"},
    "requirements": {"requirements", "incentives", "at_risk"},
    "confidentiality": {"confidentiality"},
}


def page() -> str:
    """The whole page as Markdown, in English."""
    with translation.override("en"):
        specs = [catalog.spec(slug) for slug in catalog.shipped()]
        lines = [INTRO.format(number=len(specs)), *_table(specs), "", *_reasons(specs)]
    return "\n".join(lines) + "\n"


def expressed(spec: ProgramSpec) -> dict[str, str]:
    """How far each aspect is what the source states."""
    return {name: _aspect(spec, roots) for name, roots in ASPECTS.items()}


def _aspect(spec: ProgramSpec, roots: set[str]) -> str:
    ours = [is_assumed(spec, area) for area in areas(spec) if _root(area) in roots]
    if not ours:
        return "–"
    if all(ours):
        return "assumed"
    return "with assumptions" if any(ours) else "fully"


def _table(specs: list[ProgramSpec]) -> Iterator[str]:
    yield "| Program | How it is expressed | Assumed | Expressed |"
    yield "|---|---|---|---|"
    for spec in specs:
        cells = (
            f"**{spec.school}**: {spec.title} (`{spec.slug}`)",
            " ".join(_sentences(spec)),
            ", ".join(dict.fromkeys(str(PARTS[_root(part.path)]) for part in spec.assumed)),
            "; ".join(f"{name}: {how}" for name, how in expressed(spec).items()),
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sentences(spec: ProgramSpec) -> Iterator[str]:
    yield ", ".join(MODES[mode] for mode in spec.modes).capitalize() + "."
    yield structure_words(spec)
    rhythm = "; ".join(dict.fromkeys(map(cadence_words, spec.cadence)))
    if rhythm:
        yield f"Rhythm: {rhythm}."
    asked = "; ".join(requirement_lines(spec))
    if asked:
        yield f"Asked: {asked}."
    yield next(iter(confidentiality_lines(spec))) + "."


def _reasons(specs: list[ProgramSpec]) -> Iterator[str]:
    yield "## What is assumed, and why"
    for spec in specs:
        yield f"\n### {spec.school}\n"
        yield f"Source: {spec.source}.\n"
        reasons: dict[str, list[str]] = {}
        for part in spec.assumed:
            reasons.setdefault(part.why, []).append(f"`{part.path}`")
        for why, paths in reasons.items():
            yield f"- {why} ({', '.join(paths)})"


def _root(path: str) -> str:
    return path.split(".", 1)[0]
