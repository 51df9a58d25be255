"""What a plan says that people will do."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from mentoring.simulation.plan.calendar import Span

Side = Literal["student", "mentor"]
Channel = Literal["message", "phone", "video", "in_person"]


class Kind(StrEnum):
    """How a mentorship goes."""

    ENGAGED = "engaged"
    FADING = "fading"
    SILENT = "silent"
    NEVER = "never"


@dataclass(frozen=True)
class Group:
    """A mentorship as matching made it: people by their numbers in the play."""

    mentors: tuple[int, ...]
    students: tuple[int, ...]


@dataclass(frozen=True)
class Touch:
    """An informal exchange, noted with one tap."""

    at: datetime
    side: Side
    channel: Channel


@dataclass(frozen=True)
class Request:
    """A student's message; ``reply_after`` is empty when no answer ever comes."""

    at: datetime
    student: int
    reply_after: timedelta | None


@dataclass(frozen=True)
class Try:
    """One appointment, on one of ``days``. ``absent``: people's numbers who do not come."""

    days: tuple[date, ...]
    absent: frozenset[int] = frozenset()
    held: bool = True
    cancelled_by: Side | None = None
    moved_by: Side | None = None
    booked: bool = True
    recorder: Side = "mentor"
    record_after: timedelta = timedelta(hours=2)
    confirm_after: timedelta | None = None


@dataclass(frozen=True)
class Goal:
    """A wish to meet: asked for at ``ask``, and tried again after an appointment that failed."""

    ask: datetime
    student: int
    tries: tuple[Try, ...]


@dataclass(frozen=True)
class Script:
    """All that happens in one mentorship."""

    group: Group
    kind: Kind
    weekly: bool = False
    monthly: bool = False
    answers: bool = True
    goals: tuple[Goal, ...] = ()
    touches: tuple[Touch, ...] = ()
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The scripts of all mentorships, and the absences that mentors declare."""

    scripts: tuple[Script, ...]
    absences: dict[int, Span] = field(default_factory=dict)
    # Shares of the required trainings and supervisions that are attended.
    training: tuple[float, float] = (1.0, 1.0)
