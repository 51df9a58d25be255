"""Trainings and supervisions as lists: dates, places, and who attended how often.

Set-based: what is required, attended and enrolled ahead is annotated on the people of a cohort,
so that a table of two thousand sorts, narrows and pages in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Lower

from mentoring import access, clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.rows import sole
from programs.models import Cohort, Edition, Enrollment
from programs.queries import calendar_of
from programs.spec.support import Incentive
from sessions import counting
from sessions.models import Meeting, MeetingState, Participant, Series, SupervisorGroup, Waiting
from sessions.quota import Period, Quota, midnight, quotas

E = Enrollment.State
# Who owes a quota: people who take part, or did until the end.
OWING = (E.ACTIVE, E.COMPLETED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cohort's program requires in the edition at hand."""

    cohort: Cohort
    quotas: tuple[Quota, ...]
    incentives: tuple[Incentive, ...] = ()

    @property
    def periods(self) -> list[Period]:
        return list(dict.fromkeys(quota.period for quota in self.quotas))

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(quota.role for quota in self.quotas))

    def of(self, period: Period | None, role: str | None = None) -> list[Quota]:
        """The quotas of a period, of everyone or of a role."""
        return [q for q in self.quotas if q.period == period and role in (None, q.role)]


def plan_of(cohort: Cohort, edition: Edition | None = None) -> Plan:
    """The quotas of an edition, else of the current one; a few queries, however large it is."""
    calendar, edition = calendar_of(cohort), edition or cohort.edition
    terms = [
        (term.starts, term.ends, term.name)
        for term in calendar.terms
        if edition.starts <= term.starts <= edition.ends
    ]
    found = quotas(
        edition.version.spec,
        edition=(edition.starts, edition.ends),
        terms=terms,
        days=calendar.days_since,
    )
    return Plan(cohort, tuple(found), edition.version.spec.incentives)


# --- Quotas --------------------------------------------------------------------------------------


def _counting(quota: Quota, cohort: Cohort) -> QuerySet[Participant]:
    """The row's places in what counts for the quota, whatever became of them."""
    first, end = quota.period.bounds(cohort.zone)
    rows = counting.units(kind=quota.kind, minutes=quota.minutes, days=quota.days)
    return rows.filter(enrollment=OuterRef("pk"), starts_at__gte=first, starts_at__lt=end)


def joined() -> Coalesce:
    """Since when somebody takes part."""
    return Coalesce("activated_at", "accepted_at", "created_at")


def _owed(quota: Quota, cohort: Cohort) -> Case:
    steps = [
        When(joined__lt=midnight(before, cohort.zone), then=Value(times))
        for before, times in quota.steps
    ]
    return Case(*steps, default=Value(0), output_field=IntegerField())


def people(cohort: Cohort, wanted: Iterable[Quota]) -> QuerySet[Any]:
    """Those who owe these quotas, with ``owed_0 attended_0 ahead_0 …`` and ``missing_0 …``.

    ``short`` is what is missing in all, ``uncovered`` what no place ahead covers either.
    """
    wanted = list(wanted)
    roles = sorted({quota.role for quota in wanted})
    rows: QuerySet[Any] = Enrollment.objects.filter(
        cohort=cohort, role__in=roles, state__in=OWING
    ).annotate(joined=joined(), name=Lower("person__family_name"))
    short: Any = Value(0)
    uncovered: Any = Value(0)
    zero = Value(0)
    for n, quota in enumerate(wanted):
        places = _counting(quota, cohort)
        theirs = Q(role=quota.role)
        rows = rows.annotate(
            **{
                f"owed_{n}": Case(When(theirs, then=_owed(quota, cohort)), default=zero),
                f"attended_{n}": counting.number(counting.attended(places)),
                f"ahead_{n}": counting.number(counting.ahead(places)),
            }
        )
        missing = Greatest(F(f"owed_{n}") - F(f"attended_{n}"), zero)
        rows = rows.annotate(**{f"missing_{n}": missing})
        short += F(f"missing_{n}")
        uncovered += Greatest(F(f"missing_{n}") - F(f"ahead_{n}"), zero)
    found: QuerySet[Any] = rows.annotate(
        short=ExpressionWrapper(short, output_field=IntegerField()),
        uncovered=ExpressionWrapper(uncovered, output_field=IntegerField()),
    )
    return found


def with_hours(rows: QuerySet[Any], cohort: Cohort, wanted: Iterable[Quota]) -> QuerySet[Any]:
    """The same people with ``hours``: how long they attended what counts, as a duration."""
    total: Any = Value(timedelta(0), output_field=DurationField())
    for quota in wanted:
        attended = counting.attended(_counting(quota, cohort))
        spent = attended.values("enrollment").annotate(t=Sum("lasts")).values("t")
        total += Coalesce(
            Subquery(spent, output_field=DurationField()),
            Value(timedelta(0), output_field=DurationField()),
        )
    found: QuerySet[Any] = rows.annotate(
        hours=ExpressionWrapper(total, output_field=DurationField())
    )
    return found


# --- Dates ---------------------------------------------------------------------------------------


def dates(cohort: Cohort) -> QuerySet[Any]:
    """The dates of a cohort's series with ``taken`` and ``came``: places held, people present."""
    return counted(Meeting.objects.filter(cohort=cohort, series__isnull=False))


def counted(rows: QuerySet[Meeting]) -> QuerySet[Any]:
    """Dates with their numbers and what a line about them says."""
    places = Participant.objects.filter(meeting=OuterRef("pk")).order_by()

    def number(of: QuerySet[Participant]) -> Coalesce:
        found = of.values("meeting").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(found, output_field=IntegerField()), 0)

    return rows.select_related("series__group", "cohort").annotate(
        in_line=Coalesce(Subquery(_line().values("n"), output_field=IntegerField()), 0),
        taken=number(places.filter(holds=True)),
        # Of a course: how many days stand, and whether it has begun or been written up.
        days=Case(When(series__course=True, then=_days()), default=0, output_field=IntegerField()),
        under_way=_under_way(),
        came=number(places.filter(attendance=counting.PRESENT)),
        # What is still to be held or written up stands first.
        settled=Case(When(state=MeetingState.BOOKED, then=0), default=1),
    )


def _days() -> Subquery:
    rows = Meeting.objects.filter(series=OuterRef("series")).order_by()
    rows = rows.exclude(state=MeetingState.CANCELLED)
    return Subquery(rows.values("series").annotate(n=Count("pk")).values("n"))


def _under_way() -> Exists:
    rows = Meeting.objects.filter(series=OuterRef("series"), series__course=True)
    rows = rows.exclude(state=MeetingState.CANCELLED)
    return Exists(rows.filter(Q(starts_at__lte=clock.now()) | Q(state=MeetingState.HELD)))


def _line(**only: Any) -> QuerySet[Any]:
    """How many wait for the row's date, or for the course it is a day of, as ``n``."""
    target = Q(meeting=OuterRef("pk")) | Q(meeting=None, series=OuterRef("series"))
    rows = Waiting.objects.filter(target, **only).order_by()
    return rows.values("series").annotate(n=Count("pk"))


def line(series: Series, meeting: Meeting) -> QuerySet[Waiting]:
    """The waiting list that a date belongs to, in order of arrival."""
    return Waiting.objects.filter(
        series=series, meeting=None if series.course else meeting
    ).order_by("pk")


def with_turn(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Dates with this person's ``turn`` on their waiting lists: 1 is the next; ``None``: none."""
    target = Q(meeting=OuterRef("pk")) | Q(meeting=None, series=OuterRef("series"))
    mine = Waiting.objects.filter(target, person=user).order_by().values("pk")[:1]
    before = _line(pk__lte=OuterRef("own_row")).values("n")
    found: QuerySet[Any] = rows.annotate(own_row=Subquery(mine)).annotate(
        turn=Subquery(before, output_field=IntegerField())
    )
    return found


def unrecorded(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Dates whose hour has come and whose list is still to be written."""
    return rows.filter(state=MeetingState.BOOKED, starts_at__lte=clock.now())


def open_to(user: User) -> QuerySet[Any]:
    """The coming dates that this person could come to, or holds a place in."""
    mine = Enrollment.objects.filter(
        cohort=OuterRef("cohort"),
        person=user,
        role=OuterRef("series__audience"),
        state__in=Enrollment.PRESENT,
    )
    in_group = mine.filter(
        supervisor_places__group=OuterRef("series__group"), supervisor_places__ended_at=None
    )
    holds = Participant.objects.filter(meeting=OuterRef("pk"), person=user, holds=True)
    rows = Meeting.objects.filter(
        series__isnull=False, state=MeetingState.BOOKED, starts_at__gt=clock.now()
    ).filter(Q(Exists(mine), series__group=None) | Q(Exists(in_group)) | Q(Exists(holds)))
    busy = Participant.objects.filter(
        person=user,
        holds=True,
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    ).exclude(meeting=OuterRef("pk"))
    found = counted(rows).annotate(mine=Exists(holds), busy=Exists(busy))
    return with_turn(found, user).order_by("starts_at", "pk")


def series_of(meeting: Meeting) -> Series:
    """The series of a training, orientation or supervision; only those have places."""
    if meeting.series is None:
        raise ValueError("only dates of a series have places")
    return meeting.series


def enrollment_for(user: User, series: Series) -> Enrollment | None:
    """With which place in the cohort a person can come to a series; ``None``: with none."""
    rows = Enrollment.objects.filter(
        cohort=series.cohort_id, person=user, role=series.audience, state__in=Enrollment.PRESENT
    )
    if series.group_id:
        rows = rows.filter(
            supervisor_places__group=series.group_id, supervisor_places__ended_at=None
        )
    return sole(rows)


def audience(series: Series) -> QuerySet[Enrollment]:
    """Everyone who could come, by name."""
    rows = Enrollment.objects.filter(
        cohort=series.cohort_id, role=series.audience, state__in=Enrollment.PRESENT
    )
    if series.group_id:
        rows = rows.filter(
            supervisor_places__group=series.group_id, supervisor_places__ended_at=None
        )
    return rows.select_related("person").order_by("person__family_name", "person__given_name", "pk")


def supervises(user: User) -> QuerySet[SupervisorGroup]:
    """The groups that this person supervises today."""
    return SupervisorGroup.objects.filter(
        supervisor__person=user,
        supervisor__role=Role.SUPERVISOR,
        supervisor__state__in=Enrollment.PRESENT,
        ended_at=None,
    ).select_related("cohort", "supervisor__person")


def led_by(user: User) -> list[SupervisorGroup]:
    """The same, looked up once while a page is read."""
    return access.remember(("led by", user.pk), lambda: list(supervises(user)))
