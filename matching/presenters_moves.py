"""Who moves in a run with the fewest changes, and so that who can be placed."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from matching.models import MatchRun
from matching.reasons import listed
from programs.models import Enrollment


@dataclass(frozen=True)
class MoveRow:
    """One student who changes her mentor. ``why`` names who comes in her place."""

    student: str
    was: str
    now: str
    why: str


def rows(run: MatchRun) -> list[MoveRow]:
    """At most one question to the database; none where nobody moves."""
    moves: list[dict[str, Any]] = run.result.get("moves", [])
    ids = {who for one in moves for who in (one["student"], one["was"], one["now"], *one["for"])}
    if not ids:
        return []
    people = Enrollment.objects.filter(pk__in=ids - {None}).select_related("person")
    names = {row.pk: row.person.full_name for row in people}
    return [
        MoveRow(
            student=names.get(one["student"], ""),
            was=names.get(one["was"], ""),
            now=names.get(one["now"], ""),
            why=_why(one, names),
        )
        for one in moves
    ]


def _why(move: dict[str, Any], names: dict[int, str]) -> str:
    if move["now"] is None:
        return _("there is no place for the two any more; nothing changes until you act")
    comers = [names[who] for who in move["for"] if who in names]
    if not comers:
        return _("the two may not be together any more")
    return _("makes room for %(names)s") % {"names": listed(comers)}
