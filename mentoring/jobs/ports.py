"""What jobs answer to the ports."""

from collections.abc import Iterable

from mentoring.ports import Periodic


def periodic() -> Iterable[Periodic]:
    """Hand over what nobody works on."""
    return [Periodic("resume jobs", "jobs.resume", 15)]
