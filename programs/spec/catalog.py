"""The templates that come with the product: published programs, one YAML file each."""

from functools import cache
from pathlib import Path
from typing import Any

from programs.spec.document import ProgramSpec
from programs.spec.loading import load

FOLDER = Path(__file__).resolve().parent.parent / "catalog"


@cache
def spec(slug: str) -> ProgramSpec:
    """The template of that name; ``KeyError`` when there is none."""
    if slug not in slugs():
        raise KeyError(slug)
    return load((FOLDER / f"{slug}.yaml").read_text(encoding="utf-8"))


@cache
def slugs() -> tuple[str, ...]:
    """The names of all templates, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def document(slug: str) -> dict[str, Any]:
    """A template as plain data, ready to be stored in a program version."""
    return dict(spec(slug).document)


def templates() -> list[ProgramSpec]:
    """Every template."""
    return [spec(slug) for slug in slugs()]


def entry(program: ProgramSpec) -> dict[str, Any]:
    """What `manage.py catalog --json` says about one template."""
    students, mentors = program.students_per_mentorship(), program.mentors_per_mentorship()
    least, most = program.meetings_per_year()
    return {
        "slug": program.slug,
        "school": program.school,
        "model": program.model,
        "students_per_mentorship": students.pair() if students else [None, None],
        "mentors_per_mentorship": mentors.pair() if mentors else [None, None],
        "meetings_per_year": [_number(least), _number(most)],
        "procedure": program.matching.procedure,
        "source": program.source,
        "stated": {name: figure.value for name, figure in program.stated.items()},
        "assumed": {part.path: part.why for part in program.assumed},
    }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
