"""From a reviewed run to mentorships."""

from collections import defaultdict

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from matching import queries
from matching.models import MatchRun, Mentorship, Trial
from matching.services import board, line, releasing
from matching.services.barring import refuse_outdated
from matching.services.beginning import begin
from matching.services.seats import Circle, Pair, gather, lock_cohort, place
from matching.services.telling import tell_formed
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment

READY = (MatchRun.State.DONE, MatchRun.State.BOARD)


def rivals(run: MatchRun) -> QuerySet[MatchRun]:
    """Runs that are over once this one is published: all, but the board of another arm of a trial.

    A computed run counted on places that are taken now; a board can be gone on with.
    """
    ready = MatchRun.objects.filter(cohort=run.cohort_id, state__in=READY)
    in_trial = Trial.objects.filter(cohort=run.cohort_id, closed_at=None).exists()
    return ready.exclude(state=MatchRun.State.BOARD) if in_trial and not run.is_board else ready


@transaction.atomic
def publish(*, run: MatchRun, by: User | None) -> list[Mentorship]:
    """Make the pairs of a run mentorships and tell both sides: all but those left out, or none.

    Refused when the run is not ready, or when a pair does not hold any more: somebody has left or
    was assigned in the meantime, a rule forbids it now, or it was tried and has ended.
    """
    cohort = lock_cohort(run.cohort_id)
    if run.is_board:
        board.close(run)
    won = MatchRun.objects.filter(pk=run.pk, state__in=READY).update(
        state=MatchRun.State.PUBLISHED, published_at=clock.now()
    )
    if not won:
        raise DomainError(_("This run is not ready to be published, or was published already."))
    run.refresh_from_db()
    # The others were proposals for the same people: none of them can be published any more.
    rivals(run).update(state=MatchRun.State.SUPERSEDED)
    pairs, circles = _proposed(run)
    if not pairs and not circles:
        raise DomainError(_("This run places nobody: there is nothing to publish."))
    led = [(student, circle.leaders) for circle in circles for student in circle.students]
    releasing.release(run, pairs, by)
    refuse_outdated(cohort, [*((pair.student, [pair.mentor]) for pair in pairs), *led])
    groups = place(cohort, pairs, by=by, run=run)
    members: dict[User, list[Mentorship]] = defaultdict(list)
    for group, pair in zip(groups, pairs, strict=True):
        members[pair.student.person].append(group)
        members[pair.mentor.person].append(group)
    formed = gather(cohort, circles, by=by, run=run)
    for group, circle in zip(formed, circles, strict=True):
        for row in (*circle.students, *circle.leaders):
            members[row.person].append(group)
    tell_formed(run, members)
    groups += formed
    mentorships = list(dict.fromkeys(groups))
    _record(run, mentorships, by)
    people = [row for pair in pairs for row in (pair.student, pair.mentor)]
    people += [row for circle in circles for row in (*circle.students, *circle.leaders)]
    begin(cohort=cohort, people=people, by=by)
    line.settle(cohort)
    return mentorships


def _proposed(run: MatchRun) -> tuple[list[Pair], list[Circle]]:
    """What the run places: students with one mentor, and groups with all who lead them."""
    rows = (
        queries.to_publish(run).select_related("student__person", "mentor__person").order_by("pk")
    )
    pairs: list[Pair] = []
    students: dict[int, list[Enrollment]] = defaultdict(list)
    for row in rows:
        if row.group is not None:
            students[row.group].append(row.student)
        elif row.mentor is not None:
            pairs.append(Pair(row.student, row.mentor, row.shape))
    leading = {int(who) for group in run.groups for who, _role in group["members"]}
    leaders = Enrollment.objects.select_related("person").in_bulk(list(leading))
    circles = [
        Circle(
            shape=group["shape"],
            students=students[group["number"]],
            leaders=[leaders[who] for who, _role in group["members"] if who in leaders],
            mentorship=group["mentorship"],
        )
        for group in run.groups
        if students[group["number"]]
    ]
    return pairs, circles


def _record(run: MatchRun, mentorships: list[Mentorship], by: User | None) -> None:
    cohort = run.cohort
    audit.record(
        by=by,
        action="matching.published",
        subject=run,
        cohort=cohort,
        mentorships=len(mentorships),
    )
    audit.record_many(
        audit.event(by=by, action="mentorship.formed", subject=row, cohort=cohort, run=run.number)
        for row in mentorships
    )
