"""Who is in which arm of an open trial, and by which procedure she is to be matched."""

from matching.models import ChoosingRound, ExpertCase, TrialRecord, Way
from programs.models import Cohort, Enrollment

NOBODY_CHOOSES = ""


def procedures(cohort: Cohort) -> dict[int, str]:
    """Of everybody drawn in the trial that is open: her arm's procedure, by enrollment."""
    rows = TrialRecord.objects.filter(
        trial__cohort=cohort, trial__closed_at=None, withdrawn_at=None
    ).exclude(arm="")
    return dict(rows.values_list("student", "arm"))


def way_of(round_: ChoosingRound, student: Enrollment) -> str:
    """How this student chooses in a round: as all do, or as her arm says; empty: she does not."""
    arm = (
        TrialRecord.objects.filter(
            trial__cohort=round_.cohort_id, trial__closed_at=None, student=student,
            withdrawn_at=None,
        )
        .exclude(arm="")
        .values_list("arm", flat=True)
        .first()
    )  # fmt: skip
    if arm is None:
        return round_.way
    return arm if arm in Way.values else NOBODY_CHOOSES


def elsewhere(cohort: Cohort, procedure: str) -> set[int]:
    """Whom another procedure is to match, or the lot is still to be drawn for.

    They are left out of runs of this one. Whom a coordinator looks for, as she found nobody or
    would rather not choose, is hers whatever the lot said.
    """
    found = {student for student, hers in procedures(cohort).items() if hers != procedure}
    if procedure == "expert":
        cases = ExpertCase.objects.filter(round__cohort=cohort, student__in=found)
        found -= set(cases.values_list("student_id", flat=True))
    waiting = TrialRecord.objects.filter(
        trial__cohort=cohort, trial__closed_at=None, consent=True, excluded="", arm=""
    )
    return found | set(waiting.values_list("student_id", flat=True))
