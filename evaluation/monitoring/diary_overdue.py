"""M9: a mentor's diary entry is overdue. Looks at dates only; no text is opened."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from evaluation.monitoring.calendar import DayCount, Unit
from evaluation.monitoring.pairs import live_memberships
from evaluation.monitoring.rule import (
    NUDGE_WINDOW,
    Finding,
    Nudge,
    Rule,
    Step,
    Text,
    Threshold,
)
from evaluation.monitoring.world import World
from mentoring.accounts.permissions import MENTOR_ROLES
from sessions.diary.due import Days, Owed, Place, duty
from sessions.diary.owed import Asks, DaysFor, last_saved, owed
from sessions.models import DiaryEntry

SLUG = "diary-overdue"


@dataclass(frozen=True, slots=True)
class RunningDays:
    """The days that count for one mentor, as monitoring counts them."""

    count: DayCount

    def date_after(self, since: date, days: int) -> date:
        position = bisect_right(self.count.running, since) + days - 1
        if days == 0:
            return since
        return self.count.running[position] if position < len(self.count.running) else date.max

    def between(self, first: date, last: date) -> int:
        return self.count.days(date.fromordinal(first.toordinal() - 1), last)


def find(world: World) -> Iterator[Finding]:
    """For each mentor the longest overdue entry, unless one was saved since it was; 4 queries."""
    asks = {key: found for key in world.watching(SLUG) if (found := _asks(world, key))}
    if not asks:
        return
    places = live_memberships(asks)
    by_place: dict[Place, list[Owed]] = {}
    for one in owed(asks, places, _days_for(world)):
        by_place.setdefault(one.place, []).append(one)
    saved = last_saved(asks, places)
    for place, entries in by_place.items():
        last = saved.get((place.mentorship, place.person), date.min)
        first = longest_overdue(entries, last, world.scopes[place.cohort].today)
        if first is not None:
            yield _finding(world, first)


def longest_overdue(entries: list[Owed], last: date, today: date) -> Owed | None:
    """The first entry that is due and not written; one saved (``last``) after that day settles it.

    Whoever writes again is not asked about every meeting she has passed over.
    """
    late = (one for one in entries if one.written_on is None and last <= one.due_on < today)
    return min(late, key=lambda one: (one.due_on, one.first, one.number), default=None)


def written_since(mentorship: int, person: int, since: datetime) -> bool:
    """Whether this mentor has saved an entry since."""
    return DiaryEntry.objects.filter(
        mentorship=mentorship, author=person, written_at__gte=since
    ).exists()


def _asks(world: World, cohort: int) -> Asks | None:
    scope = world.scopes[cohort]
    duties = {
        str(role): asked
        for role in MENTOR_ROLES
        if (asked := duty(scope.spec, str(role))) is not None
    }
    if not duties:
        return None
    return Asks(scope.calendar.zone, scope.edition, scope.terms, duties)


def _days_for(world: World) -> DaysFor:
    def days_for(place: Place | None, cohort: int) -> Days:
        return RunningDays(_count(world, cohort, place))

    return days_for


def _count(world: World, cohort: int, place: Place | None) -> DayCount:
    people = [place.enrollment] if place else []
    return world.scopes[cohort].calendar.count(Unit(mentors=world.presence(people)))


def _finding(world: World, one: Owed) -> Finding:
    place, scope = one.place, world.scopes[one.place.cohort]
    count = _count(world, place.cohort, place)
    days, limits = count.days(one.due_on, scope.today), scope.thresholds[SLUG]
    rests = count.rests_on(scope.today)
    step = "flag" if days >= limits["flag"] and not rests else ""
    nudge = not rests and limits["remind"] <= days < limits["remind"] + NUDGE_WINDOW
    since = datetime.combine(one.due_on, time(12), tzinfo=scope.calendar.zone).astimezone(UTC)
    return Finding(
        rule=SLUG,
        cohort=place.cohort,
        mentorship=place.mentorship,
        subject=f"mentor:{place.membership}",
        enrollment=place.enrollment,
        occurrence=f"meeting:{one.meeting}" if one.meeting else f"{one.last}:{one.number}",
        since=since,
        step=step,
        severity=RULE.step(step).severity if step else "",
        evidence={"due_on": one.due_on.isoformat()},
        nudges=(Nudge("diary_overdue", "nudge", place.person),) if nudge else (),
    )


def _evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    if "due_on" not in evidence:
        return _("A diary entry is overdue.")
    day = formats.date_format(date.fromisoformat(evidence["due_on"]), "j F Y")
    return _(
        "A diary entry was due on %(day)s, and none has been saved since. What a diary says is "
        "known to its author only."
    ) % {"day": day}


RULE = Rule(
    slug=SLUG,
    title=_("Diary overdue"),
    domain_id="M9",
    source=_(
        "Semmelweis asks its mentors for a diary and does not say how often; both numbers are ours."
    ),
    about=_(
        "Counts the days since an entry was due on which nothing is paused for the mentor: no "
        "holiday, exam week, placement or absence of hers. When an entry is due, the program "
        "says; a week after each meeting where it does not. Only whether and when an entry was "
        "saved is looked at. Programs without a diary, and students' diaries, are never watched."
    ),
    told=_("First the mentor; the coordinator when a flag opens."),
    clears=_("The mentor saves an entry."),
    thresholds=(
        Threshold(
            "remind",
            _("Remind the mentor after"),
            7,
            _("days"),
            _("A short mail with a link to the empty page."),
        ),
        Threshold(
            "flag",
            _("Flag for the coordinator after"),
            14,
            _("days"),
            _("Three weeks after the meeting, where an entry is due within one."),
        ),
    ),
    steps=(
        Step("nudge", "remind", _("The mentor is reminded.")),
        Step(
            "flag",
            "flag",
            _("A flag opens."),
            "warning",
            _("Ask the mentor how it goes; a few lines are enough, and nobody reads them."),
        ),
    ),
    find=find,
    evidence=_evidence,
)
