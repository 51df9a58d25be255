"""How pairs were made, and how the students are spread over the mentors."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Case, F, Q, When
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from evaluation.reports.basis import MENTOR, STUDENT, Basis
from evaluation.reports.disclosure import NOWHERE, Move
from evaluation.reports.section import Block, Section, Text, Words, facts, parts, share
from matching.models import (
    EndReason,
    MatchRun,
    MatchRunProcedure,
    MatchRunState,
    Membership,
    Mentorship,
    MentorshipState,
)
from mentoring.accounts.permissions import Role
from programs.models import Enrollment

TAKING_PART = (*Enrollment.PRESENT, Enrollment.State.COMPLETED)

Change = tuple[datetime, int, int]


def figures(basis: Basis) -> Iterator[Block]:
    runs = MatchRun.objects.filter(cohort=basis.cohort, published_at__lt=basis.over)
    runs = runs.exclude(state=MatchRunState.UNDONE)
    for run in runs.order_by("published_at", "pk").only(
        "number", "procedure", "seed", "engine_version", "published_at"
    ):
        yield facts(
            "run",
            number=run.number,
            procedure=run.procedure,
            seed=run.seed,
            engine=run.engine_version,
            published=basis.local(run.published_at).isoformat() if run.published_at else "",
        )
    yield parts(basis, "mentorships", _mentorships(basis), ("active", "completed", "dissolved"))
    changes = _changes(basis)
    yield share(basis, "matched", _matched(basis, changes))
    yield parts(basis, "loads", _loads(basis, changes), ("0",))


def _mentorships(basis: Basis) -> Iterator[Move]:
    rows = Mentorship.objects.filter(cohort=basis.cohort).exclude(state=MentorshipState.PROPOSED)
    # What was taken back before anybody met has not been.
    rows = rows.exclude(end_reason=EndReason.UNDONE)
    for pk, state, started, ended in rows.order_by("pk").values_list(
        "pk", "state", "started_at", "ended_at"
    ):
        yield Move(started, pk, NOWHERE, "active")
        if ended is not None:
            yield Move(ended, pk, "active", state)


def _changes(basis: Basis) -> dict[int, list[Change]]:
    """Per enrollment: when it gained or lost partners on the other side, and how many."""
    rows = Membership.objects.filter(mentorship__cohort=basis.cohort).order_by("pk")
    # What came to its planned end still counts as having been: a report is made after the end.
    completed = Q(
        mentorship__state=MentorshipState.COMPLETED, ended_at__gte=F("mentorship__ended_at")
    )
    rows = rows.annotate(until=Case(When(completed, then=None), default="ended_at"))
    seats: dict[int, list[tuple[int, bool, datetime, datetime | None]]] = defaultdict(list)
    for mentorship, enrollment, role, started, ended in rows.values_list(
        "mentorship", "enrollment", "role", "started_at", "until"
    ):
        seats[mentorship].append((enrollment, role == Role.STUDENT, started, ended))
    found: dict[int, list[Change]] = defaultdict(list)
    for circle in seats.values():
        students = [seat for seat in circle if seat[1]]
        mentors = [seat for seat in circle if not seat[1]]
        for student, _s, s_from, s_to in students:
            for mentor, _m, m_from, m_to in mentors:
                since = max(s_from, m_from)
                until = min((end for end in (s_to, m_to) if end is not None), default=None)
                if until is not None and until <= since:
                    continue
                for one, other in ((student, mentor), (mentor, student)):
                    found[one].append((since, 1, other))
                    if until is not None:
                        found[one].append((until, -1, other))
    return found


def _matched(basis: Basis, changes: dict[int, list[Change]]) -> Iterator[Move]:
    """Students who take part: with or without a mentor."""
    for at, pk, before, now in _partners(basis, STUDENT, changes):
        cell = {None: NOWHERE, 0: "no"}
        yield Move(at, pk, cell.get(before, "yes"), cell.get(now, "yes"))


def _loads(basis: Basis, changes: dict[int, list[Change]]) -> Iterator[Move]:
    """Mentors who take part: by their number of students."""
    for at, pk, before, now in _partners(basis, MENTOR, changes):
        yield Move(
            at,
            pk,
            NOWHERE if before is None else str(before),
            NOWHERE if now is None else str(now),
        )


def _partners(
    basis: Basis, side: str, changes: dict[int, list[Change]]
) -> Iterator[tuple[datetime, int, int | None, int | None]]:
    """How many partners each had, while present; ``None`` while not."""
    for life in (life for life in basis.lives if life.side == side):
        steps: list[tuple[datetime, bool | None, int, int]] = [
            (at, present, 0, 0) for at, present in life.was(TAKING_PART)
        ]
        steps += [(at, None, number, other) for at, number, other in changes.get(life.pk, [])]
        there, partners, before = False, defaultdict[int, int](int), None
        for at, present, number, other in sorted(steps, key=lambda step: (step[0], step[2])):
            there = there if present is None else present
            partners[other] += number
            now = sum(many > 0 for many in partners.values()) if there else None
            if now != before:
                yield at, life.pk, before, now
                before = now


def _load(key: str) -> Text:
    return ngettext_lazy("%(n)s student", "%(n)s students", int(key)) % {"n": key}


def _state(key: str) -> Text:
    return MentorshipState(key).label


RUN = {
    "number": _("Number of the run"),
    "procedure": _("Procedure"),
    "seed": _("Seed"),
    "engine": _("Version of the procedure"),
    "published": _("Published on"),
}


def value_of(key: str, value: object) -> Text:
    """A fact of a run in words."""
    if key == "procedure":
        return MatchRunProcedure(str(value)).label
    if key == "published" and value:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    return str(value)


WORDS = {
    "run": Words(
        _("A published matching"),
        _("Each matching that was published by that day, with all that is needed to run it again."),
        lambda key: RUN[key],
        value=value_of,
    ),
    "mentorships": Words(
        _("Pairs and groups"),
        _(
            "Every mentorship that had begun by that day: still active, completed, or ended early. "
            "A group counts once."
        ),
        _state,
        _("All pairs and groups so far"),
    ),
    "matched": Words(
        _("Students with a mentor"),
        _(
            "Denominator: students who took part on that day (accepted, active or completed). "
            "Counted: those with a place in a mentorship that has a mentor."
        ),
    ),
    "loads": Words(
        _("Mentors by number of students"),
        _(
            "Every mentor who took part on that day (accepted, active or completed), by the number "
            "of different students in the mentorships of which the mentor was then a member."
        ),
        _load,
        _("All mentors who took part on that day"),
    ),
}

SECTION = Section(
    slug="matching",
    title=_("Matching"),
    intro=_("How pairs were made, who has a mentor, and how the students are spread."),
    figures=figures,
    words=WORDS.__getitem__,
)
