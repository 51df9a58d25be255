"""The plan for a cohort's next year: its number, its dates, the version it would follow."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from programs.models import Cohort, Edition, ProgramVersion, RollOver
from programs.spec import ProgramSpec, catalog
from programs.spec.difference import Change, difference

if TYPE_CHECKING:
    from mentoring.accounts.models import User

DAY = timedelta(days=1)
TEMPLATE = "template"
"""Stands for the version that is made when it is adopted: what the template says now."""


def goes_on(spec: ProgramSpec) -> bool:
    """Whether a cohort of this program has a year after this one.

    Where everybody is through within a year, the next ones get a cohort of their own.
    """
    renews = any(shape.renews == "yearly" for shape in spec.shapes)
    return renews or spec.duration.kind != "fixed" or spec.years > 1


def year_name(starts: date, ends: date) -> str:
    """“2022/23”, or “2022” for a year inside one."""
    return f"{starts:%Y}/{ends:%y}" if ends.year > starts.year else f"{starts:%Y}"


def plan_of(cohort: Cohort) -> RollOver:
    """The draft of the cohort's next year, or an unsaved one with what is proposed."""
    number = cohort.planned.number + 1
    draft = cohort.roll_overs.filter(number=number).select_related("version__program").first()
    return draft or proposed(cohort)


def proposed(cohort: Cohort, by: "User | None" = None) -> RollOver:
    """An unsaved plan: the same days a year later, and the version that is followed now."""
    now = cohort.planned
    starts = next_start(cohort.years)
    return RollOver(
        cohort=cohort,
        number=now.number + 1,
        starts=starts,
        ends=starts + (now.ends - now.starts),
        version=now.version,
        created_by=by,
    )


def next_start(editions: list[Edition]) -> date:
    """The weekday of the first year's first day, nearest to its date; after the last year's end.

    Academic years are known by the calendar year in which they begin: no two begin in one.
    """
    first, last = editions[0].starts, editions[-1]
    year = last.starts.year + 1
    near = first.replace(year=year, day=min(first.day, 28))
    near += timedelta(days=first.day - min(first.day, 28))
    shift = (first.weekday() - near.weekday()) % 7
    found = near + timedelta(days=shift if shift <= 3 else shift - 7)
    if found.year != year:
        found += timedelta(weeks=year - found.year)
    while found <= last.ends:
        found += timedelta(weeks=1)
    return found


def last_done(cohort: Cohort) -> RollOver | None:
    """The roll-over that made the latest edition, if one did."""
    rows = cohort.roll_overs.filter(state=RollOver.State.DONE, edition=cohort.planned)
    return rows.select_related("version__program", "edition").first()


# --- Versions ------------------------------------------------------------------------------------


def spec_of(roll_over: RollOver) -> ProgramSpec:
    """What the program would say in the new year."""
    if roll_over.version is not None:
        return roll_over.version.spec
    return catalog.spec(roll_over.cohort.program.slug)


def choice_of(roll_over: RollOver) -> str:
    """The plan's version as a form says it."""
    return str(roll_over.version.number) if roll_over.version is not None else TEMPLATE


def newer(cohort: Cohort) -> list[ProgramVersion]:
    """Versions of the cohort's program since the one it follows, the latest first."""
    rows = cohort.program.versions.filter(number__gt=cohort.planned.version.number)
    return list(rows.select_related("program").order_by("-number"))


def template_now(cohort: Cohort) -> ProgramSpec | None:
    """What the template says today, where no version says so yet."""
    slug = cohort.program.slug
    if slug not in catalog.slugs():
        return None
    spec = catalog.spec(slug)
    last = cohort.program.versions.order_by("-number").first()
    known = {cohort.planned.version.pk, last.pk if last else None}
    rows = cohort.program.versions.filter(pk__in=[pk for pk in known if pk])
    return None if any(row.document == spec.document for row in rows) else spec


def changes(roll_over: RollOver) -> list[Change]:
    """Where the version of the plan differs from the one that the cohort follows now."""
    return difference(roll_over.cohort.planned_spec, spec_of(roll_over))
