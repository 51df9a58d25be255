"""The demo's cohort in which students choose: a trial of three ways to a mentor, under way."""

from datetime import datetime, timedelta

from matching.models import MentorRequest, TrialRecord, Way
from mentoring.accounts.models import User
from mentoring.simulation import behavior
from mentoring.simulation import people as cast
from mentoring.simulation.player import stage as staging
from mentoring.simulation.player.acts import Actors
from mentoring.simulation.player.trial import TrialPlay
from programs.models import Enrollment
from programs.spec import catalog

SLUG = "lmu-munich"
STUDENTS, MENTORS = 24, 26
INVITED = timedelta(days=27)
"""Before now; so the lot was drawn a week ago, and some have asked, some have not."""
AHEAD = timedelta(weeks=4)


class Choosing:
    """Plays the weeks in which mentors are found, up to the middle of them."""

    def __init__(self, now: datetime, seed: int, admin: User) -> None:
        self.now, self.seed, self.admin = now, seed, admin

    def add(self, actors: Actors) -> None:
        """Put its days into the queue."""
        self.actors = actors
        actors.clockwork.at(self.now - INVITED, self.open)

    def open(self) -> None:
        """For a Monday four weeks ahead; everybody on the list is invited at once."""
        spec, zone = catalog.spec(SLUG), self.actors.calendar.zone
        day = self.now.astimezone(zone).date() + AHEAD
        stage = self.stage = staging.open_cohort(
            spec=spec,
            name=f"Find a mentor {day:%Y}/{(day.year + 1) % 100:02}",
            start=day - timedelta(days=day.weekday()),
            weeks=spec.year.weeks,
            admin=self.admin,
            coordinator_email=self.actors.stage.coordinator.email,
        )
        company = staging.company(spec, students=STUDENTS, mentors=MENTORS)
        invented = cast.invent(company, self.seed)
        staging.recruit(stage, [cast.of("own", one) for one in invented])
        clockwork, beat = self.actors.clockwork, self.actors.beat
        staging.answer_invitations(
            stage, clockwork, beat, first=clockwork.now + timedelta(hours=1), seed=self.seed
        )
        trial = TrialPlay(stage, clockwork, beat, behavior.load(SLUG).finding, self.seed)
        trial.set_out(clockwork.now)
        beat.wake()

    def people(self) -> list[User]:
        """A student who may choose and has not, one who has asked, and the mentor she asked."""
        cohort = self.stage.cohort
        asked = MentorRequest.objects.filter(round__cohort=cohort)
        free = TrialRecord.objects.filter(
            trial__cohort=cohort, arm=Way.SUGGESTIONS, student__memberships=None
        ).exclude(student__in=asked.values("student"))
        students = Enrollment.objects.filter(pk__in=free.values("student")).order_by("pk")
        waiting = asked.filter(state=MentorRequest.State.OPEN).order_by("pk")
        found = [row.person for row in students.select_related("person")[:1]]
        row = waiting.select_related("mentor__person", "student__person").first()
        return [*found, row.student.person, row.mentor.person] if row else found
