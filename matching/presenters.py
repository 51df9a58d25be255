"""Rows and words for the pages of matching."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.engine.instance import MICRO
from matching.lacking import of_plain
from matching.models import MatchPair, MatchRun, Mentorship
from matching.names import with_whom
from matching.reasons import CRITERIA, lack_words, listed, reasons
from matching.reasons import left_over as left_over_words
from matching.shapes import described
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Cohort, Enrollment

Weights = list[tuple[str, str]]

PROCEDURES: dict[str, str | Promise] = {
    MatchRun.Procedure.OPTIMAL: gettext_lazy(
        "Places the most students, then makes the sum of all scores as great as can be."
    ),
    MatchRun.Procedure.FAIR: gettext_lazy(
        "Places the most students, then makes the weakest pair as good as can be, then the next, "
        "and so on; only then the sum counts."
    ),
    MatchRun.Procedure.STABLE: gettext_lazy(
        "Leaves no student and mentor who would both rather have each other, by their lists where "
        "there are lists, else by score."
    ),
    MatchRun.Procedure.RANDOM: gettext_lazy(
        "Draws by lot, with mentors' loads as even as can be. Scores do not matter."
    ),
    MatchRun.Procedure.WISHES: gettext_lazy(
        "Gives what was ranked first, so that no two would both rather have each other; whoever is "
        "left is placed by the best total."
    ),
    MatchRun.Procedure.KEEPING: gettext_lazy(
        "Places whoever waits, and lets pairs that have not met change where that takes it: as few "
        "as can be, and nobody for a better score."
    ),
    MatchRun.Procedure.GREEDY: gettext_lazy("Takes the best pair first. For comparison."),
}


@dataclass(frozen=True)
class PairRow:
    """A line of the review page."""

    row: MatchPair
    reasons: list[str]
    points: int | None
    weak: bool
    mentors: str
    note: str = ""


def pair_row(
    row: MatchPair,
    weak_below: int,
    leaders: Sequence[User] = (),
    note: str = "",
    *,
    scored: bool = True,
) -> PairRow:
    """With all who lead the group; their order is the group's. ``scored``: not drawn by lot."""
    score = row.score if scored else None
    points = None if score is None else percent(score)
    weak = score is not None and score < weak_below
    people = leaders or ([row.mentor.person] if row.mentor else [])
    names = listed(one.full_name for one in people)
    return PairRow(row, reasons(row), points, weak, names, note)


def weights_row(run: MatchRun, asked: Mapping[str, str] = MappingProxyType({})) -> Weights:
    """The weights of a run in words, the greatest first; ``asked`` are the cohort's questions."""
    ordered = sorted(run.weights.items(), key=lambda item: -item[1])
    names = {**asked, **CRITERIA}
    return [(str(names.get(name, name)), f"{weight:g}") for name, weight in ordered]


def percent(score: float) -> int:
    """A score in millionths as points of a hundred."""
    return round(score * 100 / MICRO)


@dataclass(frozen=True)
class RunRow:
    """A line of the list of runs, ready to be compared."""

    run: MatchRun
    placed: int
    unmatched: int
    mean: float | None
    minimum: int | None
    of_best: int | None
    optimal: bool
    gain: float | None
    most: int
    # Of students with a list: how many got their first, somebody on it, and how many there are.
    wished: tuple[int, int, int] | None


def run_rows(runs: Iterable[MatchRun]) -> list[RunRow]:
    """Runs with their figures, each compared with the one before it that weighed the same.

    Scores under other weights are other scores: a gain between them would say nothing.
    """
    rows: list[RunRow] = []
    earlier: dict[str, float] = {}
    for run in reversed(list(runs)):
        weighed = json.dumps(run.weights, sort_keys=True)
        row = _run_row(run, earlier.get(weighed))
        rows.append(row)
        if row.mean is not None:
            earlier[weighed] = row.mean
    return rows[::-1]


def _run_row(run: MatchRun, earlier: float | None) -> RunRow:
    found = run.result
    placed = found.get("placed", 0)
    # Where scores do not matter, to show them would say that they did.
    scored = placed and not run.is_lot
    # Pairs that stay as they are count for the average, and are no proposals.
    pairs = placed + found.get("kept", 0)
    mean = round(found["total"] * 100 / MICRO / pairs, 1) if scored else None
    least = found.get("minimum") if scored else None
    bound = found.get("bound") if scored else 0
    wished = found.get("wished") or {"lists": 0}
    loads = [int(load) for load, count in found.get("loads", {}).items() if count]
    return RunRow(
        run=run,
        placed=placed,
        unmatched=found.get("unmatched", 0),
        mean=mean,
        minimum=None if least is None else percent(least),
        of_best=round(100 * found["total"] / bound) if bound else None,
        optimal=bool(found.get("optimal") and scored),
        gain=None if mean is None or earlier is None else round(mean - earlier, 1),
        most=max(loads, default=0),
        wished=(wished["first"], wished["any"], wished["lists"]) if wished["lists"] else None,
    )


@dataclass(frozen=True)
class MentorshipRow:
    """A line of the list of mentorships."""

    mentorship: Mentorship
    mentors: list[Any]
    students: list[Any]

    @property
    def names(self) -> str:
        """Its students by name; of a group its name and how many there are."""
        number = len(self.students)
        if not self.mentorship.name:
            return with_whom(self.students)
        words = ngettext("%(n)d student", "%(n)d students", number) % {"n": number}
        return f"{self.mentorship.name}: {words}"


def mentorship_row(mentorship: Mentorship) -> MentorshipRow:
    """Those in it now; of an ended one, those who were in it at its end."""
    seats = mentorship.seats  # type: ignore[attr-defined]  # from queries.all_members
    there = [s for s in seats if s.ended_at is None or s.ended_at == mentorship.ended_at]
    return MentorshipRow(
        mentorship,
        [seat.person for seat in there if seat.is_mentor],
        [seat.person for seat in there if not seat.is_mentor],
    )


def lacks(run: MatchRun, asked: Mapping[str, str]) -> list[str]:
    """Who could be matched with nobody in this run, as something was a must."""
    return [lack_words(lack, asked) for lack in of_plain(run.result.get("lacking", []))]


def left_over(run: MatchRun) -> list[str]:
    """Why students are left over where groups were formed: each smallest reason once."""
    return [left_over_words(reason) for reason in run.result.get("left_over", [])]


def needs(cohort: Cohort, mentors: Iterable[Enrollment]) -> list[str]:
    """What a group needs more of the people who mentor before one can begin, in words."""
    there = Counter(row.role for row in mentors if row.capacity)
    text = _("A group needs %(least)d people in the role “%(role)s”; %(n)d can lead one so far.")
    return [
        text % {"least": seat["least"], "role": Role(seat["role"]).label, "n": there[seat["role"]]}
        for shape in described(cohort.planned_spec)
        if shape["team"] and there
        for seat in shape["seats"]
        if there[seat["role"]] < seat["least"]
    ]
