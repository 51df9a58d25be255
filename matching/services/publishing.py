"""From a reviewed run to mentorships."""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import MatchRun, Mentorship
from matching.services.seats import Pair, place
from matching.services.telling import tell_formed
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort

BEFORE_RUNNING = (Cohort.State.PLANNING, Cohort.State.RECRUITING, Cohort.State.MATCHING)


@transaction.atomic
def publish(*, run: MatchRun, by: User | None) -> list[Mentorship]:
    """Make the pairs of a run mentorships and tell both sides: all of them, or none.

    Refused when the run is not ready, or when a pair does not hold any more because somebody has
    left or was assigned in the meantime.
    """
    cohort = Cohort.objects.select_for_update().get(pk=run.cohort_id)
    won = MatchRun.objects.filter(pk=run.pk, state=MatchRun.State.DONE).update(
        state=MatchRun.State.PUBLISHED, published_at=clock.now()
    )
    if not won:
        raise DomainError(_("This run is not ready to be published, or was published already."))
    run.refresh_from_db()
    rows = (
        run.pairs.exclude(mentor=None)
        .select_related("student__person", "mentor__person")
        .order_by("pk")
    )
    pairs = [Pair(row.student, row.mentor) for row in rows if row.mentor is not None]
    if not pairs:
        raise DomainError(_("This run places nobody: there is nothing to publish."))
    groups = place(cohort, pairs, run)
    members = defaultdict(list)
    for group, pair in zip(groups, pairs, strict=True):
        members[pair.student.person].append(group)
        members[pair.mentor.person].append(group)
    tell_formed(run, members)
    mentorships = list(dict.fromkeys(groups))
    _record(run, mentorships, by)
    begin(cohort=cohort, by=by)
    return mentorships


def begin(*, cohort: Cohort, by: User | None) -> None:
    """The first mentorships start the cohort's running time; later ones change nothing."""
    won = Cohort.objects.filter(pk=cohort.pk, state__in=BEFORE_RUNNING).update(
        state=Cohort.State.RUNNING, started_at=clock.now()
    )
    if won:
        audit.record(
            by=by,
            action="cohort.state_changed",
            subject=cohort,
            cohort=cohort,
            before=cohort.state,
            after=Cohort.State.RUNNING,
        )


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
