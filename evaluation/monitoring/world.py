"""What the rules may look at: the cohorts concerned, their calendars and thresholds, the time."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays
from django.db.models import Count, Exists, OuterRef, Q

from evaluation.models import Flag, RuleSetting
from evaluation.monitoring.calendar import HERE, SATURDAY, SUNDAY, Calendar, Period, Presence
from evaluation.monitoring.rule import Rule
from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.calendar import public_holidays
from programs.models import (
    Absence,
    Cohort,
    Edition,
    EnrollmentYear,
    Pause,
    ProgramVersion,
    Term,
)
from sessions.quota import COUNTED, Quota, quotas

if TYPE_CHECKING:
    from programs.spec import ProgramSpec

MONTH = 30


@dataclass
class Scope:
    """One cohort as the rules see it."""

    cohort: int
    calendar: Calendar
    today: date
    level: str
    interval: float
    # The longest time meant to pass without any contact, where the program says so.
    contact: float | None
    agreement_required: bool
    academic_year: int
    edition: Period
    term: Period
    thresholds: dict[str, dict[str, int]]
    disabled: frozenset[str]
    spec: "ProgramSpec"
    terms: tuple[Period, ...] = ()
    # What people have to attend in this edition.
    quotas: tuple[Quota, ...] = ()

    @property
    def stretch(self) -> float:
        """How much longer than a month the program lets pass between two meetings."""
        return max(1.0, self.interval / MONTH)


@dataclass
class World:
    """A snapshot for one pass: everything that is not about a single mentorship."""

    now: datetime
    scopes: dict[int, Scope]
    absences: dict[int, tuple[Period, ...]] = field(default_factory=dict)
    class_years: dict[int, int] = field(default_factory=dict)
    # Mentorships that have or had several students: only there can one be left out.
    groups: frozenset[int] = frozenset()

    def watching(self, rule: str) -> list[int]:
        """The cohorts in which a rule is on."""
        return [key for key, scope in self.scopes.items() if rule not in scope.disabled]

    def presence(self, enrollments: Iterable[int]) -> frozenset[Presence]:
        """What keeps these people away."""
        return frozenset(
            Presence(self.class_years.get(key), self.absences.get(key, ()))
            if key in self.class_years or key in self.absences
            else HERE
            for key in enrollments
        )


def load(rules: Iterable[Rule], *, cohort: Cohort | None = None) -> World:
    """The world of every cohort with live mentorships or standing flags; ten queries."""
    now = clock.now()
    live = Mentorship.objects.filter(cohort=OuterRef("pk"), state=Mentorship.State.ACTIVE)
    cohorts = Cohort.objects.exclude(state__in=[Cohort.State.CLOSING, Cohort.State.ARCHIVED])
    if cohort is not None:
        cohorts = cohorts.filter(pk=cohort.pk)
    flags = Flag.objects.filter(cohort=OuterRef("pk"), state__in=Flag.STANDING)
    rows = list(cohorts.filter(Exists(live) | Exists(flags)).order_by("pk"))
    ids = [row.pk for row in rows]
    calendars = _Calendars(ids)
    settings = _settings(ids)
    scopes = {
        row.pk: _scope(row, now, calendars, settings[row.pk], rules)
        for row in rows
        if calendars.editions[row.pk]
    }
    paused_years = [key for key in scopes if any(p[2] for p in calendars.pauses[key])]
    absences = _absences(ids)
    for key, year in _resting(scopes).items():
        absences[key] = (*absences.get(key, ()), year)
    return World(now, scopes, absences, _class_years(paused_years, scopes), _groups(list(scopes)))


class _Calendars:
    """Editions with their programs, terms and pauses of many cohorts, one query for each."""

    def __init__(self, ids: list[int]) -> None:
        self.editions: dict[int, list[Edition]] = defaultdict(list)
        self.pauses: dict[int, list[tuple[date, date, int | None]]] = defaultdict(list)
        self.terms: dict[int, list[Period]] = defaultdict(list)
        self.names: dict[tuple[int, date], str] = {}
        self._shared: dict[object, Calendar] = {}
        editions = Edition.objects.filter(cohort__in=ids).order_by("cohort_id", "number")
        for edition in editions:
            self.editions[edition.cohort_id].append(edition)
        inside = {"edition__cohort__in": ids}
        for key, starts, ends, year in Pause.objects.filter(**inside).values_list(
            "edition__cohort", "starts", "ends", "class_year"
        ):
            self.pauses[key].append((starts, ends, year))
        for key, starts, ends, name in Term.objects.filter(**inside).values_list(
            "edition__cohort", "starts", "ends", "name"
        ):
            self.terms[key].append((starts, ends))
            self.names[key, starts] = name
        versions = {edition.version_id for rows in self.editions.values() for edition in rows}
        self.documents = {
            version.pk: json.dumps(version.document, sort_keys=True)
            for version in ProgramVersion.objects.filter(pk__in=versions)
        }

    def of(self, cohort: Cohort) -> Calendar:
        """The cohort's calendar; cohorts with the same days share one."""
        editions = self.editions[cohort.pk]
        days = (
            cohort.zone,
            tuple((edition.starts, edition.ends) for edition in editions),
            tuple(sorted(self.pauses[cohort.pk], key=str)),
            _holidays(cohort, editions),
            weekend_of(cohort.country),
        )
        return self._shared.setdefault(days, Calendar(*days))


@lru_cache(maxsize=64)
def _spec(document: str) -> "ProgramSpec":
    from programs.spec import ProgramSpec  # noqa: PLC0415 (pydantic is slow to import)

    return ProgramSpec.load(json.loads(document))


@lru_cache(maxsize=256)
def weekend_of(country: str) -> frozenset[int]:
    """The weekdays (Monday 0) on which a country does not work."""
    try:
        return frozenset(holidays.country_holidays(country).weekend)
    except NotImplementedError:
        return frozenset({SATURDAY, SUNDAY})


def _scope(
    cohort: Cohort,
    now: datetime,
    calendars: _Calendars,
    settings: dict[str, RuleSetting],
    rules: Iterable[Rule],
) -> Scope:
    editions = calendars.editions[cohort.pk]
    calendar = calendars.of(cohort)
    today = calendar.day(now)
    begun = [edition for edition in editions if edition.starts <= today]
    current = (begun or editions[:1])[-1]
    spec = _spec(calendars.documents[current.version_id])
    whole = (current.starts, current.ends)
    return Scope(
        cohort=cohort.pk,
        calendar=calendar,
        today=today,
        level=spec.confidentiality.level,
        interval=spec.meeting_interval_days(),
        contact=spec.contact_interval_days(),
        agreement_required=spec.requires_agreement,
        academic_year=current.starts.year,
        edition=whole,
        term=next((t for t in calendars.terms[cohort.pk] if t[0] <= today <= t[1]), whole),
        thresholds={rule.slug: thresholds(rule, spec, settings.get(rule.slug)) for rule in rules},
        disabled=frozenset(
            rule.slug for rule in rules if not is_on(rule, spec, settings.get(rule.slug))
        ),
        spec=spec,
        terms=tuple(sorted(calendars.terms[cohort.pk])),
        quotas=_quotas(cohort.pk, spec, calendars, calendar, whole),
    )


def _quotas(
    cohort: int, spec: "ProgramSpec", calendars: _Calendars, calendar: Calendar, edition: Period
) -> tuple[Quota, ...]:
    """What has to be attended in the edition; most programs say nothing, and nothing is counted."""
    if not any(part.kind in COUNTED for part in spec.requirements):
        return ()
    terms = [
        (starts, ends, calendars.names[cohort, starts])
        for starts, ends in calendars.terms[cohort]
        if edition[0] <= starts <= edition[1]
    ]
    return tuple(quotas(spec, edition=edition, terms=terms, days=calendar.count().days))


def thresholds(rule: Rule, spec: "ProgramSpec", setting: RuleSetting | None) -> dict[str, int]:
    """The cohort's own numbers over the program's over the rule's."""
    own = setting.thresholds if setting else {}
    return {
        one.key: int(own.get(one.key, spec.threshold(rule.slug, one.key, one.default)))
        for one in rule.thresholds
    }


def is_on(rule: Rule, spec: "ProgramSpec", setting: RuleSetting | None) -> bool:
    """Whether the rule is on: as the cohort says, else as the program says."""
    return setting.enabled if setting else spec.watches(rule.slug)


def _holidays(cohort: Cohort, editions: list[Edition]) -> frozenset[date]:
    years = {
        year for edition in editions for year in range(edition.starts.year, edition.ends.year + 1)
    }
    return frozenset(
        day for year in years for day in public_holidays(cohort.country, cohort.subdivision, year)
    )


def _groups(ids: list[int]) -> frozenset[int]:
    rows = Membership.objects.filter(
        role=Role.STUDENT, mentorship__state=Mentorship.State.ACTIVE, mentorship__cohort__in=ids
    )
    several = rows.values("mentorship").annotate(n=Count("pk")).filter(n__gte=2).order_by()
    return frozenset(several.values_list("mentorship", flat=True))


def _settings(ids: list[int]) -> dict[int, dict[str, RuleSetting]]:
    found: dict[int, dict[str, RuleSetting]] = defaultdict(dict)
    for setting in RuleSetting.objects.filter(cohort__in=ids):
        found[setting.cohort_id][setting.rule] = setting
    return found


def _absences(ids: list[int]) -> dict[int, tuple[Period, ...]]:
    found: dict[int, tuple[Period, ...]] = {}
    rows = Absence.objects.filter(enrollment__cohort__in=ids).order_by("starts", "ends", "pk")
    for key, starts, ends in rows.values_list("enrollment", "starts", "ends"):
        found[key] = (*found.get(key, ()), (starts, ends))
    return found


def _resting(scopes: dict[int, Scope]) -> dict[int, Period]:
    """Whose whole year rests: she pauses or intercalates, or her class year is paused."""
    away = Q(status__in=[EnrollmentYear.Status.PAUSED, EnrollmentYear.Status.INTERCALATING])
    paused = {year for scope in scopes.values() for year in scope.spec.paused_class_years}
    rows = EnrollmentYear.objects.filter(
        away | Q(class_year__in=paused),
        enrollment__cohort__in=list(scopes),
        academic_year__in={scope.academic_year for scope in scopes.values()},
    )
    found: dict[int, Period] = {}
    for cohort, enrollment, academic_year, class_year, status in rows.values_list(
        "enrollment__cohort", "enrollment", "academic_year", "class_year", "status"
    ):
        scope = scopes[cohort]
        rests = class_year in scope.spec.paused_class_years
        if academic_year == scope.academic_year and (
            rests or status in {EnrollmentYear.Status.PAUSED, EnrollmentYear.Status.INTERCALATING}
        ):
            found[enrollment] = scope.edition
    return found


def _class_years(ids: list[int], scopes: dict[int, Scope]) -> dict[int, int]:
    """The class year that each person is in, in cohorts where one of them pauses."""
    rows = EnrollmentYear.objects.filter(enrollment__cohort__in=ids).order_by("academic_year")
    return {
        enrollment: class_year
        for cohort, enrollment, academic_year, class_year in rows.values_list(
            "enrollment__cohort", "enrollment", "academic_year", "class_year"
        )
        if academic_year <= scopes[cohort].academic_year
    }
