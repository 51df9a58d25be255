"""The lists of a cohort of 20,000 people, on PostgreSQL, beside a bare view of the same rows.

The bare view makes one query for one page of people and renders them in a plain table: no login,
no frame, no count, no rights. What a list costs above it is what all that costs.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

PAIRS = 10_000
BASE = 1_000_000
ROWS = 50
TIMES = 9
BARE = """<table>{% for row in rows %}<tr><th>{{ row.person.full_name }}</th>
<td>{{ row.get_role_display }}</td><td>{{ row.get_state_display }}</td><td>{{ row.capacity }}</td>
</tr>{% endfor %}</table>"""
LISTS = {
    "people": ("programs:people", ""),
    "people, last page": ("programs:people", f"?page={2 * PAIRS // ROWS}"),
    "people, by state": ("programs:people", "?sort=state"),
    "people, a name": ("programs:people", "?q=nagy"),
    "applicants": ("programs:applicants", ""),
    "history": ("programs:history", ""),
    "mentorships": ("matching:mentorships", ""),
    "unmatched": ("matching:unmatched", ""),
    "board, people": ("evaluation:people", ""),
    "flags": ("evaluation:flags", ""),
}


def measure() -> Iterator[dict[str, Any]]:
    """One row a list: median milliseconds, queries, and how many times the bare view."""
    from tests.services import fresh_database

    with fresh_database("bench_lists") as url:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.lists"],
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mentoring.settings",
                 "TASKS_EAGER": "1"},
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    yield from json.loads(done.stdout)


def fill() -> tuple[Any, Any]:
    """A running cohort of 10,000 pairs, and its coordinator."""
    from benchmarks.scan import multiply
    from tests.factories import CohortFactory, EnrollmentFactory, pair

    cohort = CohortFactory(country="HU", state="running")
    her = EnrollmentFactory(cohort=cohort, role="coordinator").person
    mentorship = pair(cohort)
    multiply(mentorship, PAIRS, id=f"{BASE} + i", key="'k' || lpad(i::text, 11, '0')")
    for side, start in (("student", BASE), ("mentor", 2 * BASE)):
        enrollment = getattr(mentorship, side)
        own = f"'{side[0]}' || lpad(i::text, 11, '0')"
        multiply(enrollment.person, PAIRS, id=f"{start} + i", key=own,
                 family_name="'Family' || i", email=f"'{side}' || i || '@example.edu'")  # fmt: skip
        multiply(enrollment, PAIRS, id=f"{start} + i", key=own, person_id=f"{start} + i")
        multiply(enrollment.memberships.get(), PAIRS, id=f"{start} + i",
                 mentorship_id=f"{BASE} + i", enrollment_id=f"{start} + i",
                 person_id=f"{start} + i")  # fmt: skip
    return cohort, her


def timed(act: Callable[[], object]) -> tuple[float, int]:
    """Median milliseconds, and the queries of the last time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took = []
    for _ in range(TIMES):
        before = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - before))
    with CaptureQueriesContext(connection) as caught:
        act()
    return median(took), len(caught)


def run() -> list[dict[str, Any]]:
    """Fill, then open every list as the coordinator."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.template import engines
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from mentoring import clock
    from programs.models import Enrollment
    from tests.factories import START

    setup_test_environment()
    call_command("migrate", verbosity=0)
    cohort, her = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plain = engines["django"].from_string(BARE)

    def bare() -> str:
        rows = Enrollment.objects.filter(cohort=cohort).select_related("person")
        return plain.render({"rows": rows.order_by("person__family_name", "pk")[:ROWS]})

    client, found = Client(), []
    with clock.at(START):
        client.force_login(her)
        base, queries = timed(bare)
        found.append({"list": "bare view", "ms": base, "queries": queries, "times": 1.0})
        for name, (view, query) in LISTS.items():
            address = reverse(view, args=[cohort.key]) + query
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answers {answer.status_code}")
            took, queries = timed(lambda address=address: client.get(address))
            found.append({"list": name, "ms": took, "queries": queries, "times": took / base})
    return found


if __name__ == "__main__":
    print(json.dumps(run()))
