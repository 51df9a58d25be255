"""A process that forks racers over matchings and prints what became of them (see test_matching).

Run with the settings in the environment, on a database of its own.
"""

import json
import sys
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from matching.models import (  # noqa: E402
    MatchRun,
    Membership,
    MentorRequest,
    Mentorship,
    TrialRecord,
)
from matching.services import choosing, requests, trials  # noqa: E402
from matching.services.mentorships import assign  # noqa: E402
from matching.services.publishing import publish  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from programs.models import Enrollment  # noqa: E402
from programs.services.enrollments import withdraw  # noqa: E402
from tests.factories import START, CohortFactory, EnrollmentFactory  # noqa: E402
from tests.races.forking import race  # noqa: E402


def loads():
    """Students per mentor, and mentorships per student, at most."""
    seats = Membership.objects.filter(ended_at=None)
    students = Counter(seats.filter(role="student").values_list("enrollment", flat=True))
    per_mentor = Counter()
    for mentorship, mentor in seats.filter(role="mentor").values_list("mentorship", "enrollment"):
        per_mentor[mentor] += seats.filter(mentorship=mentorship, role="student").count()
    over = [
        mentor
        for mentor, load in per_mentor.items()
        if load > Enrollment.objects.get(pk=mentor).capacity
    ]
    gone = seats.filter(enrollment__state="withdrawn").count()
    return {
        "gone_but_there": gone,
        "over_capacity": len(over),
        "twice": sum(1 for n in students.values() if n > 1),
    }


def crowd(racers):
    """All want the one mentor, who has three places."""
    cohort = CohortFactory()
    mentor = EnrollmentFactory(cohort=cohort, role="mentor", capacity=3)
    students = [EnrollmentFactory(cohort=cohort) for _ in range(racers)]
    return [lambda s=s: assign(student=s, mentor=mentor, by=None) for s in students]


def greedy_student(racers):
    """One student is given to many mentors at once."""
    cohort = CohortFactory()
    student = EnrollmentFactory(cohort=cohort)
    mentors = [EnrollmentFactory(cohort=cohort, role="mentor") for _ in range(racers)]
    return [lambda m=m: assign(student=student, mentor=m, by=None) for m in mentors]


def publishers(racers):
    """Many publish one run at once."""
    cohort = CohortFactory()
    run = MatchRun.objects.create(
        cohort=cohort, number=1, procedure="optimal", seed=1, state="done"
    )
    for _ in range(5):
        run.pairs.create(
            student=EnrollmentFactory(cohort=cohort),
            mentor=EnrollmentFactory(cohort=cohort, role="mentor"),
            score=1,
        )
    return [lambda: publish(run=run, by=None) for _ in range(racers)]


def leavers(racers):
    """Students are assigned to mentors who leave at the same moment."""
    cohort = CohortFactory()
    acts = []
    for _ in range(racers // 2):
        student = EnrollmentFactory(cohort=cohort)
        mentor = EnrollmentFactory(cohort=cohort, role="mentor")
        acts.append(lambda s=student, m=mentor: assign(student=s, mentor=m, by=None))
        acts.append(lambda m=mentor: withdraw(enrollment=m, by=None))
    return acts


def _asked(cohort, asks):
    """The requests of students who ask these mentors, each open."""
    round_ = choosing.open_round(
        cohort=cohort, way="search", by=None, suggestions=10, asks=3, answer_days=5,
        expert_after_days=28,
    )  # fmt: skip
    return [
        requests.ask(round_=round_, student=student, mentor=mentor.key, by=student.person)
        for student, mentor in asks
    ]


def _yes(row):
    return lambda: requests.accept(request=row, by=row.mentor.person)


def popular(racers):
    """All have asked one mentor, who says yes to everybody at once; she has three places."""
    cohort = CohortFactory(override_at=START, override_reason="A race.")
    mentor = EnrollmentFactory(cohort=cohort, role="mentor", capacity=3)
    asks = [(EnrollmentFactory(cohort=cohort), mentor) for _ in range(racers)]
    return [_yes(row) for row in _asked(cohort, asks)]


def everybody(racers):
    """Mentors say yes at the moment in which a coordinator gives their places to others."""
    cohort = CohortFactory(override_at=START, override_reason="A race.")
    acts, asks = [], []
    for _ in range(racers // 2):
        mentor = EnrollmentFactory(cohort=cohort, role="mentor")
        asks.append((EnrollmentFactory(cohort=cohort), mentor))
        other = EnrollmentFactory(cohort=cohort)
        acts.append(lambda s=other, m=mentor: assign(student=s, mentor=m, by=None))
    return [*acts, *(_yes(row) for row in _asked(cohort, asks))]


def undecided(racers):
    """A student takes back, the beat moves on and the mentor says yes, all at once."""
    cohort = CohortFactory(override_at=START, override_reason="A race.")
    asks = []
    for _ in range(racers // 3):
        student = EnrollmentFactory(cohort=cohort)
        asks += [(student, EnrollmentFactory(cohort=cohort, role="mentor")) for _ in range(2)]
    rows = _asked(cohort, asks)
    acts = []
    for row in rows[::2]:
        acts.append(_yes(row))
        acts.append(lambda r=row: requests.withdraw(request=r, by=r.student.person))
        acts.append(choosing.follow)
    return acts


def drawn(racers):
    """The lot is drawn by many at once, while students say yes, and others change their minds."""
    cohort = CohortFactory(override_at=START, override_reason="A race.")
    students = [EnrollmentFactory(cohort=cohort) for _ in range(racers // 2)]
    arms = [{"procedure": name, "title": name} for name in ("optimal", "random")]
    trial = trials.open_trial(
        cohort=cohort, title="Two", about="A lot.", arms=arms, strata=[], due_weeks=8, by=None
    )
    acts = [lambda: trials.draw(trial=trial, by=None) for _ in range(racers // 2)]
    for n, row in enumerate(students):
        if n % 2:
            trials.answer(trial=trial, student=row, consent=True, by=row.person)
        acts.append(
            lambda r=row, yes=not n % 2: trials.answer(
                trial=trial, student=r, consent=yes, by=r.person
            )
        )
    return acts


def lots():
    """Places of the lot that were given twice, and places that were skipped."""
    taken = Counter(TrialRecord.objects.exclude(arm="").values_list("trial", "position"))
    return {
        "drawn": len(taken),
        "place_twice": sum(1 for n in taken.values() if n > 1),
        "place_skipped": max((place for _trial, place in taken), default=0) - len(taken),
        "drawn_unasked": TrialRecord.objects.exclude(arm="").exclude(consent=True).count(),
    }


def lines():
    """Requests that contradict what stands."""
    standing = MentorRequest.objects.filter(state__in=["waiting", "asked"])
    open_ = Counter(standing.filter(state="asked").values_list("student", flat=True))
    accepted = MentorRequest.objects.filter(state="accepted")
    placed = set(
        Membership.objects.filter(role="student", ended_at=None).values_list(
            "enrollment", flat=True
        )
    )
    return {
        "two_open": sum(1 for n in open_.values() if n > 1),
        "stalled": len(set(standing.values_list("student", flat=True)) - set(open_)),
        "asks_though_placed": standing.filter(student__in=placed).count(),
        "yes_without_pair": accepted.exclude(student__in=placed).count(),
    }


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    scenes = {
        "crowd": crowd, "student": greedy_student, "publish": publishers, "leave": leavers,
        "popular": popular, "everybody": everybody, "undecided": undecided, "drawn": drawn,
    }  # fmt: skip
    acts = scenes[scene](racers)
    counts, heard = race(acts)
    print(
        json.dumps(
            {
                "won": counts["won"],
                "refused": counts["refused"],
                "broke": counts["broke"],
                "mentorships": Mentorship.objects.count(),
                "mails": Notification.objects.filter(kind="mentorship_formed").count(),
                **loads(),
                **lines(),
                **lots(),
                "heard": heard,
            }
        )
    )


if __name__ == "__main__":
    main()
