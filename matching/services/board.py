"""The expert's board: students placed one by one, by several people at once, then published."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from matching import boards, equity
from matching.judging import Judge, usual_weights
from matching.models import MatchPair, MatchRun
from matching.services import asked, runs
from matching.services.inputs import ruled
from matching.services.standing import Standing
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment

if TYPE_CHECKING:
    from matching.running import Ranking

State = MatchRun.State


@transaction.atomic
def open_board(*, cohort: Cohort, by: User | None, onto: MatchRun | None = None) -> MatchRun:
    """Begin a board with everybody who waits; a job looks who suits whom.

    ``onto``: a run that is ready for review, whose pairs are put on the board to be changed.
    """
    spec, form = cohort.planned_spec, asked.compared(cohort)
    run = runs.start(
        cohort=cohort,
        procedure=MatchRun.Procedure.EXPERT,
        weights=usual_weights(spec) | asked.weights(form),
        required=[*ruled(spec, "share"), *asked.musts(form)],
        by=by,
    )
    if onto is not None:
        MatchRun.objects.filter(pk=run.pk).update(result={"onto": onto.pk})
        run.refresh_from_db()
    return run


def keep(run: MatchRun, ranking: "Ranking") -> None:
    """Store what the job found; whatever the run it is laid upon placed is placed here too."""
    known = set(Enrollment.objects.filter(cohort=run.cohort).values_list("pk", flat=True))
    run.pairs.all().delete()
    run.columns = [
        {
            "mentors": [who for who in column.mentors if who in known],
            "places": column.places,
            "class_year": column.class_year,
            "group": column.team,
        }
        for column in ranking.columns
    ]
    run.groups = [group.plain() for group in ranking.groups]
    pairs = [
        MatchPair(run=run, student_id=student, shape=shape, best=[list(one) for one in best])
        for student, shape, best in ranking.best
        if student in known
    ]
    _lay_on(run, pairs)
    MatchPair.objects.bulk_create(pairs, batch_size=500)
    run.state, run.result = State.BOARD, {}
    run.save(update_fields=["state", "groups", "columns", "result"])


def _lay_on(run: MatchRun, pairs: list[MatchPair]) -> None:
    """Place them as the other run does, where that mentor's places are on the board and left."""
    onto = run.result.get("onto")
    if not onto:
        return
    chosen = {
        (student, shape): mentor
        for student, shape, mentor in MatchPair.objects.filter(run=onto)
        .exclude(mentor=None)
        .values_list("student_id", "shape", "mentor_id")
    }
    left = [int(column["places"]) for column in run.columns]
    for pair in pairs:
        mentor = chosen.get((pair.student_id, pair.shape))
        for column, score in pair.best if mentor else []:
            if run.columns[column]["mentors"] == [mentor] and left[column] > 0:
                left[column] -= 1
                pair.column, pair.mentor_id, pair.score = column, mentor, score
                pair.group = run.columns[column]["group"]
                break


@transaction.atomic
def place(
    *, run: MatchRun, pair: MatchPair, column: int | None, was: int | None, by: User
) -> MatchPair:
    """Put a student into a column, or take her out (``None``).

    ``was``: where the expert saw her. Refused when somebody else has moved her in the meantime, or
    the last place went to another.
    """
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state != State.BOARD:
        raise DomainError(_("This board is closed: it was published, or another run was."))
    row = MatchPair.objects.select_related(
        "student__person", "student__cohort__program", "mentor__person", "placed_by"
    ).get(pk=pair.pk, run=run)
    if row.column != was:
        raise DomainError(_moved(row))
    if column is not None:
        _check(run, row, column)
    leaders = run.columns[column]["mentors"] if column is not None else []
    row.column = column
    row.group = run.columns[column]["group"] if column is not None else None
    row.mentor_id = leaders[0] if leaders else None
    row.score = dict(map(tuple, row.best)).get(column) if column is not None else None
    row.reasons = _reasons(row, leaders) if leaders else []
    row.placed_by, row.placed_at = (by, clock.now()) if column is not None else (None, None)
    row.save(
        update_fields=["column", "group", "mentor", "score", "reasons", "placed_by", "placed_at"]
    )
    audit.record(
        by=by,
        action="board.placed" if column is not None else "board.taken_out",
        subject=run,
        cohort=run.cohort,
        student=row.student_id,
        mentor=row.mentor_id,
    )
    return row


def _moved(row: MatchPair) -> str:
    names = {
        "student": row.student.person.full_name,
        "mentor": row.mentor.person.full_name if row.mentor else "",
        "who": row.placed_by.full_name if row.placed_by else _("somebody"),
    }
    if row.mentor:
        return _("%(who)s has placed %(student)s with %(mentor)s in the meantime.") % names
    return _("%(student)s was taken off her place in the meantime.") % names


def _check(run: MatchRun, row: MatchPair, column: int) -> None:
    if column not in {one for one, _score in row.best}:
        raise DomainError(_("A rule keeps these two apart, or there is no such place."))
    taken = MatchPair.objects.filter(run=run, column=column).exclude(pk=row.pk).count()
    if taken >= boards.places(run, column, boards.gone_since(run)):
        raise DomainError(_("The last place there was given in the meantime."))
    if not run.columns[column]["mentors"]:
        raise DomainError(_("Nobody is left who mentors there."))


def _reasons(row: MatchPair, leaders: list[int]) -> list[dict[str, Any]]:
    judge = Judge(row.student.cohort)
    me = judge.facts(row.student)
    people = Enrollment.objects.filter(pk__in=leaders)
    parts = max(
        (judge.parts(me, judge.facts(one)) for one in people),
        key=lambda found: sum(part.points for part in found),
        default=[],
    )
    return [
        {"code": str(part.criterion), "points": part.points, "share": part.share, **part.data}
        for part in parts
    ]


def close(run: MatchRun) -> None:
    """Before publishing: whoever found a mentor elsewhere is taken off, and the rest is counted."""
    standing = Standing.of(run.cohort)
    rows = list(run.pairs.all().defer("best", "reasons"))
    gone = [
        row.pk
        for row in rows
        if row.column is not None and row.shape in standing.shapes_of.get(row.student_id, ())
    ]
    run.pairs.filter(pk__in=gone).update(
        column=None, mentor=None, group=None, score=None, reasons=[]
    )
    placed = [row for row in rows if row.column is not None and row.pk not in gone]
    loads = Counter(who for row in placed for who in run.columns[row.column or 0]["mentors"])
    scores = [row.score or 0 for row in placed]
    run.result = {
        "placed": len(placed),
        "unmatched": len(rows) - len(placed),
        "total": sum(scores),
        "minimum": min(scores, default=None),
        "equity": _equity(run, [row for row in rows if row.pk not in gone]),
        "loads": {str(load): n for load, n in sorted(Counter(loads.values()).items())},
        "seconds": 0,
    }
    run.save(update_fields=["result"])


def _equity(run: MatchRun, rows: list[MatchPair]) -> dict[str, Any]:
    """Without intervals for scores: they would load SciPy into the process of a page."""
    chosen = [(row.student_id, None if row.column is None else row.score or 0) for row in rows]
    return equity.measure(run.inputs, chosen, scored=True, welch=False)
