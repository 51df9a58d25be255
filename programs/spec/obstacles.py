"""What of a program this version of the product cannot run yet, in words."""

from django.utils.translation import gettext as _

from programs.spec.base import MENTORING_ROLES
from programs.spec.document import ProgramSpec

RUNNABLE_PROCEDURES = ("optimal", "random")


def obstacles(spec: ProgramSpec) -> list[str]:
    """Why a cohort of this program cannot be opened; empty: it can."""
    found = []
    if len(spec.shapes) > 1:
        found.append(_("It has more than one kind of group."))
    for shape in spec.shapes:
        roles = [seat.role for seat in shape.seats]
        if sorted(roles) != ["mentor", "student"]:
            found.append(_("Its groups have roles other than one mentor and students."))
        mentors = shape.people(*MENTORING_ROLES)
        if mentors is None or (mentors.min, mentors.max) != (1, 1):
            found.append(_("Its groups have more than one mentor."))
        if shape.subgroups or shape.container:
            found.append(_("Its groups have subgroups, or are held by colleges."))
    if spec.matching.procedure not in RUNNABLE_PROCEDURES:
        found.append(_("Its way of matching is not offered yet."))
    return list(dict.fromkeys(found))
