"""Rows shaped for the pages of trainings and supervisions: templates run no queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from programs.models import Cohort, CohortState, Enrollment
from sessions import calendar, training
from sessions import credits as earned
from sessions.credits import Credit, QuotaCount
from sessions.models import (
    Meeting,
    MeetingState,
    Series,
    SupervisorGroup,
    SupervisorPlace,
)
from sessions.quota import COUNTED, Period, Quota, current
from sessions.times import When, when

_CHOICES = 3
_AHEAD = 5
_LISTS = 5


@dataclass(frozen=True, slots=True)
class DateRow:
    """A date as its reader sees it; the meeting comes from ``training.counted``."""

    meeting: Any
    when: When
    where: str

    @property
    def title(self) -> str:
        return calendar.title(self.meeting)

    @property
    def begun(self) -> bool:
        return bool(self.meeting.starts_at <= clock.now())

    @property
    def free(self) -> int | None:
        """Places left; ``None``: no limit."""
        capacity = self.meeting.capacity
        return None if capacity is None else max(0, capacity - self.meeting.taken)

    @property
    def full(self) -> bool:
        return self.free == 0

    @property
    def days(self) -> int:
        """How many days the course has that it belongs to; 0: it is no course."""
        return int(self.meeting.days)

    @property
    def open(self) -> bool:
        """Whether this reader can take a place now."""
        taken = self.meeting.mine or self.meeting.busy or self.turn
        return not (self.full or self.begun or self.meeting.under_way or taken)

    @property
    def turn(self) -> int | None:
        """The reader's turn on the waiting list; where the rows were asked with it."""
        return getattr(self.meeting, "turn", None)

    @property
    def can_wait(self) -> bool:
        """Whether this reader can put herself on the waiting list."""
        taken = self.meeting.mine or self.meeting.busy or self.turn
        return self.full and not (self.begun or self.meeting.under_way or taken)

    @property
    def is_link(self) -> bool:
        """Whether ``where`` is an address to follow."""
        return self.where.startswith(("https://", "http://"))

    @property
    def list_due(self) -> bool:
        """Whether the attendance list is still to be written."""
        return self.begun and self.meeting.state == MeetingState.BOOKED


def date_rows(meetings: Iterable[Any], reader: User) -> list[DateRow]:
    return [
        DateRow(meeting, when(meeting, reader.zone), calendar.where(meeting))
        for meeting in meetings
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands on what her role owes, and what she can still choose."""

    enrollment: Enrollment
    period: Period | None
    counts: list[QuotaCount]
    # The counts of the whole edition, by period.
    terms: list[tuple[Period, list[QuotaCount]]]
    choices: list[DateRow]
    ahead: list[DateRow]
    # Full dates for which she waits.
    waits: list[DateRow]
    credits: list[tuple[str, Credit, str]] = field(default_factory=list)

    @property
    def uncovered(self) -> int:
        return sum(count.uncovered for count in self.counts)


def of(user: User, *, all_dates: bool = False) -> list[Standing]:
    """One standing for each place in a cohort that has opened dates; few queries for each."""
    places = list(
        Enrollment.objects.filter(
            person=user, role__in=list(PARTICIPANT_ROLES), state__in=Enrollment.PRESENT
        )
        .exclude(cohort__state=Cohort.State.ARCHIVED)
        .filter(Exists(Series.objects.filter(cohort=OuterRef("cohort"))))
        .select_related("cohort__program", "person")
        .order_by("pk")
    )
    if not places:
        return []
    dates: dict[tuple[int, str], list[DateRow]] = defaultdict(list)
    for row in date_rows(training.open_to(user), user):
        dates[row.meeting.cohort_id, row.meeting.series.audience].append(row)
    found = [_standing(place, dates[place.cohort_id, place.role], all_dates) for place in places]
    return [one for one in found if one.terms or one.choices or one.ahead or one.waits]


def _standing(place: Enrollment, dates: list[DateRow], all_dates: bool) -> Standing:
    cohort = place.cohort
    plan = training.plan_of(cohort) if _asks(place) else training.Plan(cohort, ())
    quotas = [quota for quota in plan.quotas if quota.role == place.role]
    today = clock.today(cohort.zone)
    row = training.people(cohort, quotas).filter(pk=place.pk).first() if quotas else None
    counts = earned.counts(row, quotas) if row else []
    periods = list(dict.fromkeys(count.quota.period for count in counts))
    period = current(periods, today)
    now = [count for count in counts if count.quota.period == period]
    mine = [row for row in dates if row.meeting.mine]
    others = once([row for row in dates if not row.meeting.mine])
    open_ = [row for row in others if row.open]
    wanted = {count.quota.kind for count in now if count.uncovered}
    first = [row for row in open_ if row.meeting.kind in wanted]
    return Standing(
        enrollment=place,
        period=period,
        counts=now,
        terms=[(each, [c for c in counts if c.quota.period == each]) for each in periods],
        choices=[row for row in others if not (row.turn or row.meeting.under_way)]
        if all_dates
        else first[:_CHOICES],
        waits=[row for row in others if row.turn],
        ahead=mine if all_dates else mine[:_AHEAD],
        credits=_credits(plan, place) if all_dates and row else [],
    )


def counts_of(places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], QuotaCount]:
    """How people stand on quotas of the term at hand, by enrollment and the quota's name.

    Left out: who takes part no longer, and what is not, or no longer, asked for. Few queries for
    each cohort and quota, however many people.
    """
    asked: dict[int, set[str]] = defaultdict(set)
    for pk, slug in places:
        asked[pk].add(slug)
    rows = Enrollment.objects.filter(pk__in=asked, state__in=Enrollment.PRESENT)
    people: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    cohorts: dict[int, Cohort] = {}
    for row in rows.exclude(cohort__state=Cohort.State.ARCHIVED).select_related("cohort__program"):
        cohorts[row.cohort_id] = row.cohort
        for slug in asked[row.pk]:
            people[row.cohort_id, row.role, slug].append(row.pk)
    plans = {pk: training.plan_of(cohort) for pk, cohort in cohorts.items()}
    found = {}
    for (cohort, role, slug), members in people.items():
        quota = _present_quota(plans[cohort], role, slug)
        if quota is not None:
            for row in training.people(cohorts[cohort], [quota]).filter(pk__in=members):
                found[row.pk, slug] = earned.counts(row, [quota])[0]
    return found


def _present_quota(plan: training.Plan, role: str, slug: str) -> Quota | None:
    """The quota of that name, when its period is the one at hand for the role."""
    theirs = [quota for quota in plan.quotas if quota.role == role]
    today = clock.today(plan.cohort.zone)
    period = current(dict.fromkeys(quota.period for quota in theirs), today)
    return next((q for q in theirs if q.slug == slug and q.period == period), None)


def once(rows: Iterable[DateRow]) -> list[DateRow]:
    """Each course by its first day only."""
    seen: set[int] = set()
    found = []
    for row in rows:
        if row.days and row.meeting.series_id in seen:
            continue
        seen.add(row.meeting.series_id)
        found.append(row)
    return found


def _asks(place: Enrollment) -> bool:
    """Whether the program asks this role for any; most roles need no further look."""
    return any(part.kind in COUNTED and part.role == place.role
               for part in place.cohort.spec.requirements)  # fmt: skip


def _credits(plan: training.Plan, place: Enrollment) -> list[tuple[str, Credit, str]]:
    today = clock.today(plan.cohort.zone)
    found = []
    for reward in earned.rewards(plan):
        if reward.incentive.role != place.role:
            continue
        row = earned.people(plan.cohort, reward).get(pk=place.pk)
        credit = earned.credit(row, reward, today)
        found.append((reward.title, credit, earned.text(credit.hours)))
    return found


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A supervisor's group with its next date and the lists that wait."""

    group: SupervisorGroup
    members: int
    next: DateRow | None
    due: list[DateRow]


def groups_of(user: User) -> list[GroupRow]:
    """The groups this person supervises, those of closing years last; three queries."""
    order = {str(state): n for n, state in enumerate(CohortState)}
    groups = sorted(training.led_by(user), key=lambda group: (order[group.cohort.state], group.pk))
    return group_rows(groups, user)


def group_rows(groups: Sequence[SupervisorGroup], reader: User) -> list[GroupRow]:
    """Groups with their dates; two queries however many."""
    if not groups:
        return []
    live = SupervisorPlace.objects.filter(group__in=groups, ended_at=None).order_by()
    members = dict(live.values_list("group").annotate(n=Count("pk")))
    rows = training.counted(
        Meeting.objects.filter(
            series__group__in=groups,
            state=MeetingState.BOOKED,
            starts_at__gt=clock.now() - timedelta(days=60),
        )
    ).order_by("starts_at", "pk")
    dates: dict[int, list[DateRow]] = defaultdict(list)
    for row in date_rows(rows, reader):
        dates[row.meeting.series.group_id].append(row)
    return [
        GroupRow(
            group,
            members.get(group.pk, 0),
            next((row for row in dates[group.pk] if not row.begun), None),
            [row for row in dates[group.pk] if row.begun],
        )
        for group in groups
    ]


def lists_due(user: User) -> list[DateRow]:
    """Attendance lists that wait for a coordinator."""
    theirs = Enrollment.objects.filter(
        person=user, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).values("cohort")
    return date_rows(_due(Meeting.objects.filter(cohort__in=theirs))[:_LISTS], user)


def _due(rows: QuerySet[Meeting]) -> QuerySet[Any]:
    of_series = rows.filter(Q(series__isnull=False)).exclude(cohort__state=Cohort.State.ARCHIVED)
    return training.unrecorded(training.counted(of_series)).order_by("starts_at", "pk")
