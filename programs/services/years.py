"""The plan for a cohort's next year: its dates, its version, what becomes of single people."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring import audit
from mentoring.errors import DomainError
from programs.models import (
    Cohort,
    CohortState,
    Enrollment,
    Passage,
    ProgramVersion,
    RollOver,
)
from programs.years import plan as plans
from programs.years.people import Travelers

if TYPE_CHECKING:
    from mentoring.accounts.models import User


@transaction.atomic
def save_plan(
    *, cohort: Cohort, starts: date, ends: date, version: str, by: "User | None"
) -> RollOver:
    """Keep the dates of the next year, and the version it is to follow."""
    draft = draft_of(cohort=cohort, by=by)
    refuse_dates(cohort, starts, ends)
    draft.starts, draft.ends, draft.version = starts, ends, _version(cohort, version)
    draft.save(update_fields=["starts", "ends", "version"])
    audit.record(
        by=by,
        action="year.planned",
        subject=draft,
        cohort=cohort,
        starts=starts.isoformat(),
        ends=ends.isoformat(),
    )
    return draft


def draft_of(*, cohort: Cohort, by: "User | None") -> RollOver:
    """The plan of the next year, kept from now on; refused where there is no next year.

    Whoever plans, decides or begins in a cohort waits for her turn, and starts from what is then.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    cohort.refresh_from_db(fields=["state"])
    forget(cohort)
    if cohort.state != CohortState.RUNNING:
        raise DomainError(_("Only a running cohort goes on into another year."))
    if not plans.goes_on(cohort.planned_spec):
        raise DomainError(
            _("This program lasts a year: close the cohort, and open a new one for the next.")
        )
    draft = plans.plan_of(cohort)
    if not draft.is_kept:
        draft.created_by = by
        draft.save()
    return draft


def forget(cohort: Cohort) -> None:
    """Editions may have changed: they are looked up again."""
    for name in ("edition", "planned"):
        cohort.__dict__.pop(name, None)


def refuse_dates(cohort: Cohort, starts: date, ends: date) -> None:
    """Refuse days that lie backward, in a year that stands, or in the wrong calendar year."""
    last = cohort.planned
    if ends < starts:
        raise DomainError(_("The last day lies before the first."), field="ends")
    if starts <= last.ends:
        raise DomainError(
            _(
                "The year before ends on %(day)s. Begin after it, or change that day in the "
                "settings."
            )
            % {"day": date_format(last.ends)},
            field="starts",
        )
    if starts.year == last.starts.year:
        raise DomainError(
            _("Two years of a cohort cannot begin in the same calendar year."), field="starts"
        )
    if (ends - starts).days > 400:
        raise DomainError(_("A year has at most 400 days."), field="ends")


def _version(cohort: Cohort, choice: str) -> ProgramVersion | None:
    if choice == plans.TEMPLATE and plans.template_now(cohort) is not None:
        return None
    known = [cohort.planned.version, *plans.newer(cohort)]
    found = next((one for one in known if str(one.number) == choice), None)
    if found is None:
        raise DomainError(_("Choose one of the versions."), field="version")
    return found


@transaction.atomic
def choose(*, cohort: Cohort, enrollment: Enrollment, fate: str, by: "User | None") -> None:
    """Say what becomes of one person; saying what is proposed anyway takes a choice back."""
    draft = draft_of(cohort=cohort, by=by)
    traveler = Travelers(draft).by_enrollment().get(enrollment.pk)
    if traveler is None:
        raise DomainError(_("This person does not take part any more."))
    if fate not in traveler.choices and fate != traveler.proposed:
        raise DomainError(_("That is not possible for this person."), field="fate")
    rows = draft.passages.filter(enrollment=enrollment)
    if fate == traveler.proposed:
        rows.delete()
    else:
        Passage.objects.update_or_create(
            roll_over=draft, enrollment=enrollment, defaults={"fate": fate, "chosen": True}
        )
    audit.record(by=by, action="year.chosen", subject=enrollment, cohort=cohort, fate=fate)
