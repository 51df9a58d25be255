"""Runs of matching procedures, and the mentorships that they or people make."""

from matching.models.choosing import (
    ChoosingRound,
    ExpertCase,
    MentorRequest,
    RequestPause,
    RequestState,
    RequestWord,
    Way,
)
from matching.models.interviews import InterviewNote, InterviewNoteBody
from matching.models.mentorship import EndReason, Membership, Mentorship, MentorshipState
from matching.models.runs import (
    MatchPair,
    MatchRun,
    MatchRunProcedure,
    MatchRunState,
    PairRule,
    PairRuleKind,
)
from matching.models.stand_in import StandIn, StandInState
from matching.models.trial import ExclusionReason, Trial, TrialRecord
from matching.models.wishes import MentorWish, StudentRank

__all__ = [
    "ChoosingRound",
    "EndReason",
    "ExclusionReason",
    "ExpertCase",
    "InterviewNote",
    "InterviewNoteBody",
    "MatchPair",
    "MatchRun",
    "MatchRunProcedure",
    "MatchRunState",
    "Membership",
    "MentorRequest",
    "MentorWish",
    "Mentorship",
    "MentorshipState",
    "PairRule",
    "PairRuleKind",
    "RequestPause",
    "RequestState",
    "RequestWord",
    "StandIn",
    "StandInState",
    "StudentRank",
    "Trial",
    "TrialRecord",
    "Way",
]
