"""Places that a run with the fewest changes gives to others."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from matching.models import EndReason, MatchRun, Membership, Mentorship
from matching.services.mentorships import leave_for_another
from matching.services.seats import Pair, refuse_if_any
from mentoring import ports
from mentoring.accounts.models import User


def release(run: MatchRun, pairs: Sequence[Pair], by: User | None) -> None:
    """End the places of those who move, inside the publication.

    Refused, with names, where one of them has met her mentor since the run, or has another by now.
    """
    if run.procedure != MatchRun.Procedure.KEEPING:
        return
    was = {
        (student, shape): (mentor, mentorship)
        for student, mentor, shape, mentorship in run.inputs["current"]
    }
    moving = [pair for pair in pairs if (pair.student.pk, pair.shape) in was]
    ids = [was[pair.student.pk, pair.shape][1] for pair in moving]
    groups = {
        row.pk: row for row in Mentorship.objects.filter(pk__in=ids, state__in=Mentorship.LIVE)
    }
    met = {pk for found in ports.FIRST_MEETINGS.ask(ids) for pk in found}
    seats = set(
        Membership.objects.filter(mentorship__in=ids, ended_at=None).values_list(
            "mentorship", "enrollment"
        )
    )
    problems = []
    for pair, mentorship in zip(moving, ids, strict=True):
        name = {"student": pair.student.person.full_name}
        if mentorship in met:
            problems.append(_("%(student)s has met her mentor in the meantime.") % name)
        elif (mentorship, pair.student.pk) not in seats or mentorship not in groups:
            problems.append(_("%(student)s has left her mentor in the meantime.") % name)
    refuse_if_any(problems, then=_("Start a new run."))
    for pair, mentorship in zip(moving, ids, strict=True):
        leave_for_another(
            mentorship=groups[mentorship], student=pair.student, reason=EndReason.REORGANIZED, by=by
        )
