"""Lists of ranks: students put mentors in order, then mentors those who named them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from matching.choices import Can, Choices
from matching.models import ChoosingRound, MentorWish, StudentRank
from matching.services.seats import lock_cohort
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
    at = next((n for n, row in enumerate(listed) if row.pk == wish.pk), 0)
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
        wished_by__round=round_, state__in=Enrollment.PRESENT
    ).select_related("person").distinct()  # fmt: skip
    rows = list(named)
    outbox.put(
        outbox.Draft(
            kind="mentor_ranks",
            recipient=row.person,
            dedupe_key=f"mentor_ranks:{round_.pk}:{row.pk}",
            context={"round": round_.pk, "enrollment": row.pk},
            about=f"choosing:{round_.pk}",
        )
        for row in rows
    )
    audit.record(
        by=by, action="choosing.mentors_turn", subject=round_, cohort=cohort, mentors=len(rows)
    )
    return len(rows)


@transaction.atomic
def rank(
    *, round_: ChoosingRound, mentor: Enrollment, students: Sequence[str],
    rather_not: Sequence[str] = (), by: User,
) -> None:  # fmt: skip
    """A mentor's whole list, by students' keys; of those who named her, whoever is in neither
    list stays unranked."""
    cohort = lock_cohort(round_.cohort_id)
    round_ = ChoosingRound.objects.get(pk=round_.pk)
    if not round_.is_mentors_turn:
        raise DomainError(_("Nothing is to be ranked at the moment."))
    named = {
        row.student.key: row.student
        for row in MentorWish.objects.filter(round=round_, mentor=mentor).select_related("student")
    }
    given = [*students, *rather_not]
    if len(set(given)) < len(given) or not set(given) <= set(named):
        raise DomainError(_("Rank each student who named you once, and nobody else."))
    StudentRank.objects.filter(round=round_, mentor=mentor).delete()
    ranked: list[tuple[str, int | None]] = [(key, n) for n, key in enumerate(students, 1)]
    ranked += [(key, None) for key in rather_not]
    StudentRank.objects.bulk_create(
        StudentRank(round=round_, mentor=mentor, student=named[key], rank=place)
        for key, place in ranked
    )
    audit.record(by=by, action="wish.ranked", subject=mentor, cohort=cohort)


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
