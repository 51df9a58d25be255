"""Runs of matching procedures, and the mentorships that they or people make."""

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

__all__ = [
    "EndReason",
    "MatchPair",
    "MatchRun",
    "MatchRunProcedure",
    "MatchRunState",
    "Membership",
    "Mentorship",
    "MentorshipState",
    "PairRule",
    "PairRuleKind",
    "StandIn",
    "StandInState",
]
