"""What somebody still has to attend before she can be active, and how she comes to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.access import Permission, can
from mentoring.accounts.models import User
from mentoring.ports import Card
from mentoring.rows import sole
from programs.models import Cohort, CohortState, Enrollment, EnrollmentState
from sessions import counting, standings, training
from sessions.models import Waiver
from sessions.quota import COUNTED
from sessions.standings import DateRow

if TYPE_CHECKING:
    from programs.spec.support import Requirement

_CHOICES = 3
# Not active yet, or active by an exception that was taken back.
_WAITING = Q(state=EnrollmentState.ACCEPTED) | Q(
    state=EnrollmentState.ACTIVE, training_waiver__withdrawn_at__isnull=False
)
_OVER = (CohortState.CLOSING, CohortState.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Missing:
    """A requirement before activation that is not met yet, by so many times."""

    kind: str
    title: str
    times: int
    days: int

    @property
    def text(self) -> str:
        return ngettext(
            "%(what)s is still to be attended.",
            "%(what)s is still to be attended %(n)d times.",
            self.times,
        ) % {"n": self.times, "what": self.title}


def missing(enrollment: Enrollment) -> list[Missing]:
    """What the program wants attended before this person is active (R41 of the domain)."""
    found = []
    for part in enrollment.cohort.spec.before_activation(enrollment.role):
        if part.kind not in COUNTED:
            continue
        wanted = _wanted(part)
        came = counting.attended_before(
            enrollment, kind=part.kind, minutes=wanted.minutes, days=wanted.days
        )
        if came < wanted.times:
            title = str(part.title or part.kind)
            found.append(Missing(part.kind, title, wanted.times - came, wanted.days))
    return found


def held_back(cohort: Cohort) -> set[int]:
    """Everyone accepted whom ``gates`` would hold back, and whoever is asked again.

    One query for each requirement.
    """
    found: set[int] = set()
    waived = Waiver.objects.filter(enrollment=OuterRef("pk"), withdrawn_at=None)
    rows = Enrollment.objects.filter(_WAITING, cohort=cohort)
    for role in cohort.spec.roles:
        for part in cohort.spec.before_activation(role):
            if part.kind not in COUNTED:
                continue
            wanted = _wanted(part)
            places = counting.units(
                kind=part.kind, minutes=wanted.minutes, days=wanted.days
            ).filter(enrollment=OuterRef("pk"))
            came = counting.number(counting.attended(places))
            lacking = rows.filter(~Exists(waived), role=role).annotate(came=came)
            found |= set(lacking.filter(came__lt=wanted.times).values_list("pk", flat=True))
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    times: int
    minutes: float
    days: int


def _wanted(part: "Requirement") -> _Wanted:
    """How often, how long and over how many days something is to be attended."""
    times = int(part.times.min or 1) if part.times else 1
    minutes = (part.minutes.min or 0) if part.minutes else 0
    return _Wanted(times, minutes, ceil(part.days or 1))


def waiver_of(enrollment: Enrollment) -> Waiver | None:
    """A coordinator's word that she may be active all the same; not one that was taken back."""
    rows = Waiver.objects.filter(enrollment=enrollment, withdrawn_at=None)
    return sole(rows.select_related("given_by"))


def asked_again(enrollment: Enrollment) -> bool:
    """Whether an exception was taken back, so that an active person is to attend it after all."""
    taken_back = Waiver.objects.filter(enrollment=enrollment, withdrawn_at__isnull=False)
    return enrollment.state == EnrollmentState.ACTIVE and taken_back.exists()


def gates(enrollment: Enrollment) -> Iterable[str | Promise]:
    """Why she cannot be active yet; nothing once a coordinator has waived it."""
    found = [one.text for one in missing(enrollment)]
    return [] if found and waiver_of(enrollment) else found


def home_cards(user: User) -> Iterable[Card]:
    """“Before you start”: what is missing, the place she has, and dates to choose."""
    waiting = Enrollment.objects.filter(_WAITING, person=user)
    waiting = waiting.exclude(cohort__state__in=_OVER).select_related("cohort__program", "person")
    for place in waiting.order_by("pk"):
        lacks = missing(place) if place.cohort.spec.before_activation(place.role) else []
        if not lacks or waiver_of(place):
            continue
        mine, choices = _dates(place, lacks)
        yield Card(
            f"before-{place.key}",
            "student" if place.is_student else "mentor",
            order=4,
            template="sessions/home/before.html",
            context={
                "place": place,
                "missing": lacks,
                "mine": mine,
                "choices": choices[:_CHOICES],
                "next": "home",
            },
        )


def _dates(place: Enrollment, lacks: list[Missing]) -> tuple[list[DateRow], list[DateRow]]:
    """Her places in what is missing, and other dates of it, those she waits for among them."""
    kinds = [one.kind for one in lacks]
    rows = training.open_to(place.person).filter(
        cohort=place.cohort, kind__in=kinds, series__audience=place.role
    )
    found = standings.date_rows(rows, place.person)
    mine = [row for row in found if row.meeting.mine]
    others = standings.once([row for row in found if not row.meeting.mine])
    choices = [row for row in others if row.open or row.turn or row.can_wait]
    return mine, choices


def person_cards(reader: User, enrollment: Enrollment) -> Iterable[Card]:
    """For a coordinator: what is missing, what to do, and the way to do without."""
    waiver, again = waiver_of(enrollment), asked_again(enrollment)
    lacks: list[Missing] = []
    if enrollment.state == EnrollmentState.ACCEPTED or again:
        lacks = missing(enrollment)
    if not (lacks or waiver) or not can(reader, Permission.MANAGE_TRAINING, enrollment.cohort):
        return
    mine, choices = _dates(enrollment, lacks)
    yield Card(
        "before",
        "coordinator",
        order=10,
        template="sessions/person_before.html",
        context={
            "place": enrollment,
            "missing": lacks,
            "mine": mine,
            "open_dates": len([row for row in choices if row.open]),
            "waiver": waiver,
            "can_withdraw": waiver is not None and enrollment.is_present,
            "again": again,
            "title": _("Before the start"),
        },
    )
