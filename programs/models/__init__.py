"""Programs, cohorts and the people in them."""

from programs.models.cohort import Cohort, CohortState, Edition, Pause, PauseKind, Term
from programs.models.design import ImprovementAction, ProgramDraft
from programs.models.enrollment import (
    FREE_TIME_HOURS,
    Absence,
    Enrollment,
    EnrollmentState,
    EnrollmentYear,
    EnrollmentYearStatus,
    Invitation,
)
from programs.models.help import Audience, Discretion, HelpContact, HelpContactKind
from programs.models.intake import (
    BroughtAlong,
    PublicLink,
    PublicLinkKind,
    PublicPage,
    Review,
    Rubric,
)
from programs.models.policies import (
    Policy,
    PolicyAnswer,
    PolicyKind,
    PolicyReply,
    PolicyVersion,
)
from programs.models.program import Program, ProgramVersion
from programs.models.questions import (
    Answer,
    BuiltIn,
    Question,
    QuestionKind,
    QuestionReader,
    QuestionUse,
)
from programs.models.resources import Resource, ResourceKind, ResourceState
from programs.models.roster import RosterChange, RosterImport, RosterImportState
from programs.models.years import (
    Passage,
    PassageFate,
    RollOver,
    RollOverState,
    StayAnswer,
    StayQuestion,
)

__all__ = [
    "FREE_TIME_HOURS",
    "Absence",
    "Answer",
    "Audience",
    "BroughtAlong",
    "BuiltIn",
    "Cohort",
    "CohortState",
    "Discretion",
    "Edition",
    "Enrollment",
    "EnrollmentState",
    "EnrollmentYear",
    "EnrollmentYearStatus",
    "HelpContact",
    "HelpContactKind",
    "ImprovementAction",
    "Invitation",
    "Passage",
    "PassageFate",
    "Pause",
    "PauseKind",
    "Policy",
    "PolicyAnswer",
    "PolicyKind",
    "PolicyReply",
    "PolicyVersion",
    "Program",
    "ProgramDraft",
    "ProgramVersion",
    "PublicLink",
    "PublicLinkKind",
    "PublicPage",
    "Question",
    "QuestionKind",
    "QuestionReader",
    "QuestionUse",
    "Resource",
    "ResourceKind",
    "ResourceState",
    "Review",
    "RollOver",
    "RollOverState",
    "RosterChange",
    "RosterImport",
    "RosterImportState",
    "Rubric",
    "StayAnswer",
    "StayQuestion",
    "Term",
]
