"""A trial: opened, agreed to, drawn by lot, and closed. Allocation is in ``matching.trials``."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from matching import trial_home
from matching.choices import choosable
from matching.models import ExpertCase, Trial, TrialRecord, Way
from matching.queries import is_unplaced, unplaced
from matching.services import choosing, line
from matching.services.runs import MATCHING_STATES
from matching.services.seats import lock_cohort
from matching.trials.allocation import Allocation, Arm, Participant, allocate
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs import queries
from programs.models import Cohort, Enrollment

PROCEDURES = ("expert", "suggestions", "search", "optimal", "fair", "stable", "random")
STRATA = ("class_year", "campus", "track", "gender")
FEWEST_ARMS = 2


@transaction.atomic
def open_trial(
    *, cohort: Cohort, title: str, about: str, arms: Sequence[Mapping[str, Any]],
    strata: Sequence[str], due_weeks: int, by: User | None, seed: int | None = None,
) -> Trial:  # fmt: skip
    """Begin a trial: every student without a mentor is asked whether she takes part."""
    cohort = lock_cohort(cohort.pk)
    if cohort.state not in MATCHING_STATES:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    if cohort.trials.filter(closed_at=None).exists():
        raise DomainError(_("A trial is open in this cohort already."))
    if len(arms) < FEWEST_ARMS or len({arm["procedure"] for arm in arms}) < len(arms):
        raise DomainError(_("A trial compares two or more different procedures."), field="arms")
    if any(arm["procedure"] not in PROCEDURES for arm in arms):
        raise DomainError(_("There is no such procedure."), field="arms")
    if _choosing(arms):
        if not choosable(cohort):
            raise DomainError(choosing.GROUPS, field="arms")
        _refuse_lists(cohort)
    if not title.strip() or not about.strip():
        raise DomainError(_("Say what is compared, and what students should know."), field="about")
    trial = Trial.objects.create(
        cohort=cohort, title=title.strip(), about=about.strip(),
        arms=[{"weight": 1, **arm} for arm in arms],
        strata=[name for name in strata if name in STRATA], due_weeks=due_weeks, opened_by=by,
        seed=secrets.randbits(62) if seed is None else seed,
    )  # fmt: skip
    waiting = list(unplaced(cohort))
    TrialRecord.objects.bulk_create([TrialRecord(trial=trial, student=row) for row in waiting])
    audit.record(
        by=by, action="trial.opened", subject=trial, cohort=cohort,
        arms=[arm["procedure"] for arm in arms], strata=list(trial.strata),
    )  # fmt: skip
    outbox.put(
        outbox.Draft(
            kind="trial_open",
            recipient=row.person,
            dedupe_key=f"trial_open:{trial.pk}:{row.pk}",
            context={"trial": trial.pk, "enrollment": row.pk},
            about=f"trial:{trial.pk}",
        )
        for row in waiting
    )
    return trial


@transaction.atomic
def answer(*, trial: Trial, student: Enrollment, consent: bool, by: User) -> None:
    """A student takes part, or does not; until she is drawn she may change her mind."""
    lock_cohort(trial.cohort_id)
    if not Trial.objects.filter(pk=trial.pk, closed_at=None).exists():
        raise DomainError(_("This trial is over."))
    if consent and not is_unplaced(student):
        raise DomainError(_("You have a mentor already: the trial is for those who have none."))
    row, _created = TrialRecord.objects.get_or_create(trial=trial, student=student)
    if row.arm:
        raise DomainError(_("The lot has been drawn. You can still leave the trial."))
    row.consent, row.answered_at = consent, clock.now()
    row.save(update_fields=["consent", "answered_at"])
    audit.record(by=by, action="trial.answered", subject=row, cohort=trial.cohort)


@transaction.atomic
def exclude(*, record: TrialRecord, reason: str, by: User) -> None:
    """Leave somebody out before the lot is drawn; an empty reason takes her in again."""
    lock_cohort(record.trial.cohort_id)
    if reason and reason not in Trial.ExclusionReason.values:
        raise DomainError(_("Choose a reason."))
    changed = TrialRecord.objects.filter(pk=record.pk, arm="", trial__closed_at=None)
    if not changed.update(excluded=reason):
        raise DomainError(
            _("The lot has been drawn for her: she counts, whatever comes. She may leave.")
        )
    audit.record(
        by=by, action="trial.excluded", subject=record, cohort=record.trial.cohort,
        student=record.student_id, reason=reason,
    )  # fmt: skip


@transaction.atomic
def draw(*, trial: Trial, by: User | None) -> int:
    """Draw the lot for everybody who agreed and is in no arm yet. How many were drawn.

    What was drawn is never drawn again; whoever agrees later takes the next place.
    """
    cohort = lock_cohort(trial.cohort_id)
    trial = Trial.objects.get(pk=trial.pk)
    if not trial.is_open:
        raise DomainError(_("This trial is over."))
    rows = list(
        trial.records.filter(consent=True, excluded="", student__in=unplaced(cohort))
        .select_related("student__person")
        .order_by("pk")
    )
    # Ids stay what they are, whatever becomes of names and addresses.
    fresh = {str(row.student_id): row for row in rows if not row.arm}
    if _choosing(trial.arms):
        _refuse_lists(cohort)
    if not fresh:
        raise DomainError(_("Nobody who agreed is still to be drawn."))
    years = queries.class_years(cohort)
    made = allocate(
        [Participant(key, _stratum(trial, row.student, years)) for key, row in fresh.items()],
        [Arm(arm["procedure"], int(arm["weight"])) for arm in trial.arms],
        trial.seed,
        sofar=_sofar(trial),
    )
    now = clock.now()
    for one in made:
        row = fresh[one.id]
        row.arm, row.stratum, row.block = one.arm, list(one.stratum), one.block
        row.position, row.allocated_at = one.position, now
    TrialRecord.objects.bulk_update(
        fresh.values(), ["arm", "stratum", "block", "position", "allocated_at"], batch_size=300
    )
    audit.record(by=by, action="trial.drawn", subject=trial, cohort=cohort, people=len(made))
    _begin_arms(trial, cohort, list(fresh.values()), by)
    _ask_later(trial, fresh.values())
    return len(made)


def _ask_later(trial: Trial, rows: Iterable[TrialRecord]) -> None:
    """How content she is, once her time is over; as long as the report still waits for it."""
    outbox.put(
        outbox.Draft(
            kind="trial_rate",
            recipient=row.student.person,
            dedupe_key=f"trial_rate:{row.pk}",
            context={"record": row.pk},
            due_at=due,
            not_after=due + trial_home.ASKED_FOR,
            about=f"trial:{trial.pk}",
        )
        for row in rows
        if (due := trial_home.due(row))
    )


def _stratum(trial: Trial, student: Enrollment, years: Mapping[int, int]) -> tuple[str, ...]:
    facts = {"class_year": str(years.get(student.pk, "")), "campus": student.campus,
             "track": student.track, "gender": student.gender}  # fmt: skip
    return tuple(facts[name] for name in trial.strata)


def _sofar(trial: Trial) -> list[Allocation]:
    return [
        Allocation(
            str(row.student_id), row.arm, tuple(row.stratum), row.block or 1, row.position or 1
        )
        for row in trial.records.exclude(arm="")
    ]


def _begin_arms(trial: Trial, cohort: Cohort, rows: Sequence[TrialRecord], by: User | None) -> None:
    """Who chooses is told that she can; whom a coordinator matches stands on the list."""
    ways = _choosing(trial.arms)
    round_ = choosing.current(cohort)
    if round_ is None and ways:
        said, way = choosing.proposed(cohort.planned_spec), ways[0]
        numbers = {name: int(str(said[name])) for name in choosing.NUMBERS}
        round_ = choosing.open_round(cohort=cohort, way=way, by=by, mentors_rank=False, **numbers)
    for row in rows:
        if round_ is not None and row.arm == "expert":
            line.hand_over(round_, row.student, ExpertCase.Why.TRIAL, by=by)


def _choosing(arms: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those of the arms in which students choose."""
    return [str(arm["procedure"]) for arm in arms if arm["procedure"] in Way.values]


def _refuse_lists(cohort: Cohort) -> None:
    round_ = choosing.current(cohort)
    if round_ is not None and round_.is_ranked:
        raise DomainError(
            _("Students make lists at the moment: end that round before others may ask mentors.")
        )


@transaction.atomic
def leave(*, record: TrialRecord, by: User) -> None:
    """A student leaves the trial after the draw: she is matched like anybody, and still counts."""
    lock_cohort(record.trial.cohort_id)
    rows = TrialRecord.objects.filter(pk=record.pk, withdrawn_at=None).exclude(arm="")
    if not rows.update(withdrawn_at=clock.now()):
        raise DomainError(_("You are in no arm of this trial."))
    audit.record(by=by, action="trial.left", subject=record, cohort=record.trial.cohort)


@transaction.atomic
def rate(*, record: TrialRecord, points: int, by: User) -> None:
    """How content she is with her mentor, from 1 to 7; asked once the time is over."""
    if not 1 <= points <= 7:
        raise DomainError(_("Choose one of the seven."))
    if not trial_home.is_due(record):
        raise DomainError(_("This is asked once your time in the trial is over."))
    TrialRecord.objects.filter(pk=record.pk).update(satisfaction=points)
    audit.record(by=by, action="trial.rated", subject=record, cohort=record.trial.cohort)


@transaction.atomic
def close(*, trial: Trial, by: User | None) -> None:
    """Nobody is drawn any more; from now on everybody can be matched by any procedure."""
    cohort = lock_cohort(trial.cohort_id)
    if not Trial.objects.filter(pk=trial.pk, closed_at=None).update(closed_at=clock.now()):
        raise DomainError(_("This trial is over."))
    audit.record(by=by, action="trial.closed", subject=trial, cohort=cohort)
