"""A process that forks racers over people and prints what became of them (see test_programs).

Run with the settings in the environment, on a database of its own.
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring.accounts.models import User  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from programs.models import Enrollment, Invitation  # noqa: E402
from programs.roster import read  # noqa: E402
from programs.services import applications, enrollments, invitations, people, rosters  # noqa: E402
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory  # noqa: E402
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


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    scenes = {"imports": imports, "answers": answers, "additions": additions, "leavers": leavers}
    counts, heard = race(scenes[scene](racers))
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
            }
        )
    )


if __name__ == "__main__":
    main()
