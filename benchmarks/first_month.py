"""The first month of every published program, from recruitment to the first meetings."""

import os
from collections.abc import Iterator
from typing import Any

import django

from benchmarks.simulate import play

WEEKS = 5
# Only some, when one is to be looked at: SLUGS="tromso delhi".
ONLY = os.environ.get("SLUGS", "").split()


def measure() -> Iterator[dict[str, Any]]:
    """One row a program, at its published size; at our example's where none is published."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    django.setup()
    from programs.spec import catalog

    for slug in ONLY or catalog.shipped():
        students, mentors = catalog.spec(slug).usual_people
        if not students or not mentors:
            raise RuntimeError(f"the file of {slug} names no number of people")
        found = play(slug, students, mentors, WEEKS)
        mails, meetings = found["notifications"], found["meetings"]
        yield {
            "template": slug,
            "students": students,
            "mentors": mentors,
            "groups": found["mentorships"],
            "left over": found["students_unmatched"],
            "booked": meetings["booked"],
            "held": meetings["held"],
            "mails": mails["sent"],
            "lost": mails["lost"],
            "doubled": mails["duplicates"],
            "premature": sum(one["premature"] for one in found["detection"].values()),
            "seconds": found["seconds"],
        }
