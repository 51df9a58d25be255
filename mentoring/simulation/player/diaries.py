"""Mentors write their diaries, through the service that the page calls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mentoring.simulation.plan.calendar import DAY
from mentoring.simulation.plan.diaries import Reflection, written
from sessions.diary.owed import duties_of
from sessions.models import Meeting
from sessions.services import diaries

if TYPE_CHECKING:
    from mentoring.simulation.player.acts import Actors
    from mentoring.simulation.player.visit import Visit

WORDS = (
    "We went through the week. She was quieter than last time; I asked less and waited more.",
    "He had tried the plan we made. Half of it worked, and we kept that half.",
    "I talked too much about my own first year. Next time I will let her begin.",
    "Good meeting. We laughed about the anatomy exam, and then made a list for it.",
)
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


@dataclass
class Diarists:
    """The mentors of a cohort whose program asks for a diary, and what they will write."""

    actors: "Actors"
    plan: dict[Reflection, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if duties_of(self.actors.stage.cohort):
            share, seed = self.actors.diary_share, self.actors.seed
            self.plan = written(self.actors.plan.scripts, share, seed)

    def after(self, visit: "Visit", meeting: Meeting) -> None:
        """A meeting was recorded as held: those who mean to write do so within days."""
        for mentor in visit.scene.script.group.mentors:
            one = Reflection(visit.scene.number, visit.turn, visit.number, mentor)
            if one in self.plan:
                now = self.actors.clockwork.now
                at = max(now, min(now + self.plan[one], self._curtain()))
                self.actors.clockwork.at(at, self.write, one, meeting)

    def write(self, one: Reflection, meeting: Meeting) -> None:
        """A few lines, saved once."""
        rng = self.actors.rng("diary", one.script, one.goal, one.attempt, one.mentor)
        diaries.save(
            mentorship=self.actors.stage.mentorships[one.script],
            save=diaries.Save(
                key="".join(rng.choices(ALPHABET, k=12)), text=rng.choice(WORDS), meeting=meeting
            ),
            by=self.actors.user(one.mentor),
        )

    def _curtain(self) -> datetime:
        """The last evening: nobody writes after the play."""
        calendar = self.actors.calendar
        return calendar.at(calendar.last + DAY, 0) - timedelta(hours=1)
