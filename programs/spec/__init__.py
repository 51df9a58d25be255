"""The program document: typed, versioned, checked. The code asks it questions, never its keys."""

from programs.spec.base import Span
from programs.spec.cadence import CadenceRule, Phase
from programs.spec.difference import Change, difference
from programs.spec.document import ProgramSpec
from programs.spec.limits import limits
from programs.spec.loading import Problem, SpecError, load
from programs.spec.structure import Capacity, Seat, Shape
from programs.spec.support import Confidentiality, Matching, Requirement

__all__ = [
    "CadenceRule",
    "Capacity",
    "Change",
    "Confidentiality",
    "Matching",
    "Phase",
    "Problem",
    "ProgramSpec",
    "Requirement",
    "Seat",
    "Shape",
    "Span",
    "SpecError",
    "difference",
    "limits",
    "load",
]
