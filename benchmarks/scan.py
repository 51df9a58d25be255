"""A monitoring pass over 100,000 mentorships with 1.2 million meetings, on PostgreSQL.

The first pass finds everything at once, which never happens in practice; the second finds
nothing new, which is what an hourly pass does. The rows are made by SQL from one of each.
"""
# ruff: noqa: SLF001 (Django is set up only in the process that measures)

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

COHORTS, PER_COHORT, MEETINGS = 500, 200, 14
PAIRS = COHORTS * PER_COHORT
BASE = 1_000_000


def measure() -> Iterator[dict[str, Any]]:
    """One row for each pass."""
    from tests.services import fresh_database

    with fresh_database("bench_scan") as url:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.scan"],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mentoring.settings",
                 "TASKS_EAGER": "1"},
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    yield from json.loads(done.stdout)


def multiply(row: Any, count: int, **columns: str) -> None:
    """Copy a row ``count`` times; ``columns`` are SQL with ``i`` counting from 1."""
    from django.db import connection

    table = row._meta.db_table
    values = {field.column: f't."{field.column}"' for field in row._meta.concrete_fields}
    values |= columns
    names = ", ".join(f'"{name}"' for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values.values())} '
            f'FROM "{table}" t, generate_series(1, {count}) i WHERE t.id = {row.pk}'
        )


def fill() -> None:
    """500 cohorts of 200 pairs in week 30; one pair in ten never met."""
    from sessions.models import Contact, Message
    from tests.factories import START, CohortFactory, meeting, pair

    cohort = CohortFactory(country="HU", state="running")
    mentorship = pair(cohort)
    key = "'k' || lpad(i::text, 11, '0')"
    home = f"{BASE} + 1 + i % {COHORTS}"
    multiply(cohort, COHORTS, id=f"{BASE} + i", key=key)
    edition = cohort.editions.get()
    multiply(edition, COHORTS, id=f"{BASE} + i", cohort_id=f"{BASE} + i")
    for number, term in enumerate(edition.terms.all()):
        multiply(term, COHORTS, id=f"{BASE * (number + 1)} + i", edition_id=f"{BASE} + i")
    multiply(mentorship, PAIRS, id=f"{BASE} + i", key=key, cohort_id=home)
    for side, start in (("student", BASE), ("mentor", 2 * BASE)):
        enrollment = getattr(mentorship, side)
        own = f"'{side[0]}' || lpad(i::text, 11, '0')"
        multiply(enrollment.person, PAIRS, id=f"{start} + i", key=own,
                 email=f"'{side}' || i || '@example.edu'")  # fmt: skip
        multiply(enrollment, PAIRS, id=f"{start} + i", key=own, cohort_id=home,
                 person_id=f"{start} + i")  # fmt: skip
        multiply(enrollment.memberships.get(), PAIRS, id=f"{start} + i",
                 mentorship_id=f"{BASE} + i", enrollment_id=f"{start} + i",
                 person_id=f"{start} + i")  # fmt: skip
    _meetings(meeting(mentorship, START, state="held"))
    for model, when in ((Message, "sent_at"), (Contact, "at")):
        extra = {"channel": "phone"} if model is Contact else {}
        row = model.objects.create(mentorship=mentorship, side="student", **extra)
        keys = {"key": key} if model is Message else {}
        # The student writes, the mentor answers a day later; one student in fifty waits.
        side = "CASE WHEN i % 2 = 1 OR (i / 2) % 50 = 0 THEN 'student' ELSE 'mentor' END"
        days = "((i - 1) / 2) % 180 + (i - 1) % 2"
        start = f"timestamptz '{START:%Y-%m-%d}' + ({days}) * interval '1 day'"
        multiply(row, 2 * PAIRS, id=f"{BASE} + i", mentorship_id=f"{BASE} + 1 + (i - 1) / 2",
                 side=side, **keys, **{when: start})  # fmt: skip


def _meetings(row: Any) -> None:
    """Fourteen meetings of each pair but every tenth; one in eleven was missed by the student."""
    from tests.factories import START

    # The number of the pair, without every tenth.
    pair = f"(1 + (i - 1) / {MEETINGS} + (i - 1) / {MEETINGS} / 9)"
    starts = (
        f"timestamptz '{START:%Y-%m-%d %H:%M}+00' + ((i - 1) % {MEETINGS}) * interval '15 days'"
    )
    state = "CASE WHEN i % 11 = 0 THEN 'missed' ELSE 'held' END"
    missed_by = "CASE WHEN i % 11 = 0 THEN 'student' ELSE '' END"
    count = PAIRS * 9 // 10 * MEETINGS
    multiply(row, count, id=f"{BASE} + i", key="'m' || lpad(i::text, 11, '0')",
             mentorship_id=f"{BASE} + {pair}", cohort_id=f"{BASE} + 1 + {pair} % {COHORTS}",
             starts_at=starts, ends_at=f"{starts} + interval '45 minutes'", state=state,
             missed_by=missed_by)  # fmt: skip
    for seat in row.participants.all():
        first = BASE if seat.role == "student" else 2 * BASE
        person = f"{first} + {pair}"
        there = f"{state} = 'held' OR '{seat.role}' = 'mentor'"
        attendance = f"CASE WHEN {there} THEN 'present' ELSE 'absent' END"  # fmt: skip
        multiply(seat, count, id=f"{first * 5} + i", meeting_id=f"{BASE} + i", holds="false",
                 person_id=person, enrollment_id=person, starts_at=starts,
                 ends_at=f"{starts} + interval '45 minutes'", attendance=attendance)  # fmt: skip


def run() -> list[dict[str, Any]]:
    import django

    django.setup()
    from datetime import timedelta

    from django.core.management import call_command
    from django.db import connection

    from evaluation.monitoring import scan
    from mentoring import clock
    from sessions.models import Meeting
    from tests.factories import START

    call_command("migrate", verbosity=0)
    fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = []
    with clock.at(START + timedelta(days=210)):
        for name in ("first", "hourly"):
            done = scan()
            rows.append(
                {
                    "pass": name,
                    "mentorships": PAIRS,
                    "meetings": Meeting.objects.count(),
                    "seconds": done.seconds,
                    "queries": done.queries,
                    "opened": done.opened,
                    "updated": done.updated,
                }
            )
    return rows


if __name__ == "__main__":
    print(json.dumps(run()))
