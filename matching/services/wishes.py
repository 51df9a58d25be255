"""Lists of ranks: students put mentors in order, then mentors those who named them."""

from collections.abc import Sequence
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from matching.choices import Can, Choices
from matching.models import ChoosingRound, MentorWish, StudentRank
from matching.queries import unplaced
from matching.services import choosing
from matching.services.seats import lock_cohort
from matching.wish_lists import Order
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Enrollment


@transaction.atomic
def add(
    *, round_: ChoosingRound, student: Enrollment, mentor: str, by: User, shape: str = ""
) -> MentorWish:
    """Put a mentor (by key) at the end of the student's list."""
    round_ = _open(round_)
    choices = Choices(round_, student, shape)
    if choices.way != ChoosingRound.Way.RANKED:
        raise DomainError(_("The trial you take part in gives you another way."))
    if not choices.shape:
        raise DomainError(_("You have a mentor already."))
    choice = choices.one(mentor)
    if choice is None or choice.can == Can.FULL:
        raise DomainError(_("This mentor cannot be chosen. Choose another one."))
    listed = _listed(round_, student, choices.shape)
    if any(row.mentor_id == choice.mentor.pk for row in listed):
        raise DomainError(_("She is on your list already."))
    if len(listed) >= round_.ranks:
        raise DomainError(
            _("Your list is full: %(n)d mentors. Take one off first.") % {"n": round_.ranks}
        )
    row = MentorWish.objects.create(
        round=round_, student=student, mentor=choice.mentor, shape=choices.shape,
        rank=len(listed) + 1,
    )  # fmt: skip
    _record(round_, student, by)
    return row


@transaction.atomic
def remove(*, wish: MentorWish, by: User) -> None:
    """Take a mentor off the list; those after her move up."""
    round_ = _open(wish.round)
    listed = [row for row in _listed(round_, wish.student, wish.shape) if row.pk != wish.pk]
    MentorWish.objects.filter(pk=wish.pk).delete()
    _number(listed)
    _record(round_, wish.student, by)


@transaction.atomic
def raise_(*, wish: MentorWish, by: User) -> None:
    """Let a mentor change places with the one before her."""
    round_ = _open(wish.round)
    listed = _listed(round_, wish.student, wish.shape)
    at = next((n for n, row in enumerate(listed) if row.pk == wish.pk), None)
    if at is None:
        raise DomainError(_("She is not on your list."))
    if not at:
        raise DomainError(_("She is the first already."))
    listed[at - 1], listed[at] = listed[at], listed[at - 1]
    _number(listed)
    _record(round_, wish.student, by)


@transaction.atomic
def let_mentors_rank(*, round_: ChoosingRound, by: User | None) -> int:
    """Students' lists stand from now on; mentors who were named are asked. How many."""
    cohort = lock_cohort(round_.cohort_id)
    now = clock.now()
    open_ = ChoosingRound.objects.filter(
        pk=round_.pk, closed_at=None, mentors_turn_at=None, mentors_rank=True,
        way=ChoosingRound.Way.RANKED,
    )  # fmt: skip
    if not open_.update(mentors_turn_at=now):
        raise DomainError(_("Mentors rank already, or do not rank in this round."))
    named = Enrollment.objects.filter(
        wished_by__round=round_,
        wished_by__student__in=unplaced(cohort),
        state__in=Enrollment.PRESENT,
    ).select_related("person").distinct()  # fmt: skip
    rows = list(named)
    if not rows:
        raise DomainError(_("Nobody who waits has named a mentor yet: there is nothing to rank."))
    outbox.put(choosing.invitations(round_, rows, "mentor_ranks"))
    audit.record(
        by=by, action="choosing.mentors_turn", subject=round_, cohort=cohort, mentors=len(rows)
    )
    return len(rows)


class Act(StrEnum):
    """What a mentor does with the order of those who named her."""

    UP = "up"
    NOT = "not"
    BACK = "back"
    KEEP = "keep"


@transaction.atomic
def rank(
    *, round_: ChoosingRound, mentor: Enrollment, act: str, student: str = "", by: User
) -> None:
    """Change a mentor's order of those who named her.

    ``up``: this student (by key) comes one earlier; she and those before her are ranked. ``not``:
    the mentor would rather not have her; ``back`` takes that back. ``keep``: all are ranked as they
    are shown. Whoever was never touched stays unranked.
    """
    cohort = lock_cohort(round_.cohort_id)
    round_ = ChoosingRound.objects.get(pk=round_.pk)
    if not round_.is_mentors_turn:
        raise DomainError(_("Nothing is to be ranked at the moment."))
    order = Order.of(round_, mentor)
    row = next((one for one in order.everybody if one.key == student), None)
    if row is None and act != Act.KEEP:
        raise DomainError(_("This student has not named you, or has a mentor by now."))
    ranked, rather_not = _after(order, act, row)
    StudentRank.objects.filter(round=round_, mentor=mentor).delete()
    places: list[tuple[Enrollment, int | None]] = [(one, n) for n, one in enumerate(ranked, 1)]
    places += [(one, None) for one in rather_not]
    StudentRank.objects.bulk_create(
        StudentRank(round=round_, mentor=mentor, student=one, rank=place) for one, place in places
    )
    audit.record(by=by, action="wish.ranked", subject=mentor, cohort=cohort)


def _after(
    order: Order, act: str, student: Enrollment | None
) -> tuple[list[Enrollment], list[Enrollment]]:
    """Who is ranked, and whom the mentor would rather not have, once that was done."""
    shown = [*order.ranked, *order.unranked]
    if act == Act.KEEP:
        return shown, order.rather_not
    ranked = [one for one in order.ranked if one != student]
    rather_not = [one for one in order.rather_not if one != student]
    if student is None or act == Act.BACK:
        return ranked, rather_not
    if act == Act.NOT:
        return ranked, [*rather_not, student]
    if student not in shown[1:]:
        raise DomainError(_("She is the first already."))
    at = shown.index(student)
    shown[at - 1], shown[at] = shown[at], shown[at - 1]
    # Those before her new place are ranked with her, and nobody is who was before.
    return shown[: max(at, len(order.ranked))], rather_not


def _open(round_: ChoosingRound) -> ChoosingRound:
    lock_cohort(round_.cohort_id)
    row = ChoosingRound.objects.select_related("cohort").get(pk=round_.pk)
    if not row.takes_wishes:
        raise DomainError(_("The lists are closed: what is on yours counts."))
    return row


def _listed(round_: ChoosingRound, student: Enrollment, shape: str) -> list[MentorWish]:
    rows = MentorWish.objects.filter(round=round_, student=student, shape=shape)
    return list(rows.order_by("rank"))


def _number(listed: Sequence[MentorWish]) -> None:
    # A rank is given once: they step aside before they take their new ones.
    for aside in (1000, 1):
        for place, row in enumerate(listed):
            MentorWish.objects.filter(pk=row.pk).update(rank=aside + place)


def _record(round_: ChoosingRound, student: Enrollment, by: User) -> None:
    audit.record(by=by, action="wish.changed", subject=student, cohort=round_.cohort)
