"""A process that forks racers over people and prints what became of them (see test_programs).

Run with the settings in the environment, on a database of its own.
"""

import json
import os
import select
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from mentoring.accounts.models import User  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from programs.models import Cohort, Edition, Enrollment, Invitation, Passage  # noqa: E402
from programs.roster import read  # noqa: E402
from programs.services import (  # noqa: E402
    applications,
    enrollments,
    invitations,
    people,
    rosters,
    year_steps,
)
from tests.factories import START, CohortFactory, EnrollmentFactory, UserFactory  # noqa: E402
from tests.programs.years.vertical import document  # noqa: E402
from tests.races.forking import race  # noqa: E402

HEADER = "email,given_name,family_name,role,year\n"
ROWS = "".join(f"p{n}@example.edu,Given,Family,student,1\n" for n in range(200))


def imports(racers):
    """The same roster is imported many times at once, into two cohorts."""
    cohorts = [CohortFactory(), CohortFactory()]
    roster = read((HEADER + ROWS).encode())

    def act(number):
        rosters.import_roster(cohort=cohorts[number % 2], roster=roster, by=None)

    return [lambda n=n: act(n) for n in range(racers)]


def answers(racers):
    """One invitation is answered many times at once."""
    enrollment = EnrollmentFactory(state="invited")
    invitation = invitations.invite(enrollment=enrollment, by=None)

    def act():
        fresh = Invitation.objects.select_related("enrollment__person", "enrollment__cohort").get(
            pk=invitation.pk
        )
        invitations.accept(invitation=fresh, by=fresh.enrollment.person)

    return [act] * racers


def additions(racers):
    """One new person is added by many at once, and applies herself."""
    cohort = CohortFactory(applications_open=True)
    person = UserFactory(email="wanted@example.edu")

    def add():
        people.add(cohort=cohort, email="wanted@example.edu", role="student", by=None)

    def apply():
        applications.apply(cohort=cohort, role="student", by=person)

    return [add, apply] * (racers // 2)


def leavers(racers):
    """All coordinators leave at the same moment."""
    cohort = CohortFactory()
    rows = [EnrollmentFactory(cohort=cohort, role="coordinator") for _ in range(racers)]
    return [lambda r=r: enrollments.withdraw(enrollment=r, by=r.person) for r in rows]


def edits(_racers):
    """A student saves her profile between the import's reading and its writing.

    SQLite lets her wait for the import's end; there the import waits for her for a moment only.
    """
    student = EnrollmentFactory(interests=["psychiatry"], campus="Old")
    person = student.person
    names = f"{person.email},{person.given_name},{person.family_name}"
    roster = read(f"email,given_name,family_name,role,campus\n{names},student,New\n".encode())
    has_read, says_so = os.pipe()
    saved, says_saved = os.pipe()

    def act():
        write = rosters.write

        def late(*args):
            os.write(says_so, b".")
            select.select([saved], [], [], 2)
            write(*args)

        rosters.write = late
        rosters.import_roster(cohort=student.cohort, roster=roster, by=None)

    def edit():
        os.read(has_read, 1)
        enrollments.change_profile(enrollment=student, by=person, interests=["opera"])
        os.write(says_saved, b".")

    return [act, edit]


def years(racers):
    """Two coordinators begin the next year, each with as many windows open as there are racers."""
    cohort = CohortFactory(state="running", edition=document(per_class=2, juniors=1))
    people = [EnrollmentFactory(cohort=cohort, role="coordinator").person for _ in range(2)]
    for _ in range(8):
        EnrollmentFactory(cohort=cohort, state="active")
    clock.set_process(START + timedelta(days=300))

    def act(by):
        year_steps.roll(cohort=Cohort.objects.get(pk=cohort.pk), by=by, number=2)

    return [lambda n=n: act(people[n % 2]) for n in range(racers)]


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    scenes = [imports, answers, additions, leavers, edits, years]
    acts = {act.__name__: act for act in scenes}[scene](racers)
    counts, heard = race(acts)
    row = Enrollment.objects.first()
    print(
        json.dumps(
            {
                "won": counts["won"],
                "refused": counts["refused"],
                "broke": counts["broke"],
                "people": User.objects.count(),
                "enrollments": Enrollment.objects.count(),
                "coordinators": Enrollment.objects.filter(
                    role="coordinator", state__in=Enrollment.PRESENT
                ).count(),
                "invitations": Notification.objects.filter(kind="invitation").count(),
                "heard": heard,
                "first": [row.interests, row.campus],
                "editions": Edition.objects.count(),
                "passages": Passage.objects.count(),
            }
        )
    )


if __name__ == "__main__":
    main()
