"""Trainings and supervisions: what was required, what was attended, and the credits for it."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import Basis
from evaluation.reports.closings import DAY
from evaluation.reports.disclosure import Move
from evaluation.reports.section import Block, Section, Text, Words, facts, parts, share
from evaluation.reports.timeline import Standing, walk
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.models import Enrollment, EnrollmentState
from sessions import attended, training
from sessions import credits as earned
from sessions.models import SeriesKind
from sessions.quota import Quota, midnight

S = EnrollmentState
KINDS = tuple(SeriesKind.values)
GRANTED, WITHHELD, OPEN = "granted", "withheld", "open"
DECISIONS = (GRANTED, WITHHELD, OPEN)


@dataclass(frozen=True, slots=True)
class Person:
    """One who may owe quotas: states through time, and what she attended."""

    pk: int
    role: str
    states: tuple[tuple[datetime, str], ...]
    attended: tuple[attended.Attended, ...]

    def joined(self, at: datetime) -> datetime | None:
        """Since when she takes part; ``None`` while she does not."""
        known = self.states[: bisect_right([when for when, _state in self.states], at)]
        if not known or known[-1][1] not in training.OWING:
            return None
        for wanted in (S.ACTIVE, S.ACCEPTED):
            since = [when for when, state in known if state == wanted]
            if since:
                return since[-1]
        return known[0][0]


def figures(basis: Basis) -> Iterator[Block]:
    plan = training.plan_of(basis.cohort, basis.edition)
    quotas = [q for q in plan.quotas if _begins(basis, q) < basis.over]
    dates, people = attended.of_cohort(basis.cohort)
    rewards = [one for one in earned.rewards(plan) if one.quotas]
    moves: dict[str, list[Move]] = defaultdict(list)
    for person in _people(basis, {quota.role for quota in plan.quotas}, people):
        instants = _instants(basis, person, plan.quotas)
        stands = partial(_stands, basis, person, plan, rewards)
        for table, move in walk(person.pk, instants, stands):
            moves[table].append(move)
    for quota in quotas:
        about = {"about": ", ".join(filter(None, (quota.title, quota.period.name)))}
        yield share(basis, f"met:{quota.slug}", moves[f"met:{quota.slug}"]) | about
        times = f"times:{quota.slug}"
        yield share(basis, times, moves[times], events=True) | about
    for reward in rewards if quotas else []:
        slug = f"credits:{reward.incentive.slug}"
        yield parts(basis, slug, moves[slug], DECISIONS) | {"about": str(reward.title)}
    if quotas:
        kinds = [kind for kind in KINDS if any(quota.kind == kind for quota in quotas)]
        yield parts(basis, "minutes", moves["minutes"], kinds, events=True)
    held = Counter(one.kind for one in dates if one.known < basis.over)
    if held:
        yield facts("dates", **{kind: held[kind] for kind in KINDS if held[kind]})


def _begins(basis: Basis, quota: Quota) -> datetime:
    return midnight(quota.period.starts, basis.zone)


def _people(basis: Basis, roles: set[str], rows: list[attended.Attended]) -> Iterator[Person]:
    """Everyone of these roles, whatever became of them; one query besides the lives."""
    there: dict[int, list[attended.Attended]] = defaultdict(list)
    for row in rows:
        there[row.enrollment].append(row)
    found = Enrollment.objects.filter(cohort=basis.cohort, role__in=[Role.STUDENT, *MENTOR_ROLES])
    role_of = dict(found.values_list("pk", "role"))
    for life in basis.lives:
        role = role_of.get(life.pk, "")
        if role in roles:
            yield Person(life.pk, role, life.states, tuple(there[life.pk]))


def _instants(basis: Basis, person: Person, quotas: tuple[Quota, ...]) -> Iterator[datetime]:
    yield from (at for at, _state in person.states)
    for one in person.attended:
        yield one.known
        if one.undone is not None:
            yield one.undone
    for quota in quotas:
        yield _begins(basis, quota)
        yield midnight(quota.period.ends + DAY, basis.zone)


def _stands(
    basis: Basis,
    person: Person,
    plan: training.Plan,
    rewards: list[earned.Reward],
    at: datetime,
) -> Standing:
    """In which cells of which tables somebody stands at an instant."""
    joined = person.joined(at)
    if joined is None:
        return {}
    counts = {quota: _count(basis, person, quota, joined, at) for quota in plan.quotas}
    found: dict[str, dict[str, int]] = {}
    minutes: Counter[str] = Counter()
    for quota, (count, spent) in counts.items():
        minutes[quota.kind] += spent
        if count.owed and _begins(basis, quota) <= at:
            done = min(count.owed, count.attended)
            found[f"met:{quota.slug}"] = {"no" if count.missing else "yes": 1}
            found[f"times:{quota.slug}"] = {"yes": done, "no": count.missing}
    found["minutes"] = dict(minutes)
    for reward in rewards:
        mine = [counts[quota][0] for quota in reward.quotas if quota.role == person.role]
        if mine and min(_begins(basis, count.quota) for count in mine) <= at:
            state, _reasons = earned.decide(mine, basis.local(at))
            found[f"credits:{reward.incentive.slug}"] = {state: 1}
    return found


def _count(
    basis: Basis, person: Person, quota: Quota, joined: datetime, at: datetime
) -> tuple[earned.QuotaCount, int]:
    """How she stands on a quota, and the minutes of what counts for it."""
    if quota.role != person.role:
        return earned.QuotaCount(quota, 0, 0, 0), 0
    fitting = [
        one
        for one in person.attended
        if one.known <= at
        and (one.undone is None or one.undone > at)
        and quota.fits(one.kind, one.minutes, basis.local(one.starts_at), one.days)
    ]
    owed = quota.owed(basis.local(joined))
    count = earned.QuotaCount(quota, owed, len(fitting), 0)
    return count, sum(one.minutes for one in fitting)


def _hours(minutes: int) -> Text:
    hours = minutes / 60
    return _("%(n)s h") % {"n": number_format(hours, 0 if hours == int(hours) else 1)}


KIND_NAMES: dict[str, Text] = {
    SeriesKind.TRAINING: _("Trainings"),
    SeriesKind.ORIENTATION: _("Orientations"),
    SeriesKind.SUPERVISION: _("Supervisions"),
}
DECISION_NAMES: dict[str, Text] = {
    GRANTED: _("Granted"),
    WITHHELD: _("Withheld"),
    OPEN: _("Not decided yet"),
}
WORDS = {
    "met": Words(
        _("Quota met"),
        _(
            "Denominator: those of whom it is required who took part on that day and owed at "
            "least one; who joined late owes the share of the term that was left. Counted: those "
            "whom the attendance lists say to have come at least as often as they owed."
        ),
    ),
    "times": Words(
        _("Attended, of what is required"),
        _(
            "Denominator: how often all of them together owed to come. Counted: how often they "
            "came, for each person up to what was owed."
        ),
    ),
    "credits": Words(
        _("Credits"),
        _(
            "Everyone who took part on that day and can earn them. Granted: every quota that they "
            "depend on is met. Withheld: one is not, and its term is over."
        ),
        lambda key: DECISION_NAMES[key],
        _("All who can earn them"),
    ),
    "minutes": Words(
        _("Hours attended"),
        _(
            "The length of all attendances that count for a quota, of those who took part on that "
            "day."
        ),
        lambda key: KIND_NAMES[key],
        _("Together"),
        amount=_hours,
    ),
    "dates": Words(
        _("Dates held"),
        _("Dates whose attendance list had been written by that day."),
        lambda key: KIND_NAMES[key],
    ),
}

SECTION = Section(
    slug="training",
    title=_("Training and supervision"),
    intro=_("What the program requires of its mentors, what was attended, and the credits for it."),
    figures=figures,
    words=lambda slug: WORDS[slug.partition(":")[0]],
    empty=_("The program requires no training or supervision that is counted here."),
)
