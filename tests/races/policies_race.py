"""A process that forks racers over a policy (see test_policies)."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from programs import queries_policies as queries  # noqa: E402
from programs.models import PolicyAnswer, PolicyVersion  # noqa: E402
from programs.services import policies, policy_answers  # noqa: E402
from tests.factories import START, CohortFactory, EnrollmentFactory  # noqa: E402
from tests.races.forking import race  # noqa: E402


def _begun():
    cohort = CohortFactory()
    place = EnrollmentFactory(cohort=cohort)
    row = policies.add(cohort=cohort, by=None, title="Research", kind="consent", text="May we?")
    return row, place.person, policies.seal(queries.draft_of(row))


def answers(racers):
    """One person agrees and refuses at once, in many windows."""
    row, person, seal = _begun()
    policies.publish(policy=row, by=None, seen=seal)

    def act(reply):
        policy_answers.answer(policy=row, reply=reply, number=1, by=person)

    return [lambda n=n: act(("agreed", "refused")[n % 2]) for n in range(racers)]


def publications(racers):
    """Many publish one draft at once."""
    row, _person, seal = _begun()
    return [lambda: policies.publish(policy=row, by=None, seen=seal)] * racers


def drafts(racers):
    """Many begin the next version at once."""
    row, _person, seal = _begun()
    policies.publish(policy=row, by=None, seen=seal)
    return [lambda: policies.revise(policy=row, by=None)] * racers


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    clock.set_process(START)
    acts = {act.__name__: act for act in (answers, publications, drafts)}[scene](racers)
    counts, _heard = race(acts)
    found = {
        "won": counts["won"],
        "refused": counts["refused"],
        "broke": counts["broke"],
        "versions": PolicyVersion.objects.count(),
        "standing": PolicyAnswer.objects.filter(replaced_at=None).count(),
        "mails": Notification.objects.filter(kind="policies_open").count(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
