"""Who is in which arm of an open trial, and by which procedure she is to be matched."""

from django.db.models import QuerySet

from matching.models import ChoosingRound, ExpertCase, TrialRecord, Way
from programs.models import Cohort, Enrollment

NOBODY_CHOOSES = ""


def drawn() -> QuerySet[TrialRecord]:
    """Whoever is in an arm of a trial that is open, and has not left it."""
    return TrialRecord.objects.filter(trial__closed_at=None, withdrawn_at=None).exclude(arm="")


def way_of(round_: ChoosingRound, student: Enrollment) -> str:
    """How this student chooses in a round: as all do, or as her arm says; empty: she does not."""
    rows = drawn().filter(trial__cohort=round_.cohort_id, student=student)
    arm = rows.values_list("arm", flat=True).first()
    if arm is None:
        return round_.way
    return arm if arm in Way.values else NOBODY_CHOOSES


def elsewhere(cohort: Cohort, procedure: str) -> set[int]:
    """Whom another procedure is to match, or the lot is still to be drawn for.

    They are left out of runs of this one. Whom a coordinator looks for, as she found nobody or
    would rather not choose, is hers whatever the lot said.
    """
    others = drawn().filter(trial__cohort=cohort).exclude(arm=procedure)
    found = set(others.values_list("student_id", flat=True))
    if procedure == "expert":
        cases = ExpertCase.objects.filter(round__cohort=cohort, student__in=found)
        found -= set(cases.values_list("student_id", flat=True))
    waiting = TrialRecord.objects.filter(
        trial__cohort=cohort, trial__closed_at=None, consent=True, excluded="", arm=""
    )
    return found | set(waiting.values_list("student_id", flat=True))
