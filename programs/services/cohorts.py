"""A cohort's life and settings."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.calendar import countries
from programs.models import (
    Audience,
    Cohort,
    CohortState,
    Discretion,
    Edition,
    Enrollment,
    HelpContact,
    Pause,
    Term,
)
from programs.services import completing

if TYPE_CHECKING:
    from mentoring.accounts.models import User

S = CohortState
# From each state, where it may go. Steps back are for cohorts that nobody meets in yet.
MOVES: dict[str, tuple[CohortState, ...]] = {
    S.PLANNING: (S.RECRUITING,),
    S.RECRUITING: (S.MATCHING, S.PLANNING),
    S.MATCHING: (S.RUNNING, S.RECRUITING),
    S.RUNNING: (S.CLOSING,),
    S.CLOSING: (S.ARCHIVED, S.RUNNING),
    S.ARCHIVED: (),
}
LIFECYCLE = list(S)


@transaction.atomic
def unstart(*, cohort: Cohort, by: "User | None") -> None:
    """Back to matching, where the mentorships that began the running time were taken back."""
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if locked.state != S.RUNNING:
        return
    locked.state, locked.started_at = S.MATCHING, None
    locked.save(update_fields=["state", "started_at"])
    audit.record(
        by=by, action="cohort.moved", subject=locked, cohort=locked, before=S.RUNNING,
        after=S.MATCHING,
    )  # fmt: skip
    cohort.state, cohort.started_at = locked.state, locked.started_at


@transaction.atomic
def move(*, cohort: Cohort, to: str, by: "User | None") -> Cohort:
    """Take the cohort one step along its life; a forbidden step is refused with the reason."""
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    target = S(to)
    if target not in MOVES[locked.state]:
        raise DomainError(
            _("A cohort that is “%(now)s” cannot become “%(next)s”. Next would be: %(allowed)s.")
            % {
                "now": locked.get_state_display(),
                "next": target.label,
                "allowed": ", ".join(str(state.label) for state in MOVES[locked.state])
                or _("nothing"),
            }
        )
    _refuse_empty(locked, target)
    before = locked.state
    locked.state = target
    if target == S.RUNNING and locked.started_at is None:
        locked.started_at = clock.now()
    if target in (S.CLOSING, S.ARCHIVED):
        locked.applications_open = False
    locked.save(update_fields=["state", "started_at", "applications_open"])
    audit.record(
        by=by, action="cohort.moved", subject=locked, cohort=locked, before=before, after=to
    )
    if target == S.CLOSING:
        completing.close(cohort=locked, by=by)
    elif before == S.CLOSING and target == S.RUNNING:
        completing.reopen(cohort=locked, by=by)
    for name in ("state", "started_at", "applications_open", "closed_at"):
        setattr(cohort, name, getattr(locked, name))
    return cohort


@transaction.atomic
def move_on_to(*, cohort: Cohort, to: str, by: "User | None") -> Cohort:
    """Take the cohort forward, step by step, until it is there; nothing if it is already past."""
    target = LIFECYCLE.index(S(to))
    while LIFECYCLE.index(S(cohort.state)) < target:
        move(cohort=cohort, to=LIFECYCLE[LIFECYCLE.index(S(cohort.state)) + 1], by=by)
    return cohort


def _refuse_empty(cohort: Cohort, target: CohortState) -> None:
    if target != S.MATCHING:
        return
    roles = set(
        Enrollment.objects.filter(cohort=cohort, state__in=Enrollment.PRESENT).values_list(
            "role", flat=True
        )
    )
    if Role.STUDENT not in roles:
        raise DomainError(_("No student has accepted yet, so there is nobody to match."))
    if not roles & MENTOR_ROLES:
        raise DomainError(_("No mentor has accepted yet, so there is nobody to match with."))


@transaction.atomic
def change_settings(*, cohort: Cohort, by: "User | None", **fields: Any) -> Cohort:
    """Change name, time zone, country and region."""
    allowed = {"name", "time_zone", "country", "subdivision"}
    unknown = set(fields) - allowed
    if unknown:
        raise TypeError(f"not a setting of a cohort: {unknown}")
    changed = [name for name, value in fields.items() if getattr(cohort, name) != value]
    country = fields.get("country", cohort.country)
    subdivision = fields.get("subdivision", cohort.subdivision)
    if country and country not in countries():
        raise DomainError(_("The public holidays of this country are not known."), field="country")
    if subdivision and subdivision not in countries().get(country, ()):
        raise DomainError(_("This is not a region of the country."), field="subdivision")
    for name in changed:
        setattr(cohort, name, fields[name])
    if changed:
        cohort.save(update_fields=changed)
        audit.record(by=by, action="cohort.changed", subject=cohort, cohort=cohort, fields=changed)
    return cohort


@transaction.atomic
def set_applications(*, cohort: Cohort, open_: bool, by: "User | None") -> None:
    """Open or close the application page."""
    if open_ and cohort.state in (S.CLOSING, S.ARCHIVED):
        raise DomainError(_("This cohort is closing; it takes nobody new."))
    says = cohort.spec.enrollment
    if open_ and not (says.students_apply or says.mentors_apply):
        raise DomainError(_("Nobody applies to this program: its people come from a list."))
    if cohort.applications_open == open_:
        return
    cohort.applications_open = open_
    cohort.save(update_fields=["applications_open"])
    if open_ and cohort.state == S.PLANNING:
        move(cohort=cohort, to=S.RECRUITING, by=by)
    action = "applications.opened" if open_ else "applications.closed"
    audit.record(by=by, action=action, subject=cohort, cohort=cohort)


@transaction.atomic
def set_dates(*, edition: Edition, starts: date, ends: date, by: "User | None") -> None:
    """Change the first and the last day of an edition."""
    _refuse_backward(starts, ends)
    others = edition.cohort.editions.exclude(pk=edition.pk)
    if others.filter(starts__lte=ends, ends__gte=starts).exists():
        raise DomainError(_("These days overlap with another year of the cohort."), field="ends")
    outside = edition.terms.filter(starts__lt=starts) | edition.terms.filter(ends__gt=ends)
    if outside.exists():
        raise DomainError(
            _("The term “%(term)s” would lie outside. Change its dates first.")
            % {"term": outside.first()},
            field="ends",
        )
    edition.starts, edition.ends = starts, ends
    edition.save(update_fields=["starts", "ends"])
    audit.record(
        by=by,
        action="edition.dated",
        subject=edition,
        cohort=edition.cohort,
        starts=starts.isoformat(),
        ends=ends.isoformat(),
    )


@transaction.atomic
def save_term(
    *, edition: Edition, name: str, starts: date, ends: date, by: "User | None", term: Term | None
) -> Term:
    """Add a term or change one. Terms lie inside the edition and do not overlap."""
    _refuse_backward(starts, ends)
    if starts < edition.starts or ends > edition.ends:
        raise DomainError(
            _("The term must lie between %(starts)s and %(ends)s.")
            % {"starts": edition.starts, "ends": edition.ends},
            field="starts",
        )
    others = edition.terms.filter(starts__lte=ends, ends__gte=starts)
    clash = (others.exclude(pk=term.pk) if term else others).first()
    if clash is not None:
        raise DomainError(_("It overlaps with “%(term)s”.") % {"term": clash}, field="starts")
    term = term or Term(edition=edition)
    term.name, term.starts, term.ends = name, starts, ends
    term.save()
    audit.record(by=by, action="term.saved", subject=term, cohort=edition.cohort)
    return term


@transaction.atomic
def save_pause(*, edition: Edition, pause: Pause | None, by: "User | None", **fields: Any) -> Pause:
    """Add a pause or change one: kind, name, starts, ends, class_year (empty: everyone)."""
    _refuse_backward(fields["starts"], fields["ends"])
    pause = pause or Pause(edition=edition)
    for name in ("kind", "name", "starts", "ends", "class_year"):
        setattr(pause, name, fields[name])
    pause.save()
    audit.record(by=by, action="pause.saved", subject=pause, cohort=edition.cohort)
    return pause


@transaction.atomic
def remove_period(*, period: Term | Pause, by: "User | None") -> None:
    """Take a term or a pause away."""
    action = "term.removed" if isinstance(period, Term) else "pause.removed"
    audit.record(
        by=by,
        action=action,
        subject=period,
        cohort=period.edition.cohort,
        starts=period.starts.isoformat(),
        ends=period.ends.isoformat(),
    )
    period.delete()


@transaction.atomic
def save_contact(
    *, cohort: Cohort, contact: HelpContact | None, by: "User | None", **fields: Any
) -> HelpContact:
    """Add somebody to turn to, or change the entry."""
    if not (fields.get("phone") or fields.get("email") or fields.get("url")):
        raise DomainError(
            _("Give a telephone number, an e-mail address or a web page."), field="phone"
        )
    contact = contact or HelpContact(cohort=cohort)
    for name in ("kind", "name", "note", "phone", "email", "url", "hours"):
        setattr(contact, name, fields.get(name) or "")
    contact.languages = list(fields.get("languages") or [])
    contact.confidential = fields.get("confidential") or Discretion.UNKNOWN
    contact.audience = fields.get("audience") or Audience.ALL
    contact.save()
    audit.record(by=by, action="contact.saved", subject=contact, cohort=cohort)
    return contact


@transaction.atomic
def remove_contact(*, contact: HelpContact, by: "User | None") -> None:
    """Take an entry off the help page."""
    audit.record(by=by, action="contact.removed", subject=contact, cohort=contact.cohort)
    contact.delete()


@transaction.atomic
def confirm_dates(*, edition: Edition, by: "User | None") -> None:
    """Somebody has looked at all the terms that the template proposed; one saved says not that."""
    unchecked = Edition.objects.filter(pk=edition.pk, dates_checked_at=None)
    if unchecked.update(dates_checked_at=clock.now()):
        audit.record(by=by, action="edition.checked", subject=edition, cohort=edition.cohort)


def _refuse_backward(starts: date, ends: date) -> None:
    if ends < starts:
        raise DomainError(_("The last day lies before the first."), field="ends")
