"""A process that forks racers over places in a training (see test_training).

Run with the settings in the environment, on a database of its own.
"""

import json
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from programs.services import enrollments  # noqa: E402
from sessions.models import Meeting, Participant, Waiting  # noqa: E402
from sessions.services import dates, enrolling, series, waiting  # noqa: E402
from tests.factories import (  # noqa: E402
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    supervisor_group,
    training_date,
)
from tests.races.booking_race import overlaps  # noqa: E402
from tests.races.matching_race import race  # noqa: E402

NOW = datetime(2021, 9, 10, 10, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=7)


def last_place(racers):
    """Many mentors want the one place that is left of three."""
    one = training_date(SeriesFactory(capacity=3), SOON)
    people = [EnrollmentFactory(cohort=one.cohort, role="mentor").person for _ in range(racers + 2)]
    for person in people[:2]:
        enrolling.enroll(meeting=one, by=person)
    return [lambda p=person: enrolling.enroll(meeting=one, by=p) for person in people[2:]]


def two_at_once(racers):
    """One mentor taps many dates at the same hour."""
    cohort = CohortFactory()
    person = EnrollmentFactory(cohort=cohort, role="mentor").person
    dates = [training_date(SeriesFactory(cohort=cohort), SOON) for _ in range(racers)]
    return [lambda d=one: enrolling.enroll(meeting=d, by=person) for one in dates]


def while_moving(racers):
    """People enroll while the coordinator moves the date: all end up at the same time."""
    one = training_date(SeriesFactory(), SOON)
    lead = EnrollmentFactory(cohort=one.cohort, role="coordinator").person
    people = [EnrollmentFactory(cohort=one.cohort, role="mentor").person for _ in range(racers - 1)]
    return [
        lambda: dates.move(
            meeting=one, starts_at=SOON + timedelta(hours=3), minutes=90, reason="other", by=lead
        ),
        *(lambda p=person: enrolling.enroll(meeting=one, by=p) for person in people),
    ]


def place_given_back(racers):
    """Places are given back, wanted and waited for at once: they go to who waits, and no more."""
    one = training_date(SeriesFactory(capacity=3), SOON)
    people = [EnrollmentFactory(cohort=one.cohort, role="mentor").person for _ in range(racers)]
    for person in people[:3]:
        enrolling.enroll(meeting=one, by=person)
    third = (racers - 3) // 3
    for person in people[3 : 3 + third]:
        waiting.wait(meeting=one, by=person)
    return [
        *(lambda p=person: enrolling.leave(meeting=one, by=p) for person in people[:3]),
        *(
            lambda p=person: waiting.step_down(meeting=one, by=p)
            for person in people[6 : 3 + third]
        ),
        *(lambda p=person: waiting.wait(meeting=one, by=p) for person in people[3 + third :]),
        lambda: series.edit(series=one.series, capacity=4, by=people[0]),
    ]


def leaving_while_moving(racers):
    """Members of a supervisor's group leave the cohort while its date is moved again and again."""
    cohort = CohortFactory(state="running")
    lead = EnrollmentFactory(cohort=cohort, role="coordinator").person
    EnrollmentFactory(cohort=cohort, role="coordinator")
    people = [EnrollmentFactory(cohort=cohort, role="mentor") for _ in range(racers - 5)]
    group = supervisor_group(cohort, *people)
    one = training_date(SeriesFactory(cohort=cohort, kind="supervision", group=group), SOON)
    for row in people:
        enrolling.enroll(meeting=one, by=row.person)
    return [
        *(
            lambda h=hours: dates.move(
                meeting=Meeting.objects.get(pk=one.pk),
                starts_at=SOON + timedelta(hours=h),
                minutes=90,
                reason="other",
                by=lead,
            )
            for hours in range(1, 6)
        ),
        *(lambda r=row: enrollments.withdraw(enrollment=r, by=lead) for row in people),
    ]


SCENES = {
    "leaving_while_moving": leaving_while_moving,
    "last_place": last_place,
    "two_at_once": two_at_once,
    "while_moving": while_moving,
    "place_given_back": place_given_back,
}


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    clock.set_process(NOW)
    counts, heard = race(SCENES[scene](racers))
    seats = Participant.objects.filter(holds=True)
    print(
        json.dumps(
            {
                "won": counts["won"],
                "refused": counts["refused"],
                "broke": counts["broke"],
                "held": seats.count(),
                "places": len(set(seats.values_list("meeting", "place"))),
                "times": len(set(seats.values_list("meeting", "starts_at"))),
                "overlaps": overlaps(),
                "moved_up": Notification.objects.filter(kind="place_given").count(),
                "waits": Waiting.objects.count(),
                "both": Waiting.objects.filter(
                    person__in=seats.values("person"), meeting__in=seats.values("meeting")
                ).count(),
                "capacity": Meeting.objects.first().capacity,
                "mails": Notification.objects.filter(kind="meeting_booked").count(),
                "heard": heard,
            }
        )
    )


if __name__ == "__main__":
    main()
