"""Who may read which diary entry. Lists and pages ask here, so that they cannot disagree."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from matching.models import Membership
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.accounts.visibility import Content, Sight, Viewer, sight
from mentoring.audit.models import Event
from programs.models import Cohort, Enrollment
from programs.queries import sees_since
from sessions.diary.owed import duties_of
from sessions.models import DiaryEntry, Side, SupervisorGroup, SupervisorPlace


def own(user: User) -> QuerySet[DiaryEntry]:
    """What this person wrote and did not delete."""
    return DiaryEntry.objects.filter(author=user, deleted_at=None)


def shared_with_members(user: User) -> QuerySet[DiaryEntry]:
    """Entries that others of her mentorships let her read.

    Only about days and from times of her membership: somebody who joined later reads nothing
    older, and somebody who left nothing that was written, changed or shared since.
    """
    places = Membership.objects.filter(
        Q(ended_at=None)
        | Q(ended_at__gte=OuterRef("updated_at"), ended_at__gt=OuterRef("members_at")),
        person=user,
        mentorship=OuterRef("mentorship"),
        started_at__lte=OuterRef("written_at"),
    ).annotate(first_day=TruncDate("started_at", tzinfo=UTC))
    return (
        _shared()
        .filter(Exists(places.filter(first_day__lte=OuterRef("day"))), members_at__isnull=False)
        .exclude(author=user)
    )


def shared_with_supervisor(user: User) -> QuerySet[DiaryEntry]:
    """Entries whose authors let this supervisor read them; none that was shared before her time.

    Where a cohort has supervisors' groups, that is the supervisor of the author's own group, and
    her time begins when the author came into it. Where it has none, it is every supervisor.
    """
    roles = Enrollment.objects.filter(
        person=user,
        role=Role.SUPERVISOR,
        state__in=Enrollment.PRESENT,
        cohort=OuterRef("mentorship__cohort"),
    ).annotate(since=Coalesce("accepted_at", "created_at"))
    return (
        _shared()
        .filter(
            ~Exists(_groups(OuterRef("mentorship__cohort")))
            | Exists(
                _places(OuterRef("mentorship__cohort"), OuterRef("author")).filter(
                    group__supervisor__person=user, started_at__lte=OuterRef("supervisor_at")
                )
            ),
            Exists(roles.filter(since__lte=OuterRef("supervisor_at"))),
            supervisor_at__isnull=False,
        )
        .exclude(author=user)
    )


def readable(user: User) -> QuerySet[DiaryEntry]:
    """Everything that others let this person read."""
    return DiaryEntry.objects.filter(
        Q(pk__in=shared_with_members(user).values("pk"))
        | Q(pk__in=shared_with_supervisor(user).values("pk"))
    )


def _shared() -> QuerySet[DiaryEntry]:
    return DiaryEntry.objects.filter(deleted_at=None, written_at__isnull=False)


def supervisors(*, cohort: Cohort, author: User) -> QuerySet[Enrollment]:
    """The author's supervisor; all of the cohort's, where there are no groups."""
    rows = cohort.enrollments.filter(role=Role.SUPERVISOR, state__in=Enrollment.PRESENT)
    if _groups(cohort).exists():
        own_group = _places(cohort, author).values("group__supervisor")
        rows = rows.filter(pk__in=own_group)
    return (
        rows.exclude(person=author).select_related("person").order_by("person__family_name", "pk")
    )


def _groups(cohort: Cohort | OuterRef) -> QuerySet[SupervisorGroup]:
    return SupervisorGroup.objects.filter(cohort=cohort, ended_at=None)


def _places(cohort: Cohort | OuterRef, author: User | OuterRef) -> QuerySet[SupervisorPlace]:
    """Where the author is in a group now."""
    return SupervisorPlace.objects.filter(
        group__cohort=cohort, group__ended_at=None, ended_at=None, enrollment__person=author
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """Who has opened an entry, and when last; the name is empty once she was erased."""

    who: str
    at: datetime


def readings(entry: DiaryEntry) -> list[Reading]:
    """The others who have read this entry, latest first; two queries."""
    events = Event.objects.filter(
        subject_type=entry._meta.label_lower,  # noqa: SLF001
        subject=entry.pk,
        action="diary.read",
    )
    rows = list(events.values("actor").annotate(last=Max("at")).order_by("-last"))
    people = User.objects.in_bulk([row["actor"] for row in rows])
    return [
        Reading(people[row["actor"]].full_name if row["actor"] in people else "", row["last"])
        for row in rows
    ]


def part_of(user: User) -> tuple[bool, bool, bool]:
    """Whether she has written, whether she supervises, and whether she mentors; one query."""
    places = Enrollment.objects.filter(person=user, state__in=Enrollment.PRESENT)
    row = User.objects.filter(pk=user.pk).values_list(
        Exists(own(user)),
        Exists(places.filter(role=Role.SUPERVISOR)),
        Exists(places.filter(role__in=list(MENTOR_ROLES))),
    )
    writes, supervises, mentors = row.get()
    return writes, supervises, mentors


def asked(cohort: Cohort) -> bool:
    """Whether the program asks mentors for a diary."""
    return bool(duties_of(cohort))


def for_coordinator(cohort: Cohort, user: User) -> tuple[Sight, QuerySet[DiaryEntry]]:
    """How much a coordinator sees, and of which entries: those that the program asks for.

    A diary that somebody keeps of her own accord is nobody's business, not even its date. Who
    gave herself the role sees nothing older than that.
    """
    rows = DiaryEntry.objects.filter(mentorship__cohort=cohort, written_at__isnull=False)
    rows = rows.filter(side=Side.MENTOR) if asked(cohort) else rows.none()
    since = sees_since(user, cohort, Role.COORDINATOR)
    if since is not None:
        rows = rows.filter(written_at__gte=since)
    return sight(Content.DIARY, Viewer.COORDINATOR, cohort.level), rows.order_by("-day", "-pk")
