"""What is different from one run to the next, student by student. Reads, never writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from matching.models import MatchPair, MatchRun
from programs.models import Enrollment

NAMED = 12

Place = tuple[int, str]


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
    was, now = chosen[before.pk], chosen[run.pk]
    both = [place for place in now if place in was]
    changed = [place for place in both if was[place] != now[place]]
    return RunChanges(
        before=before,
        moved=sum(was[place] is not None and now[place] is not None for place in changed),
        found=sum(was[place] is None for place in changed),
        lost=sum(now[place] is None for place in changed),
        same=len(both) - len(changed),
        named=_named(changed, was, now),
    )


def _named(
    changed: Iterable[Place], was: dict[Place, int | None], now: dict[Place, int | None]
) -> list[Moved]:
    shown = list(changed)[:NAMED]
    ids = {who for place in shown for who in (place[0], was[place], now[place]) if who}
    if not ids:
        return []
    rows = Enrollment.objects.filter(pk__in=ids).select_related("person")
    names = {row.pk: row.person.full_name for row in rows}
    return [
        Moved(
            names.get(place[0], ""), names.get(was[place] or 0, ""), names.get(now[place] or 0, "")
        )
        for place in shown
    ]
