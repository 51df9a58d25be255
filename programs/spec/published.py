"""What a document says about itself: published figures, and which parts are not the source's."""

from programs.spec.base import Part, Text


class Figure(Part):
    """A published number, with where it is published.

    Two names have a meaning: ``students`` and ``mentors`` are the people of one run, the mentors
    of every mentoring role together.
    """

    value: int | float | str | tuple[float | None, ...]
    what: Text
    source: Text | None = None

    @property
    def shown(self) -> str:
        """As people read it: a share is written in hundredths in the document, here in percent."""
        if not isinstance(self.value, tuple):
            return _shown(self.value, share=_is_share(self.value))
        share = all(_is_share(part) for part in self.value)
        parts = [_shown(part, share=share) for part in self.value if part is not None]
        return "\N{EN DASH}".join(parts) if len(parts) == 2 else ", ".join(parts)


def _is_share(value: object) -> bool:
    return isinstance(value, float) and 0 < value <= 1


def _shown(value: float | str, *, share: bool) -> str:
    if isinstance(value, str):
        return value
    return f"{round(100 * value, 1):g}\N{NO-BREAK SPACE}%" if share else f"{value:g}"


class Assumption(Part):
    """A part of the document that is ours, because the source does not state it."""

    path: Text
    why: Text


class Example(Part):
    """A usable number of people where none is published, so that the program can be tried."""

    students: int | None = None
    mentors: int | None = None


def covering(paths: tuple[str, ...], area: str) -> str | None:
    """The most specific of these paths that an area of the document lies under."""
    over = [path for path in paths if area == path or area.startswith((f"{path}.", f"{path}["))]
    return max(over, key=len, default=None)
