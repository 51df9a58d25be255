"""Whether a run treats the groups that a program looks at alike. Pure; no group of one to four.

Shares carry Wilson's interval and differences of shares Newcombe's; differences of mean scores
Welch's, which needs SciPy: for jobs only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matching.engine.instance import MICRO
from matching.trials import stats
from matching.trials.subgroups import hidden

Chosen = tuple[int, int | None]
"""A student and the score of the place she gets, or ``None`` where she gets none."""


@dataclass(frozen=True)
class _Fate:
    """What came out for one student: whether every place was found, and her mean score of 100."""

    placed: bool
    score: float | None


def measure(
    data: Mapping[str, Any], chosen: Iterable[Chosen], *, scored: bool, welch: bool
) -> dict[str, list[dict[str, Any]]]:
    """For each attribute the inputs name, its groups of students and how they fared.

    Who waits for several places is placed if she gets all of them. ``scored``: scores mattered to
    the procedure; ``welch``: with intervals for their differences (loads SciPy). A group that is
    kept back holds its value and ``few`` alone: those of fewer than five people, and as many
    others as hide them, since the numbers of all are known. ``mean`` is in points of a hundred,
    and kept back in the same way where fewer than five of a group are placed.
    """
    fates = _fates(chosen)
    people = [facts for facts in data["students"] if facts["id"] in fates]
    return {
        name: _table(_groups(people, fates, name), scored=scored, welch=welch)
        for name in data.get("equity", [])
    }


def _fates(chosen: Iterable[Chosen]) -> dict[int, _Fate]:
    places: dict[int, list[int | None]] = defaultdict(list)
    for student, score in chosen:
        places[student].append(score)
    found = {}
    for student, scores in places.items():
        got = [score for score in scores if score is not None]
        mean = sum(got) * 100 / MICRO / len(got) if got else None
        found[student] = _Fate(len(got) == len(scores), mean)
    return found


def _groups(
    people: Iterable[Mapping[str, Any]], fates: Mapping[int, _Fate], name: str
) -> dict[str, list[_Fate]]:
    """By value; those with nothing on record are a group as well, the last one."""
    found: dict[str, list[_Fate]] = defaultdict(list)
    for facts in people:
        value = facts.get(name)
        found["" if value is None else str(value)].append(fates[facts["id"]])
    return {value: found[value] for value in sorted(found, key=_order)}


def _order(value: str) -> tuple[bool, int, str]:
    """Numbers by size, words by the alphabet, nothing on record last."""
    return (not value, int(value) if value.isdecimal() else 0, value)


def _table(
    groups: Mapping[str, Sequence[_Fate]], *, scored: bool, welch: bool
) -> list[dict[str, Any]]:
    few = hidden([(len(them),) for them in groups.values()])
    untold = hidden([(len(_scores(them)),) for them in groups.values()], few)
    rows: list[dict[str, Any]] = []
    for index, (value, them) in enumerate(groups.items()):
        if index in few:
            rows.append({"value": value, "few": True})
            continue
        others = [one for other, those in groups.items() if other != value for one in those]
        row = {"value": value, **_shares(them, others)}
        if scored:
            row |= {"few_scores": True} if index in untold else _means(them, others, welch=welch)
        rows.append(row)
    return rows


def _shares(them: Sequence[_Fate], others: Sequence[_Fate]) -> dict[str, Any]:
    placed, of_others = (sum(one.placed for one in side) for side in (them, others))
    share = stats.proportion(placed, len(them))
    apart = stats.difference(placed, len(them), of_others, len(others)) if others else None
    return {
        "n": len(them),
        "placed": placed,
        "share": _plain(share),
        "difference": _plain(apart),
    }


def _means(them: Sequence[_Fate], others: Sequence[_Fate], *, welch: bool) -> dict[str, Any]:
    mine, theirs = _scores(them), _scores(others)
    apart = stats.mean_difference(mine, theirs) if welch else None
    mean = round(sum(mine) / len(mine), 6) if mine else None
    return {"mean": mean, "score_difference": _plain(apart)}


def _scores(them: Iterable[_Fate]) -> list[float]:
    return [one.score for one in them if one.score is not None]


def _plain(found: stats.Estimate | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {name: round(getattr(found, name), 6) for name in ("value", "low", "high")}
