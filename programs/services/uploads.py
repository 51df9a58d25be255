"""An uploaded roster on its way from file to enrollments, and back."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from mentoring import audit, clock, jobs
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, EnrollmentYear, RosterChange, RosterImport
from programs.roster import ENCODINGS, FIELDS, NotATableError, Roster, preview, read
from programs.roster.decoding import decode
from programs.services import rosters
from programs.services.roster_plan import in_chunks

if TYPE_CHECKING:
    from django.core.files import File

    from mentoring.jobs import Job, Progress

S = RosterImport.State


@transaction.atomic
def upload(*, cohort: Cohort, file: "File[bytes]", by: User) -> RosterImport:
    """Keep an uploaded file until it is applied; refused when it is no table."""
    if file.size is None or file.size > settings.ROSTER_MAX_BYTES:
        limit = settings.ROSTER_MAX_BYTES // (1024 * 1024)
        raise DomainError(
            _("The file is larger than %(limit)s MB.") % {"limit": limit}, field="file"
        )
    content = file.read()
    try:
        found = preview(content, country=cohort.country)
    except NotATableError as error:
        raise DomainError(str(error), field="file") from None
    record = RosterImport.objects.create(
        cohort=cohort,
        file_name=(file.name or "roster.csv")[-255:],
        content=content,
        mapping=found.guessed,
        uploaded_by=by,
    )
    audit.record(by=by, action="roster.uploaded", subject=record, cohort=cohort)
    return record


@transaction.atomic
def set_encoding(*, record: RosterImport, encoding: str, by: User) -> None:
    """Say how the file is written; its columns are then guessed anew. Empty: as it reads best."""
    _refuse_unless(record, S.UPLOADED)
    if encoding and encoding not in ENCODINGS:
        raise DomainError(_("There is no such encoding."), field="encoding")
    try:
        found = preview(bytes(record.content), encoding=encoding, country=record.cohort.country)
    except NotATableError as error:
        raise DomainError(str(error), field="encoding") from None
    record.encoding, record.mapping = encoding, found.guessed
    record.save(update_fields=["encoding", "mapping"])
    audit.record(
        by=by, action="roster.mapped", subject=record, cohort=record.cohort, encoding=encoding
    )


@transaction.atomic
def set_mapping(*, record: RosterImport, mapping: dict[str, str], by: User) -> None:
    """Say which column is which field; each field once."""
    _refuse_unless(record, S.UPLOADED)
    chosen = [name for name in mapping.values() if name]
    doubled = {name for name in chosen if chosen.count(name) > 1}
    if doubled or not set(chosen) <= set(FIELDS):
        raise DomainError(_("Each field can be read from one column only."))
    record.mapping = mapping
    record.save(update_fields=["mapping"])
    audit.record(by=by, action="roster.mapped", subject=record, cohort=record.cohort)


def roster_of(record: RosterImport) -> Roster:
    """What the file says, with the columns as chosen."""
    try:
        return read(
            bytes(record.content),
            record.mapping,
            encoding=record.encoding,
            country=record.cohort.country,
        )
    except NotATableError as error:
        raise DomainError(str(error)) from None


@transaction.atomic
def start(*, record: RosterImport, by: User) -> "Job":
    """Apply the file in a job of its own; a second press starts nothing."""
    roster_of(record)
    won = RosterImport.objects.filter(pk=record.pk, state__in=(S.UPLOADED, S.FAILED)).update(
        state=S.APPLYING
    )
    if not won:
        raise DomainError(_("This file is being applied or has been."))
    return jobs.start(
        kind="programs.roster", cohort=record.cohort, by=by, args={"roster": record.key}
    )


def work(job: "Job", progress: "Progress") -> dict[str, Any]:
    """The job: everything in one transaction, so a stopped one leaves nothing behind."""
    record = RosterImport.objects.select_related("cohort").get(key=job.args["roster"])
    if record.state == S.APPLIED:
        return dict(record.report)
    try:
        with transaction.atomic():
            outcome = rosters.import_roster(
                cohort=record.cohort,
                roster=roster_of(record),
                by=job.created_by,
                record=record,
                progress=progress,
            )
            record.state = S.APPLIED
            record.report = outcome.without_people()
            record.applied_at = clock.now()
            # The people are in; the file with their data is not needed twice.
            record.content = b""
            record.save(update_fields=["state", "report", "applied_at", "content"])
    except BaseException:
        RosterImport.objects.filter(pk=record.pk).update(state=S.FAILED)
        raise
    return {name: record.report[name] for name in ("read", "created", "updated", "unchanged")}


@transaction.atomic
def discard(*, record: RosterImport, by: User) -> None:
    """Throw an uploaded file away before it was applied."""
    if record.state not in (S.UPLOADED, S.FAILED):
        raise DomainError(_("This file has been applied. Undo the import instead."))
    audit.record(by=by, action="roster.discarded", subject=record, cohort=record.cohort)
    record.delete()


def forget(*, person: User) -> None:
    """Throw away waiting files that hold this person's address, and the facts kept for an undo."""
    RosterChange.objects.filter(enrollment__person=person).update(before={}, after={})
    waiting = RosterImport.objects.filter(state__in=(S.UPLOADED, S.FAILED)).exclude(content=b"")
    for record in waiting.iterator(chunk_size=1):
        if person.email in decode(bytes(record.content), record.encoding).content.casefold():
            discard(record=record, by=person)


@transaction.atomic
def undo(*, record: RosterImport, by: User) -> dict[str, int]:
    """Take an import back: places it made go, facts it changed return.

    Whoever has answered an invitation since then stays, and so does a fact changed again.
    Only the latest import can be undone, so that none is undone under another.
    """
    # As an import: one at a time, and the places locked in the order of their ids.
    Cohort.objects.select_for_update().get(pk=record.cohort_id)
    record.refresh_from_db()
    _refuse_unless(record, S.APPLIED)
    later = RosterImport.objects.filter(
        cohort=record.cohort, state=S.APPLIED, applied_at__gt=record.applied_at
    )
    if later.exists():
        raise DomainError(_("A later roster has been imported. Undo that one first."))
    counts = {"removed": 0, "restored": 0, "kept": 0}
    for changes in in_chunks(record.changes.exclude(enrollment=None).order_by("enrollment_id")):
        rows = Enrollment.objects.select_for_update(of=("self",)).select_related("person")
        ids = [change.enrollment_id for change in changes if change.enrollment_id]
        places = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
        for change in changes:
            counts[_take_back(change, places[change.enrollment_id or 0], record)] += 1
    record.state = S.UNDONE
    record.report = {**record.report, "undo": counts}
    record.save(update_fields=["state", "report"])
    audit.record(by=by, action="roster.undone", subject=record, cohort=record.cohort, **counts)
    return counts


def _take_back(change: RosterChange, enrollment: Enrollment, record: RosterImport) -> str:
    if not change.created:
        return _restore(enrollment, change, record)
    if enrollment.state != Enrollment.State.INVITED:
        return "kept"
    person = enrollment.person
    try:
        with transaction.atomic():
            enrollment.delete()
            if change.created_person and not person.has_usable_password():
                _remove_if_alone(person)
    except ProtectedError:
        return "kept"
    return "removed"


def _remove_if_alone(person: User) -> None:
    if not person.enrollments.exists():
        try:
            with transaction.atomic():
                person.delete()
        except ProtectedError:
            return


def _restore(enrollment: Enrollment, change: RosterChange, record: RosterImport) -> str:
    """Give back each fact that still is as the import left it."""
    fields = []
    restored = False
    for name, after in change.after.items():
        before = change.before[name]
        if name == "year":
            restored = _restore_year(enrollment, record, before, after)
        elif getattr(enrollment, name) == after:
            setattr(enrollment, name, before)
            fields.append(name)
    if fields:
        enrollment.save(update_fields=fields)
    return "restored" if restored or fields else "kept"


def _restore_year(
    enrollment: Enrollment, record: RosterImport, before: int | None, after: int
) -> bool:
    rows = EnrollmentYear.objects.filter(
        enrollment=enrollment, academic_year=record.cohort.planned.starts.year, class_year=after
    )
    if before is None:
        return rows.delete()[0] > 0
    return rows.update(class_year=before) > 0


def _refuse_unless(record: RosterImport, state: str) -> None:
    if record.state != state:
        raise DomainError(_("This roster is “%(state)s”.") % {"state": record.get_state_display()})
