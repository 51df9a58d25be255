"""A process that forks monitoring passes over one database and prints what they left.

Run with the settings in the environment, on a database of its own.
"""

import json
import sys
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Count  # noqa: E402

from evaluation.models import Flag  # noqa: E402
from evaluation.monitoring import scan  # noqa: E402
from mentoring import clock  # noqa: E402
from mentoring.accounts.permissions import Role  # noqa: E402
from mentoring.audit.models import Event  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from tests.evaluation.conftest import after  # noqa: E402
from tests.factories import CohortFactory, EnrollmentFactory, pair  # noqa: E402
from tests.races.forking import race  # noqa: E402

PAIRS = 40


def main():
    racers, day = int(sys.argv[1]), int(sys.argv[2])
    call_command("migrate", verbosity=0)
    cohort = CohortFactory(country="", state="running")
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    for _ in range(PAIRS):
        pair(cohort)

    def one_pass():
        with clock.at(after(day)):
            scan()

    counts, heard = race([one_pass] * racers)
    per_subject = Flag.objects.values("rule", "subject").annotate(n=Count("pk"))
    kinds = Counter(Notification.objects.values_list("kind", flat=True))
    print(
        json.dumps(
            {
                "won": counts["won"],
                "heard": heard if counts["won"] != racers else "",
                "flags": Flag.objects.count(),
                "twice": sum(row["n"] > 1 for row in per_subject),
                "opened": Event.objects.filter(action="flag.opened").count(),
                "mails": dict(sorted(kinds.items())),
            }
        )
    )


if __name__ == "__main__":
    main()
