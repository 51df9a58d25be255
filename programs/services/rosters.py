"""Apply a roster to a cohort, in bulk; and take an import back."""

from collections.abc import Callable, Iterator
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from mentoring import audit
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Cohort, Enrollment, EnrollmentYear, RosterImport
from programs.roster import Entry, Remark, Roster
from programs.services.roster_plan import PLAIN, Outcome, Plan, in_chunks, write

if TYPE_CHECKING:
    from mentoring.jobs import Progress


def _nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def import_roster(
    *,
    cohort: Cohort,
    roster: Roster,
    by: User | None,
    record: RosterImport | None = None,
    progress: "Progress | Callable[[int, int], None]" = _nothing,
) -> Outcome:
    """Put everyone on the roster into the cohort: new people, new places, changed facts.

    A second import of the same file changes nothing. A stored name is kept and the difference
    warned about; an empty cell erases nothing. With ``record`` each change can be undone.
    """
    # One import at a time in a cohort: two would both see the same gaps.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    total = len(roster.entries)
    people, known = _people(
        roster.entries, cohort.time_zone, lambda done: progress(done // 2, total)
    )
    plan = _plan(cohort, roster, people, by)
    plan.outcome.warnings += _name_warnings(roster.entries, people, known)
    write(cohort, plan, record, set(people) - known, lambda n: progress(total // 2 + n // 2, total))
    plan.outcome.warnings.sort(key=lambda remark: remark.row)
    audit.record(
        by=by,
        action="roster.imported",
        subject=record or cohort,
        cohort=cohort,
        created=plan.outcome.created,
        updated=plan.outcome.updated,
        rejected=len(plan.outcome.rejected),
    )
    progress(total, total)
    return plan.outcome


def dry_run(*, cohort: Cohort, roster: Roster) -> Outcome:
    """What an import would do; nothing is written, and nobody waits for it."""
    people, known = _people(roster.entries, cohort.time_zone, write=False)
    plan = _plan(cohort, roster, people, None)
    plan.outcome.warnings += _name_warnings(roster.entries, people, known)
    plan.outcome.warnings.sort(key=lambda remark: remark.row)
    return plan.outcome


def _people(
    entries: list[Entry],
    time_zone: str,
    progress: Callable[[int], None] = lambda _done: None,
    *,
    write: bool = True,
) -> tuple[dict[str, User], set[str]]:
    """Everyone on the roster by address, made where missing; and the addresses known before."""
    found: dict[str, User] = {}
    known: set[str] = set()
    done = 0
    # In one order everywhere: two imports that add the same people must not wait for each other.
    for chunk in in_chunks(sorted(entries, key=lambda entry: entry.email)):
        emails = [entry.email for entry in chunk]
        here = {user.email: user for user in User.objects.filter(email__in=emails)}
        known |= set(here)
        new = [
            User(
                email=entry.email,
                given_name=entry.given_name,
                family_name=entry.family_name,
                # Where the cohort is, until she says otherwise: her mails tell times in it.
                time_zone=time_zone,
                password=UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30),
            )
            for entry in chunk
            if entry.email not in here
        ]
        if not write:
            here |= {user.email: user for user in new}
        elif new:
            # Somebody else may add the same person meanwhile: whoever is there then, counts.
            User.objects.bulk_create(new, ignore_conflicts=True)
            emails = [user.email for user in new]
            here |= {user.email: user for user in User.objects.filter(email__in=emails)}
        found |= here
        done += len(chunk)
        progress(done)
    return found, known


def _plan(cohort: Cohort, roster: Roster, people: dict[str, User], by: User | None) -> Plan:
    plan = Plan(Outcome(read=roster.read, rejected=list(roster.rejected)))
    plan.outcome.warnings = list(roster.warnings)
    rows = Enrollment.objects.filter(cohort=cohort)
    stored = {(row.person_id, row.role): row for row in rows.iterator(chunk_size=2000)}
    roles: dict[int, set[str]] = {}
    for person_id, role in stored:
        roles.setdefault(person_id, set()).add(role)
    years = dict(
        EnrollmentYear.objects.filter(
            enrollment__cohort=cohort, academic_year=cohort.planned.starts.year
        ).values_list("enrollment_id", "class_year")
    )
    defaults = {role: cohort.planned_spec.capacity(role).default for role in MENTOR_ROLES}
    for entry in roster.entries:
        person = people[entry.email]
        row = stored.get((person.pk, entry.role))
        if row is None:
            others = roles.get(person.pk)
            if others:
                names = ", ".join(sorted(str(Role(role).label) for role in others))
                plan.outcome.warnings.append(
                    Remark(entry.row, "role", entry.role, f"is in this cohort already as {names}")
                )
            plan.create.append((_new(cohort, person, entry, defaults, by), entry))
        else:
            _compare(plan, row, entry, years.get(row.pk))
    plan.outcome.created = len(plan.create)
    return plan


def _new(
    cohort: Cohort, person: User, entry: Entry, defaults: dict[Any, int], by: User | None
) -> Enrollment:
    values = {name: _value(entry, name) for name in PLAIN if name in entry.given}
    values.setdefault("capacity", defaults.get(entry.role, 0))
    return Enrollment(cohort=cohort, person=person, role=entry.role, granted_by=by, **values)


def _compare(plan: Plan, row: Enrollment, entry: Entry, year: int | None) -> None:
    after = {
        name: _value(entry, name)
        for name in PLAIN
        if name in entry.given and getattr(row, name) != _value(entry, name)
    }
    if entry.year not in (None, year):
        after["year"] = entry.year
    if row.state in (Enrollment.State.DECLINED, Enrollment.State.WITHDRAWN):
        plan.outcome.warnings.append(
            Remark(entry.row, "email", entry.email, "has left this cohort, and is not taken back")
        )
    if not after:
        plan.outcome.unchanged += 1
        return
    plan.update.append((row, after))
    plan.outcome.updated += 1


def _value(entry: Entry, name: str) -> Any:
    value = getattr(entry, name)
    return list(value) if isinstance(value, tuple) else value


def _name_warnings(
    entries: list[Entry], people: dict[str, User], known: set[str]
) -> Iterator[Remark]:
    for entry in entries:
        if entry.email not in known:
            continue
        person = people[entry.email]
        for name in ("given_name", "family_name"):
            stored, written = getattr(person, name), getattr(entry, name)
            if stored != written:
                problem = "differs from the name on record, which was kept"
                yield Remark(entry.row, name, written, problem)
