"""From a reviewed run to mentorships."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import MatchRun, Mentorship
from matching.services.barring import refuse_outdated
from matching.services.seats import Pair, lock_cohort, place
from matching.services.telling import tell_formed
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from programs.services import cohorts, enrollments


@transaction.atomic
def publish(*, run: MatchRun, by: User | None) -> list[Mentorship]:
    """Make the pairs of a run mentorships and tell both sides: all of them, or none.

    Refused when the run is not ready, or when a pair does not hold any more: somebody has left or
    was assigned in the meantime, a rule forbids it now, or it was tried and has ended.
    """
    cohort = lock_cohort(run.cohort_id)
    won = MatchRun.objects.filter(pk=run.pk, state=MatchRun.State.DONE).update(
        state=MatchRun.State.PUBLISHED, published_at=clock.now()
    )
    if not won:
        raise DomainError(_("This run is not ready to be published, or was published already."))
    run.refresh_from_db()
    # The others were proposals for the same people: none of them can be published any more.
    cohort.match_runs.filter(state=MatchRun.State.DONE).update(state=MatchRun.State.SUPERSEDED)
    rows = (
        run.pairs.exclude(mentor=None)
        .select_related("student__person", "mentor__person")
        .order_by("pk")
    )
    pairs = [Pair(row.student, row.mentor) for row in rows if row.mentor is not None]
    if not pairs:
        raise DomainError(_("This run places nobody: there is nothing to publish."))
    refuse_outdated(cohort, pairs)
    groups = place(cohort, pairs, by=by, run=run)
    members = defaultdict(list)
    for group, pair in zip(groups, pairs, strict=True):
        members[pair.student.person].append(group)
        members[pair.mentor.person].append(group)
    tell_formed(run, members)
    mentorships = list(dict.fromkeys(groups))
    _record(run, mentorships, by)
    begin(cohort=cohort, pairs=pairs, by=by)
    return mentorships


def begin(*, cohort: Cohort, pairs: Sequence[Pair], by: User | None) -> None:
    """The first mentorships start the cohort's running time; who has a place becomes active.

    Activation may still wait for something, such as a training: that stops no mentorship.
    """
    cohorts.move_on_to(cohort=cohort, to=Cohort.State.RUNNING, by=by)
    people = {row.pk: row for pair in pairs for row in (pair.student, pair.mentor)}
    for enrollment in people.values():
        if enrollment.state == Enrollment.State.ACCEPTED:
            enrollments.activate_if_ready(enrollment=enrollment, by=by)


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
