"""From the rows of a trial to what its report is computed from. Loads no SciPy: the job does."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from matching.models import EndReason, MatchRun, Membership, MentorRequest, Trial, TrialRecord
from matching.trial_home import ASKED_FOR
from matching.trial_home import due as due_at
from matching.trials.allocation import Arm
from matching.trials.data import Contrast, Record, TrialData
from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from programs.models import Enrollment


def data_of(trial: Trial) -> TrialData:
    """Everybody who was assessed, and what became of her by now."""
    records = list(trial.records.select_related("student__cohort").order_by("pk"))
    today = clock.today(trial.cohort.zone)
    seats = _first_seats(records)
    met = {
        pk: at
        for found in ports.FIRST_MEETINGS.ask([seat.mentorship_id for seat in seats.values()])
        for pk, at in found.items()
    }
    ways = _ways(seats.values())
    made = []
    for row in records:
        seat = seats.get(row.student_id)
        first = met.get(seat.mentorship_id) if seat else None
        day = first.astimezone(trial.cohort.zone).date() if first else None
        received = ways[seat.pk] if seat else None
        made.append(_record(trial, row, received, day, today))
    over = [due for record in made if (due := record.due_on)]
    return TrialData(
        arms=[Arm(arm["procedure"], int(arm["weight"])) for arm in trial.arms],
        records=made,
        as_of=today,
        allocation_closed=not trial.is_open,
        contrasts=contrasts(trial),
        survey_closed=bool(over) and max(over) + ASKED_FOR < today,
    )


def contrasts(trial: Trial) -> list[Contrast]:
    """The expert against all others together, and the others against each other; else every two."""
    arms = [str(arm["procedure"]) for arm in trial.arms]
    experts = [arm for arm in arms if arm == "expert"]
    others = [arm for arm in arms if arm != "expert"]
    if len(experts) != 1 or len(others) < 2:
        return []
    found = [Contrast(_("expert against the others"), tuple(experts), tuple(others))]
    return [
        *found,
        *(
            Contrast(f"{trial.title_of(one)} – {trial.title_of(other)}", (one,), (other,))
            for at, one in enumerate(others)
            for other in others[at + 1 :]
        ),
    ]


def _record(
    trial: Trial, row: TrialRecord, received: str | None, met: date | None, today: date
) -> Record:
    ends = due_at(row)
    due = ends.astimezone(trial.cohort.zone).date() if ends else None
    established: bool | None = None
    if due is not None and met is not None:
        established = met <= due
    elif due is not None and due < today:
        established = False
    same = received is not None and received == row.arm
    return Record(
        id=row.student.key,
        stratum=tuple(row.stratum),
        excluded=_excluded(trial, row),
        consent=row.consent is not False,
        arm=row.arm or None,
        due_on=due,
        received=received,
        not_received=_not_received(received, over=due is not None and due < today)
        if row.arm and not same
        else None,
        withdrawn=_withdrawn(row),
        withdrawn_on=row.withdrawn_at.astimezone(trial.cohort.zone).date()
        if row.withdrawn_at
        else None,
        matched=received is not None,
        established=established,
        satisfaction=None if row.satisfaction is None else float(row.satisfaction),
    )


def _excluded(trial: Trial, row: TrialRecord) -> str | None:
    if row.excluded:
        return str(row.get_excluded_display())
    if row.arm or trial.is_open:
        return None
    if row.consent:
        return _("agreed, and was not drawn")
    return _("did not answer") if row.consent is None else None


def _not_received(received: str | None, *, over: bool) -> str | None:
    """Whoever has no mentor yet may still get one as her arm has it, until her time is over."""
    if received is not None:
        return _("matched by another procedure")
    return _("found no mentor") if over else None


def _withdrawn(row: TrialRecord) -> str | None:
    if row.withdrawn_at:
        return _("left the trial")
    gone = row.arm and row.student.state == Enrollment.State.WITHDRAWN
    return _("left the program") if gone else None


def _first_seats(records: Iterable[TrialRecord]) -> dict[int, Membership]:
    """The first place that each got since she was drawn."""
    drawn = {row.student_id: row.allocated_at for row in records if row.allocated_at}
    rows = (
        Membership.objects.filter(enrollment__in=drawn, role=Role.STUDENT)
        .exclude(mentorship__end_reason=EndReason.UNDONE)
        .select_related("mentorship__run")
        .order_by("started_at", "pk")
    )
    found: dict[int, Membership] = {}
    for seat in rows:
        if seat.started_at >= drawn[seat.enrollment_id]:
            found.setdefault(seat.enrollment_id, seat)
    return found


def _ways(seats: Iterable[Membership]) -> dict[int, str]:
    """By which procedure each place came about."""
    listed = list(seats)
    asked = {
        (row.mentorship_id, row.student_id): row.way
        for row in MentorRequest.objects.filter(
            mentorship__in=[seat.mentorship_id for seat in listed],
            state=MentorRequest.State.ACCEPTED,
        )
    }
    return {
        seat.pk: asked.get((seat.mentorship_id, seat.enrollment_id), _of_run(seat.mentorship.run))
        for seat in listed
    }


def _of_run(run: MatchRun | None) -> str:
    return "expert" if run is None else run.procedure
