"""Requests move on by themselves: who is asked next, until somebody says yes or nobody is left.

Everything here runs inside a transaction that holds the cohort's lock.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from django.db.models import Q

from matching import shapes
from matching.choices import Can, Choices, Here
from matching.models import ChoosingRound, ExpertCase, MentorRequest
from matching.services.seating import Seating
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from programs.models import Cohort, Enrollment
from programs.queries import absences, calendar_of

S = MentorRequest.State
Why = ExpertCase.Why


def standing(cohort: Cohort) -> list[MentorRequest]:
    """Every request of the cohort that waits for something, line by line."""
    rows = MentorRequest.objects.filter(round__cohort=cohort, state__in=MentorRequest.STANDING)
    return list(
        rows.select_related("round", "student__person", "mentor__person").order_by(
            "student", "shape", "position"
        )
    )


def settle(cohort: Cohort) -> int:
    """Bring every line of the cohort up to this moment. How many requests changed.

    Safe to run twice, and at any moment: what is not due stays as it is.
    """
    rows = standing(cohort)
    if not rows:
        return 0
    seating = Seating(cohort, shapes.described(cohort.planned_spec))
    settling = _Settling(cohort, seating)
    for _key, line in groupby(rows, key=lambda row: (row.student_id, row.shape)):
        settling.line(list(line))
    return settling.changed


class _Settling:
    """What one pass over the lines of a cohort knows."""

    def __init__(self, cohort: Cohort, seating: Seating) -> None:
        self.cohort, self.seating = cohort, seating
        self.here, self.now = Here.of(cohort), clock.now()
        self.changed = 0

    def line(self, rows: Sequence[MentorRequest]) -> None:
        """One student's line in one shape."""
        student, round_ = rows[0].student, rows[0].round
        placed = (student.pk, rows[0].shape) in self.seating.placed
        if placed or not student.is_present or not round_.is_open:
            for row in rows:
                self._end(row, S.OVERTAKEN)
            return
        ended = [row for row in rows if self._over(row)]
        left = [row for row in rows if row not in ended]
        asked = next((row for row in left if row.state == S.OPEN), None)
        if asked is None and left:
            asked = left[0]
            ask_now(asked, self.cohort)
            self.changed += 1
        for row in ended:
            if row.asked_at:
                tell_moved(row)
        if ended and not left:
            look_for(round_, student)

    def _over(self, row: MentorRequest) -> bool:
        can = self.here.can(self.seating, row.student, row.mentor, row.shape)
        # A pause is for those who are still to come.
        gone = can in (Can.FULL, Can.AWAY) or (can == Can.PAUSED and row.state == S.WAITING)
        if gone:
            self._end(row, S.OVERTAKEN)
        elif row.state == S.OPEN and row.answer_by is not None and row.answer_by <= self.now:
            self._end(row, S.EXPIRED)
            gone = True
        return gone

    def _end(self, row: MentorRequest, state: str) -> None:
        end(row, state)
        self.changed += 1


def end(row: MentorRequest, state: str) -> None:
    """Write that a request has come to its end."""
    row.state, row.ended_at = S(state), clock.now()
    row.save(update_fields=["state", "ended_at"])
    audit.record(
        by=None,
        action="request.ended",
        subject=row,
        cohort=row.round.cohort,
        student=row.student_id,
        mentor=row.mentor_id,
        state=state,
    )


def ask_now(row: MentorRequest, cohort: Cohort) -> None:
    """Ask this mentor, and tell her until when; two thirds of the way she is reminded once."""
    now = clock.now()
    row.state, row.asked_at, row.answer_by = S.OPEN, now, deadline(row, cohort)
    row.save(update_fields=["state", "asked_at", "answer_by"])
    about = f"mentor_request:{row.pk}"
    for kind, due in (
        ("mentor_asked", now),
        ("mentor_asked_again", now + (row.answer_by - now) * 2 / 3),
    ):
        outbox.enqueue(
            kind=kind,
            recipient=row.mentor.person,
            dedupe_key=f"{kind}:{row.pk}",
            context={"request": row.pk},
            about=about,
            due_at=due,
            not_after=row.answer_by,
        )


def deadline(row: MentorRequest, cohort: Cohort) -> datetime:
    """The end of the last working day on which this mentor can answer."""
    away = absences(cohort).get(row.mentor_id, [])
    calendar = calendar_of(cohort)
    day = calendar.working_date_after(clock.now(), row.round.answer_days, absences=away)
    return datetime.combine(day + timedelta(days=1), time(), cohort.zone)


def tell_moved(row: MentorRequest) -> None:
    """The student learns that this one could not, and who is asked now; never why."""
    outbox.enqueue(
        kind="request_moved",
        recipient=row.student.person,
        dedupe_key=f"request_moved:{row.pk}",
        context={"request": row.pk},
        about=f"mentor_request:{row.pk}",
    )


def look_for(round_: ChoosingRound, student: Enrollment) -> None:
    """Her line has run out: where nobody is left to be suggested, a coordinator looks for her."""
    choices = Choices(round_, student)
    if choices.way != ChoosingRound.Way.SUGGESTIONS:
        return
    if not any(one.askable for one in choices.suggested()):
        hand_over(round_, student, Why.NOBODY)


def hand_over(
    round_: ChoosingRound, student: Enrollment, why: str, *, by: User | None = None
) -> bool:
    """From now on a coordinator looks for this student, and she is told; once in a round."""
    case, created = ExpertCase.objects.get_or_create(
        round=round_, student=student, defaults={"why": why, "since": clock.now()}
    )
    if not created:
        return False
    audit.record(
        by=by,
        action="choosing.handed_over",
        subject=student,
        cohort=round_.cohort,
        why=why,
    )
    outbox.enqueue(
        kind="expert_looks",
        recipient=student.person,
        dedupe_key=f"expert_looks:{case.pk}",
        context={"case": case.pk},
        about=f"expert_case:{case.pk}",
    )
    return True


def overdue_cases(round_: ChoosingRound) -> int:
    """Hand over whoever has found nobody in time. How many."""
    cohort = round_.cohort
    seating = Seating(cohort, shapes.described(cohort.planned_spec))
    known = ExpertCase.objects.filter(round=round_).values("student_id")
    rows = Enrollment.objects.filter(
        cohort=cohort, role="student", state__in=Enrollment.PRESENT
    ).exclude(Q(pk__in=known))
    calendar, now, found = calendar_of(cohort), clock.now(), 0
    for student in rows.select_related("person", "cohort"):
        since = max(round_.opened_at, student.accepted_at or round_.opened_at)
        if calendar.days_since(since, now) < round_.expert_after_days:
            continue
        student.cohort = cohort
        if _lacks_any(student, seating):
            found += hand_over(round_, student, Why.TIME)
    return found


def _lacks_any(student: Enrollment, seating: Seating) -> bool:
    hers = shapes.belongs(
        seating.shapes.values(), student.cohort.planned_spec, seating.years.get(student.pk)
    )
    return any((student.pk, slug) not in seating.placed for slug in hers)
