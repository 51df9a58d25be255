"""A publication taken back, as long as nobody has met; and pairs left out before it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import EndReason, MatchPair, MatchRun, Membership, Mentorship
from matching.queries import unplaced
from matching.services.seats import Pair, lock_cohort, place
from matching.services.telling import tell_joined
from mentoring import audit, clock, outbox, ports
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from programs.services import cohorts

State = MatchRun.State


@dataclass(frozen=True)
class Undone:
    """How many mentorships were taken back, and how many stay, as their people have met."""

    taken_back: int
    stay: int


def undoable(run: MatchRun) -> Undone:
    """What taking the publication back would do now."""
    live = list(
        Mentorship.objects.filter(run=run, state__in=Mentorship.LIVE).values_list("pk", flat=True)
    )
    met = first_meetings(live)
    return Undone(len(live) - len(met), len(met))


def first_meetings(mentorships: list[int]) -> set[int]:
    """Those whose people have met."""
    return {pk for found in ports.FIRST_MEETINGS.ask(mentorships) for pk in found}


@transaction.atomic
def undo(*, run: MatchRun, by: User | None) -> Undone:
    """Take back every mentorship of the run whose people have not met; they are told kindly.

    The pairs count as never made: a later run may make them again.
    """
    cohort = lock_cohort(run.cohort_id)
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state != State.PUBLISHED:
        raise DomainError(_("This run is not published."))
    rows = Mentorship.objects.select_for_update().filter(run=run, state__in=Mentorship.LIVE)
    live = {row.pk: row for row in rows.order_by("pk")}
    met = first_meetings(list(live))
    gone = [pk for pk in live if pk not in met]
    if not gone:
        raise DomainError(_("Everybody has met already: nothing is taken back."))
    _dissolve(live, gone, by)
    _give_back(run, cohort, by)
    if not cohort.mentorships.exclude(end_reason=EndReason.UNDONE).exists():
        cohorts.unstart(cohort=cohort, by=by)
    MatchRun.objects.filter(pk=run.pk).update(state=State.UNDONE if not met else State.PUBLISHED)
    audit.record(
        by=by, action="matching.undone", subject=run, cohort=cohort,
        mentorships=len(gone), stay=len(met),
    )  # fmt: skip
    return Undone(len(gone), len(met))


def _give_back(run: MatchRun, cohort: Cohort, by: User | None) -> None:
    """Whoever moved in this run and has nobody now has the mentor again whom she had before."""
    moved = {
        one["student"]: one["was"] for one in run.result.get("moves", []) if one["now"] is not None
    }
    waiting = unplaced(cohort).filter(pk__in=moved).select_related("person").order_by("pk")
    mentors = Enrollment.objects.filter(pk__in=moved.values()).select_related("person").in_bulk()
    shapes = {student: shape for student, _was, shape, _id in run.inputs.get("current", [])}
    pairs = [Pair(row, mentors[moved[row.pk]], shapes[row.pk]) for row in waiting]
    for pair, mentorship in zip(pairs, place(cohort, pairs, by=by), strict=True):
        seat = mentorship.memberships.get(enrollment=pair.student, ended_at=None)
        tell_joined(mentorship, seat.pk, [pair.student.person, pair.mentor.person])


def _dissolve(live: dict[int, Mentorship], gone: list[int], by: User | None) -> None:
    now = clock.now()
    seats = list(
        Membership.objects.filter(mentorship__in=gone, ended_at=None)
        .select_related("person", "mentorship__cohort", "enrollment")
        .order_by("pk")
    )
    Membership.objects.filter(pk__in=[seat.pk for seat in seats]).update(ended_at=now)
    Mentorship.objects.filter(pk__in=gone).update(
        state=Mentorship.State.DISSOLVED,
        ended_at=now,
        ended_by=by.key if by else "",
        end_reason=EndReason.UNDONE,
    )
    people = {seat.person: seat.mentorship for seat in seats}
    outbox.put(
        outbox.Draft(
            kind="matching_undone",
            recipient=person,
            dedupe_key=f"matching_undone:{live[mentorship.pk].run_id}:{person.pk}",
            context={"mentorship": mentorship.pk},
            about=f"mentorship:{mentorship.pk}",
        )
        for person, mentorship in people.items()
    )
    for seat in seats:
        seat.ended_at = now
        ports.MEMBERSHIP_ENDED.tell(seat, by)


@transaction.atomic
def leave_out(*, run: MatchRun, pair: MatchPair, out: bool, by: User | None) -> None:
    """Leave a pair out of the publication, or take it in again. A group goes as a whole."""
    run = MatchRun.objects.select_for_update().get(pk=run.pk)
    if run.state != State.DONE:
        raise DomainError(_("This run is not open for review any more."))
    if run.procedure == MatchRun.Procedure.KEEPING:
        raise DomainError(
            _("Who moves makes room for others here: such a run is published as a whole.")
        )
    rows = run.pairs.filter(pk=pair.pk)
    if pair.group is not None:
        rows = run.pairs.filter(group=pair.group)
    rows.exclude(mentor=None).update(kept_out=out)
    audit.record(
        by=by, action="matching.left_out" if out else "matching.taken_in", subject=run,
        cohort=run.cohort, student=pair.student_id, mentor=pair.mentor_id,
    )  # fmt: skip
