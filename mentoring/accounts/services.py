"""What people do to their own account."""

from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentoring import audit, clock, ports
from mentoring.accounts.models import Mute, User
from mentoring.errors import DomainError


@transaction.atomic
def save_preferences(
    *,
    by: User,
    language: str,
    time_zone: str,
    theme: str,
    quiet_from: time,
    quiet_until: time,
    muted: set[str],
) -> None:
    """Store how ``by`` wants to read and to be written to. ``muted`` are kinds of mail."""
    by.language, by.time_zone, by.theme = language, time_zone, theme
    by.quiet_from, by.quiet_until = quiet_from, quiet_until
    by.save(update_fields=["language", "time_zone", "theme", "quiet_from", "quiet_until"])
    by.mutes.exclude(kind__in=muted).delete()
    Mute.objects.bulk_create(
        [Mute(user=by, kind=kind) for kind in sorted(muted)], ignore_conflicts=True
    )
    audit.record(by=by, action="person.preferences_saved", subject=by)


@transaction.atomic
def accept_privacy(*, by: User, version: int) -> None:
    """Record that ``by`` has read this version of the privacy notice."""
    if by.privacy_version >= version:
        return
    by.privacy_version = version
    by.save(update_fields=["privacy_version"])
    audit.record(by=by, action="person.privacy_accepted", subject=by, version=version)


@transaction.atomic
def export(*, by: User) -> dict[str, Any]:
    """Everything kept about ``by``, in named sections: the account's, and each app's."""
    sections: dict[str, Any] = {
        "account": {
            "email": by.email,
            "given_name": by.given_name,
            "family_name": by.family_name,
            "joined_at": by.joined_at,
            "language": by.language,
            "time_zone": by.time_zone,
            "appearance": by.theme,
            "quiet_from": by.quiet_from,
            "quiet_until": by.quiet_until,
            "muted": sorted(by.mutes.values_list("kind", flat=True)),
            "privacy_notice_accepted": by.privacy_version,
        }
    }
    for answer in ports.PERSON_EXPORT.ask(by):
        sections.update(answer)
    audit.record(by=by, action="person.exported", subject=by)
    return sections


@transaction.atomic
def erase(*, by: User, typed_email: str) -> None:
    """Remove what identifies ``by``; what partners share with her stays, without her name.

    Raises ``DomainError`` unless ``typed_email`` is her address: this cannot be undone. Refused
    while others wait for her alone, too.
    """
    if typed_email.strip().casefold() != by.email:
        raise DomainError(
            _("This is not your e-mail address. Type it exactly to confirm."), field="email"
        )
    if (
        by.is_superuser
        and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=by.pk).exists()
    ):
        raise DomainError(
            _("You are the only site administrator. Name another one before you leave.")
        )
    if obstacles := [text for found in ports.LEAVING_OBSTACLES.ask(by, None) for text in found]:
        raise DomainError(" ".join(map(str, obstacles)))
    ports.PERSON_ERASED.tell(by)
    _forget(by)
    audit.record(by=by, action="person.erased", subject=by)


def _forget(user: User) -> None:
    from allauth.account.models import EmailAddress  # noqa: PLC0415 (loaded after this app)
    from allauth.mfa.models import Authenticator  # noqa: PLC0415

    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.mutes.all().delete()
    user.email = f"erased-{user.key}@erased.invalid"
    user.given_name = user.family_name = user.language = ""
    user.is_active = user.is_superuser = False
    user.erased_at = clock.now()
    user.set_unusable_password()
    user.save()
