"""What `manage.py doctor` looks at: each check says what is wrong and how to mend it."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from smtplib import SMTPException
from typing import Literal

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from mentoring import clock
from mentoring.ops import broker, rotation
from mentoring.outbox.backends import knock
from mentoring.outbox.models import Heartbeat, Notification, State

Verdict = Literal["ok", "note", "wrong"]
HEARTBEAT_LATE = timedelta(minutes=2)
MAIL_LATE = timedelta(minutes=15)
CLOCK_OFF = timedelta(seconds=5)
OLDEST_POSTGRESQL = 14


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``mend`` says what to do about it."""

    check: str
    verdict: Verdict
    says: str
    mend: str = ""


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Every check, whatever the others find."""
    findings: list[Finding] = []
    for check in (_settings, _database, _keys, _broker, _heartbeats, _mail, _waiting, _clock, _pdf):
        try:
            findings += check()
        except Exception as error:  # noqa: BLE001 - a finding too, and the others still count
            name = check.__name__.strip("_")
            mend = "See the messages of the other checks first."
            findings.append(Finding(name, "wrong", f"{type(error).__name__}: {error}", mend))
    return findings


def _settings() -> Iterator[Finding]:
    if settings.PRODUCTION:
        yield Finding("settings", "ok", "production")
        return
    yield Finding("settings", "ok", f"embedded default in {settings.DATA_DIR}")
    loose = stat.S_IMODE(settings.DATA_DIR.stat().st_mode) & 0o077
    if loose:
        mend = f"chmod 700 {settings.DATA_DIR}"
        yield Finding("settings", "wrong", "others may enter the data folder", mend)
    if not os.access(settings.DATA_DIR, os.W_OK):
        mend = f"Give {settings.DATA_DIR} to the user that runs this."
        yield Finding("settings", "wrong", "the data folder cannot be written", mend)


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        mend = "Check DATABASE_URL, and that the server runs and takes connections from here."
        yield Finding("database", "wrong", str(error).strip(), mend)
        return
    if connection.vendor == "postgresql":
        version = getattr(connection, "pg_version", 0) // 10000
        fine = version >= OLDEST_POSTGRESQL
        mend = "" if fine else f"Use PostgreSQL {OLDEST_POSTGRESQL} or newer."
        yield Finding("database", "ok" if fine else "wrong", f"PostgreSQL {version}", mend)
    else:
        yield Finding("database", "ok", "SQLite")
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        says = f"{pending} migrations have not been applied"
        yield Finding("database", "wrong", says, "manage.py migrate")


def _keys() -> Iterator[Finding]:
    if not rotation.has_old_keys():
        if rotation.oldest_texts_open():
            yield Finding("keys", "ok", "one key for private texts")
            return
        says = "private texts are sealed under a key that is not in FIELD_KEYS"
        mend = "Put that key back behind the new one, then manage.py rotate_keys."
        yield Finding("keys", "wrong", says, mend)
    elif rotation.old_text_remains():
        says = "some private texts are still sealed under an older key"
        yield Finding("keys", "note", says, "manage.py rotate_keys")
    else:
        says = "every private text is under the newest key"
        yield Finding("keys", "note", says, "Take the older keys out of FIELD_KEYS.")


def _broker() -> Iterator[Finding]:
    try:
        client = broker.connect()
        version = client.info("server").get("redis_version")
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
        client.close()
    except (redis.RedisError, OSError) as error:
        mend = (
            "Check REDIS_URL, and that the server runs and takes connections from here."
            if settings.REDIS_URL
            else "It runs while `manage.py up` runs. Start that, or set REDIS_URL."
        )
        yield Finding("broker", "wrong", f"does not answer: {error}", mend)
        return
    yield Finding("broker", "ok", f"answers, version {version}")
    if policy not in {"noeviction", None}:
        mend = "Set maxmemory-policy to noeviction: a broker must not forget tasks."
        yield Finding("broker", "wrong", f"evicts by {policy}", mend)


def _heartbeats() -> Iterator[Finding]:
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    mends = {
        "beat": "Start beat: `manage.py up`, or the service beat.",
        "worker": "Start a worker: `manage.py up`, or the service worker. "
        "It needs the broker and a living beat.",
    }
    for name, mend in mends.items():
        at = seen.get(name)
        if at is None:
            yield Finding(name, "wrong", "has never shown itself", mend)
            continue
        age = clock.now() - at
        late = age > HEARTBEAT_LATE
        says = f"showed itself {_ago(age)} ago"
        yield Finding(name, "wrong" if late else "ok", says, mend if late else "")


def _mail() -> Iterator[Finding]:
    try:
        knock()
    except (OSError, SMTPException) as error:
        mend = "Check EMAIL_URL, its user and password, and that port 587 or 465 is open to it."
        yield Finding("mail", "wrong", f"{type(error).__name__}: {error}", mend)
        return
    where = getattr(settings, "EMAIL_HOST", "") if settings.PRODUCTION else settings.EMAIL_URL
    yield Finding("mail", "ok", f"goes to {where or settings.MAIL_FOLDER}")


def _waiting() -> Iterator[Finding]:
    now = clock.now()
    late = Notification.objects.filter(state=State.QUEUED, try_at__lt=now - MAIL_LATE).count()
    failed = Notification.objects.filter(
        state=State.FAILED, settled_at__gt=now - timedelta(days=7)
    ).count()
    if late:
        says = f"{late} mails are late by more than {_ago(MAIL_LATE)}"
        yield Finding("outbox", "wrong", says, "Start worker and beat; see the checks above.")
    else:
        yield Finding("outbox", "ok", "no mail is late")
    if failed:
        says = f"{failed} mails failed in the last seven days"
        mend = "Their reasons stand in the outbox table (column reason): mend the addresses."
        yield Finding("outbox", "note", says, mend)


def _clock() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        yield Finding("clock", "ok", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
        return
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    off = abs(clock.now() - theirs.astimezone(UTC))
    wrong = off > CLOCK_OFF
    mend = "Run a time service (chrony, systemd-timesyncd) on both machines." if wrong else ""
    says = f"differs from the database's by {off.total_seconds():.1f} s"
    yield Finding("clock", "wrong" if wrong else "ok", says, mend)


def _pdf() -> Iterator[Finding]:
    try:
        import_module("weasyprint")
    except (ImportError, OSError) as error:
        mend = "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        says = f"{first}; only reports in PDF need it"
        yield Finding("pdf", "note", says, mend)
    else:
        yield Finding("pdf", "ok", "reports can be made as PDF")


def _ago(age: timedelta) -> str:
    minutes = age.total_seconds() / 60
    return f"{age.total_seconds():.0f} s" if minutes < 2 else f"{minutes:.0f} min"
