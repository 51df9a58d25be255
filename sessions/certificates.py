"""What certificates may say: who attended what, and who has completed, for many people at once.

Facts are names, dates, minutes and titles as plain data, the same in every language, so that two
states of them can be compared. What passes within a mentorship never enters them; how often
people met does, as a number, where the program's confidentiality level lets numbers leave the pair.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from mentoring import clock
from mentoring.accounts.visibility import sees_meeting_counts
from programs.models import Cohort, Enrollment
from programs.spec.support import Incentive
from sessions import counting, training
from sessions import credits as earning
from sessions.models import Certificate, CertificateKind, MeetingState, Participant

Facts = dict[str, Any]
S = Enrollment.State
KIND = CertificateKind
FEW = 500
_PRESENT = Participant.Attendance.PRESENT
# Who takes part or did until the end; trainings before the start count too.
CERTIFIED = (S.ACCEPTED, S.ACTIVE, S.COMPLETED)
PROMISES = ("certificate", "credits", "title")
# Of these a program promises more than a sheet of paper: completing is certified in any case.
LASTING = ("credits", "title")


def facts_of(cohort: Cohort, rows: Sequence[Enrollment], kind: str) -> dict[int, Facts]:
    """What can be certified today, by enrollment; nobody is in it who has nothing to certify.

    A few queries, however many people; ``rows`` come with their ``person``.
    """
    named = [row for row in rows if row.state in CERTIFIED and _name(row)]
    if not named:
        return {}
    found = _attendance(cohort, named) if kind == KIND.ATTENDANCE else _completion(cohort, named)
    return {row.pk: _base(cohort, row) | found[row.pk] for row in named if row.pk in found}


def facts_now(row: Enrollment, kind: str) -> Facts | None:
    """The same for one person."""
    return facts_of(row.cohort, [row], kind).get(row.pk)


def _name(row: Enrollment) -> str:
    # An address is no name: nobody signs a certificate for one.
    return f"{row.person.given_name} {row.person.family_name}".strip()


def _these(rows: Sequence[Enrollment], field: str) -> Q:
    """The rows at hand. Thousands are looked for by their cohort alone: no query takes so many."""
    return Q(**{f"{field}__in": [row.pk for row in rows]}) if len(rows) <= FEW else Q()


def _base(cohort: Cohort, row: Enrollment) -> Facts:
    return {
        "name": _name(row),
        "role": row.role,
        "program": cohort.program.name,
        "school": cohort.program.school,
        "cohort": cohort.name,
    }


# --- Attendance ----------------------------------------------------------------------------------


def attended() -> QuerySet[Participant]:
    """Places in dates of a cohort that were held, whose list says “present”.

    Days of a course only once she came to each: half a course is none.
    """
    return Participant.objects.filter(counting.is_attended(), meeting__series__isnull=False)


def _attendance(cohort: Cohort, rows: Sequence[Enrollment]) -> dict[int, Facts]:
    seats = attended().filter(_these(rows, "enrollment"), meeting__cohort=cohort)
    listed: dict[int, list[Facts]] = defaultdict(list)
    columns = ("enrollment", "meeting__kind", "meeting__series__title", "starts_at", "ends_at")
    for pk, kind, title, starts, ends in seats.order_by("starts_at", "pk").values_list(*columns):
        listed[pk].append(
            {
                "kind": kind,
                "title": title,
                "day": _day(starts, cohort),
                "minutes": round((ends - starts).total_seconds() / 60),
            }
        )
    return {
        pk: {
            "first": dates[0]["day"],
            "last": dates[-1]["day"],
            "dates": dates,
            "minutes": sum(one["minutes"] for one in dates),
        }
        for pk, dates in listed.items()
    }


def _day(instant: datetime, cohort: Cohort) -> str:
    return instant.astimezone(cohort.zone).date().isoformat()


# --- Completion ----------------------------------------------------------------------------------


def promises(cohort: Cohort, role: str = "") -> list[Incentive]:
    """The certificates, credits and titles that any year of the cohort promises."""
    return [
        part
        for edition in cohort.years
        for part in edition.version.spec.incentives
        if part.kind in PROMISES and role in ("", part.role)
    ]


def _completion(cohort: Cohort, rows: Sequence[Enrollment]) -> dict[int, Facts]:
    roles = {part.role for part in promises(cohort)}
    done = [row for row in rows if row.state == S.COMPLETED and row.role in roles]
    if not done:
        return {}
    awards = _awards(cohort, done)
    lasting = {part.role for part in promises(cohort) if part.kind in LASTING}
    met = _met(cohort, done)
    found = {}
    for row in done:
        if not awards[row.pk] and row.role not in lasting:
            continue
        since = row.activated_at or row.accepted_at or row.created_at
        facts: Facts = {
            "first": _day(since, cohort),
            "last": _day(row.left_at or clock.now(), cohort),
            "awards": awards[row.pk],
        }
        found[row.pk] = facts | ({"met": met.get(row.pk, 0)} if met is not None else {})
    return found


def _awards(cohort: Cohort, done: Sequence[Enrollment]) -> dict[int, list[Facts]]:
    """What each has earned: what asks for nothing more, and what was asked for and done."""
    found: dict[int, list[Facts]] = defaultdict(list)
    years = cohort.years
    for part in years[-1].version.spec.incentives:
        if part.kind in PROMISES and not part.needs:
            for row in done:
                if row.role == part.role:
                    found[row.pk].append(_award(part))
    for edition in years:
        plan = training.plan_of(cohort, edition)
        for reward in earning.rewards(plan, PROMISES):
            people = earning.people(cohort, reward).filter(_these(done, "pk"), state=S.COMPLETED)
            year = edition.starts.year if len(years) > 1 else None
            for counted in people:
                counts = earning.counts(counted, reward.quotas)
                if earning.decide(counts, clock.today(cohort.zone))[0] == "granted":
                    found[counted.pk].append(_award(reward.incentive, year))
    return found


def _award(part: Incentive, year: int | None = None) -> Facts:
    said = {"title": part.title, "amount": part.amount, "unit": part.unit, "year": year}
    return {"kind": part.kind} | {name: value for name, value in said.items() if value}


def _met(cohort: Cohort, done: Sequence[Enrollment]) -> dict[int, int] | None:
    """How often each met with a partner; ``None`` where any year keeps even that in the pair."""
    if not all(
        sees_meeting_counts(edition.version.spec.confidentiality.level) for edition in cohort.years
    ):
        return None
    seats = Participant.objects.filter(
        _these(done, "enrollment"),
        meeting__cohort=cohort,
        meeting__mentorship__isnull=False,
        meeting__state=MeetingState.HELD,
        attendance=_PRESENT,
    )
    return dict(seats.order_by().values_list("enrollment").annotate(n=Count("pk")))


# --- Whether it still holds ----------------------------------------------------------------------


def still_true(issued: Facts, now: Facts | None, kind: str) -> bool:
    """Whether what was certified is so today. What came on top since takes nothing from it."""
    if now is None:
        return False
    if kind == KIND.ATTENDANCE:
        return not _counted(issued["dates"]) - _counted(now["dates"])
    met = issued.get("met", 0) <= now.get("met", issued.get("met", 0))
    return met and not _counted(issued["awards"]) - _counted(now["awards"])


def _counted(rows: Iterable[Facts]) -> Counter[tuple[tuple[str, Any], ...]]:
    return Counter(tuple(sorted(row.items())) for row in rows)


def standing(certificate: Certificate) -> str:
    """``holds``, ``revoked``, ``superseded`` by a newer one, or ``corrected`` since."""
    if certificate.revoked_at is not None:
        return "revoked"
    if certificate.superseded_at is not None:
        return "superseded"
    now = facts_now(certificate.enrollment, certificate.kind)
    true = still_true(certificate.facts, now, certificate.kind)
    return "holds" if true else "corrected"


# --- Lists ---------------------------------------------------------------------------------------

ROWS = Certificate.objects.select_related(
    "enrollment__person", "enrollment__cohort__program", "issued_by"
)


def of_enrollment(row: Enrollment) -> QuerySet[Certificate]:
    """All that were ever issued for a place, the newest first."""
    return Certificate.objects.filter(enrollment=row).select_related("issued_by")


def current(rows: Iterable[Enrollment], kind: str) -> dict[int, Certificate]:
    """Those that stand, by enrollment."""
    ids = [row.pk for row in rows]
    standing = Certificate.objects.filter(kind=kind, superseded_at=None, revoked_at=None)
    return {row.enrollment_id: row for row in standing.filter(enrollment__in=ids)}


def people(cohort: Cohort, kind: str) -> QuerySet[Any]:
    """Those for whom something of the kind may be certified, with ``certified``: whether it was."""
    rows: QuerySet[Any] = Enrollment.objects.filter(cohort=cohort, state__in=CERTIFIED)
    if kind == KIND.ATTENDANCE:
        rows = rows.filter(Exists(attended().filter(enrollment=OuterRef("pk"))))
    else:
        roles = {part.role for part in promises(cohort)}
        rows = rows.filter(state=S.COMPLETED, role__in=roles)
    issued = Certificate.objects.filter(
        enrollment=OuterRef("pk"), kind=kind, superseded_at=None, revoked_at=None
    )
    named = ~Q(person__given_name="") | ~Q(person__family_name="")
    found: QuerySet[Any] = rows.filter(named).annotate(
        certified=Exists(issued), name=Lower("person__family_name")
    )
    return found


def kinds(cohort: Cohort) -> list[str]:
    """Which kinds this cohort can have."""
    found = [KIND.ATTENDANCE.value]
    return [*found, KIND.COMPLETION.value] if promises(cohort) else found


def may_fetch(row: Enrollment, kind: str) -> bool:
    """Whether the program lets people fetch this kind themselves."""
    return kind in row.cohort.planned_spec.certificates.own
