"""One mentorship on the stage."""

from dataclasses import dataclass

from mentoring.simulation.plan import Script
from mentoring.simulation.player.diary import Story


@dataclass
class Scene:
    """A mentorship by its place in the play, what is to happen in it, and what has happened."""

    number: int
    script: Script
    story: Story
