"""What cannot work in a program, and what the literature would advise against. Pure.

Every remark names the place in the document it is about, so that it can stand beside the field.
"""

from programs.spec.advice.asked import asked, surveys
from programs.spec.advice.base import SMALLEST, Plan, Remark
from programs.spec.advice.rhythm import people, rhythm
from programs.spec.advice.wisdom import wise
from programs.spec.document import ProgramSpec

__all__ = ["SMALLEST", "Plan", "Remark", "advice"]


def advice(spec: ProgramSpec, plan: Plan | None = None) -> list[Remark]:
    """All remarks, the impossible first; of a plan where a school has said whom it expects."""
    plan = plan or Plan()
    parts = (people(spec, plan), rhythm(spec), asked(spec), surveys(spec, plan), wise(spec))
    found = [remark for part in parts for remark in part]
    return sorted(found, key=lambda remark: remark.level != "impossible")
