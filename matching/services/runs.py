"""Runs of a procedure: started from a page, computed in a job, kept with all they need."""

import secrets
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from matching import equity, wish_lists
from matching.columns import UNLIMITED, Room, columns, new_groups
from matching.engine import VERSION
from matching.engine.criteria import Criterion
from matching.lacking import lacking, plain
from matching.models import MatchPair, MatchRun
from matching.reasons import lack_words
from matching.services import asked
from matching.services.inputs import Snapshot, held_back, snapshot
from matching.services.seats import lock_cohort
from matching.shapes import in_teams
from matching.trial_arms import elsewhere
from mentoring import audit, clock, jobs
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from programs.services import gate

if TYPE_CHECKING:
    from matching.outcome import Outcome
    from matching.running import Progress

State = MatchRun.State
MATCHING_STATES = (
    Cohort.State.PLANNING,
    Cohort.State.RECRUITING,
    Cohort.State.MATCHING,
    Cohort.State.RUNNING,
)
FINISHED = (State.DONE, State.PUBLISHED, State.SUPERSEDED)
MOST_SEED = 2**31 - 1
TOLD = ("lacking", "left_over", "equity", "moves")
"""What the page of a run tells in words."""
BY_RANKS = (MatchRun.Procedure.STABLE, MatchRun.Procedure.WISHES)
RANKS = (Criterion.WISH, Criterion.LIKING)


def weighing(procedure: str, weights: Mapping[str, float]) -> dict[str, float]:
    """What scores hold. By ranks, no list: ranks come before every score there, and a score that
    held them would tempt students to short lists."""
    if procedure not in BY_RANKS:
        return dict(weights)
    return {name: weight for name, weight in weights.items() if name not in RANKS}


@transaction.atomic
def start(
    *,
    cohort: Cohort,
    procedure: str,
    weights: Mapping[str, float],
    required: list[str],
    by: User | None,
    seed: int | None = None,
    leave_untrained: bool = False,
) -> MatchRun:
    """Keep the inputs as they are now and hand the work to a job.

    ``leave_untrained``: without those whom the training before the start still holds back.
    """
    cohort = lock_cohort(cohort.pk)
    if cohort.state not in MATCHING_STATES:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    if procedure not in MatchRun.Procedure.values:
        raise DomainError(_("There is no such procedure."), field="procedure")
    without = held_back(cohort) if leave_untrained else set()
    # While a trial is open each arm is matched by its own procedure alone.
    weights, others = weighing(procedure, weights), elsewhere(cohort, procedure)
    moving = procedure == MatchRun.Procedure.KEEPING
    inputs = snapshot(cohort, weights, required, without, others, moving=moving)
    seed = secrets.randbelow(MOST_SEED) if seed is None else seed
    _check_people(inputs)
    _check_musts(cohort, inputs)
    gate.refuse_unready(cohort)
    check_pins(inputs, seed)
    run = _created(cohort, procedure, inputs, seed, by)
    job = jobs.start(kind="matching.run", cohort=cohort, by=by, args={"run": run.pk})
    MatchRun.objects.filter(pk=run.pk).update(job_key=job.key)
    run.refresh_from_db()
    audit.record(
        by=by,
        action="matching.run_started",
        subject=run,
        cohort=cohort,
        procedure=procedure,
        seed=run.seed,
        inputs=run.digest,
    )
    return run


def _created(
    cohort: Cohort, procedure: str, inputs: Snapshot, seed: int, by: User | None
) -> MatchRun:
    number = (cohort.match_runs.aggregate(most=Max("number"))["most"] or 0) + 1
    return MatchRun.objects.create(
        cohort=cohort,
        number=number,
        procedure=procedure,
        seed=seed,
        weights=dict(inputs.data["weights"]),
        engine_version=VERSION,
        inputs=dict(inputs.data),
        digest=inputs.digest,
        created_by=by,
    )


def compute(*, run: MatchRun, progress: "Progress") -> None:
    """Do the work of a run; doing it twice comes to the same end."""
    # NumPy and SciPy are loaded by the worker alone.
    from matching.running import rank  # noqa: PLC0415
    from matching.running import run as propose  # noqa: PLC0415
    from matching.services import board  # noqa: PLC0415 (a board begins as a run does)

    if run.state in {*FINISHED, State.BOARD}:
        return
    MatchRun.objects.filter(pk=run.pk).update(state=State.RUNNING)
    started = clock.stopwatch()
    if run.is_board:
        ranking = rank(run.inputs, run.seed, progress)
        with transaction.atomic():
            board.keep(run, ranking)
        return
    outcome = propose(run.inputs, run.procedure, run.seed, progress)
    seconds = round(clock.stopwatch() - started, 3)
    _keep(run, outcome, seconds)


def refuse_old(run: MatchRun) -> None:
    """Refuse to go on with the inputs of a run that another version of the engine made."""
    if run.engine_version != VERSION:
        raise DomainError(_("An earlier version of the product made this run: start a new one."))


def fail(*, run: MatchRun) -> None:
    """Mark a run whose job came to no end."""
    MatchRun.objects.filter(pk=run.pk, state__in=[State.QUEUED, State.RUNNING]).update(
        state=State.FAILED
    )


@transaction.atomic
def _keep(run: MatchRun, outcome: "Outcome", seconds: float) -> None:
    run.pairs.all().delete()
    known = {
        None, *Enrollment.objects.filter(cohort=run.cohort).values_list("pk", flat=True)
    }  # fmt: skip
    MatchPair.objects.bulk_create(
        [
            MatchPair(
                run=run,
                student_id=proposal.student,
                mentor_id=proposal.mentor,
                score=proposal.score,
                reasons=proposal.reasons,
                pinned=proposal.pinned,
                shape=proposal.shape,
                group=proposal.group,
            )
            for proposal in outcome.proposals
            # An import may have been undone since the inputs were read.
            if proposal.student in known and proposal.mentor in known
        ],
        batch_size=500,
    )
    run.state = State.DONE
    run.groups = [group.plain() for group in outcome.groups]
    run.result = _figures(run, outcome, seconds)
    run.save(update_fields=["state", "groups", "result"])
    figures = {name: value for name, value in run.result.items() if name not in TOLD}
    audit.record(by=None, action="matching.run_done", subject=run, cohort=run.cohort, **figures)


def _figures(run: MatchRun, outcome: "Outcome", seconds: float) -> dict[str, Any]:
    """What the list of runs compares."""
    loads = outcome.loads()
    spread = Counter(loads[facts["id"]] for facts in run.inputs["mentors"])
    sizes = Counter(p.group for p in outcome.proposals if p.group is not None)
    return {
        "placed": outcome.placed,
        "unmatched": outcome.unmatched,
        "total": outcome.total,
        "bound": outcome.bound,
        "optimal": outcome.optimal,
        "left_out": len(run.inputs.get("left_out", [])),
        "wished": wish_lists.met(
            run.inputs, ((p.student, p.shape, p.mentor) for p in outcome.proposals)
        ),
        "moves": outcome.moves,
        "kept": outcome.kept,
        "of_trial": len(run.inputs.get("of_trial", [])),
        "lacking": plain(lacking(run.inputs)),
        "left_over": outcome.left_over,
        "minimum": outcome.minimum,
        "equity": equity.measure(
            run.inputs,
            [(one.student, one.score) for one in outcome.proposals],
            scored=not run.is_lot,
            welch=True,
        ),
        "loads": {str(load): count for load, count in sorted(spread.items())},
        "sizes": {str(size): n for size, n in sorted(Counter(sizes.values()).items())},
        "seconds": seconds,
    }


def _check_people(inputs: Snapshot) -> None:
    if not inputs.data["students"]:
        if inputs.data["of_trial"]:
            raise DomainError(
                _(
                    "Everybody who waits is in the trial, for another procedure or for the lot: "
                    "the page of the trial says who goes which way."
                )
            )
        if inputs.data["left_out"]:
            raise DomainError(_("Everybody who waits is left out, as the training is missing."))
        raise DomainError(_("Every student has a mentor: there is nobody to match."))
    if not inputs.data["mentors"]:
        if inputs.data["left_out"]:
            raise DomainError(_("All mentors are left out, as their training is missing."))
        raise DomainError(_("There are no mentors yet: accept some first."))


def _check_musts(cohort: Cohort, inputs: Snapshot) -> None:
    """Refuse what could place nobody: a must of which one side has nothing on record."""
    nobody = [lack for lack in lacking(inputs.data) if lack.everybody]
    if nobody:
        names = asked.labels(cohort, [lack.criterion for lack in nobody])
        raise DomainError(
            " ".join(lack_words(lack, names) for lack in nobody)
            + " "
            + _("Nobody could be matched: add it to the people, or do without this must.")
        )


def check_pins(inputs: Snapshot, seed: int) -> None:
    """Refuse, before any work, what no matching could satisfy."""
    data = inputs.data
    pins = Counter(mentor for _student, mentor, kind in data["rules"] if kind == "pin")
    if not pins:
        return
    places = _places(data, seed)
    short = [mentor for mentor, count in pins.items() if count > places[mentor]]
    if short:
        names = Enrollment.objects.filter(pk__in=short[:3]).select_related("person")
        raise DomainError(
            _("More students are kept with %(names)s than there are places. Remove a pin first.")
            % {"names": ", ".join(row.person.full_name for row in names)}
        )


def _places(data: Mapping[str, Any], seed: int) -> Counter[int]:
    """Of each mentor the places in everything she can lead in this run, at most."""
    room, found = Room(data, seed), Counter[int]()
    for shape in data["shapes"]:
        waiting = [facts for facts in data["students"] if shape["slug"] in facts["shapes"]]
        if not in_teams(shape):
            for column in columns(room, shape, waiting):
                found[column.mentors[0]] += column.places
            continue
        for group in data["groups"]:
            if group["shape"] == shape["slug"]:
                free = max(0, (shape["most"] or UNLIMITED) - len(group["students"]))
                found.update({who: free for who, _role in group["members"]})
        for facts in data["mentors"]:
            found[facts["id"]] += new_groups(room, shape, facts) * (shape["most"] or UNLIMITED)
    return found
