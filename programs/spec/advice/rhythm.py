"""People and rhythm that cannot work."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from programs.spec.advice.base import Plan, Remark, weeks_in
from programs.spec.base import MENTORING_ROLES
from programs.spec.cadence import CadenceRule
from programs.spec.document import ProgramSpec
from programs.spec.staffing import staffing


def people(spec: ProgramSpec, plan: Plan) -> Iterator[Remark]:
    if plan.students is None or plan.mentors is None:
        return
    roles = [role for role in spec.roles if role in MENTORING_ROLES]
    most = {role: spec.capacity(role).max or spec.capacity(role).default for role in roles}
    years = spec.class_years("student") or (None,)
    even = {year: plan.students // len(years) for year in years}
    even[years[0]] += plan.students % len(years)
    needs = staffing(spec, even, {})
    needed = sum(role.at_most_load for need in needs for role in need.roles)
    if needed > plan.mentors:
        yield Remark(
            "shapes",
            "impossible",
            _(
                "%(students)d students need at least %(needed)d people who mentor, at the most "
                "load you allow; you expect %(mentors)d. Raise a load, the size of a group, or "
                "find more people."
            )
            % {"students": plan.students, "needed": needed, "mentors": plan.mentors},
        )
    for role, load in most.items():
        if load == 0:
            yield Remark(
                "shapes",
                "impossible",
                _("Somebody with the role %(role)s may take nobody at all.") % {"role": role},
            )


def rhythm(spec: ProgramSpec) -> Iterator[Remark]:
    for index, rule in enumerate(spec.cadence):
        yield from _fits(spec, rule, f"cadence[{index}]")
    if not spec.year.terms and any(part.per == "term" for part in spec.requirements):
        yield Remark(
            "year.terms",
            "impossible",
            _("Something is asked for every term, but the year has no terms."),
        )


def _fits(spec: ProgramSpec, rule: CadenceRule, path: str) -> Iterator[Remark]:
    weeks = weeks_in(spec, "program")
    longest = rule.weeks.max or rule.weeks.min if rule.weeks else None
    if longest and longest > weeks:
        yield Remark(
            f"{path}.weeks",
            "impossible",
            _("Once in %(every)g weeks never comes in a program of %(weeks)d open weeks.")
            % {"every": longest, "weeks": weeks},
        )
    least = rule.times.min if rule.times else None
    if least and rule.per in {"term", "year", "program"}:
        room = weeks_in(spec, rule.per)
        if least > room * 5:
            yield Remark(
                f"{path}.times",
                "impossible",
                _("%(times)g meetings do not fit into %(weeks)d open weeks.")
                % {"times": least, "weeks": room},
            )
        elif least > room:
            yield Remark(
                f"{path}.times",
                "unwise",
                _("%(times)g meetings in %(weeks)d open weeks are more than one a week.")
                % {"times": least, "weeks": room},
            )
    yield from _total(spec, rule, path)


def _total(spec: ProgramSpec, rule: CadenceRule, path: str) -> Iterator[Remark]:
    least, most = rule.per_year(terms_per_year=spec.terms_per_year, years=spec.years)
    total = rule.total
    ceiling = total.max if rule.times is not None and total is not None else None
    if ceiling is not None and least and least * spec.years > ceiling:
        yield Remark(
            f"{path}.total",
            "impossible",
            _("At least %(least)g meetings are asked, but at most %(most)g allowed in all.")
            % {"least": least * spec.years, "most": ceiling},
        )
    minutes = rule.minutes.max if rule.minutes else None
    hours = rule.hours.min if rule.hours else None
    if minutes and hours and most and rule.hours_per == "year" and most * minutes < hours * 60:
        yield Remark(
            f"{path}.hours",
            "impossible",
            _("%(most)g meetings of %(minutes)g minutes never make %(hours)g hours.")
            % {"most": most, "minutes": minutes, "hours": hours},
        )
