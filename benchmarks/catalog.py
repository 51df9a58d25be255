"""Every program of the catalog matched at its published size, groups included.

Through the services that people use: a cohort is opened from the template, its people are imported,
invited and say yes, and runs are started. Where no size is published the template's example counts.
Each program is matched by the procedure that it names, where that is one we compute (else by the
balanced draw), and by the optimal one. The gap is what the total is short of its proven bound. If
a program weighs nothing, what people have in common counts by ``WEIGHTS``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WEIGHTS = {"interests": 5.0, "languages": 3.0}
# Only some, when one is to be looked at: SLUGS="tromso delhi".
ONLY = os.environ.get("SLUGS", "").split()


def measure() -> Iterator[dict[str, Any]]:
    """One row for each program, in a process and a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.sqlite3"
        slugs = ONLY or json.loads(_in_a_process(empty, "migrate"))
        if ONLY:
            _in_a_process(empty, "migrate")
        for slug in slugs:
            database = Path(folder) / f"{slug}.sqlite3"
            shutil.copyfile(empty, database)
            yield json.loads(_in_a_process(database, slug))


def _in_a_process(database: Path, what: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(database.parent),
        "EMAIL_URL": f"file://{database.parent / 'mail'}",
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "TASKS_EAGER": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.catalog", what],
        env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    return done.stdout.splitlines()[-1]


def gathered(slug: str) -> Any:
    """A cohort of this program whose people have all said yes."""
    from datetime import datetime, timedelta

    from mentoring import clock
    from mentoring.accounts.models import User
    from mentoring.simulation.people import invent
    from mentoring.simulation.player import stage as staging
    from programs.models import CohortState, Invitation
    from programs.services import cohorts, gate, invitations
    from programs.spec import catalog

    spec = catalog.spec(slug)
    students, mentors = spec.usual_people
    if not students or not mentors:
        raise SystemExit(f"the file of {slug} names no number of people")
    start = clock.today(spec.year.zone)
    opens = datetime.combine(start, datetime.min.time(), spec.year.zone) - staging.BEFORE
    with clock.at(opens):
        admin = User.objects.create_superuser(
            "admin@staff.example.edu", given_name="Site", family_name="Admin"
        )
        stage = staging.open_cohort(
            spec=spec, name=spec.title[:60], start=start, weeks=4, admin=admin,
            coordinator_email="coordinator@staff.example.edu",
        )  # fmt: skip
        company = staging.company(spec, students=students, mentors=mentors)
        staging.recruit(stage, invent(company, 1))
    with clock.at(opens + timedelta(days=1)):
        for invitation in Invitation.objects.filter(
            enrollment__in=list(stage.enrollments.values())
        ).select_related("enrollment__person", "enrollment__cohort"):
            invitations.accept(invitation=invitation, by=invitation.enrollment.person)
        cohorts.move_on_to(cohort=stage.cohort, to=CohortState.MATCHING, by=stage.coordinator)
        if gate.closed_by(stage.cohort):
            gate.override(cohort=stage.cohort, reason="Everyone is here.", by=stage.coordinator)
            stage.cohort.refresh_from_db()
    return stage


def matched(stage: Any, procedure: str) -> dict[str, Any]:
    """The figures of one run."""
    from matching.services import runs

    weights = {str(rule.criterion): rule.weight for rule in stage.cohort.spec.matching.criteria}
    run = runs.start(
        cohort=stage.cohort,
        procedure=procedure,
        weights=weights or WEIGHTS,
        required=[],
        by=stage.coordinator,
        seed=1,
    )
    run.refresh_from_db()
    if run.state != run.State.DONE:
        raise SystemExit(f"the run of {stage.cohort} is {run.state}")
    found = run.result
    gap = 1 - found["total"] / found["bound"] if found["bound"] else 0.0
    return {
        "groups": len(run.groups) or len(set(run.pairs.values_list("mentor")) - {(None,)}),
        "placed": found["placed"],
        "unplaced": found["unmatched"],
        "gap_percent": round(100 * gap, 3),
        "seconds": found["seconds"],
    }


def run(slug: str) -> dict[str, Any]:
    from mentoring.simulation.player import stage as staging

    stage = gathered(slug)
    spec = stage.cohort.spec
    students, mentors = spec.usual_people
    named = staging.procedure_of(spec)
    row = {"template": slug, "students": students, "mentors": mentors, "procedure": named}
    row |= matched(stage, named)
    best = matched(stage, "optimal")
    return row | {f"best_{name}": best[name] for name in ("unplaced", "gap_percent", "seconds")}


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "migrate":
        from django.core.management import call_command

        from programs.spec import catalog

        call_command("migrate", verbosity=0)
        print(json.dumps(list(catalog.shipped())))
    else:
        print(json.dumps(run(sys.argv[1])))
