"""The templates that a cohort can be opened from: published programs, and the school's own files.

Those that come with the product are one YAML file each. A school puts more into the folder that
``CATALOG_DIR`` names. A file of hers that cannot be read is listed with what is wrong with it, and
stops nothing else.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from programs.spec.document import ProgramSpec
from programs.spec.loading import Problem, SpecError, load

FOLDER = Path(__file__).resolve().parent.parent / "catalog"
ENDINGS = {".yaml", ".yml"}
LARGEST = 1_000_000
# Pages of the gallery, whose addresses a program's own page must not share.
PAGES = ("table", "compare")


@dataclass(frozen=True)
class Broken:
    """A file of the school's own that is no template, and all that is wrong with it."""

    file: str
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """The file without its folder, which is nobody's business on a page."""
        return Path(self.file).name

    @property
    def lines(self) -> list[str]:
        """One line for each problem: ``file: path: problem (it is value)``."""
        return [problem.in_file(self.file) for problem in self.problems]


def spec(slug: str) -> ProgramSpec:
    """The template of that name; ``KeyError`` when there is none."""
    return _shipped(slug) if slug in shipped() else own()[0][slug]


def slugs() -> tuple[str, ...]:
    """The names of all templates: those that come with the product, then the school's own."""
    return (*shipped(), *own()[0])


@cache
def shipped() -> tuple[str, ...]:
    """The names of the templates that come with the product, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def own() -> tuple[dict[str, ProgramSpec], list[Broken]]:
    """The school's own templates by name, and the files that are none."""
    folder = settings.CATALOG_DIR
    if folder is None:
        return {}, []
    found: dict[str, ProgramSpec] = {}
    broken: list[Broken] = []
    try:
        paths = sorted(p for p in folder.iterdir() if _is_template(p))
    except OSError as error:
        return {}, [Broken(str(folder), (_unreadable(error),))]
    for path in paths:
        read = read_file(path)
        if isinstance(read, Broken):
            broken.append(read)
        elif read.slug in shipped() or read.slug in found:
            problem = Problem("slug", read.slug, "is the name of another template; choose one")
            broken.append(Broken(str(path), (problem,)))
        elif read.slug in PAGES:
            problem = Problem("slug", read.slug, "is the address of a page; choose another")
            broken.append(Broken(str(path), (problem,)))
        else:
            found[read.slug] = read
    return dict(sorted(found.items())), broken


def broken() -> list[Broken]:
    """The school's own files that are no templates."""
    return own()[1]


def read_file(path: Path) -> ProgramSpec | Broken:
    """The program that a file says, or what is wrong with it."""
    try:
        state = path.stat()
        if state.st_size > LARGEST:
            problem = Problem("document", state.st_size, f"is larger than {LARGEST} bytes")
            return Broken(str(path), (problem,))
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        return Broken(str(path), (_unreadable(error),))


def document(slug: str) -> dict[str, Any]:
    """A template as plain data, ready to be stored in a program version."""
    return dict(spec(slug).document)


def templates() -> list[ProgramSpec]:
    """Every template."""
    return [*(_shipped(slug) for slug in shipped()), *own()[0].values()]


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


@cache
def _shipped(slug: str) -> ProgramSpec:
    return load((FOLDER / f"{slug}.yaml").read_bytes())


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> ProgramSpec | Broken:
    # A file is read again when it changes, and not before.
    try:
        return load(path.read_bytes())
    except SpecError as error:
        return Broken(str(path), tuple(error.problems))


def _is_template(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".")


def _unreadable(error: OSError) -> Problem:
    return Problem("file", None, f"cannot be read: {(error.strerror or str(error)).lower()}")


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
