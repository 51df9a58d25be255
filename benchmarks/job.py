"""A whole matching job on SQLite: from the rows of a cohort to the stored result.

The people are those of ``match-optimal``. What is timed begins where a coordinator presses the
button and ends when every pair is stored with its reasons; the job runs in the same process.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

SIZES = [(1000, 250), (10000, 2500)]
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[dict[str, Any]]:
    """One row for each size, in a process and a database of its own."""
    for students, mentors in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.job", str(students), str(mentors)],
                env={**os.environ, "DATABASE_URL": f"sqlite:///{folder}/job.sqlite3",
                     "DJANGO_SETTINGS_MODULE": "mentoring.settings", "TASKS_EAGER": "1"},
                check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            )  # fmt: skip
        yield json.loads(done.stdout.splitlines()[-1])


def fill(students: int, mentors: int) -> Any:
    """A cohort ready for matching with the people of a synthetic one, and its coordinator."""
    from benchmarks.instances import cast
    from benchmarks.instances import cohort as synthetic
    from tests.factories import START, CohortFactory, EnrollmentFactory

    cohort = CohortFactory(country="HU", override_at=START, override_reason="A measurement.")
    her = EnrollmentFactory(cohort=cohort, role="coordinator").person
    mentees, seniors, _chance = cast(students, mentors)
    capacity = synthetic(students, mentors).capacity
    _enroll(cohort, mentees, "student", [1] * students)
    _enroll(cohort, seniors, "mentor", capacity)
    return cohort, her


def _enroll(cohort: Any, people: list[Any], role: str, capacity: Any) -> None:
    from mentoring.accounts.models import User
    from programs.models import Enrollment, EnrollmentYear
    from programs.models.enrollment import FREE_TIME_HOURS

    users = User.objects.bulk_create(
        User(email=f"{one.id}@example.edu", given_name=one.id, family_name=role) for one in people
    )
    rows = Enrollment.objects.bulk_create(
        Enrollment(
            cohort=cohort, person=user, role=role, state="accepted", capacity=places,
            interests=sorted(one.interests), languages=sorted(one.languages),
            free_time="".join(str(one.free_hours >> hour & 1) for hour in range(FREE_TIME_HOURS)),
        )
        for one, user, places in zip(people, users, capacity, strict=True)
    )  # fmt: skip
    year, of = cohort.planned.starts.year, 1 if role == "student" else 3
    EnrollmentYear.objects.bulk_create(
        EnrollmentYear(enrollment=row, academic_year=year, class_year=of) for row in rows
    )


def run(students: int, mentors: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from matching.services import runs
    from mentoring import clock
    from tests.factories import START

    call_command("migrate", verbosity=0)
    cohort, her = fill(students, mentors)
    with clock.at(START):
        began, began_cpu = perf_counter(), process_time()
        found = runs.start(
            cohort=cohort, procedure="optimal", by=her, seed=1,
            weights={"interests": 5, "languages": 3, "free_time": 1}, required=["languages"],
        )  # fmt: skip
        seconds, cpu = perf_counter() - began, process_time() - began_cpu
    found.refresh_from_db()
    if found.state != found.State.DONE or not found.result["optimal"]:
        raise SystemExit(f"the run is {found.state}: {found.result}")
    return {
        "students": students,
        "mentors": mentors,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "computing": found.result["seconds"],
        "placed": found.result["placed"],
        "unmatched": found.result["unmatched"],
        "total": found.result["total"],
        "stored": found.pairs.count(),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
