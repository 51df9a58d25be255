"""Matching's part in a roll-over: groups go on with those who stay, and back."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import Membership, Mentorship
from matching.services.finishing import finish, revive
from matching.services.telling import tell_year
from matching.years import seats
from matching.years.endings import (
    COMPLETES,
    LEAVES,
    GroupTurn,
    times_up,
    turns,
    ways_planned,
    ways_taken,
)
from mentoring.accounts.models import User
from mentoring.ports import YearLine
from programs.models import RollOver
from programs.years.plan import spec_of

NAME = "matching"


def times_up_in(roll_over: RollOver) -> Iterable[int]:
    """Juniors whose time in every group is over by the program."""
    return times_up(roll_over)


def lines(roll_over: RollOver) -> Iterable[YearLine]:
    """How many groups go on, which end, who leaves them, and how many seats are to be filled."""
    ways = ways_planned(roll_over)
    found = turns(roll_over, ways)
    url = reverse("matching:next_year", args=[roll_over.cohort.key])
    going = [turn for turn in found if not turn.over]
    ending = sum(len(turn.ends) for turn in found)
    missing = sum(group.missing for group in seats.of_turns(going, ways, spec_of(roll_over)))
    going_on, over = len(going), len(found) - len(going)
    texts = [
        (going_on, ngettext("%(n)d mentorship goes on.", "%(n)d mentorships go on.", going_on)),
        (over, ngettext("%(n)d mentorship is over.", "%(n)d mentorships are over.", over)),
        (ending, ngettext("%(n)d place in them ends.", "%(n)d places in them end.", ending)),
        (
            missing,
            ngettext("%(n)d seat is to be filled.", "%(n)d seats are to be filled.", missing),
        ),
    ]
    for number, text in texts:
        if number:
            yield YearLine(text % {"n": number}, url)


def rolled(roll_over: RollOver, by: User | None) -> tuple[str, Any]:
    """End what ends; everything else stays as it is. The ids that an undo needs."""
    found = turns(roll_over, ways_taken(roll_over))
    at = roll_over.done_at
    assert at is not None  # noqa: S101 (set by who calls)
    ending = {place.membership: why for turn in found for place, why in turn.ends}
    rows = list(
        Membership.objects.filter(mentorship__cohort=roll_over.cohort_id, ended_at=None)
        .filter(mentorship__state__in=Mentorship.LIVE)
        .select_related("mentorship__cohort", "enrollment", "person")
        .order_by("pk")
    )
    places = [row for row in rows if row.pk in ending]
    over = [turn.mentorship for turn in found if turn.over]
    finish(places=places, over=over, at=at, by=by, why="year")
    _empty_groups(over, {place.mentorship_id for place in places}, at)
    tell_year(roll_over, _who_is_told(found, {row.pk: row for row in rows}))
    return NAME, {"places": sorted(ending), "groups": sorted(over)}


def _empty_groups(over: Iterable[int], ended: set[int], at: Any) -> None:
    """A group without anybody in it has no place that ends; it is over all the same."""
    left = [pk for pk in over if pk not in ended]
    Mentorship.objects.filter(pk__in=left).update(state=Mentorship.State.COMPLETED, ended_at=at)


def _who_is_told(found: Iterable[GroupTurn], rows: dict[int, Membership]) -> dict[User, set[int]]:
    """Mentors who go on, and whoever goes on without this group; with the mentorships."""
    told: dict[User, set[int]] = {}
    for turn in found:
        for place in turn.leaders:
            told.setdefault(rows[place.membership].person, set()).add(turn.mentorship)
        for place, why in turn.ends:
            if why not in {COMPLETES, LEAVES}:
                told.setdefault(rows[place.membership].person, set()).add(turn.mentorship)
    return told


def obstacles(roll_over: RollOver) -> Iterable[str]:
    """Places that began since."""
    since = Membership.objects.filter(
        mentorship__cohort=roll_over.cohort_id, started_at__gt=roll_over.done_at
    )
    if since.exists():
        yield _("Somebody got a place in a mentorship.")
    ended = Membership.objects.filter(
        mentorship__cohort=roll_over.cohort_id, ended_at__gt=roll_over.done_at
    )
    if ended.exists():
        yield _("Somebody’s place in a mentorship ended.")


def undone(roll_over: RollOver, by: User | None) -> None:
    """Places that ended with the roll-over are live again, and so are their groups."""
    record = roll_over.record.get(NAME, {})
    at = roll_over.done_at
    assert at is not None  # noqa: S101 (set by who calls)
    rows = Membership.objects.filter(pk__in=record.get("places", []), ended_at=at).select_related(
        "mentorship__cohort", "enrollment", "person"
    )
    revive(places=list(rows.order_by("pk")), at=at, by=by)
    Mentorship.objects.filter(
        pk__in=record.get("groups", []), state=Mentorship.State.COMPLETED, ended_at=at
    ).update(state=Mentorship.State.ACTIVE, ended_at=None, ended_by="")
