"""The demo's second cohort: next term's, being recruited, with everything still to do."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.simulation import people as cast
from mentoring.simulation.demo import library
from mentoring.simulation.plan.shares import stream
from mentoring.simulation.player import stage as staging
from mentoring.simulation.player.acts import Actors
from programs.models import (
    BuiltIn,
    Cohort,
    Enrollment,
    Invitation,
    QuestionKind,
    QuestionReader,
    QuestionUse,
)
from programs.services import (
    applications,
    cohorts,
    enrollments,
    invitations,
    opening,
    public,
    questions,
    uploads,
)
from programs.services import people as adding
from programs.spec import catalog

DAY = timedelta(days=1)
STUDENTS, MENTORS = 22, 16
SAID_YES, SAID_NO = 24, 2
WELCOME = (
    "The first year is a lot at once. Somebody who has just been through it can help.\n\n"
    "Students of later years meet with first-year students, one to one, for a year."
)
SAYS: dict[str, Any] = {
    BuiltIn.MOTIVATION: "I know nobody in this city yet, and would like to ask somebody who does.",
    BuiltIn.EXPECTATION: ["listener"],
}
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
        self.write_form()
        self.write_page()

    def write_form(self) -> None:
        """What applicants are asked besides the profile."""
        for role in (Role.STUDENT, Role.MENTOR):
            questions.switch_on(
                cohort=self.cohort, builtin=BuiltIn.MOTIVATION, role=role, by=self.by
            )
        questions.switch_on(
            cohort=self.cohort, builtin=BuiltIn.EXPECTATION, role=Role.STUDENT, by=self.by
        )
        questions.add(
            cohort=self.cohort,
            text="What would you like to talk about?",
            mentor_text="What do you like to talk about with students?",
            kind=QuestionKind.SEVERAL,
            options=["Learning and exams", "Research", "Work and family", "Choosing a specialty"],
            roles=[Role.STUDENT, Role.MENTOR],
            reader=QuestionReader.PAIR,
            use=QuestionUse.WEIGHT,
            weight=2,
            by=self.by,
        )

    def write_page(self) -> None:
        """The page that everyone can read."""
        public.write(
            cohort=self.cohort,
            welcome=WELCOME,
            contact="Mentoring office, coordinator@staff.example.edu",
            by=self.by,
        )
        public.publish(cohort=self.cohort, public=True, by=self.by)
        library.add_leaflet(cohort=self.cohort, by=self.by)

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
            answers={
                question: SAYS[question.builtin]
                for question in questions.current(self.cohort)
                if question.builtin in SAYS
            },
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
