"""Days on which nothing is expected of somebody: declared, and taken back."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox, ports
from mentoring.errors import DomainError
from programs.models import Absence, Enrollment

if TYPE_CHECKING:
    from mentoring.accounts.models import User


@transaction.atomic
def declare(*, enrollment: Enrollment, starts: date, ends: date, by: "User | None") -> Absence:
    """Days on which nothing is expected of this person; no reason is asked."""
    if ends < starts:
        raise DomainError(_("The last day lies before the first."), field="ends")
    if ends < clock.today(enrollment.cohort.zone):
        raise DomainError(_("These days are over."), field="ends")
    edition = enrollment.cohort.editions.order_by("number")
    if ends < edition[0].starts or starts > edition.reverse()[0].ends:
        raise DomainError(_("These days lie outside the dates of the cohort."), field="starts")
    if (ends - starts).days > 366:
        raise DomainError(_("That is more than a year. Withdraw instead."), field="ends")
    if enrollment.absences.filter(starts__lte=ends, ends__gte=starts).exists():
        raise DomainError(_("Some of these days are declared already."), field="starts")
    absence = Absence.objects.create(enrollment=enrollment, starts=starts, ends=ends)
    if by is not None and by.pk != enrollment.person_id:
        outbox.enqueue(
            kind="absence_declared",
            recipient=enrollment.person,
            dedupe_key=f"absence_declared:{absence.pk}",
            context={"absence": absence.pk},
            about=f"absence:{absence.pk}",
        )
    audit.record(
        by=by,
        action="absence.declared",
        subject=absence,
        cohort=enrollment.cohort,
        enrollment=enrollment.pk,
        starts=starts.isoformat(),
        ends=ends.isoformat(),
    )
    return absence


@transaction.atomic
def end(*, absence: Absence, by: "User | None") -> None:
    """Take a declared absence back, or end it today when it has begun."""
    today = clock.today(absence.enrollment.cohort.zone)
    if absence.ends >= today:
        ports.ABSENCE_ENDED.tell(absence, by)
    audit.record(
        by=by,
        action="absence.ended",
        subject=absence,
        cohort=absence.enrollment.cohort,
        enrollment=absence.enrollment_id,
        starts=absence.starts.isoformat(),
        ends=absence.ends.isoformat(),
    )
    if absence.starts < today <= absence.ends:
        # What was is kept: rules rested on those days.
        absence.ends = date.fromordinal(today.toordinal() - 1)
        absence.save(update_fields=["ends"])
    elif absence.starts >= today:
        absence.delete()
    else:
        raise DomainError(_("This absence is over."))
