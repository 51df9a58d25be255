"""What is different from one run to the next, student by student. Reads, never writes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from matching.models import MatchPair, MatchRun
from programs.models import Enrollment

NAMED = 12

Place = tuple[int, str]
"""A student in a shape."""
Mentors = Mapping[Place, int | None]
Change = tuple[int, int | None, int | None]
"""A student, whom she had and whom she has."""


@dataclass(frozen=True)
class Counted:
    """Of those who are on both sides: how many have another mentor, found one, lost theirs."""

    moved: int
    found: int
    lost: int
    same: int
    changed: list[Change]


@dataclass(frozen=True)
class Moved:
    """A student who has another mentor, has found one, or has none any more."""

    student: str
    was: str
    now: str


@dataclass(frozen=True)
class RunChanges:
    """How many changed between two runs, and the first of them by name."""

    before: MatchRun
    moved: int
    found: int
    lost: int
    same: int
    named: list[Moved] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.moved + self.found + self.lost - len(self.named)


def between(before: MatchRun, run: MatchRun) -> RunChanges:
    """Of those who are in both runs; two questions to the database."""
    chosen: dict[int, dict[Place, int | None]] = {before.pk: {}, run.pk: {}}
    rows = MatchPair.objects.filter(run__in=[before.pk, run.pk]).order_by("pk")
    for at, student, shape, mentor in rows.values_list("run", "student", "shape", "mentor"):
        chosen[at][student, shape] = mentor
    found = counted(chosen[before.pk], chosen[run.pk])
    return RunChanges(
        before=before,
        moved=found.moved,
        found=found.found,
        lost=found.lost,
        same=found.same,
        named=named(found.changed[:NAMED]),
    )


def counted(was: Mentors, now: Mentors) -> Counted:
    """The changes in the order of ``now``."""
    both = [place for place in now if place in was]
    changed = [(place[0], was[place], now[place]) for place in both if was[place] != now[place]]
    return Counted(
        moved=sum(before is not None and after is not None for _who, before, after in changed),
        found=sum(before is None for _who, before, _after in changed),
        lost=sum(after is None for _who, _before, after in changed),
        same=len(both) - len(changed),
        changed=changed,
    )


def named(changes: Iterable[Change]) -> list[Moved]:
    """The same by name, nobody as nothing; one question to the database."""
    shown = list(changes)
    ids = {who for change in shown for who in change if who}
    if not ids:
        return []
    rows = Enrollment.objects.filter(pk__in=ids).select_related("person")
    names = {row.pk: row.person.full_name for row in rows}
    return [
        Moved(names.get(who, ""), names.get(was or 0, ""), names.get(now or 0, ""))
        for who, was, now in shown
    ]
