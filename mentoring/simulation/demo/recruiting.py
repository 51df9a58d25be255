"""The demo's second cohort: next term's, being recruited, with everything still to do."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.simulation import people as cast
from mentoring.simulation.plan.shares import stream
from mentoring.simulation.player import stage as staging
from mentoring.simulation.player.acts import Actors
from programs.models import Cohort, Enrollment, Invitation
from programs.services import (
    applications,
    cohorts,
    enrollments,
    invitations,
    opening,
    uploads,
)
from programs.services import people as adding
from programs.spec import catalog

DAY = timedelta(days=1)
STUDENTS, MENTORS = 22, 16
SAID_YES, SAID_NO = 24, 2
PROFILE: dict[str, Any] = {"languages": ["en"], "interests": ["research", "running"]}


class Recruiting:
    """Plays the weeks before a matching, up to the middle of them."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now, self.seed = now, seed

    def add(self, actors: Actors) -> None:
        """Put its days into the queue."""
        self.actors = actors
        self.by: User = actors.stage.coordinator
        at = actors.clockwork.at
        at(self.now - 12 * DAY, self.open)
        at(self.now - 11 * DAY, self.import_roster)
        at(self.now - 10 * DAY, self.invite)
        at(self.now - 6 * DAY, self.answers)
        at(self.now - 3 * DAY, self.applicants)
        at(self.now - 2 * DAY, self.latecomer)

    def open(self) -> None:
        """From the same template, for a Monday six weeks ahead."""
        zone = self.actors.calendar.zone
        day = self.now.astimezone(zone).date() + 42 * DAY
        starts = day - timedelta(days=day.weekday())
        self.cohort: Cohort = opening.open_cohort(
            slug="semmelweis",
            name=f"Near-peer mentoring, intake {starts:%B %Y}",
            by=self.by,
            starts=starts,
        )
        cohorts.set_applications(cohort=self.cohort, open_=True, by=self.by)

    def import_roster(self) -> None:
        """From a file, as a coordinator uploads it."""
        company = staging.company(catalog.spec("semmelweis"), students=STUDENTS, mentors=MENTORS)
        invented = [cast.of("next", person) for person in cast.invent(company, self.seed + 1)]
        file = SimpleUploadedFile("intake.csv", cast.roster(invented), "text/csv")
        record = uploads.upload(cohort=self.cohort, file=file, by=self.by)
        uploads.start(record=record, by=self.by)
        staging.finish_jobs(self.cohort)

    def invite(self) -> None:
        """Everyone on the list."""
        invitations.invite_all(cohort=self.cohort, by=self.by)
        self.actors.beat.wake()

    def answers(self) -> None:
        """Most said yes, two said no, the rest has not answered."""
        waiting = list(
            Invitation.objects.filter(enrollment__cohort=self.cohort)
            .select_related("enrollment__person", "enrollment__cohort")
            .order_by("pk")
        )
        stream(self.seed, "answers").shuffle(waiting)
        for number, invitation in enumerate(waiting):
            person = invitation.enrollment.person
            if number < SAID_NO:
                invitations.decline(invitation=invitation, by=person)
            elif number < SAID_NO + SAID_YES:
                invitations.accept(invitation=invitation, by=person)
        self.actors.beat.wake()

    def applicants(self) -> None:
        """Three applied by themselves; one of them is on the waiting list."""
        names = [("Ifeoma", "Okafor"), ("Pavel", "Novak"), ("Chiara", "Rossi")]
        places = [self._apply(given, family) for given, family in names]
        enrollments.put_on_waiting_list(enrollment=places[-1], by=self.by)
        self.actors.beat.wake()

    def _apply(self, given: str, family: str) -> Enrollment:
        person = adding.person_for(
            email=f"{given}.{family}@students.example.edu".lower(),
            given_name=given,
            family_name=family,
            time_zone=self.cohort.time_zone,
        )
        return applications.apply(
            cohort=self.cohort,
            role=Role.STUDENT,
            by=person,
            hopes="To know somebody who has been through the first year.",
            **PROFILE,
        )

    def latecomer(self) -> None:
        """Added to the list and not invited yet."""
        adding.add(
            cohort=self.cohort,
            email="haruto.kim@mentors.example.edu",
            role=Role.MENTOR,
            by=self.by,
            given_name="Haruto",
            family_name="Kim",
            class_year=5,
            invite=False,
        )
