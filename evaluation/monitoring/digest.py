"""Once a day the coordinators are told what is new: one mail, not one for each flag."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from evaluation.models import Flag
from evaluation.monitoring.world import Scope, World
from mentoring import outbox
from mentoring.accounts.permissions import Role
from programs.models import Enrollment

HOUR = time(7, 30)
KIND = "flag_digest"


def enqueue(world: World) -> int:
    """Queue today's digest for each cohort with news, from its hour on; how many mails.

    Flags are marked with the day of their digest in the same transaction, so each is told once.
    """
    ready = {key for key, scope in world.scopes.items() if _is_time(scope, world.now)}
    if not ready:
        return 0
    news = Flag.objects.filter(
        Q(snoozed_until=None) | Q(snoozed_until__lte=world.now),
        cohort__in=ready,
        state=Flag.State.OPEN,
        digest=None,
    )
    cohorts = set(news.order_by().values_list("cohort", flat=True).distinct())
    if not cohorts:
        return 0
    days = {key: world.scopes[key].today for key in cohorts}
    cohorts -= _done(days)
    for day in {days[key] for key in cohorts}:
        news.filter(cohort__in=[key for key in cohorts if days[key] == day]).update(digest=day)
    coordinators = Enrollment.objects.filter(
        cohort__in=cohorts, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).select_related("person")
    return outbox.enqueue_many(
        outbox.Draft(
            kind=KIND,
            dedupe_key=f"{KIND}:{row.cohort_id}:{days[row.cohort_id]}:{row.person_id}",
            recipient=row.person,
            context={"cohort": row.cohort_id, "day": days[row.cohort_id].isoformat()},
            not_after=world.now + timedelta(days=3),
            about=f"digest:{row.cohort_id}",
        )
        for row in coordinators
    )


def _is_time(scope: Scope, now: datetime) -> bool:
    """On working days from the hour on, by the cohort's clock."""
    local = now.astimezone(scope.calendar.zone)
    weekday = local.weekday() not in scope.calendar.weekend
    return weekday and scope.today not in scope.calendar.holidays and local.time() >= HOUR


def _done(days: dict[int, date]) -> set[int]:
    """Cohorts that had their digest of today."""
    rows = Flag.objects.filter(cohort__in=days, digest__in=set(days.values()))
    pairs = rows.order_by().values_list("cohort", "digest").distinct()
    return {cohort for cohort, day in pairs if days[cohort] == day}
