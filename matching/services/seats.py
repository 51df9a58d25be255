"""Places in mentorships: given under lock, so that no race ever exceeds what a mentor can take.

Every caller is inside a transaction. The enrollments concerned are locked in the order of their
ids (SQLite's immediate transactions lock all), then the state is read again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from matching import shapes as shaped
from matching.models import MatchRun, Membership, Mentorship
from matching.services.seating import Seating, Slot
from mentoring import clock, ports
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment

NAMED = 3


@dataclass(frozen=True)
class Pair:
    """A student and the mentor she is to have; the shape where it is known."""

    student: Enrollment
    mentor: Enrollment
    shape: str = ""


@dataclass(frozen=True)
class Circle:
    """A group with all its people: a new one, or one that stands and is joined."""

    shape: str
    students: Sequence[Enrollment]
    leaders: Sequence[Enrollment]
    mentorship: int | None = None


@dataclass
class _Gathered:
    """Rows to be written, in order."""

    fresh: list[Mentorship] = field(default_factory=list)
    rows: list[Membership] = field(default_factory=list)


def lock_cohort(pk: int) -> Cohort:
    """The cohort as it is now; whoever gives places in it waits for her turn.

    Taken before any enrollment, always, so that two givers never wait for each other.
    """
    return Cohort.objects.select_for_update(no_key=True).get(pk=pk)


def lock(cohort: Cohort, ids: Iterable[int]) -> dict[int, Enrollment]:
    """The enrollments as they are now, held until the transaction ends."""
    wanted = sorted(set(ids))
    rows: dict[int, Enrollment] = {}
    for at in range(0, len(wanted), 500):
        chunk = (
            Enrollment.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(cohort=cohort, pk__in=wanted[at : at + 500])
            .order_by("pk")
        )
        rows |= {row.pk: row for row in chunk}
    return rows


def place(
    cohort: Cohort, pairs: Sequence[Pair], *, by: User | None, run: MatchRun | None = None
) -> list[Mentorship]:
    """Give each student a place with her mentor; all or none. Returns the mentorship of each."""
    held = lock(cohort, [e.pk for pair in pairs for e in (pair.student, pair.mentor)])
    current = [_current(pair, held) for pair in pairs]
    seating = Seating(cohort, shaped.described(cohort.planned_spec))
    gathered = _Gathered()
    slots: list[Slot] = []
    problems: list[str] = []
    for pair in current:
        shape = pair.shape or seating.shape_of(pair.student, pair.mentor)
        problem = seating.problem(pair.student, pair.mentor, shape)
        if problem:
            problems.append(problem)
            continue
        slot = seating.give(pair.student, pair.mentor, shape)
        if slot.mentorship is None:
            slot.mentorship = _begun(gathered, seating, shape, run)
            gathered.rows.append(_membership(slot.mentorship, pair.student))
            gathered.rows.append(_membership(slot.mentorship, pair.mentor))
        else:
            gathered.rows.append(_membership(slot.mentorship, pair.student))
        slots.append(slot)
    refuse_if_any(problems)
    _write(gathered, by)
    return [slot.mentorship for slot in slots if slot.mentorship is not None]


def gather(
    cohort: Cohort, circles: Sequence[Circle], *, by: User | None, run: MatchRun | None = None
) -> list[Mentorship]:
    """Begin these groups, or let these students join them; all or none."""
    held = lock(cohort, [e.pk for c in circles for e in (*c.students, *c.leaders)])
    seating = Seating(cohort, shaped.described(cohort.planned_spec))
    gathered = _Gathered()
    problems: list[str] = []
    found: list[Mentorship] = []
    for circle in circles:
        students = [held[row.pk] for row in circle.students if row.pk in held]
        leaders = [held[row.pk] for row in circle.leaders if row.pk in held]
        problem = seating.circle_problem(circle.shape, students, leaders, circle.mentorship)
        if problem:
            problems.append(problem)
            continue
        seating.take_circle(circle.shape, students, leaders, circle.mentorship)
        if circle.mentorship is None:
            group = _begun(gathered, seating, circle.shape, run)
            gathered.rows += [_membership(group, row) for row in (*students, *leaders)]
        else:
            group = seating.standing_group(circle.mentorship)
            gathered.rows += [_membership(group, row) for row in students]
        found.append(group)
    refuse_if_any(problems)
    _write(gathered, by)
    return found


def join(mentorship: Mentorship, enrollment: Enrollment, *, by: User | None) -> Membership:
    """Let one more mentoring person into a group that lives."""
    row = _membership(mentorship, enrollment)
    row.save(force_insert=True)
    ports.MEMBERSHIP_STARTED.tell(row, by)
    return row


def _begun(gathered: _Gathered, seating: Seating, shape: str, run: MatchRun | None) -> Mentorship:
    group = Mentorship(
        cohort=seating.cohort,
        shape=shape,
        run=run,
        started_at=clock.now(),
        name=seating.next_name(shape),
    )
    gathered.fresh.append(group)
    return group


def _write(gathered: _Gathered, by: User | None) -> None:
    Mentorship.objects.bulk_create(gathered.fresh)
    for row in gathered.rows:
        # The group has its id only now.
        row.mentorship_id = row.mentorship.pk
    Membership.objects.bulk_create(gathered.rows, batch_size=500)
    fresh = {group.pk for group in gathered.fresh}
    for row in gathered.rows:
        if row.mentorship_id not in fresh:
            ports.MEMBERSHIP_STARTED.tell(row, by)


def _membership(group: Mentorship, enrollment: Enrollment) -> Membership:
    return Membership(
        mentorship=group,
        enrollment=enrollment,
        person_id=enrollment.person_id,
        shape=group.shape,
        role=enrollment.role,
        started_at=clock.now(),
    )


def _current(pair: Pair, held: dict[int, Enrollment]) -> Pair:
    student, mentor = held.get(pair.student.pk), held.get(pair.mentor.pk)
    if student is None or mentor is None or not student.is_student or not mentor.is_mentor:
        raise DomainError(_("A mentorship joins a student and a mentor of the same cohort."))
    return Pair(student, mentor, pair.shape)


def refuse_if_any(problems: Sequence[str], *, then: str = "") -> None:
    """Refuse with the first problems in words, how many more there are, and what to do ``then``."""
    if not problems:
        return
    text = " ".join(problems[:NAMED])
    if len(problems) > NAMED:
        text += " " + _("And %(count)d more.") % {"count": len(problems) - NAMED}
    raise DomainError(f"{text} {then}".rstrip())
