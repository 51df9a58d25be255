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
    def shown(self) -> object:
        """As people read it: a share is written in hundredths in the document, here in percent."""
        if isinstance(self.value, float) and 0 < self.value < 1:
            return f"{100 * self.value:.0f}\N{NO-BREAK SPACE}%"
        return self.value


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
