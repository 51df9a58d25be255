"""What monitoring flagged, and what became of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from statistics import median

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from evaluation.models import Flag
from evaluation.monitoring.catalog import BY_SLUG, RULES
from evaluation.reports.basis import Basis
from evaluation.reports.closings import closing
from evaluation.reports.disclosure import NOWHERE, Move, fold
from evaluation.reports.section import MEETS, Block, Section, Text, Words, facts, parts_of

CELLS = ("cleared", "dismissed", "standing")


def figures(basis: Basis) -> Iterator[Block]:
    rows = Flag.objects.filter(cohort=basis.cohort, opened_at__lt=basis.over)
    if basis.level not in MEETS["facts"]:
        shown = [rule.slug for rule in RULES if rule.only_counts]
        rows = rows.filter(rule__in=shown, enrollment=None)
    moves: dict[str, list[Move]] = defaultdict(list)
    cleared: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    subjects: dict[str, int] = {}
    for rule, subject, opened, resolved, gone in rows.order_by("pk").values_list(
        "rule", "subject", "opened_at", "resolved_at", "cleared_at"
    ):
        unit = subjects.setdefault(subject, len(subjects))
        moves[rule].append(Move(opened, unit, NOWHERE, "standing"))
        if resolved is not None:
            moves[rule].append(Move(resolved, unit, "standing", "dismissed"))
        elif gone is not None:
            moves[rule].append(Move(gone, unit, "standing", "cleared"))
            cleared[rule].append((opened, gone))
    for rule in [rule.slug for rule in RULES if rule.slug in moves]:
        yield from _rule(basis, rule, moves[rule], cleared[rule])


def _rule(
    basis: Basis, rule: str, moves: list[Move], cleared: list[tuple[datetime, datetime]]
) -> Iterator[Block]:
    table = fold(moves, basis.closings, cells=CELLS)
    yield parts_of(f"rule:{rule}", table, CELLS, events=True)
    # Of the very flags that the number above counts, on the day since which it stands.
    shown = table.cells["cleared"]
    if shown.value and shown.since:
        until = closing(shown.since, basis.zone).over
        days = [
            (basis.local(end) - basis.local(start)).days for start, end in cleared if end < until
        ]
        yield facts(f"days:{rule}", median=float(median(days)))


NAMES: dict[str, Text] = {
    "standing": _("Open, or in somebody's hands"),
    "cleared": _("Cleared by the facts"),
    "dismissed": _("Settled by a coordinator"),
}


def words(slug: str) -> Words:
    kind, _colon, rule = slug.partition(":")
    title = BY_SLUG[rule].title if rule in BY_SLUG else rule
    if kind == "days":
        return Words(
            _("%(rule)s: time until cleared") % {"rule": title},
            _(
                "Median of whole days from a flag's opening to its clearing, over the flags "
                "counted above as cleared by the facts."
            ),
            lambda _key: _("Median, in days"),
            value=lambda _key, value: number_format(value, 0 if value == int(value) else 1),
        )
    return Words(
        title,
        _(
            "Every flag of this rule that was opened by that day, by how it stood on that day. A "
            "pair that was flagged twice counts twice."
        ),
        lambda key: NAMES[key],
        _("All flags opened"),
    )


SECTION = Section(
    slug="flags",
    title=_("Flags"),
    intro=_("What monitoring noticed, and what became of it."),
    figures=figures,
    words=words,
    needs="counts",
)
