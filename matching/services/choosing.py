"""Rounds in which students choose: opened, changed and closed by a coordinator."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.choices import choosable
from matching.models import ChoosingRound, ExpertCase, MentorRequest, MentorWish, Way
from matching.queries import unplaced
from matching.services import line
from matching.services.runs import MATCHING_STATES
from matching.services.seats import lock_cohort
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from programs.queries import calendar_of
from programs.services import gate
from programs.spec import ProgramSpec

NUMBERS = {
    "suggestions": (3, 20),
    "asks": (1, 3),
    "answer_days": (1, 30),
    "expert_after_days": (1, 180),
    "ranks": (1, 10),
}
NUDGE_DAYS = 7
GROUPS = gettext_lazy(
    "Groups in this program have several mentors: students cannot choose one of them."
)
FRESH = timedelta(days=2)


def proposed(spec: ProgramSpec) -> dict[str, object]:
    """What the program says of choosing."""
    said = spec.matching.choosing
    ways = {"search": Way.SEARCH, "wishes": Way.RANKED}
    numbers = {name: getattr(said, name) for name in NUMBERS}
    way = ways.get(spec.matching.procedure or "", Way.SUGGESTIONS)
    return {"way": way, "mentors_rank": said.mentors_rank, **numbers}


def current(cohort: Cohort) -> ChoosingRound | None:
    """The round that is open now."""
    return cohort.choosing_rounds.filter(closed_at=None).first()


@transaction.atomic
def open_round(
    *, cohort: Cohort, way: str, by: User | None, mentors_rank: bool = False, **numbers: int
) -> ChoosingRound:
    """Let students ask or rank mentors from now on; both sides are told how it goes."""
    cohort = lock_cohort(cohort.pk)
    if cohort.state not in MATCHING_STATES:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    _check(way, numbers)
    if not choosable(cohort):
        raise DomainError(GROUPS)
    if way == Way.RANKED and cohort.trials.filter(closed_at=None).exists():
        raise DomainError(_("A trial is open: close it before students make lists."), field="way")
    if current(cohort) is not None:
        raise DomainError(_("Students are choosing already."))
    gate.refuse_unready(cohort)
    found = ChoosingRound.objects.create(
        cohort=cohort, way=way, opened_by=by, mentors_rank=mentors_rank, **numbers
    )
    audit.record(by=by, action="choosing.opened", subject=found, cohort=cohort, way=way, **numbers)
    outbox.put(invitations(found, unplaced(cohort), "choosing_open"))
    mentors = Enrollment.objects.filter(
        cohort=cohort, role__in=MENTOR_ROLES, state__in=Enrollment.PRESENT, reserve=False
    ).select_related("person")
    outbox.put(invitations(found, mentors, "choosing_open_mentor"))
    return found


def invitations(
    round_: ChoosingRound, rows: Iterable[Enrollment], kind: str
) -> Iterable[outbox.Draft]:
    """One mail of this kind to each, once in a round."""
    for row in rows:
        yield outbox.Draft(
            kind=kind,
            recipient=row.person,
            dedupe_key=f"{kind}:{round_.pk}:{row.pk}",
            context={"round": round_.pk, "enrollment": row.pk},
            about=f"choosing:{round_.pk}",
        )


@transaction.atomic
def change_round(
    *, round_: ChoosingRound, way: str, by: User | None, mentors_rank: bool = False, **numbers: int
) -> None:
    """Change how it goes; whoever is asked keeps the time she was told.

    Asking and ranking are not changed for each other: what people have done would mean nothing.
    """
    lock_cohort(round_.cohort_id)
    _check(way, numbers)
    if (way == Way.RANKED) != round_.is_ranked:
        raise DomainError(
            _("Close this round to let students rank instead of ask, or the other way round."),
            field="way",
        )
    open_ = ChoosingRound.objects.filter(pk=round_.pk, closed_at=None)
    if not open_.update(way=way, mentors_rank=mentors_rank, **numbers):
        raise DomainError(_("This round is closed already."))
    audit.record(
        by=by, action="choosing.changed", subject=round_, cohort=round_.cohort, way=way, **numbers
    )


@transaction.atomic
def close_round(*, round_: ChoosingRound, by: User | None) -> None:
    """Nobody is asked any more; students without a mentor read that a coordinator goes on."""
    cohort = lock_cohort(round_.cohort_id)
    closed = ChoosingRound.objects.filter(pk=round_.pk, closed_at=None)
    if not closed.update(closed_at=clock.now()):
        raise DomainError(_("This round is closed already."))
    line.settle(cohort)
    audit.record(by=by, action="choosing.closed", subject=round_, cohort=cohort)
    outbox.put(invitations(round_, unplaced(cohort), "choosing_closed"))


def _check(way: str, numbers: dict[str, int]) -> None:
    if way not in ChoosingRound.Way.values:
        raise DomainError(_("Say how students find mentors."), field="way")
    for name, value in numbers.items():
        least, most = NUMBERS[name]
        if not least <= value <= most:
            raise DomainError(
                _("From %(least)d to %(most)d.") % {"least": least, "most": most}, field=name
            )


# --- By the calendar -----------------------------------------------------------------------------


def follow() -> int:
    """Move requests on, hand over who found nobody, nudge who has not begun. How many changes.

    Safe to run twice and at any moment.
    """
    rows = ChoosingRound.objects.filter(closed_at=None).order_by("pk")
    return sum(_follow(pk) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _follow(pk: int) -> int:
    found = ChoosingRound.objects.get(pk=pk)
    cohort = lock_cohort(found.cohort_id)
    found = ChoosingRound.objects.filter(pk=pk, closed_at=None).first() or found
    if not found.is_open:
        return 0
    found.cohort = cohort
    changed = line.settle(cohort)
    if not found.is_ranked:
        changed += line.overdue_cases(found)
    waiting = unplaced(cohort)
    # Who came after it was opened is told as well.
    late = waiting.filter(accepted_at__gt=max(found.opened_at, clock.now() - FRESH))
    outbox.put(invitations(found, late, "choosing_open"))
    _nudge(found, waiting)
    return changed


def _nudge(round_: ChoosingRound, waiting: Iterable[Enrollment]) -> None:
    """After a week, once: whoever has asked nobody reads how easy it is, and what else she can."""
    days = calendar_of(round_.cohort).days_since(round_.opened_at, clock.now())
    if round_.mentors_turn_at or not NUDGE_DAYS <= days < max(
        round_.expert_after_days, NUDGE_DAYS + 2
    ):
        return
    acts = MentorWish if round_.is_ranked else MentorRequest
    done = set(acts.objects.filter(round=round_).values_list("student_id", flat=True))
    done |= set(ExpertCase.objects.filter(round=round_).values_list("student_id", flat=True))
    idle = [row for row in waiting if row.pk not in done]
    outbox.put(invitations(round_, idle, "choosing_nudge"))
