"""Lists of runs, pairs and mentorships, with all that their pages show."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Concat, Lower

from matching import shapes
from matching.models import (
    MatchPair,
    MatchRun,
    Membership,
    Mentorship,
    PairRule,
    StandIn,
)
from matching.services.standing import Standing
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Absence, Cohort, Enrollment

NAMED = 12
LONG = timedelta(days=13)
"""Two weeks: from then on somebody ought to stand in."""
SOON = timedelta(days=14)
WEAK_BELOW = 250_000
"""Pairs that score less than a quarter are worth a second look."""


def coordinated_ids(user: User) -> QuerySet[Enrollment, Any]:
    """The cohorts that a person coordinates, as a subquery."""
    return Enrollment.objects.filter(
        person=user, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).values("cohort_id")


def all_members() -> "Prefetch[str]":
    """Everyone who is or was in a mentorship, as ``seats``."""
    return Prefetch(
        "memberships",
        Membership.objects.select_related("person", "enrollment").order_by("started_at", "pk"),
        to_attr="seats",
    )


def mentorships(cohort: Cohort) -> QuerySet[Mentorship]:
    """The mentorships of a cohort, sortable by the names in them."""
    mentor = Q(memberships__role__in=MENTOR_ROLES)
    student = Q(memberships__role=Role.STUDENT)
    name = Lower(
        Concat("memberships__person__family_name", Value(" "), "memberships__person__given_name")
    )
    return (
        Mentorship.objects.filter(cohort=cohort)
        .annotate(
            mentor_name=Min(name, filter=mentor),
            student_name=Min(name, filter=student),
        )
        .prefetch_related(all_members())
    )


RUNS_SHOWN = 20


def runs(cohort: Cohort) -> QuerySet[MatchRun]:
    """The runs of a cohort, the latest first, without their bulky inputs."""
    return cohort.match_runs.defer("inputs").select_related("created_by").order_by("-number")


def pairs(run: MatchRun) -> QuerySet[MatchPair]:
    """What a run proposes, with the people and the rule that a pair has by now."""
    rule = PairRule.objects.filter(student=OuterRef("student"), mentor=OuterRef("mentor"))
    return (
        MatchPair.objects.filter(run=run)
        .select_related("student__person", "mentor__person")
        .annotate(rule_kind=rule.values("kind")[:1], rule_key=rule.values("key")[:1])
    )


def to_publish(run: MatchRun) -> QuerySet[MatchPair]:
    """The pairs of a run that would be published: all that place somebody and were not left out."""
    return run.pairs.exclude(mentor=None).filter(kept_out=False)


def group_leaders(run: MatchRun, numbers: Iterable[int | None]) -> dict[int, list[User]]:
    """Who is to lead these groups of a run; one query."""
    wanted = set(numbers)
    members = {
        group["number"]: [who for who, _role in group["members"]]
        for group in run.groups
        if group["number"] in wanted
    }
    rows = Enrollment.objects.select_related("person").in_bulk(
        list({who for leaders in members.values() for who in leaders})
    )
    return {
        number: [rows[who].person for who in leaders if who in rows]
        for number, leaders in members.items()
    }


def rules(cohort: Cohort) -> QuerySet[PairRule]:
    """The pair rules of a cohort, with the people they are about."""
    return (
        PairRule.objects.filter(cohort=cohort)
        .select_related("student__person", "mentor__person")
        .order_by("student__person__family_name", "pk")
    )


def unplaced(cohort: Cohort) -> QuerySet[Enrollment]:
    """Students of a cohort who take part and have no mentorship now."""
    placed = Membership.objects.filter(enrollment=OuterRef("pk"), role=Role.STUDENT, ended_at=None)
    return (
        Enrollment.objects.filter(cohort=cohort, role=Role.STUDENT, state__in=Enrollment.PRESENT)
        .filter(~Exists(placed))
        .select_related("person")
    )


def is_unplaced(enrollment: Enrollment) -> bool:
    """Whether this person has no mentorship now."""
    return not Membership.objects.filter(enrollment=enrollment, ended_at=None).exists()


def unplaced_count(cohort: Cohort) -> int:
    return unplaced(cohort).count()


def mentors(cohort: Cohort) -> QuerySet[Enrollment]:
    """Mentors of a cohort who take part and are not in reserve, with ``students_now``."""
    return (
        Enrollment.objects.filter(
            cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT, reserve=False
        )
        .select_related("person")
        .annotate(
            students_now=Count(
                "memberships__mentorship__memberships",
                filter=Q(
                    memberships__ended_at=None,
                    memberships__mentorship__memberships__role=Role.STUDENT,
                    memberships__mentorship__memberships__ended_at=None,
                ),
            )
        )
        .order_by("person__family_name", "person__given_name", "pk")
    )


def most_loaded(run: MatchRun) -> list[Enrollment]:
    """The mentors to whom a run gives the most students, with ``given``; none if that is one."""
    members = {group["number"]: [who for who, _role in group["members"]] for group in run.groups}
    counts: Counter[int] = Counter()
    for mentor, group in run.pairs.exclude(mentor=None).values_list("mentor", "group"):
        counts.update(members.get(group, [mentor]))
    most = max(counts.values(), default=0)
    if most < 2:
        return []
    ids = [mentor for mentor, count in counts.items() if count == most][:NAMED]
    rows = Enrollment.objects.filter(pk__in=ids).select_related("person")
    found = list(rows.order_by("person__family_name", "pk"))
    for row in found:
        row.given = most  # type: ignore[attr-defined]
    return found


def with_places(cohort: Cohort, rows: QuerySet[Enrollment] | None = None) -> list[Any]:
    """These mentors, or all, each with ``places_left`` for students."""
    standing, listed = Standing.of(cohort), shapes.described(cohort.planned_spec)
    found: list[Any] = list(mentors(cohort) if rows is None else rows)
    for mentor in found:
        mentor.places_left = standing.places_left(mentor, listed)
    return found


def free_places(cohort: Cohort) -> int:
    """How many places are left with the mentors of a cohort; those of a shared group count once."""
    standing, listed = Standing.of(cohort), shapes.described(cohort.planned_spec)
    rows, alone = list(mentors(cohort)), [shape for shape in listed if not shape["team"]]
    own = sum(standing.places_left(row, alone) for row in rows)
    return own + sum(standing.team_places(rows, shape) for shape in listed)


def load_counts(cohort: Cohort) -> dict[int, int]:
    """How many mentors have how many students."""
    standing = Standing.of(cohort)
    present = Enrollment.objects.filter(
        cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT
    ).values_list("pk", flat=True)
    return dict(sorted(Counter(standing.students_of(pk) for pk in present).items()))


def latest_reasons(cohort: Cohort, students: list[Enrollment]) -> dict[int, MatchPair]:
    """Why these students came out of the latest finished run without a mentor."""
    done = MatchRun.objects.filter(
        cohort=cohort, state__in=[MatchRun.State.DONE, MatchRun.State.PUBLISHED]
    )
    run = done.order_by("-number").only("pk").first()
    rows = MatchPair.objects.filter(run=run, mentor=None, student__in=students)
    return {row.student_id: row for row in rows} if run else {}


def live_count(cohort: Cohort) -> int:
    """How many mentorships live."""
    return Mentorship.objects.filter(cohort=cohort, state__in=Mentorship.LIVE).count()


def awaiting_review(user: User) -> QuerySet[MatchRun]:
    """Finished runs of cohorts that this person coordinates, with nothing later in the cohort."""
    later = MatchRun.objects.filter(cohort=OuterRef("cohort"), number__gt=OuterRef("number"))
    return (
        MatchRun.objects.filter(cohort__in=coordinated_ids(user), state=MatchRun.State.DONE)
        .filter(~Exists(later))
        .defer("inputs")
        .select_related("cohort")
        .order_by("cohort__name", "pk")
    )


def away_alone(user: User) -> list[Absence]:
    """Long absences, now or soon, of mentors whose students have nobody else in these days."""
    today = clock.now().date()
    beside = Membership.objects.filter(
        mentorship=OuterRef("mentorship"), ended_at=None, role__in=MENTOR_ROLES
    ).exclude(pk=OuterRef("pk"))
    planned = StandIn.objects.filter(mentorship=OuterRef("mentorship"), state__in=StandIn.STANDING)
    alone = Membership.objects.filter(
        enrollment=OuterRef("enrollment"), ended_at=None, mentorship__state__in=Mentorship.LIVE
    ).filter(~Exists(beside), ~Exists(planned))
    rows = (
        Absence.objects.filter(
            Exists(alone),
            enrollment__cohort__in=coordinated_ids(user),
            enrollment__cohort__state=Cohort.State.RUNNING,
            enrollment__role__in=MENTOR_ROLES,
            ends__gte=today,
            starts__lte=today + SOON,
        )
        .select_related("enrollment__person", "enrollment__cohort")
        .order_by("starts", "pk")
    )
    return [row for row in rows if row.ends - row.starts >= LONG]
