"""What trainings and supervisions contribute to a cohort's readiness: advice, derived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.ports import ReadinessItem
from programs.models import Cohort, CohortState, Enrollment
from programs.spec.support import Requirement
from sessions import counting
from sessions.models import Meeting, MeetingState, SupervisorGroup, SupervisorPlace
from sessions.quota import midnight

S = Enrollment.State
BEFORE = (CohortState.PLANNING, CohortState.RECRUITING, CohortState.MATCHING)
# Whoever is on the list and has not said no is to be trained.
EXPECTED = (S.INVITED, S.APPLIED, S.ACCEPTED, S.ACTIVE)
TRAINED, SUPERVISED = 60, 65


def readiness(cohort: Cohort) -> Iterable[ReadinessItem]:
    """Places in the training before the start, and supervisors, where the program wants them."""
    if cohort.state not in BEFORE:
        return
    parts = [part for part in cohort.planned_spec.requirements if part.mandatory]
    first = [p for p in parts if p.before and p.kind in ("training", "orientation")]
    if first:
        yield _training(cohort, first)
    roles: set[str] = {part.role for part in parts if part.kind == "supervision"}
    if roles:
        yield _supervision(cohort, roles)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one requirement needs and what stands open for it; ``places`` ``None``: no limit."""

    title: str
    people: int
    needed: int
    dates: int
    places: int | None

    @property
    def settled(self) -> bool:
        """Everyone has been there already."""
        return self.people > 0 and self.needed == 0

    @property
    def state(self) -> str:
        if self.settled:
            return "green"
        if not self.dates:
            return "red"
        return "green" if self.places is None or self.places >= self.needed else "amber"


def _training(cohort: Cohort, parts: Sequence[Requirement]) -> ReadinessItem:
    offers = [_offer(cohort, part) for part in parts]
    state = next((s for s in ("red", "amber") if any(o.state == s for o in offers)), "green")
    dates = any(offer.dates for offer in offers)
    return ReadinessItem(
        slug="training",
        title=gettext_lazy("The training before the start has dates with places enough"),
        state=state,  # type: ignore[arg-type]
        detail=" ".join(_say(offer) for offer in offers),
        url=reverse("sessions:training_of" if dates else "sessions:new_series", args=[cohort.key]),
        action="" if state == "green" else gettext_lazy("Open dates"),
        must=False,
        order=TRAINED,
    )


def _say(offer: Offer) -> str:
    what = {"what": offer.title, "needed": offer.needed, "places": offer.places}
    if offer.settled:
        return _("%(what)s: everyone was there.") % what
    if not offer.dates:
        return _("%(what)s: no date is open; places needed: %(needed)d.") % what
    if offer.places is None:
        return _("%(what)s: places without a limit, needed: %(needed)d.") % what
    return (
        ngettext(
            "%(what)s: %(places)d place, needed: %(needed)d.",
            "%(what)s: %(places)d places, needed: %(needed)d.",
            offer.places,
        )
        % what
    )


def _offer(cohort: Cohort, part: Requirement) -> Offer:
    times = int(part.times.min or 1) if part.times else 1
    minutes = (part.minutes.min or 0) if part.minutes else 0
    units = counting.units(kind=part.kind, minutes=minutes, days=ceil(part.days or 1))
    done = counting.number(counting.attended(units.filter(enrollment=OuterRef("pk"))))
    people = Enrollment.objects.filter(cohort=cohort, role=part.role, state__in=EXPECTED)
    counts = list(people.annotate(done=done).values_list("done", flat=True))
    limits = [
        [day.capacity for day in days if day.capacity is not None]
        for days in _coming(cohort, part)
        if sum((day.ends_at - day.starts_at).total_seconds() for day in days) >= minutes * 60
    ]
    unlimited = any(not limit for limit in limits)
    return Offer(
        title=str(part.title or part.kind),
        people=len(counts),
        needed=sum(max(0, times - count) for count in counts),
        dates=len(limits),
        places=None if unlimited else sum(min(limit) for limit in limits),
    )


def _coming(cohort: Cohort, part: Requirement) -> list[list[Meeting]]:
    """The dates to come before the start, those of a course together; after it, all to come."""
    now = clock.now()
    start = midnight(cohort.planned.starts, cohort.zone)
    rows = Meeting.objects.filter(
        cohort=cohort, kind=part.kind, series__audience=part.role, state=MeetingState.BOOKED
    ).select_related("series")
    begun: set[int] = set()
    found: dict[tuple[str, int | None], list[Meeting]] = {}
    for row in rows.order_by("starts_at", "pk"):
        series = row.series
        course = series is not None and series.course
        if row.starts_at <= now or (start > now and row.starts_at >= start):
            begun |= {row.series_id} if course and row.series_id else set()
            continue
        key = ("course", row.series_id) if course else ("date", row.pk)
        found.setdefault(key, []).append(row)
    return [days for (what, pk), days in found.items() if what == "date" or pk not in begun]


def _supervision(cohort: Cohort, roles: set[str]) -> ReadinessItem:
    supervisors = cohort.enrollments.filter(
        role=Role.SUPERVISOR, state__in=Enrollment.PRESENT
    ).count()
    groups = SupervisorGroup.objects.filter(cohort=cohort, ended_at=None).count()
    placed = SupervisorPlace.objects.filter(enrollment=OuterRef("pk"), ended_at=None)
    people = cohort.enrollments.filter(role__in=roles, state__in=Enrollment.PRESENT)
    n = people.aggregate(all=Count("pk"), inside=Count("pk", filter=Q(Exists(placed))))
    inside = n["all"] == n["inside"]
    state = "red" if not supervisors else "green" if groups and inside else "amber"
    if not supervisors:
        detail = _("Nobody is named as a supervisor yet.")
        url = reverse("programs:staff", args=[cohort.key])
        action = gettext_lazy("Name them")
    else:
        detail = ngettext(
            "%(count)d supervisor; %(inside)d of %(all)d people are in one of %(groups)d groups.",
            "%(count)d supervisors; %(inside)d of %(all)d people are in one of %(groups)d groups.",
            supervisors,
        ) % {"count": supervisors, "groups": groups, **n}
        url = reverse("sessions:groups", args=[cohort.key])
        action = gettext_lazy("Form groups")
    return ReadinessItem(
        slug="supervision",
        title=gettext_lazy("Supervisors and their groups are named"),
        state=state,  # type: ignore[arg-type]
        detail=detail,
        url=url,
        action="" if state == "green" else action,
        must=False,
        order=SUPERVISED,
    )
