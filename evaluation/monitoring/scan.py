"""One monitoring pass: facts open, raise and clear flags, and nudge the people concerned.

A pass is a pure function of the database and the clock. It looks at all cohorts in a number of
queries that grows neither with their size nor with their number, and doing it twice, or in two
places at once, changes nothing more.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from evaluation.models import Flag
from evaluation.monitoring import digest, world
from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.catalog import BY_SLUG, RULES
from evaluation.monitoring.rule import NUDGE_WINDOW, Finding
from evaluation.monitoring.world import World
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from programs.models import Cohort

RANK = {severity: number for number, severity in enumerate(Flag.Severity.values)}
# Two passes at once wait for each other: the second finds what the first wrote.
LOCK = 0x6D6F6E69746F72


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a pass did."""

    opened: int
    updated: int
    cleared: int
    nudges: int
    queries: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class _QueryCounter:
    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def scan(*, cohort: Cohort | None = None) -> ScanResult:
    """One pass over every cohort that is under way, or over one."""
    started, counter = clock.stopwatch(), _QueryCounter()
    with connection.execute_wrapper(counter), transaction.atomic(), _wide_batches():
        _one_at_a_time()
        snapshot = world.load(RULES, cohort=cohort)
        findings = [finding for rule in RULES for finding in rule.find(snapshot)]
        opened, updated, cleared = _flags(snapshot, findings)
        nudges = _nudge(snapshot, findings)
        digest.enqueue(snapshot)
    return ScanResult(
        opened, updated, cleared, nudges, counter.queries, round(clock.stopwatch() - started, 3)
    )


def refresh(*, cohort: Cohort) -> None:
    """Bring a cohort's standing flags in line with the facts now, between two passes.

    It opens none and writes to nobody: that is the pass's, at its hour.
    """
    standing = Flag.objects.filter(cohort=cohort, state__in=Flag.STANDING).order_by()
    if not standing.exists():
        return
    with transaction.atomic():
        _one_at_a_time()
        snapshot = world.load(RULES, cohort=cohort)
        # What the other rules would find could only open flags.
        concerned = set(standing.values_list("rule", flat=True).distinct())
        rules = [rule for rule in RULES if rule.slug in concerned]
        findings = [finding for rule in rules for finding in rule.find(snapshot)]
        _flags(snapshot, findings, opens=False)


def _one_at_a_time() -> None:
    # SQLite's transactions are immediate: there the second waits at `BEGIN`.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def _wide_batches() -> Iterator[None]:
    """Let many rows go into one statement on SQLite too.

    Django still assumes the limit of 999 parameters that SQLite had before 2020.
    """
    if connection.vendor != "sqlite":
        yield
        return
    features: Any = connection.features
    assumed = features.max_query_params
    handle: sqlite3.Connection = connection.connection
    features.max_query_params = handle.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    try:
        yield
    finally:
        features.max_query_params = assumed


def _flags(snapshot: World, findings: list[Finding], *, opens: bool = True) -> tuple[int, int, int]:
    """Bring flags in line with the facts: how many were opened, updated and cleared."""
    visible = [
        f for f in findings if f.leaves_the_pair(BY_SLUG[f.rule], snapshot.scopes[f.cohort].level)
    ]
    by_subject = {(f.rule, f.subject): f for f in visible}
    standing = {
        (flag.rule, flag.subject): flag
        for flag in Flag.objects.filter(cohort__in=snapshot.scopes, state__in=Flag.STANDING)
    }
    gone = [flag for key, flag in standing.items() if _is_over(flag, by_subject.get(key))]
    for flag in gone:
        del standing[flag.rule, flag.subject]
    updated = [flag for key, flag in standing.items() if _bring_up_to_date(flag, by_subject[key])]
    due = [f for f in visible if f.step and (f.rule, f.subject) not in standing]
    opened = [_flag(f, snapshot) for f in _undismissed(due)] if opens else []
    _write(snapshot, opened, updated, gone)
    return len(opened), len(updated), len(gone)


def _is_over(flag: Flag, finding: Finding | None) -> bool:
    return finding is None or finding.occurrence != flag.occurrence


def _bring_up_to_date(flag: Flag, finding: Finding) -> bool:
    """Take over evidence and a higher severity; whether anything changed."""
    before = (flag.severity, flag.step, flag.evidence)
    flag.evidence = {**flag.evidence, **finding.evidence}
    if finding.step:
        flag.step = finding.step
        if RANK[finding.severity] > RANK[flag.severity]:
            # It grew: that is news, also to those who wanted to look again later.
            flag.severity, flag.snoozed_until, flag.digest = finding.severity, None, None
    return before != (flag.severity, flag.step, flag.evidence)


def _undismissed(due: list[Finding]) -> Iterator[Finding]:
    """Without those that a coordinator dismissed for the very same occurrence."""
    if not due:
        return
    dismissed = set(
        Flag.objects.filter(
            state=Flag.State.RESOLVED, cohort__in={finding.cohort for finding in due}
        ).values_list("rule", "subject", "occurrence")
    )
    yield from (f for f in due if (f.rule, f.subject, f.occurrence) not in dismissed)


def _flag(finding: Finding, snapshot: World) -> Flag:
    return Flag(
        cohort_id=finding.cohort,
        rule=finding.rule,
        severity=finding.severity,
        step=finding.step,
        mentorship_id=finding.mentorship,
        enrollment_id=finding.enrollment,
        subject=finding.subject,
        occurrence=finding.occurrence,
        since=finding.since,
        opened_at=snapshot.now,
        evidence=finding.evidence,
    )


def _write(snapshot: World, opened: list[Flag], updated: list[Flag], gone: list[Flag]) -> None:
    for flag in gone:
        flag.state, flag.cleared_at = Flag.State.CLEARED, snapshot.now
    # The lock keeps a second pass out; the unique constraint would, even without it.
    Flag.objects.bulk_create(opened, ignore_conflicts=True, batch_size=2000)
    fields = ["severity", "step", "evidence", "snoozed_until", "digest"]
    Flag.objects.bulk_update(updated, fields, batch_size=500)
    Flag.objects.filter(AnyOf("pk", (flag.pk for flag in gone))).update(
        state=Flag.State.CLEARED, cleared_at=snapshot.now
    )
    # Flags made with `ignore_conflicts` do not learn their ids: read them by key.
    ids = (
        dict(
            Flag.objects.filter(opened_at=snapshot.now, state=Flag.State.OPEN).values_list(
                "key", "pk"
            )
        )
        if opened
        else {}
    )
    for flag in opened:
        flag.pk = ids.get(flag.key)
    acts = [("flag.opened", opened), ("flag.updated", updated), ("flag.cleared", gone)]
    audit.record_many(_event(action, flag) for action, flags in acts for flag in flags)


def _event(action: str, flag: Flag) -> Any:
    event = audit.event(
        by=None,
        action=action,
        subject=flag,
        rule=flag.rule,
        severity=flag.severity,
        step=flag.step,
        evidence=flag.evidence,
    )
    event.cohort = flag.cohort_id
    return event


def _nudge(snapshot: World, findings: Iterable[Finding]) -> int:
    """Queue the mails to the people concerned that were not queued before; how many."""
    wanted = [(finding, nudge) for finding in findings for nudge in finding.nudges]
    if not wanted:
        return 0
    about_them = {f"rule:{finding.subject}" for finding, _ in wanted}
    known = set(
        outbox.Notification.objects.filter(about__in=about_them).values_list(
            "dedupe_key", flat=True
        )
    )
    people = User.objects.in_bulk({nudge.person for _, nudge in wanted})
    drafts = (
        outbox.Draft(
            kind=nudge.kind,
            dedupe_key=f"{finding.rule}:{finding.subject}:{finding.occurrence}"
            f":{nudge.step}:{nudge.kind}:{nudge.person}",
            recipient=people[nudge.person],
            context={
                "mentorship": finding.mentorship,
                "student": finding.enrollment if finding.subject.startswith("student:") else None,
                "since": finding.since.isoformat(),
                **finding.facts,
            },
            not_after=snapshot.now + timedelta(days=NUDGE_WINDOW),
            about=f"rule:{finding.subject}",
        )
        for finding, nudge in wanted
    )
    return outbox.enqueue_many(draft for draft in drafts if draft.dedupe_key not in known)
