"""What certificates answer to the ports (``mentoring.ports``)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import PlaceFact, Tab
from programs.models import Cohort, Enrollment
from sessions import certificate_presenters as presenters
from sessions import certificates
from sessions.models import Certificate
from sessions.services import certificates as services
from sessions.training_ports import wants_training


def place_facts(_user: User, rows: Sequence[Enrollment]) -> dict[int, list[PlaceFact]]:
    """A link to the certificates of each place that has any, or can have one; a few queries."""
    ids = [row.pk for row in rows]
    issued: dict[int, int] = {}
    standing = Certificate.objects.filter(
        enrollment__in=ids, superseded_at=None, revoked_at=None
    ).order_by()
    for pk in standing.values_list("enrollment", flat=True):
        issued[pk] = issued.get(pk, 0) + 1
    seen = set(
        certificates.attended()
        .filter(enrollment__in=ids)
        .order_by()
        .values_list("enrollment", flat=True)
    )
    return {
        row.pk: [
            PlaceFact(
                gettext_lazy("Certificates"),
                presenters.how_many(issued.get(row.pk, 0)),
                reverse("sessions:my_certificates", args=[row.key]),
            )
        ]
        for row in rows
        if row.pk in issued or _can_have(row, row.pk in seen)
    }


def _can_have(row: Enrollment, seen: bool) -> bool:
    if row.state not in certificates.CERTIFIED:
        return False
    completed = row.state == Enrollment.State.COMPLETED
    return seen or (completed and bool(certificates.promises(row.cohort, row.role)))


def person_pages(reader: User, row: Enrollment) -> Iterable[PlaceFact]:
    """The certificates of somebody, for coordinators."""
    if not access.can(reader, Permission.ISSUE_CERTIFICATES, row):
        return
    if not Certificate.objects.filter(enrollment=row).exists() and not _can_have(
        row, certificates.attended().filter(enrollment=row).exists()
    ):
        return
    url = reverse("sessions:person_certificates", args=[row.cohort.key, row.key])
    yield PlaceFact(gettext_lazy("Certificates"), "", url)


def cohort_tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """Certificates of a cohort without trainings; with some they stand among the training pages."""
    if not access.can(user, Permission.ISSUE_CERTIFICATES, cohort):
        return []
    if wants_training(cohort) or not certificates.promises(cohort):
        return []
    url = reverse("sessions:certificates", args=[cohort.key])
    return [Tab("certificates", gettext_lazy("Certificates"), url, 56, under="/certificates/")]


def person_export(user: User) -> dict[str, Any]:
    """The certificates that were issued for this person, with what they say."""
    rows = Certificate.objects.filter(enrollment__person=user).order_by("issued_at", "pk")
    return {
        "certificates": [
            {
                "kind": row.kind,
                "code": row.code,
                "issued": row.issued_at,
                "superseded": row.superseded_at,
                "revoked": row.revoked_at,
                "why": row.revoked_why,
                "says": row.facts,
            }
            for row in rows
        ]
    }


def person_erased(user: User) -> None:
    """Nobody who was forgotten has a certificate: whoever looks one up finds nothing."""
    services.erase(rows=user.enrollments.all())
