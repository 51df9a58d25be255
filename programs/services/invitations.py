"""Invitations: single-use, bound to one person's address, valid for a while."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, Invitation
from programs.services import placing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mentoring.accounts.models import User

REMIND_AFTER = timedelta(days=5)
# A reminder within the last two days would come too late to be kind.
REMIND_BEFORE = timedelta(days=2)
CHUNK = 500
S = Enrollment.State


def token_for(invitation: Invitation) -> str:
    """The secret of an invitation: derived, never stored, so a copy of the table opens nothing."""
    return _token(invitation.enrollment.key, invitation.created_at)


def _token(enrollment_key: str, created_at: datetime) -> str:
    seed = f"{enrollment_key}:{created_at.timestamp():.6f}"
    mac = salted_hmac("programs.invitation", seed, algorithm="sha256").digest()
    return urlsafe_b64encode(mac).decode().rstrip("=")


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def _unsaved(enrollment: Enrollment, now: datetime) -> Invitation:
    return Invitation(
        enrollment=enrollment,
        email=enrollment.person.email,
        digest=digest(_token(enrollment.key, now)),
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )


@transaction.atomic
def invite(*, enrollment: Enrollment, by: "User | None", kind: str = "") -> Invitation:
    """Send an invitation; an earlier one stops working.

    Where students take part without being asked, a listed one is taken in and told so.
    """
    Enrollment.objects.select_for_update().get(pk=enrollment.pk)
    if enrollment.state != S.INVITED:
        raise DomainError(
            _("%(name)s is “%(state)s” and needs no invitation.")
            % {"name": enrollment.person.full_name, "state": enrollment.get_state_display()}
        )
    now = clock.now()
    earlier = enrollment.invitations.filter(used_at=None, revoked_at=None)
    if earlier.filter(created_at__gt=now - timedelta(minutes=1)).exists():
        raise DomainError(_("An invitation was sent less than a minute ago."))
    earlier.update(revoked_at=now)
    outbox.cancel(about=f"invitation:{enrollment.pk}", why="a newer invitation was sent")
    placed = placing.is_placed(enrollment, placing=placing.places_students(enrollment.cohort))
    invitation = _unsaved(enrollment, now)
    invitation.save()
    audit.record(by=by, action="invitation.sent", subject=enrollment, cohort=enrollment.cohort)
    if placed:
        placing.accept(cohort=enrollment.cohort, rows=[enrollment], by=by)
    outbox.put([_first_mail([invitation], kind or ("placed" if placed else "invitation"))])
    return invitation


@transaction.atomic
def invite_all(
    *,
    cohort: Cohort,
    by: "User | None",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Invite everyone who is on the list and was never invited; how many.

    Where students take part without being asked, they are taken in and told so.
    """
    # By person: who is invited in two roles reads of both in one mail.
    waiting = list(never_invited(cohort).select_related("person").order_by("person", "pk"))
    now = clock.now()
    # Nobody in this list was ever told, so every student of such a program is placed.
    places = placing.places_students(cohort)
    asked: list[Invitation] = []
    placed: list[Invitation] = []
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        made = Invitation.objects.bulk_create([_unsaved(row, now) for row in chunk])
        for row in made:
            (placed if places and row.enrollment.is_student else asked).append(row)
        taken = [row for row in chunk if places and row.is_student]
        placing.accept(cohort=cohort, rows=taken, by=by)
        progress(start + len(chunk), len(waiting))
    outbox.put(_first_mail(rows) for rows in _together(asked))
    outbox.put(_first_mail(rows, "placed") for rows in _together(placed))
    audit.record(
        by=by, action="invitations.sent", subject=cohort, cohort=cohort, count=len(waiting)
    )
    return len(waiting)


def never_invited(cohort: Cohort) -> "QuerySet[Enrollment]":
    """Enrollments on the list to which no invitation is on its way."""
    return Enrollment.objects.filter(cohort=cohort, state=S.INVITED).exclude(
        pk__in=Invitation.objects.filter(enrollment__cohort=cohort).values("enrollment")
    )


def _together(rows: Iterable[Invitation]) -> list[list[Invitation]]:
    """The invitations that went out to a person at one moment, which share their mails."""
    found: dict[tuple[int, int, datetime], list[Invitation]] = {}
    for row in rows:
        place = row.enrollment
        found.setdefault((place.cohort_id, place.person_id, row.created_at), []).append(row)
    return list(found.values())


def _mail(together: Sequence[Invitation], kind: str, key: str) -> outbox.Draft:
    """A mail of invitations to one person. Written when it is sent, it names those still open."""
    first = together[0]
    return outbox.Draft(
        kind=kind,
        recipient=first.enrollment.person,
        dedupe_key=f"{kind}:{key}",
        context={"invitations": [row.pk for row in together]},
        not_after=first.expires_at,
        # What is about one alone is taken back with it.
        about=f"invitation:{first.enrollment_id}" if len(together) == 1 else "",
    )


def _first_mail(together: Sequence[Invitation], kind: str = "invitation") -> outbox.Draft:
    return _mail(together, kind, str(together[0].pk))


def _reminder(together: Sequence[Invitation]) -> outbox.Draft:
    # The same whichever of them is answered meanwhile: nobody is reminded twice.
    first = together[0]
    whose = f"{first.enrollment.cohort_id}:{first.enrollment.person_id}"
    return _mail(together, "invitation_reminder", f"{whose}:{first.created_at:%Y%m%d%H%M%S%f}")


def find(token: str) -> Invitation:
    """The invitation of a token. ``DomainError`` says why it cannot be used."""
    row = (
        Invitation.objects.select_related("enrollment__person", "enrollment__cohort__program")
        .filter(digest=digest(token))
        .first()
    )
    if row is None:
        raise DomainError(_("This invitation is not known. Perhaps the link was cut off."))
    if row.used_at is not None:
        raise DomainError(_("This invitation has been used. Log in to see your cohort."))
    if row.email != row.enrollment.person.email or row.revoked_at is not None:
        raise DomainError(_("This invitation was replaced by a newer one. Look for a later mail."))
    if row.expires_at <= clock.now():
        raise DomainError(
            _("This invitation has expired. Ask your coordinator to send you a new one.")
        )
    # Who takes part without having been asked finds the way in here, too.
    if row.enrollment.state != S.INVITED and not row.enrollment.is_present:
        raise DomainError(_("This invitation is no longer open."))
    return row


@transaction.atomic
def accept(*, invitation: Invitation, by: "User") -> Enrollment:
    """The invited person says yes, signed in; the invitation is used up."""
    _use(invitation, by)
    enrollment = invitation.enrollment
    if enrollment.is_present:
        return enrollment
    from programs.services import enrollments  # noqa: PLC0415 (it ends invitations)

    return enrollments.accept(enrollment=enrollment, by=by)


@transaction.atomic
def accept_as_new(
    *, invitation: Invitation, password: str, given_name: str, family_name: str
) -> Enrollment:
    """Somebody without a password sets one and says yes; the address is thereby confirmed."""
    person = invitation.enrollment.person
    if person.has_usable_password():
        raise DomainError(_("You have a password already. Log in to accept."))
    set_password(person=person, password=password)
    person.given_name = given_name.strip() or person.given_name
    person.family_name = family_name.strip() or person.family_name
    person.save(update_fields=["given_name", "family_name"])
    return accept(invitation=invitation, by=person)


@transaction.atomic
def decline(*, invitation: Invitation, by: "User") -> Enrollment:
    """The invited person says no; one who takes part already leaves."""
    _use(invitation, by)
    if invitation.enrollment.is_present:
        return placing.leave(enrollment=invitation.enrollment, by=by)
    from programs.services import enrollments  # noqa: PLC0415

    return enrollments.decline(enrollment=invitation.enrollment, by=by)


@transaction.atomic
def respond(*, enrollment: Enrollment, yes: bool, by: "User") -> Enrollment:
    """The invited person answers, signed in, without the mail's link."""
    if enrollment.state != S.INVITED or enrollment.person_id != by.pk:
        raise DomainError(_("This invitation is no longer open."))
    enrollment.invitations.filter(used_at=None, revoked_at=None).update(used_at=clock.now())
    outbox.cancel(about=f"invitation:{enrollment.pk}", why="the invitation was answered")
    from programs.services import enrollments  # noqa: PLC0415

    if yes:
        return enrollments.accept(enrollment=enrollment, by=by)
    return enrollments.decline(enrollment=enrollment, by=by)


def set_password(*, person: "User", password: str) -> None:
    """A first password, for somebody who proved the address by a link from a mail."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="password") from None
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    audit.record(by=person, action="account.confirmed", subject=person)


def _use(invitation: Invitation, by: "User") -> None:
    if by.pk != invitation.enrollment.person_id:
        raise DomainError(_("This invitation is for another person."))
    # The condition is the lock: of two clicks at once, one wins.
    won = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, revoked_at=None, expires_at__gt=clock.now()
    ).update(used_at=clock.now())
    if not won:
        raise DomainError(_("This invitation has been used. Log in to see your cohort."))
    outbox.cancel(about=f"invitation:{invitation.enrollment_id}", why="the invitation was answered")


def remind_due() -> int:
    """Queue a reminder for every invitation that waits; how many are new. Safe to run twice."""
    now = clock.now()
    due = Invitation.objects.filter(
        used_at=None,
        revoked_at=None,
        created_at__lte=now - REMIND_AFTER,
        expires_at__gt=now + REMIND_BEFORE,
        enrollment__state=S.INVITED,
    ).select_related("enrollment__person")
    rows = due.order_by("enrollment").iterator()
    return outbox.enqueue_many(map(_reminder, _together(rows)))
