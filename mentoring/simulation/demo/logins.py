"""Who can sign in to the demo, as whom."""

from dataclasses import dataclass

from django.conf import settings

from matching.models import Membership
from mentoring.accounts import services as accounts
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Enrollment
from programs.services import invitations

PASSWORD = "chiron-demo"  # noqa: S105 (printed for everyone who runs the demo)


@dataclass(frozen=True)
class Login:
    """One line of the table."""

    role: str
    name: str
    email: str


def give(person: User, *, time_zone: str) -> None:
    """The demo's password, with the privacy notice read; she lives where the running cohort does.

    Staff were first invited to a year that another country's school might have run.
    """
    if not person.has_usable_password():
        invitations.set_password(person=person, password=PASSWORD)
    accounts.accept_privacy(by=person, version=settings.PRIVACY_NOTICE_VERSION)
    accounts.save_preferences(
        by=person,
        language=person.language,
        time_zone=time_zone,
        theme=person.theme,
        quiet_from=person.quiet_from,
        quiet_until=person.quiet_until,
        muted=set(),
    )


def known() -> list[Login]:
    """Everyone with a password, staff first."""
    people = [user for user in User.objects.order_by("pk") if user.has_usable_password()]
    return sorted(
        (Login(role, user.full_name, user.email) for user in people for role in [_role(user)]),
        key=lambda login: _order(login.role),
    )


def _role(user: User) -> str:
    if user.is_superuser:
        return "Site administrator"
    place = Enrollment.objects.filter(person=user).order_by("pk").first()
    if place is None:
        return "No role"
    label = str(Role(place.role).label)
    if place.role == Role.STUDENT and not Membership.objects.filter(enrollment=place).exists():
        return f"{label}, without a mentor yet"
    return label


def _order(role: str) -> int:
    first = ["Site administrator", str(Role.COORDINATOR.label)]
    last = [*(str(Role(one).label) for one in sorted(MENTOR_ROLES)), str(Role.STUDENT.label)]
    if role in first:
        return first.index(role)
    named = [number for number, label in enumerate(last) if role.startswith(label)]
    return 100 + named[0] if named else 50


def table(logins: list[Login]) -> str:
    """As text, in columns."""
    rows = [("Sign in as", "Name", "E-mail address"), *((x.role, x.name, x.email) for x in logins)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:], rule, f"Password for all: {PASSWORD}"])
