"""Supervisors' groups and who is in them."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from mentoring.constraints import violates
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from sessions.models import MeetingState, SupervisorGroup, SupervisorPlace

_TAKEN = _("Somebody put one of them into another group a moment ago. Look again.")


@transaction.atomic
def create(*, cohort: Cohort, supervisor: Enrollment, name: str, by: User) -> SupervisorGroup:
    """A group of one supervisor of this cohort."""
    name = " ".join(name.split())
    if not name:
        raise DomainError(_("Give the group a name."), field="name")
    if (
        supervisor.cohort_id != cohort.pk
        or supervisor.role != Role.SUPERVISOR
        or not supervisor.is_present
    ):
        raise DomainError(_("Choose a supervisor of this cohort."), field="supervisor")
    if cohort.supervisor_groups.filter(name=name, ended_at=None).exists():
        raise DomainError(_("There is a group of that name already."), field="name")
    group = SupervisorGroup.objects.create(cohort=cohort, supervisor=supervisor, name=name)
    audit.record(by=by, action="supervisor_group.created", subject=group, cohort=cohort)
    return group


@transaction.atomic
def set_members(*, group: SupervisorGroup, members: Collection[int], by: User) -> int:
    """Who is in the group from now on (by enrollment); the places of others end. How many changed.

    Whoever is in another group moves: a person is in one group at a time.
    """
    if group.ended_at:
        raise DomainError(_("This group has ended."))
    now = clock.now()
    wanted = set(
        Enrollment.objects.filter(
            pk__in=members,
            cohort=group.cohort_id,
            role__in=list(PARTICIPANT_ROLES),
            state__in=Enrollment.PRESENT,
        ).values_list("pk", flat=True)
    )
    live = group.places.filter(ended_at=None)
    here = set(live.values_list("enrollment", flat=True))
    joining = wanted - here
    live.exclude(enrollment__in=wanted).update(ended_at=now)
    SupervisorPlace.objects.filter(enrollment__in=joining, ended_at=None).update(ended_at=now)
    try:
        with transaction.atomic():
            SupervisorPlace.objects.bulk_create(
                SupervisorPlace(group=group, enrollment_id=pk, started_at=now)
                for pk in sorted(joining)
            )
    except IntegrityError as error:
        if violates(error, "one_supervisor_group_at_a_time") or violates(error, "enrollment_id"):
            raise DomainError(_TAKEN) from error
        raise
    changed = sorted(joining | (here - wanted))
    if changed:
        audit.record(
            by=by,
            action="supervisor_group.members",
            subject=group,
            cohort=group.cohort,
            joined=sorted(joining),
            left=sorted(here - wanted),
        )
    return len(changed)


@transaction.atomic
def end(*, group: SupervisorGroup, by: User) -> None:
    """Close the group; refused while dates of it are still to come."""
    ahead = group.series.filter(
        meetings__state=MeetingState.BOOKED, meetings__starts_at__gt=clock.now()
    )
    if ahead.exists():
        raise DomainError(_("Dates of this group are still to come. Cancel them first."))
    group.ended_at = clock.now()
    group.save(update_fields=["ended_at"])
    group.places.filter(ended_at=None).update(ended_at=group.ended_at)
    audit.record(by=by, action="supervisor_group.ended", subject=group, cohort=group.cohort)
