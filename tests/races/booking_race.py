"""A process that forks racers over bookings and prints what became of them (see test_booking).

Run with the settings in the environment, on a database of its own.
"""

import json
import sys
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from mentoring import clock  # noqa: E402
from mentoring.outbox.models import Notification  # noqa: E402
from sessions.models import Meeting, Participant  # noqa: E402
from sessions.services import availability, booking  # noqa: E402
from sessions.services.availability import DayHours  # noqa: E402
from tests.factories import (  # noqa: E402
    CohortFactory,
    EnrollmentFactory,
    MentorshipFactory,
    member,
    pair,
)
from tests.races.forking import race  # noqa: E402

NOW = datetime(2021, 9, 10, 10, 0, tzinfo=UTC)
NINE = datetime(2021, 9, 13, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def publish(mentor, first=time(9)):
    availability.publish(
        by=mentor,
        hours=[DayHours(0, first, time(15))],
        time_zone="Europe/Budapest",
        slot_minutes=60,
    )


def mentorships_of(mentor, students):
    """A mentorship with each student, all with the same mentor."""
    for student in students:
        mentorship = MentorshipFactory(cohort=mentor.cohort)
        member(mentorship, mentor)
        member(mentorship, student)
        yield mentorship, student.person


def one_slot(racers):
    """Many students want one hour of one mentor."""
    cohort = CohortFactory()
    mentor = EnrollmentFactory(cohort=cohort, role="mentor")
    publish(mentor.person)
    students = [EnrollmentFactory(cohort=cohort) for _ in range(racers)]
    return [
        lambda m=mentorship, s=student: booking.book(mentorship=m, starts_at=NINE, by=s)
        for mentorship, student in mentorships_of(mentor, students)
    ]


def overlapping(racers):
    """One student books hours of many mentors that overlap by a minute or more."""
    pairs = [pair(shape=f"shape-{n}") for n in range(racers)]
    student = pairs[0].student.person
    acts = []
    for n, each in enumerate(pairs):
        first = time(9, n % 60)
        publish(each.mentor.person, first)
        seat = EnrollmentFactory(cohort=each.cohort, person=student) if n else None
        if seat:
            member(each, seat)
        starts = NINE + (n % 60) * MINUTE
        acts.append(lambda m=each, at=starts: booking.book(mentorship=m, starts_at=at, by=student))
    return acts


def accepting(racers):
    """One mentor says yes to many proposals that overlap, all at once."""
    cohort = CohortFactory()
    mentor = EnrollmentFactory(cohort=cohort, role="mentor")
    students = [EnrollmentFactory(cohort=cohort) for _ in range(racers)]
    proposals = [
        booking.propose(
            mentorship=mentorship,
            starts_at=NINE + n * MINUTE,
            ends_at=NINE + (n + 60) * MINUTE,
            by=student,
        )
        for n, (mentorship, student) in enumerate(mentorships_of(mentor, students))
    ]
    return [
        lambda p=proposal: booking.accept(meeting=p, by=mentor.person) for proposal in proposals
    ]


def impatient(racers):
    """One student taps the button many times."""
    each = pair()
    publish(each.mentor.person)
    student = each.student.person
    return [
        lambda: booking.book(mentorship=each, starts_at=NINE, by=student) for _ in range(racers)
    ]


def overlaps():
    """Pairs of held periods of one person that overlap."""
    seats = list(Participant.objects.filter(holds=True).order_by("person", "starts_at"))
    return sum(
        one.person_id == other.person_id and other.starts_at < one.ends_at
        for one, other in pairwise(seats)
    )


SCENES = {
    "one_slot": one_slot,
    "overlapping": overlapping,
    "accepting": accepting,
    "impatient": impatient,
}


def main():
    scene, racers = sys.argv[1], int(sys.argv[2])
    call_command("migrate", verbosity=0)
    clock.set_process(NOW)
    counts, heard = race(SCENES[scene](racers))
    print(
        json.dumps(
            {
                "won": counts["won"],
                "refused": counts["refused"],
                "broke": counts["broke"],
                "booked": Meeting.objects.filter(state="booked").count(),
                "held": Participant.objects.filter(holds=True).count(),
                "overlaps": overlaps(),
                "mails": Notification.objects.filter(kind="meeting_booked").count(),
                "heard": heard,
            }
        )
    )


if __name__ == "__main__":
    main()
