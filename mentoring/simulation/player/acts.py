"""People act: each step of a script through the service that its page calls."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random

from mentoring.accounts.models import User
from mentoring.simulation.plan import Calendar, Goal, Plan, Request, Touch
from mentoring.simulation.plan.shares import stream
from mentoring.simulation.player.clockwork import Beat, Clockwork
from mentoring.simulation.player.diaries import Diarists
from mentoring.simulation.player.diary import Diary, Story
from mentoring.simulation.player.scene import Scene
from mentoring.simulation.player.stage import Stage
from mentoring.simulation.player.visit import Visit
from programs.services import absences
from sessions.services import contacts, messages

ASKS = (
    "Hello! Could we talk this week? I am not sure how to prepare for the anatomy exam.",
    "Hi, do you have a minute? I would like to know how you found your way in second year.",
    "Could you tell me which books helped you most? I feel a bit lost.",
    "How did you manage nights and studying at once? Any advice is welcome.",
)
ANSWERS = (
    "Of course. I will show you my notes when we meet.",
    "Happy to help. Book a time that suits you, or call me tonight.",
    "That was hard for me too. Let us go through it together.",
    "Good question! Let us talk about it on the way to the ward.",
)
ABSENCE_NOTICE = timedelta(days=7)


@dataclass
class Actors:
    """Everyone in the play."""

    stage: Stage
    plan: Plan
    calendar: Calendar
    clockwork: Clockwork
    beat: Beat
    seed: int
    diary: Diary = field(default_factory=Diary)
    diary_share: float = 1.0

    def __post_init__(self) -> None:
        self.diarists = Diarists(self)

    # --- Setting out -----------------------------------------------------------------------------

    def set_out(self) -> None:
        """Put every first step into the queue; what follows from it is put there as it happens."""
        for number, script in enumerate(self.plan.scripts):
            # In a trial pairs find each other weeks before the others.
            began = self.stage.mentorships[number].started_at
            story = self.diary.stories[number] = Story(began=began)
            scene = Scene(number, script, story)
            for touch in script.touches:
                self.clockwork.at(touch.at, self.touch, scene, touch)
            for turn, request in enumerate(script.requests):
                self.clockwork.at(request.at, self.write, scene, request, turn)
            for turn, goal in enumerate(script.goals):
                self.clockwork.at(goal.ask, self.seek, scene, goal, turn, 0)
        for mentor, span in sorted(self.plan.absences.items()):
            at = self.calendar.at(span.first, 10) - ABSENCE_NOTICE
            self.clockwork.at(at, self.declare_absence, mentor, span.first, span.last)

    def user(self, number: int) -> User:
        return self.stage.users[number]

    def _someone(self, scene: Scene, side: str, rng: Random) -> int:
        group = scene.script.group
        return group.mentors[0] if side == "mentor" else rng.choice(group.students)

    def _rng(self, scene: Scene, *matter: object) -> Random:
        return stream(self.seed, "play", scene.number, *matter)

    def rng(self, *matter: object) -> Random:
        """Random numbers of a matter that is played beside the scenes."""
        return stream(self.seed, "play", *matter)

    # --- Between meetings ------------------------------------------------------------------------

    def touch(self, scene: Scene, touch: Touch) -> None:
        """One tap by either side."""
        by = self._someone(scene, touch.side, self._rng(scene, "touch", touch.at.isoformat()))
        contacts.note(
            mentorship=self.stage.mentorships[scene.number],
            channel=touch.channel,
            by=self.user(by),
        )
        scene.story.alive.append(self.clockwork.now)
        scene.story.touched.append(self.clockwork.now)

    def write(self, scene: Scene, request: Request, turn: int) -> None:
        """A student's message, and the answer if one will come."""
        rng = self._rng(scene, "message", turn)
        mentorship = self.stage.mentorships[scene.number]
        messages.write(mentorship=mentorship, text=rng.choice(ASKS), by=self.user(request.student))
        scene.story.asked.append(self.clockwork.now)
        scene.story.wrote.append((self.clockwork.now, "student"))
        self.beat.wake()
        if request.reply_after is not None:
            at = self.clockwork.now + request.reply_after
            self.clockwork.at(at, self.reply, scene, request, rng.choice(ANSWERS))

    def reply(self, scene: Scene, request: Request, text: str) -> None:
        """The mentor reads and answers; a while later the student reads that."""
        mentorship = self.stage.mentorships[scene.number]
        mentor = self.user(scene.script.group.mentors[0])
        messages.thread(mentorship=mentorship, by=mentor)
        messages.write(mentorship=mentorship, text=text, by=mentor)
        scene.story.alive.append(self.clockwork.now)
        scene.story.wrote.append((self.clockwork.now, "mentor"))
        self.beat.wake()
        student = self.user(request.student)
        self.clockwork.at(
            self.clockwork.now + timedelta(hours=5),
            partial(messages.thread, mentorship=mentorship, by=student),
        )

    def declare_absence(self, mentor: int, first: date, last: date) -> None:
        """Rules and nudges rest for her, and her slots vanish."""
        enrollment, user = self.stage.enrollments[mentor], self.user(mentor)
        absences.declare(enrollment=enrollment, starts=first, ends=last, by=user)

    # --- Meeting ---------------------------------------------------------------------------------

    def seek(self, scene: Scene, goal: Goal, turn: int, number: int) -> None:
        """The student wishes to meet: books a slot, or the two simply meet one of these days."""
        attempt = goal.tries[number]
        rng = self._rng(scene, "meet", turn, number)
        visit = Visit(actors=self, scene=scene, goal=goal, turn=turn, number=number, rng=rng)
        if not attempt.booked or not visit.book():
            visit.meet_unbooked()
