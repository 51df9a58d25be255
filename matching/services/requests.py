"""A student asks mentors, one after the other; a mentor says yes or not now.

Every act holds the cohort's lock, so that a place is never given twice: whoever says yes last
reads that it is gone.
"""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from matching import private
from matching.choices import Choices
from matching.models import ChoosingRound, ExpertCase, MentorRequest, Mentorship, RequestPause
from matching.services import line
from matching.services.mentorships import assign
from matching.services.seats import lock_cohort
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment

S = MentorRequest.State
WORD_MAX = 500
LAST = 1_000_000
"""A position that no line reaches, for the moment in which two change places."""


@transaction.atomic
def ask(
    *, round_: ChoosingRound, student: Enrollment, mentor: str, by: User, word: str = "",
    shape: str = "",
) -> MentorRequest:  # fmt: skip
    """Put a mentor (by key) at the end of the student's line; the first in line is asked at once.

    ``word`` is read by the mentor alone, and only once she is asked.
    """
    cohort = lock_cohort(round_.cohort_id)
    round_ = _open(round_)
    if round_.is_ranked:
        raise DomainError(_("Nobody is asked one by one: put mentors on your list."))
    student = _present(student)
    word = word.strip()
    if len(word) > WORD_MAX:
        raise DomainError(
            _("Your words are longer than %(most)d characters.") % {"most": WORD_MAX}, field="word"
        )
    choices = Choices(round_, student, shape)
    if not choices.shape:
        raise DomainError(_("You have a mentor already."))
    if len(choices.line) >= round_.asks:
        raise DomainError(
            _("You ask %(count)d mentors already. Take one back to ask somebody else.")
            % {"count": len(choices.line)}
        )
    choice = choices.one(mentor)
    if choice is None or not choice.askable:
        raise DomainError(_("This mentor cannot be asked any more. Choose another one."))
    row = MentorRequest.objects.create(
        round=round_,
        student=student,
        mentor=choice.mentor,
        shape=choices.shape,
        way=choices.way,
        position=_next_position(student, choices.shape),
    )
    if word:
        private.put_word(row, word)
    _record("request.made", row, by)
    if not choices.line:
        line.ask_now(row, cohort)
    return row


@transaction.atomic
def withdraw(*, request: MentorRequest, by: User) -> None:
    """The student takes a request back; the next in line is asked."""
    cohort = lock_cohort(request.round.cohort_id)
    row = _standing(request)
    was_open = row.state == S.OPEN
    line.end(row, S.WITHDRAWN)
    outbox.cancel(about=f"mentor_request:{row.pk}", why="the request was taken back")
    _record("request.withdrawn", row, by)
    if was_open:
        line.settle(cohort)


@transaction.atomic
def move_up(*, request: MentorRequest, by: User) -> None:
    """Let one who is next in line change places with the one before her."""
    lock_cohort(request.round.cohort_id)
    row = _standing(request)
    before = (
        MentorRequest.objects.filter(
            student=row.student, shape=row.shape, state=S.WAITING, position__lt=row.position
        )
        .order_by("-position")
        .first()
    )
    if before is None or row.state != S.WAITING:
        raise DomainError(_("She is next already."))
    rows, here, there = MentorRequest.objects, row.position, before.position
    rows.filter(pk=before.pk).update(position=LAST)
    rows.filter(pk=row.pk).update(position=there)
    rows.filter(pk=before.pk).update(position=here)
    _record("request.moved_up", row, by)


@transaction.atomic
def accept(*, request: MentorRequest, by: User) -> Mentorship:
    """The mentor says yes: the two are a pair, and everybody else in line is let go.

    Refused when her last place went to somebody else in the meantime.
    """
    lock_cohort(request.round.cohort_id)
    row = _asked(request)
    row.state, row.ended_at = S.ACCEPTED, clock.now()
    row.save(update_fields=["state", "ended_at"])
    row.mentorship = assign(student=row.student, mentor=row.mentor, shape=row.shape, by=by)
    row.save(update_fields=["mentorship"])
    _record("request.accepted", row, by)
    return row.mentorship


@transaction.atomic
def decline(*, request: MentorRequest, by: User) -> None:
    """The mentor cannot; no reason is asked, and the next in line is."""
    cohort = lock_cohort(request.round.cohort_id)
    row = _asked(request)
    line.end(row, S.DECLINED)
    _record("request.declined", row, by)
    line.tell_moved(row)
    line.settle(cohort)
    left = MentorRequest.objects.filter(
        student=row.student, shape=row.shape, state__in=MentorRequest.STANDING
    )
    if not left.exists():
        line.look_for(row.round, row.student)


@transaction.atomic
def read_word(*, request: MentorRequest, by: User) -> str:
    """What the student wrote to this mentor; that it was read is recorded."""
    if word := private.word(request):
        _record("request.read", request, by)
    return word


@transaction.atomic
def let_look(*, round_: ChoosingRound, student: Enrollment, by: User) -> None:
    """The student would rather have a coordinator choose; whom she asked is let go."""
    lock_cohort(round_.cohort_id)
    round_, student = _open(round_), _present(student)
    for row in MentorRequest.objects.filter(student=student, state__in=MentorRequest.STANDING):
        line.end(row, S.WITHDRAWN)
        outbox.cancel(about=f"mentor_request:{row.pk}", why="the request was taken back")
    line.hand_over(round_, student, ExpertCase.Why.WISH, by=by)


@transaction.atomic
def pause(*, mentor: Enrollment, on: bool, by: User) -> None:
    """The mentor takes no further requests, or does again; those she has stay."""
    cohort = lock_cohort(mentor.cohort_id)
    if not mentor.is_mentor:
        raise DomainError(_("Only mentors are asked."))
    if on:
        RequestPause.objects.get_or_create(enrollment=mentor)
    else:
        RequestPause.objects.filter(enrollment=mentor).delete()
    audit.record(by=by, action="choosing.paused", subject=mentor, cohort=cohort, on=on)


def _open(round_: ChoosingRound) -> ChoosingRound:
    row = ChoosingRound.objects.select_related("cohort").get(pk=round_.pk)
    if not row.is_open:
        raise DomainError(_("Choosing is over: a coordinator looks for whoever has no mentor."))
    if row.cohort.state in {Cohort.State.CLOSING, Cohort.State.ARCHIVED}:
        raise DomainError(_("This cohort is closing: nobody is matched any more."))
    return row


def _present(student: Enrollment) -> Enrollment:
    row = Enrollment.objects.select_related("person", "cohort__program").get(pk=student.pk)
    if not row.is_present or not row.is_student:
        raise DomainError(_("Only students who take part ask a mentor."))
    return row


def _standing(request: MentorRequest) -> MentorRequest:
    row = _fresh(request)
    if not row.is_standing:
        raise DomainError(_("This request is settled already."))
    return row


def _asked(request: MentorRequest) -> MentorRequest:
    row = _fresh(request)
    if row.state != S.OPEN:
        raise DomainError(_("This student does not need an answer any more. Nothing was changed."))
    return row


def _fresh(request: MentorRequest) -> MentorRequest:
    rows = MentorRequest.objects.select_related(
        "round__cohort", "student__person", "student__cohort__program", "mentor__person"
    )
    return rows.get(pk=request.pk)


def _next_position(student: Enrollment, shape: str) -> int:
    rows = MentorRequest.objects.filter(student=student, shape=shape)
    return (rows.aggregate(most=Max("position"))["most"] or 0) + 1


def _record(action: str, row: MentorRequest, by: User) -> None:
    audit.record(
        by=by,
        action=action,
        subject=row,
        cohort=row.round.cohort,
        student=row.student_id,
        mentor=row.mentor_id,
    )
