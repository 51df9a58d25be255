"""A year in weeks: terms, pauses, and the weeks in which something is expected."""

from dataclasses import dataclass

from programs.spec.year import Year


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first to the last week, both included."""

    first: int
    last: int
    name: str = ""
    class_year: int | None = None
    open: bool = False
    """Whether its end is not stated."""

    def __contains__(self, week: int) -> bool:
        return self.first <= week <= self.last


@dataclass(frozen=True, slots=True)
class Plan:
    """A year in weeks: what a template proposes, or what an edition's dates come to."""

    weeks: int
    terms: tuple[Stretch, ...] = ()
    pauses: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, year: Year, *, weeks: int | None = None) -> "Plan":
        """The plan of a document, cut to ``weeks`` where the program is shorter."""
        last = min(year.weeks, weeks or year.weeks)
        terms = [Stretch(t.weeks.first, min(t.weeks.last, last), t.name) for t in year.terms]
        pauses = [
            Stretch(p.weeks.first, min(p.weeks.last, last), p.name, p.class_year)
            for p in year.pauses
        ]
        return cls(
            last,
            tuple(term for term in terms if term.first <= last),
            tuple(pause for pause in pauses if pause.first <= last),
        )

    @property
    def whole(self) -> Stretch:
        """All of it."""
        return Stretch(1, self.weeks)

    def active(self, within: Stretch) -> list[int]:
        """The weeks in which something is expected of everyone."""
        pauses = [pause for pause in self.pauses if pause.class_year is None]
        return [
            week
            for week in range(within.first, min(within.last, self.weeks) + 1)
            if not any(week in pause for pause in pauses)
        ]

    def halves(self) -> tuple[Stretch, ...]:
        """Its terms; two halves where none are named, as two are what a year counts as then."""
        if self.terms or self.weeks < 2:
            return self.terms or (self.whole,)
        middle = self.weeks // 2
        return (Stretch(1, middle), Stretch(middle + 1, self.weeks))
