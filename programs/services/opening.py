"""Open a cohort from a template of the catalog."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.calendar import week_period
from programs.models import (
    Cohort,
    Edition,
    Enrollment,
    Pause,
    Program,
    ProgramVersion,
    Term,
)
from programs.spec import ProgramSpec, catalog

if TYPE_CHECKING:
    from mentoring.accounts.models import User


# Days from the template's usual beginning within which its terms keep their names.
SEASON = 42


@transaction.atomic
def open_cohort(*, slug: str, name: str, by: "User | None", starts: date | None = None) -> Cohort:
    """A new cohort of that template, in planning; who opens it coordinates it.

    Terms and pauses are the template's, counted in weeks from ``starts`` (by default the next
    day of the year on which the template begins).
    """
    now = clock.now()
    spec = _template(slug)
    name = " ".join(name.split())
    if not name:
        raise DomainError(_("Give the cohort a name."), field="name")
    if len(name) > 200:
        raise DomainError(_("The name is longer than 200 characters."), field="name")
    version = current_version(spec)
    cohort = Cohort.objects.create(
        program=version.program,
        name=name,
        time_zone=spec.year.time_zone,
        country=spec.year.country or "",
        subdivision=spec.year.subdivision or "",
    )
    add_edition(cohort=cohort, version=version, starts=starts or default_start(spec))
    audit.record(by=by, action="cohort.opened", subject=cohort, cohort=cohort, template=slug)
    if by is not None:
        Enrollment.objects.create(
            cohort=cohort,
            person=by,
            role=Role.COORDINATOR,
            state=Enrollment.State.ACTIVE,
            capacity=0,
            accepted_at=now,
            activated_at=now,
            granted_by=by,
        )
    return cohort


def default_start(spec: ProgramSpec) -> date:
    """The next day on which the template's year begins."""
    today = clock.today(spec.year.zone)
    month, day = map(int, spec.year.starts.split("-"))
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def in_season(spec: ProgramSpec, starts: date) -> bool:
    """Whether a year that begins then still deserves names such as “Fall semester”."""
    month, day = map(int, spec.year.starts.split("-"))
    usual = [date(starts.year + years, month, min(day, 28)) for years in (-1, 0, 1)]
    return min(abs((starts - one).days) for one in usual) <= SEASON


def current_version(spec: ProgramSpec) -> ProgramVersion:
    """The program of a template, in a version that says exactly what the template says."""
    program, _new = Program.objects.get_or_create(
        slug=spec.slug, defaults={"name": spec.title, "school": spec.school}
    )
    last = program.versions.order_by("-number").first()
    if last is not None and last.document == spec.document:
        return last
    return ProgramVersion.objects.create(
        program=program, number=last.number + 1 if last else 1, document=spec.document
    )


def add_edition(
    *, cohort: Cohort, version: ProgramVersion, starts: date, ends: date | None = None
) -> Edition:
    """A year of the cohort, with the terms and pauses that the version proposes.

    With another last day than the version's, what would lie behind it is cut off.
    """
    year = version.spec.year
    edition = Edition.objects.create(
        cohort=cohort,
        number=cohort.editions.count() + 1,
        version=version,
        starts=starts,
        ends=ends or starts + timedelta(weeks=year.weeks) - timedelta(days=1),
    )
    usual = in_season(version.spec, starts)
    for number, term in enumerate(year.terms, 1):
        first, last = week_period(starts, term.weeks.first, term.weeks.last)
        if first > edition.ends:
            continue
        last = min(last, edition.ends)
        name = term.name if usual else _("Term %(number)d") % {"number": number}
        Term.objects.create(edition=edition, name=name, starts=first, ends=last)
    for pause in year.pauses:
        first, last = week_period(starts, pause.weeks.first, pause.weeks.last)
        if first > edition.ends:
            continue
        last = min(last, edition.ends)
        Pause.objects.create(
            edition=edition,
            name=pause.name,
            kind=pause.kind,
            starts=first,
            ends=last,
            class_year=pause.class_year,
        )
    return edition


def find(slug: str) -> ProgramSpec:
    """What a template, or else the latest version of a program of the school, says.

    ``KeyError`` when there is neither.
    """
    if slug in catalog.slugs():
        return catalog.spec(slug)
    last = ProgramVersion.objects.filter(program__slug=slug).order_by("-number").first()
    if last is None:
        raise KeyError(slug)
    return last.spec


def _template(slug: str) -> ProgramSpec:
    try:
        return find(slug)
    except KeyError:
        known = ", ".join(part.slug for part in catalog.templates())
        raise DomainError(
            _("There is no template “%(slug)s”. These can be opened: %(known)s.")
            % {"slug": slug, "known": known},
            field="template",
        ) from None
