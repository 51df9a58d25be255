"""Availability, meetings, contacts, messages, and what goes wrong.

The app's label is ``meetings``: Django's own sessions app holds the label ``sessions``.
"""

from sessions.models.agreement import (
    Agreement,
    AgreementBody,
    AgreementSignature,
    Driver,
    Rhythm,
)
from sessions.models.availability import (
    BookingPreferences,
    CalendarFeed,
    HoursException,
    HoursExceptionKind,
    Mode,
    WeeklyHours,
)
from sessions.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateKind,
)
from sessions.models.diary import DiaryBody, DiaryEntry
from sessions.models.exchange import (
    Contact,
    ContactChannel,
    ContactCheck,
    Message,
    MessageBody,
    ThreadRead,
)
from sessions.models.fit import Fit, FitAnswer
from sessions.models.goal import (
    Goal,
    GoalBody,
    GoalHorizon,
    GoalProgress,
    GoalState,
)
from sessions.models.meeting import (
    Meeting,
    MeetingKind,
    MeetingReason,
    MeetingState,
    Participant,
    ParticipantAnswer,
    ParticipantAttendance,
    Side,
)
from sessions.models.training import Series, SeriesKind, SupervisorGroup, SupervisorPlace
from sessions.models.trouble import (
    ChangeRequest,
    ChangeRequestBody,
    ChangeRequestState,
    Concern,
    ConcernBody,
    ConcernState,
)
from sessions.models.waiting import Waiting, Waiver

__all__ = [
    "Agreement",
    "AgreementBody",
    "AgreementSignature",
    "BookingPreferences",
    "CalendarFeed",
    "Certificate",
    "CertificateFile",
    "CertificateKind",
    "ChangeRequest",
    "ChangeRequestBody",
    "ChangeRequestState",
    "Concern",
    "ConcernBody",
    "ConcernState",
    "Contact",
    "ContactChannel",
    "ContactCheck",
    "DiaryBody",
    "DiaryEntry",
    "Driver",
    "Fit",
    "FitAnswer",
    "Goal",
    "GoalBody",
    "GoalHorizon",
    "GoalProgress",
    "GoalState",
    "HoursException",
    "HoursExceptionKind",
    "Meeting",
    "MeetingKind",
    "MeetingReason",
    "MeetingState",
    "Message",
    "MessageBody",
    "Mode",
    "Participant",
    "ParticipantAnswer",
    "ParticipantAttendance",
    "Rhythm",
    "Series",
    "SeriesKind",
    "Side",
    "SupervisorGroup",
    "SupervisorPlace",
    "ThreadRead",
    "Waiting",
    "Waiver",
    "WeeklyHours",
]
