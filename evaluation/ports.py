"""What this floor answers to the ports below: the hourly pass, pages, and what it keeps."""

from collections.abc import Iterable

from mentoring import ports
from mentoring.ports import Periodic

HOUR = 3600


def periodic() -> Iterable[Periodic]:
    """The monitoring pass."""
    return [Periodic("monitoring", "evaluation.scan", HOUR)]


def register() -> None:
    """Answer the ports; called once when the apps are ready."""
    ports.PERIODIC.register(periodic)
