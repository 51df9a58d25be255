"""What another pair would cost, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.presenters import percent
from matching.reasons import why_forbidden
from programs.models import Enrollment


@dataclass(frozen=True)
class Answer:
    """A verdict, what it would be for her, for all, and who would move."""

    verdict: str
    possible: bool
    lines: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)


def answer(result: Mapping[str, Any], student: Enrollment, mentor: Enrollment) -> Answer:
    """The engine's answer about these two."""
    names = {"student": student.person.full_name, "mentor": mentor.person.full_name}
    if "why" in result:
        return Answer(why_forbidden(result["why"], names), possible=False)
    people = _people(result)
    if not result["placed"] and not result["total"]:
        verdict = _("The two could be a pair at no cost: as many are placed, with the same total.")
    elif result["placed"]:
        verdict = ngettext(
            "It would leave %(n)d other student without a mentor.",
            "It would leave %(n)d other students without a mentor.",
            -result["placed"],
        ) % {"n": -result["placed"]}
    else:
        verdict = _("As many would be placed, but all pairs together would be worse.")
    return Answer(
        verdict, possible=True, lines=_lines(result, names, people), moves=_moves(result, people)
    )


def _people(result: Mapping[str, Any]) -> dict[int, str]:
    ids = {who for move in result["moves"] for who in move if who} | {result["best"] or 0}
    rows = Enrollment.objects.filter(pk__in=ids).select_related("person")
    return {row.pk: row.person.full_name for row in rows}


def _lines(
    result: Mapping[str, Any], names: Mapping[str, str], people: Mapping[int, str]
) -> list[str]:
    there = percent(result["score"])
    lines = []
    if result["best_score"] is None:
        lines.append(_("For %(student)s: a place she would not have else.") % names)
    else:
        values = {**names, "there": there, "here": percent(result["best_score"]),
                  "best": people.get(result["best"], "")}  # fmt: skip
        lines.append(
            _("For %(student)s: %(there)d of 100, instead of %(here)d with %(best)s.") % values
        )
    if result["total"] and not result["placed"]:
        lines.append(
            _("For all together: %(points)s points of 100 less.")
            % {"points": f"{-result['total'] * 100 / 1_000_000:.1f}"}
        )
    if result.get("groups"):
        lines.append(_("How large groups are, and how evenly people are spread, is not counted."))
    return lines


def _moves(result: Mapping[str, Any], people: Mapping[int, str]) -> list[str]:
    found = []
    for student, was, now in result["moves"]:
        values = {
            "student": people.get(student, "?"),
            "was": people.get(was, "?"),
            "now": people.get(now, "?"),
        }
        if was and now:
            found.append(_("%(student)s: from %(was)s to %(now)s") % values)
        elif now:
            found.append(_("%(student)s: to %(now)s, instead of nobody") % values)
        else:
            found.append(_("%(student)s: nobody, instead of %(was)s") % values)
    return sorted(found)
