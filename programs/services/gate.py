"""The gate before matching: open when nothing necessary is red, or when a coordinator says why."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.errors import DomainError
from mentoring.ports import ReadinessItem
from programs.models import Cohort, CohortState
from programs.readiness import blocking

if TYPE_CHECKING:
    from mentoring.accounts.models import User

REASON_MAX = 500
# Once people meet, matching goes on: somebody always comes late.
BEFORE = (CohortState.PLANNING, CohortState.RECRUITING, CohortState.MATCHING)


def closed_by(cohort: Cohort) -> list[ReadinessItem]:
    """What keeps matching closed; empty: it is open."""
    if cohort.state not in BEFORE or cohort.override_at is not None:
        return []
    return blocking(cohort)


def refuse_unready(cohort: Cohort) -> None:
    """Refuse to match while something necessary is missing and nobody has opened the gate."""
    items = closed_by(cohort)
    if items:
        raise DomainError(
            _(
                "Matching is not open yet. Still to do: %(items)s. Do these on the cohort’s page, "
                "or open matching there with a reason."
            )
            % {"items": "; ".join(str(item.title) for item in items)}
        )


@transaction.atomic
def override(*, cohort: Cohort, reason: str, by: "User") -> None:
    """Open matching although something is missing. The reason and what was missing are kept."""
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Say why matching may begin already."), field="reason")
    if len(reason) > REASON_MAX:
        raise DomainError(
            _("The reason is longer than %(most)d characters.") % {"most": REASON_MAX},
            field="reason",
        )
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    missing = closed_by(locked)
    if not missing:
        raise DomainError(_("Matching is open already."))
    locked.override_reason, locked.override_at, locked.override_by = reason, clock.now(), by
    locked.save(update_fields=["override_reason", "override_at", "override_by"])
    audit.record(
        by=by,
        action="readiness.overridden",
        subject=locked,
        cohort=locked,
        missing=[item.slug for item in missing],
    )


@transaction.atomic
def withdraw_override(*, cohort: Cohort, by: "User") -> None:
    """Close matching again until what is necessary is done."""
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.override_at is None:
        return
    locked.override_reason, locked.override_at, locked.override_by = "", None, None
    locked.save(update_fields=["override_reason", "override_at", "override_by"])
    audit.record(by=by, action="readiness.override_withdrawn", subject=locked, cohort=locked)
