"""A program document in plain language."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.accounts.permissions import Role
from programs.presenters.labels import ATTRIBUTES, INCENTIVES, LIKENESS, PARTS, REQUIREMENTS
from programs.spec import CadenceRule, Capacity, ProgramSpec
from programs.spec.support import Requirement


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and plain sentences."""

    title: str | Promise
    lines: list[str] = field(default_factory=list)


def size_words(spec: ProgramSpec) -> str:
    """Who sits together."""
    students, mentors = spec.students_per_mentorship(), spec.mentors_per_mentorship()
    if students is None or mentors is None:
        return _("Group size not stated")
    if str(students) == str(mentors) == "1":
        return _("One mentor, one student")
    mentor_word = ngettext("%(count)s mentor", "%(count)s mentors", int(mentors.max or 2))
    student_word = ngettext("%(count)s student", "%(count)s students", int(students.max or 2))
    return f"{mentor_word % {'count': mentors}}, {student_word % {'count': students}}"


def rhythm_words(spec: ProgramSpec) -> str:
    """How often they meet."""
    rules = spec.meeting_rules()
    return cadence_words(rules[0]) if rules else _("Not stated")


BASES = {
    "agreed_by_pair": gettext_lazy("set by each pair"),
    "left_to_students": gettext_lazy("left to the students"),
    "not_prescribed": gettext_lazy("not prescribed"),
}
PERIODS = {
    "week": gettext_lazy("a week"),
    "month": gettext_lazy("a month"),
    "term": gettext_lazy("a term"),
    "year": gettext_lazy("a year"),
    "program": gettext_lazy("in the whole program"),
}
CHANNELS = {
    "in_person": gettext_lazy("face to face"),
    "video": gettext_lazy("by video"),
    "phone": gettext_lazy("by phone"),
    "online": gettext_lazy("online"),
}


def cadence_words(rule: CadenceRule) -> str:
    """A cadence rule as a phrase."""
    if rule.basis in BASES:
        words = str(BASES[rule.basis])
    elif rule.weeks is not None:
        words = _("every %(weeks)s weeks") % {"weeks": rule.weeks}
        if rule.weeks.min is None:
            words = _("at least every %(weeks)s weeks") % {"weeks": f"{rule.weeks.max:g}"}
    elif rule.times is not None:
        times = rule.times
        least = times.max is None
        number = f"{times.min:g}" if least else str(times)
        words = _("%(number)s times %(period)s") if number != "1" else _("once %(period)s")
        words = words % {"number": number, "period": PERIODS[str(rule.per)]}
        words = _("at least %(words)s") % {"words": words} if least else words
    else:
        words = _("within limits")
    if rule.channel in CHANNELS:
        channel = str(CHANNELS[str(rule.channel)])
        words = f"{channel}: {words}" if rule.basis in BASES else f"{words} {channel}"
    if rule.total is not None:
        words += ", " + _("%(total)s in all") % {"total": rule.total}
    if rule.hours is not None:
        words += ", " + _("%(hours)s hours %(period)s") % {
            "hours": rule.hours,
            "period": PERIODS[str(rule.hours_per)],
        }
    return words


def rule_words(rule: CadenceRule) -> str:
    """A cadence rule as a sentence, with those it holds for."""
    words = [
        cadence_words(rule),
        _("%(minutes)s minutes") % {"minutes": rule.minutes} if rule.minutes is not None else "",
        rule.event or "",
    ]
    said = ", ".join(word for word in words if word)
    years = years_words(rule.class_years)
    return f"{said[:1].upper()}{said[1:]} ({years})" if years else f"{said[:1].upper()}{said[1:]}"


def program_in_words(spec: ProgramSpec) -> list[Section]:
    """The whole document for people."""
    return [
        section
        for section in (
            Section(_("Who meets"), [size_words(spec), *_shape_lines(spec)]),
            Section(_("How often"), [rule_words(rule) for rule in spec.cadence]),
            Section(_("What is asked"), list(requirement_lines(spec))),
            Section(_("How people are matched"), list(matching_lines(spec))),
            Section(_("What stays in the pair"), list(confidentiality_lines(spec))),
            Section(_("What mentors get"), [*incentive_lines(spec), *certificate_lines(spec)]),
            Section(_("How it is evaluated"), [part.title for part in spec.evaluation]),
        )
        if section.lines
    ]


def assumptions(spec: ProgramSpec) -> list[str]:
    """What of it is ours, each reason once, after what it is about."""
    said = ((PARTS[part.path.split(".", 1)[0]], part.why) for part in spec.assumed)
    return list(dict.fromkeys(f"{capfirst(str(what))}: {why}" for what, why in said))


def _shape_lines(spec: ProgramSpec) -> Iterator[str]:
    for role in spec.roles:
        years = spec.class_years(role)
        label = Role(role).label
        if years:
            yield _("%(role)s: class year %(years)s") % {
                "role": label,
                "years": runs(years),
            }
        capacity = spec.capacity(role)
        if role in spec.mentoring_roles:
            yield f"{label}: {capacity_words(capacity)}"
    for shape in spec.shapes:
        if shape.alike:
            things = get_text_list([str(LIKENESS[name]) for name in shape.alike], _("and"))
            yield _("The students of one group are of the same %(things)s") % {"things": things}
    if spec.paused_class_years:
        yield _("Class year %(years)s pauses") % {"years": runs(spec.paused_class_years)}


def capacity_words(capacity: Capacity) -> str:
    """How much one person takes on."""
    number = capacity.default
    words = {
        "students": ngettext("takes %(number)s student", "takes %(number)s students", number),
        "groups": ngettext("takes %(number)s group", "takes %(number)s groups", number),
        "students_per_class": ngettext(
            "takes %(number)s student of each class year",
            "takes %(number)s students of each class year",
            number,
        ),
    }[capacity.unit] % {"number": number}
    if capacity.max is None or capacity.max == number:
        return words
    return _("%(words)s, at most %(max)s") % {"words": words, "max": capacity.max}


def runs(years: tuple[int, ...]) -> str:
    """Class years ``1, 2, 3, 6`` as ``1–3, 6``."""
    parts: list[list[int]] = []
    for year in sorted(years):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in parts)


def years_words(years: tuple[int, ...]) -> str:
    """Class years as a phrase; nothing where there are none."""
    if not years:
        return ""
    words = ngettext("class year %(years)s", "class years %(years)s", len(years))
    return words % {"years": runs(years)}


def requirement_lines(spec: ProgramSpec, *kinds: str) -> Iterator[str]:
    """What each role has to do, of these kinds or of all."""
    for role in dict.fromkeys(part.role for part in spec.requirements):
        yield from (f"{Role(role).label}: {line}" for line in asked_lines(spec, role, *kinds))


def asked_lines(spec: ProgramSpec, role: str, *kinds: str) -> Iterator[str]:
    """What one role has to do, of these kinds or of all."""
    for part in spec.requirements:
        if part.role == role and (not kinds or part.kind in kinds):
            yield asked_line(part)


def asked_line(part: Requirement) -> str:
    """What, how often, how long: “Yearly seminar, 1 a year”."""
    words = str(part.title or REQUIREMENTS[part.kind])
    if part.times is not None:
        number = f"{part.times.min:g}" if part.times.max is None else str(part.times)
        often = _("once") if number == "1" else number
        words += f", {often} {PERIODS[str(part.per)] if part.per else ''}".rstrip()
    if part.days is not None and part.days > 1:
        words += ", " + _("%(days)g days") % {"days": part.days}
    if part.minutes is not None:
        words += ", " + _("%(minutes)s minutes") % {"minutes": part.minutes}
    if part.share is not None:
        words += ", " + _("%(share)s %% of meetings") % {"share": round(part.share * 100)}
    if not part.mandatory:
        words += " (" + _("optional") + ")"
    return words


PROCEDURES = {
    "optimal": gettext_lazy("By the best total score"),
    "fair": gettext_lazy("By score, so that the worst place is as good as it can be"),
    "stable": gettext_lazy("By wishes, so that no two would rather have each other"),
    "greedy": gettext_lazy("By score, the best place first"),
    "wishes": gettext_lazy("By what students rank, then by the best total score"),
    "suggestions": gettext_lazy("Students choose among suggested mentors"),
    "search": gettext_lazy("Students search for a mentor themselves"),
    "random": gettext_lazy("At random, with loads balanced"),
    "trial": gettext_lazy("In a randomized trial of procedures"),
    "by_container": gettext_lazy("By college"),
    "assigned": gettext_lazy("Assigned by staff"),
    "expert": gettext_lazy("By an expert after an interview"),
}
ASSESSORS = {
    "barred": gettext_lazy("Nobody mentors a student she assesses"),
    "declared": gettext_lazy("A mentor who assesses the student says so"),
    "allowed": gettext_lazy("Mentors may also assess their students"),
}
CRITERIA = {
    "interests": gettext_lazy("shared interests"),
    "languages": gettext_lazy("shared languages"),
    "campus": gettext_lazy("same campus"),
    "free_time": gettext_lazy("common free time"),
    "track": gettext_lazy("same track"),
    "gender": gettext_lazy("gender"),
    "class_year": gettext_lazy("class year"),
    "preference": gettext_lazy("preference"),
    "expectation": gettext_lazy("the same idea of what a mentor is for"),
}


def matching_lines(spec: ProgramSpec) -> Iterator[str]:
    """How mentorships are formed."""
    matching = spec.matching
    yield str(PROCEDURES.get(str(matching.procedure), _("Not stated")))
    yield from (arm.title for arm in matching.arms)
    if matching.criteria:
        names = ", ".join(
            f"{CRITERIA[part.criterion]} ({part.weight:g})" for part in matching.criteria
        )
        yield _("Criteria and weights: %(names)s") % {"names": names}
    yield str(ASSESSORS[matching.assessor])
    if matching.equity:
        yield equity_words(spec)


def equity_words(spec: ProgramSpec) -> str:
    """By what a program looks whether groups of students fare alike."""
    names = [str(ATTRIBUTES[name]) for name in spec.matching.equity]
    return _("Each matching is looked at for whether groups fare alike, by %(names)s") % {
        "names": get_text_list(names, _("and"))
    }


def confidentiality_lines(spec: ProgramSpec) -> Iterator[str]:
    """What a coordinator sees, and what the program says about it."""
    yield str(
        {
            "open": _("Coordinators see when meetings took place, never what was said"),
            "counts": _("Coordinators see only how many meetings took place"),
            "strict": _("Nothing leaves the pair, not even whether it met"),
        }[spec.confidentiality.level]
    )
    if spec.confidentiality.statement:
        yield spec.confidentiality.statement


def certificate_lines(spec: ProgramSpec) -> Iterator[str]:
    """Who fetches which certificate, where the program says more than the usual."""
    if "completion" in spec.certificates.own:
        yield _("Whoever has completed it fetches the certificate herself")
    if "attendance" not in spec.certificates.own:
        yield _("Certificates of attendance are issued by the coordinators")


def incentive_lines(spec: ProgramSpec, role: str | None = None) -> Iterator[str]:
    """What people get; those of one role, or all."""
    for part in (part for part in spec.incentives if role in (None, part.role)):
        yield " ".join(
            word
            for word in (
                f"{part.amount:g}" if part.amount else "",
                part.unit or "",
                part.title or str(INCENTIVES[part.kind]),
            )
            if word
        )
