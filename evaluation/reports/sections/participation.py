"""Who took part, and how people came and went."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import MENTOR, STUDENT, Basis, Life
from evaluation.reports.disclosure import NOWHERE, Move
from evaluation.reports.section import Block, Section, Text, Words, parts, share
from programs.models import EnrollmentState

S = EnrollmentState
TAKEN_IN = {S.ACCEPTED, S.ACTIVE, S.COMPLETED}
# One state of a person at a time, in the order of a year.
STATES = tuple(S.values)


def figures(basis: Basis) -> Iterator[Block]:
    for side in (STUDENT, MENTOR):
        lives = [life for life in basis.lives if life.side == side]
        yield parts(basis, f"{side}s", (move for life in lives for move in states(life)), STATES)
        yield share(basis, f"accepted_{side}s", (m for life in lives for m in accepted(life)))
        yield share(basis, f"stayed_{side}s", (m for life in lives for m in stayed(life)))


def states(life: Life) -> Iterator[Move]:
    """Through the states of an enrollment."""
    before = NOWHERE
    for at, state in life.states:
        yield Move(at, life.pk, before, state)
        before = state


def accepted(life: Life) -> Iterator[Move]:
    """Everyone enrolled: not taken in, until once taken in."""
    began = life.states[0][0]
    taken = next((at for at, state in life.states if state in TAKEN_IN), None)
    yield Move(began, life.pk, NOWHERE, "no" if taken != began else "yes")
    if taken is not None and taken != began:
        yield Move(taken, life.pk, "no", "yes")


def stayed(life: Life) -> Iterator[Move]:
    """Everyone once taken in: there, or withdrawn."""
    before = NOWHERE
    for at, state in life.states:
        if before == NOWHERE and state not in TAKEN_IN:
            continue
        now = "no" if state in (S.WITHDRAWN, S.DECLINED) else "yes"
        if now != before:
            yield Move(at, life.pk, before, now)
            before = now


def _state(key: str) -> Text:
    return S(key).label


WORDS = {
    "students": Words(
        _("Students by state"),
        _(
            "Every student who was ever invited, imported or applied, by the state in which she "
            "was on that day. Each stands in exactly one row."
        ),
        _state,
        _("All students ever enrolled"),
    ),
    "mentors": Words(
        _("Mentors by state"),
        _(
            "Every mentor, lead mentor and junior mentor who was ever invited, imported or "
            "applied, by the state on that day."
        ),
        _state,
        _("All mentors ever enrolled"),
    ),
    "accepted_students": Words(
        _("Students who came to be accepted"),
        _("Denominator: all students ever enrolled. Counted: those accepted at any time so far."),
    ),
    "stayed_students": Words(
        _("Accepted students who stayed"),
        _(
            "Denominator: students accepted at any time. Counted: those who had not withdrawn by "
            "that day; who completed the program counts as having stayed."
        ),
    ),
    "accepted_mentors": Words(
        _("Mentors who came to be accepted"),
        _("Denominator: all mentors ever enrolled. Counted: those accepted at any time so far."),
    ),
    "stayed_mentors": Words(
        _("Accepted mentors who stayed"),
        _("Denominator: mentors accepted at any time. Counted: those who had not withdrawn."),
    ),
}

SECTION = Section(
    slug="participation",
    title=_("Participation"),
    intro=_("Who was invited and applied, who was accepted, who takes part and who left."),
    figures=figures,
    words=WORDS.__getitem__,
)
