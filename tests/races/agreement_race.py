"""A process that forks members signing one agreement at once (see test_agreement)."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from sessions import agreements  # noqa: E402
from sessions.agreement_terms import Terms  # noqa: E402
from sessions.circle import circle  # noqa: E402
from sessions.models import Agreement, AgreementSignature  # noqa: E402
from sessions.services import agreements as services  # noqa: E402
from tests.factories import EnrollmentFactory, member, pair  # noqa: E402
from tests.races.forking import race  # noqa: E402

NOW = datetime(2021, 9, 10, 10, 0, tzinfo=UTC)


def main(racers: int) -> None:
    call_command("migrate", verbosity=0)
    clock.set_process(NOW)
    mentorship = pair()
    member(mentorship, EnrollmentFactory(cohort=mentorship.cohort))
    members = circle(mentorship)
    row = services.propose(mentorship=mentorship, terms=Terms(), by=mentorship.mentor.person)
    signers = [one.person for one in members.students]

    def sign(number: int):
        services.sign(agreement=row, by=signers[number % len(signers)])

    counts, _heard = race([lambda number=number: sign(number) for number in range(racers)])
    in_force = agreements.standing(members).in_force
    found = {
        "won": counts["won"],
        "broke": counts["broke"],
        "agreements": Agreement.objects.count(),
        "signatures": AgreementSignature.objects.count(),
        "in_force": in_force is not None and in_force.pk == row.pk,
        "told": Notification.objects.filter(kind="agreement_signed").count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
