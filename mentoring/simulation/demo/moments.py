"""What happens beside the plan of the demo, so that today every page has something to show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict

from evaluation import audiences
from evaluation.models import Flag
from evaluation.services import broadcasts, flags
from matching.models import Mentorship
from matching.services import mentorships
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.keys import new_key
from mentoring.simulation.demo import library, texts, workshop
from mentoring.simulation.plan import Kind
from mentoring.simulation.player.acts import Actors
from programs.models import Enrollment
from programs.services import cohorts, invitations, people, roles
from sessions.services import availability, booking, change_requests, concerns, fit, messages

LATE_STUDENT = "noor.haddad@students.example.edu"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STAFF = (
    (Role.COORDINATOR, "Gábor", "Szentesi"),
    (Role.PROGRAM_LEAD, "Ilona", "Vadas"),
    (Role.SUPERVISOR, "Zsuzsanna", "Halmos"),
    (Role.WELLBEING_CONTACT, "Miriam", "Adler"),
    (Role.AT_RISK_OFFICER, "Tamás", "Bárdos"),
    (Role.EVALUATOR, "Nadia", "Rostami"),
)


@dataclass
class Leads:
    """The mentor and the student through whose eyes the demo is seen."""

    mentorship: Mentorship
    mentor: User
    student: User


class Moments:
    """Puts the moments into the queue; ``leads`` is known from then on."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.leads: Leads | None = None

    def add(self, actors: Actors) -> None:
        """Everything that is to happen besides, by when it happens."""
        self.actors, self.stage = actors, actors.stage
        self.cohort, self.coordinator = actors.stage.cohort, actors.stage.coordinator
        self.leads = self._choose_leads()
        first = actors.clockwork.now
        at = actors.clockwork.at
        at(first, self.name_staff)
        at(first, self.name_contacts)
        at(first, self.fill_the_library)
        at(self.now - 30 * DAY, self.join_late)
        at(self.now - 9 * DAY, self.invite_late_mentor)
        at(self.now - 6 * DAY, self.write_to_the_unmet)
        at(self.now - 7 * DAY, self.book_what_is_over_by_now)
        at(self.now - 5 * DAY, self.add_late_student)
        at(self.now - 3 * DAY, texts.publish, self.cohort, self.coordinator, LATE_STUDENT)
        at(self.now - 4 * DAY, self.say_how_it_fits)
        at(self.now - 2 * DAY, self.wish_for_another_mentor)
        at(self.now - 30 * HOUR, self.raise_concern)
        at(self.now - 28 * HOUR, self.open_a_workshop)
        at(self.now - 26 * HOUR, self.look_after_flags)
        at(self.now - 25 * HOUR, self.book_what_is_to_come)
        at(self.now - 20 * HOUR, self.propose_a_time)
        at(self.now - 3 * HOUR, self.write_to_the_mentor)

    def _choose_leads(self) -> Leads:
        """A lively pair whose mentor has, if possible, a second student."""
        scripts = self.actors.plan.scripts
        lively = [n for n, s in enumerate(scripts) if s.monthly and s.weekly and s.answers]
        lively = lively or [n for n, s in enumerate(scripts) if s.kind is Kind.ENGAGED]
        mentors = [script.group.mentors[0] for script in scripts]
        number = max(lively, key=lambda n: (mentors.count(mentors[n]), -n))
        group = scripts[number].group
        return Leads(
            self.stage.mentorships[number],
            self.actors.user(group.mentors[0]),
            self.actors.user(group.students[0]),
        )

    @property
    def pair(self) -> Leads:
        if self.leads is None:
            raise RuntimeError("the leads are chosen when the moments are added")
        return self.leads

    # --- Staff and help --------------------------------------------------------------------------

    def name_staff(self) -> None:
        """One person for each role; all accept."""
        for role, given, family in STAFF:
            address = f"{given}.{family}".lower().translate(str.maketrans("áé", "ae"))
            post = roles.grant(
                cohort=self.cohort,
                email=f"{address}@staff.example.edu",
                role=role,
                by=self.coordinator,
                given_name=given,
                family_name=family,
            )
            invitations.accept(invitation=post.invitations.get(), by=post.person)
        self.actors.beat.wake()

    def name_contacts(self) -> None:
        """Whom to turn to, in an emergency and otherwise."""
        for contact in library.CONTACTS:
            cohorts.save_contact(cohort=self.cohort, contact=None, by=self.coordinator, **contact)

    def fill_the_library(self) -> None:
        """Our starter texts, published, and two of the cohort's own."""
        library.fill(cohort=self.cohort, by=self.coordinator)

    # --- Late people -----------------------------------------------------------------------------

    def join_late(self) -> None:
        """A student and a mentor who came in mid-term, paired by hand; they have not met."""
        places = [
            people.add(
                cohort=self.cohort,
                email=f"{given}.{family}@{role}s.example.edu".lower(),
                role=role,
                by=self.coordinator,
                given_name=given,
                family_name=family,
                class_year=year,
            )
            for role, given, family, year in (
                (Role.STUDENT, "Jonas", "Berg", 1),
                (Role.MENTOR, "Amara", "Mensah", 5),
            )
        ]
        student, mentor = (
            invitations.accept(invitation=place.invitations.get(), by=place.person)
            for place in places
        )
        self.actors.clockwork.at(self.now - 26 * DAY, self._pair_by_hand, student, mentor)

    def _pair_by_hand(self, student: Enrollment, mentor: Enrollment) -> None:
        mentorships.assign(student=student, mentor=mentor, by=self.coordinator)
        self.actors.beat.wake()

    def invite_late_mentor(self) -> None:
        """A reserve mentor who has not answered yet."""
        people.add(
            cohort=self.cohort,
            email="bence.korda@mentors.example.edu",
            role=Role.MENTOR,
            by=self.coordinator,
            given_name="Bence",
            family_name="Korda",
            class_year=4,
        )
        self.actors.beat.wake()

    def add_late_student(self) -> None:
        """A student who came late: she has said yes and has no mentor yet."""
        place = people.add(
            cohort=self.cohort,
            email=LATE_STUDENT,
            role=Role.STUDENT,
            by=self.coordinator,
            given_name="Noor",
            family_name="Haddad",
            class_year=1,
            languages=["ar", "en"],
            interests=["pediatrics", "volunteering"],
        )
        self.actors.beat.wake()
        self.actors.clockwork.at(self.now - 4 * DAY, self._late_student_accepts, place)

    def _late_student_accepts(self, place: Enrollment) -> None:
        invitations.accept(invitation=place.invitations.get(), by=place.person)
        self.actors.beat.wake()

    # --- Work for the coordinator ----------------------------------------------------------------

    def write_to_the_unmet(self) -> None:
        """A message to everyone on a list."""
        audience = audiences.read(self.cohort, QueryDict("to=pairs&met=no"))
        broadcasts.send(
            audience=audience,
            key=new_key(),
            subject="Your first meeting",
            text="You have not met yet. Half an hour over a coffee is enough to begin; please "
            "book a time this week, or tell us what is in the way.",
            by=self.coordinator,
        )
        self.actors.beat.wake()

    def say_how_it_fits(self) -> None:
        """Most of those who have met have said so; the two of the demo are still asked."""
        mine = self.leads.mentorship.pk if self.leads else 0
        met = Mentorship.objects.filter(cohort=self.cohort, state="active", meetings__state="held")
        for n, mentorship in enumerate(met.exclude(pk=mine).distinct().order_by("pk")):
            if n % 7 == 0:
                continue
            seats = mentorship.memberships.filter(ended_at=None).select_related("person")
            for seat in seats.order_by("pk"):
                fit.answer(
                    mentorship=mentorship, answer="unsure" if n % 9 == 4 else "good", by=seat.person
                )

    def wish_for_another_mentor(self) -> None:
        """A student whose mentorship has gone quiet."""
        fading = [n for n, s in enumerate(self.actors.plan.scripts) if s.kind is Kind.SILENT]
        number = fading[0] if fading else len(self.actors.plan.scripts) - 1
        script = self.actors.plan.scripts[number]
        change_requests.ask(
            mentorship=self.stage.mentorships[number],
            by=self.actors.user(script.group.students[0]),
            reason="We met once and our weeks never fit since. Somebody on the Pest campus "
            "would be easier for me.",
        )
        self.actors.beat.wake()

    def raise_concern(self) -> None:
        """Something is wrong: to the wellbeing contact, who alone reads it."""
        role = Role.WELLBEING_CONTACT
        recipient = self.cohort.enrollments.get(role=role).person
        script = self.actors.plan.scripts[-1]
        concerns.raise_concern(
            cohort=self.cohort,
            recipient=recipient,
            text="A friend in my year has stopped coming to lectures and says she cannot sleep. "
            "I do not know whom to tell.",
            urgent=False,
            by=self.actors.user(script.group.students[0]),
        )
        self.actors.beat.wake()

    def look_after_flags(self) -> None:
        """One flag is being looked after and one put off; the others wait."""
        standing = list(Flag.objects.filter(cohort=self.cohort, state=Flag.State.OPEN))
        for flag, act in zip(standing[-2:], (flags.acknowledge, flags.snooze), strict=False):
            act(flag=flag, by=self.coordinator)

    # --- The leads' own days ---------------------------------------------------------------------

    def book_what_is_over_by_now(self) -> None:
        """A meeting of the last days that nobody has recorded yet."""
        zone = self.actors.calendar.zone
        slots = availability.open_slots(
            mentor=self.pair.mentor,
            student=self.pair.student,
            last=self.now.astimezone(zone).date(),
        )
        over = [slot for slot in slots if slot.ends < self.now - 2 * HOUR]
        if over:
            self._book(over[-1].starts)

    def open_a_workshop(self) -> None:
        """A date that is full, with a waiting list."""
        workshop.open_full(self.cohort, by=self.coordinator, waits=self.pair.mentor, now=self.now)
        self.actors.beat.wake()

    def book_what_is_to_come(self) -> None:
        """The next meeting, within days."""
        slots = availability.open_slots(mentor=self.pair.mentor, student=self.pair.student)
        to_come = [slot for slot in slots if slot.starts > self.now + 3 * HOUR]
        if to_come:
            self._book(to_come[0].starts)

    def _book(self, starts: datetime) -> None:
        booking.book(
            mentorship=self.pair.mentorship,
            starts_at=starts,
            by=self.pair.student,
            mentor=self.pair.mentor,
        )
        self.actors.beat.wake()

    def propose_a_time(self) -> None:
        """A time outside the published hours, which the mentor has not answered."""
        zone = self.actors.calendar.zone
        day = self.now.astimezone(zone).date() + 6 * DAY
        starts = self.actors.calendar.at(day, 19)
        booking.propose(
            mentorship=self.pair.mentorship,
            starts_at=starts,
            ends_at=starts + HOUR,
            by=self.pair.student,
        )
        self.actors.beat.wake()

    def write_to_the_mentor(self) -> None:
        """A message that waits for an answer."""
        messages.write(
            mentorship=self.pair.mentorship,
            text="Hi! I moved our talk about the physiology midterm to next week, is that all "
            "right? I would also like to ask you about the summer practice.",
            by=self.pair.student,
        )
        self.actors.beat.wake()
