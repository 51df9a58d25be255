"""Issuing certificates, taking them back, and their files."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock, jobs, outbox
from mentoring import paper as papers
from mentoring.accounts.models import User
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from sessions import certificates
from sessions.models import Certificate, CertificateKind

PDF_JOB = "sessions.certificate_pdf"
CHUNK = 500
WHY = 300


@transaction.atomic
def issue(*, enrollment: Enrollment, kind: str, by: User) -> Certificate:
    """Certify what is so today. The same facts give the same certificate; others replace it."""
    row = _locked(enrollment)
    facts = _facts(row, kind)
    standing = certificates.current([row], kind).get(row.pk)
    if standing is not None and standing.facts == facts:
        return standing
    made = Certificate(enrollment=row, kind=kind, facts=facts, issued_by=by)
    _issue([made], [standing] if standing else [], cohort=row.cohort, by=by)
    return made


@transaction.atomic
def fetch(*, enrollment: Enrollment, kind: str, by: User) -> Certificate:
    """The person's own certificate, where the program lets people fetch it themselves.

    What a coordinator took back she does not get again by asking twice.
    """
    row = _locked(enrollment)
    if row.person_id != by.pk or not certificates.may_fetch(row, kind):
        raise DomainError(_("Your coordinators issue this certificate. Ask them for it."))
    last = certificates.of_enrollment(row).filter(kind=kind, superseded_at=None).first()
    if last is not None and last.revoked_at and last.facts == _facts(row, kind):
        raise DomainError(
            _("This certificate was taken back. Your coordinators can issue another one.")
        )
    return issue(enrollment=row, kind=kind, by=by)


@transaction.atomic
def issue_all(*, cohort: Cohort, kind: str, by: User) -> int:
    """For all who are due: who has none, or one whose facts have changed. How many were issued."""
    # One after the other: a second press at the same moment finds nothing left to do.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    rows = list(certificates.people(cohort, _kind(kind)).select_related("person").order_by("pk"))
    facts = certificates.facts_of(cohort, rows, kind)
    standing: dict[int, Certificate] = {}
    for first in range(0, len(rows), CHUNK):
        standing |= certificates.current(rows[first : first + CHUNK], kind)
    due = [pk for pk in facts if pk not in standing or standing[pk].facts != facts[pk]]
    place = {row.pk: row for row in rows}
    made = [
        Certificate(enrollment=place[pk], kind=kind, facts=facts[pk], issued_by=by) for pk in due
    ]
    _issue(made, [standing[pk] for pk in due if pk in standing], cohort=cohort, by=by)
    return len(made)


def _locked(enrollment: Enrollment) -> Enrollment:
    # The cohort too, and first: two at once would issue one state of facts twice.
    Cohort.objects.select_for_update().get(pk=enrollment.cohort_id)
    return Enrollment.objects.select_related("person", "cohort__program").get(pk=enrollment.pk)


def _kind(kind: str) -> str:
    if kind not in CertificateKind.values:
        raise DomainError(_("There is no certificate of that kind."), field="kind")
    return kind


def _facts(row: Enrollment, kind: str) -> certificates.Facts:
    facts = certificates.facts_now(row, _kind(kind))
    if facts is not None:
        return facts
    if kind == CertificateKind.ATTENDANCE:
        raise DomainError(
            _("There is nothing to certify yet: no attendance list says “present” of this person.")
        )
    raise DomainError(
        _("There is nothing to certify yet: the place is not completed, or nothing was promised.")
    )


def _issue(
    made: list[Certificate], replaced: list[Certificate], *, cohort: Cohort, by: User
) -> None:
    """Put new ones in the place of old ones, all at one instant."""
    at = clock.now()
    _supersede([row.pk for row in replaced], at)
    old = {row.enrollment_id: row.pk for row in replaced}
    for row in made:
        row.issued_at = at
    Certificate.objects.bulk_create(made, batch_size=CHUNK)
    audit.record_many(_event(row, "issued", cohort, by, old.get(row.enrollment_id)) for row in made)
    _tell(made, old, by)


def _tell(made: list[Certificate], old: dict[int, int], by: User) -> None:
    """Whoever did not fetch it herself gets a mail with the way to it."""
    outbox.put(
        outbox.Draft(
            kind="certificate_issued",
            recipient=row.enrollment.person,
            dedupe_key=f"certificate_issued:{row.pk}",
            context={"certificate": row.pk, "replaces": row.enrollment_id in old},
        )
        for row in made
        if row.enrollment.person_id != by.pk
    )


def _supersede(ids: list[int], at: datetime) -> None:
    for first in range(0, len(ids), CHUNK):
        rows = Certificate.objects.filter(pk__in=ids[first : first + CHUNK])
        rows.update(superseded_at=at)


def _event(row: Certificate, act: str, cohort: Cohort, by: User, replaces: int | None) -> Event:
    return audit.event(
        by=by,
        action=f"certificate.{act}",
        subject=row,
        cohort=cohort,
        kind=row.kind,
        enrollment=row.enrollment_id,
        replaces=replaces,
    )


@transaction.atomic
def revoke(*, certificate: Certificate, why: str, by: User) -> Certificate:
    """Take one back that should not have been issued. Whoever looks it up reads so at once."""
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if row.revoked_at is not None:
        return row
    why = " ".join(why.split())
    if not why:
        raise DomainError(_("Say in a few words why: the person reads it."), field="why")
    if len(why) > WHY:
        raise DomainError(_("At most %(n)d characters.") % {"n": WHY}, field="why")
    row.revoked_at, row.revoked_why = clock.now(), why
    row.save(update_fields=["revoked_at", "revoked_why"])
    cohort = certificate.enrollment.cohort
    audit.record_many([_event(row, "revoked", cohort, by, None)])
    return row


@transaction.atomic
def order_pdf(*, certificate: Certificate, paper: str, by: User) -> jobs.Job:
    """Let a worker make the PDF, in the orderer's language."""
    papers.check(paper)
    if not certificate.is_current:
        raise DomainError(_("This certificate holds no longer, so it is not printed any more."))
    # Without a cohort: its page is for who ordered it, and people fetch their own.
    args = {"certificate": certificate.pk, "paper": paper}
    return jobs.start(kind=PDF_JOB, by=by, args=args)


@transaction.atomic
def erase(*, rows: Iterable[Enrollment]) -> None:
    """Remove the certificates of somebody who asked to be forgotten, files and all."""
    Certificate.objects.filter(enrollment__in=list(rows)).delete()
