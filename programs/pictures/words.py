"""The structure of a program in words: the keys beside the picture, and its accessible name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from programs.pictures.structure import Circle, People, Scene, scene
from programs.presenters.documents import PERIODS, runs, years_words
from programs.spec import ProgramSpec, Span
from programs.spec.structure import Attached, Container, Lasting, Subgroups

# With a number, and where none is stated.
PEOPLE: Final = {
    "student": (
        ngettext_lazy("%(count)s student", "%(count)s students", "number"),
        gettext_lazy("Students, number not stated"),
    ),
    "lead_mentor": (
        ngettext_lazy("%(count)s lead mentor", "%(count)s lead mentors", "number"),
        gettext_lazy("Lead mentors, number not stated"),
    ),
    "junior_mentor": (
        ngettext_lazy("%(count)s junior mentor", "%(count)s junior mentors", "number"),
        gettext_lazy("Junior mentors, number not stated"),
    ),
    "near_peer": (
        ngettext_lazy("%(count)s older student", "%(count)s older students", "number"),
        gettext_lazy("Older students, number not stated"),
    ),
    "resident": (
        ngettext_lazy("%(count)s junior doctor", "%(count)s junior doctors", "number"),
        gettext_lazy("Junior doctors, number not stated"),
    ),
    "physician": (
        ngettext_lazy("%(count)s physician", "%(count)s physicians", "number"),
        gettext_lazy("Physicians, number not stated"),
    ),
    "faculty": (
        ngettext_lazy("%(count)s faculty mentor", "%(count)s faculty mentors", "number"),
        gettext_lazy("Faculty mentors, number not stated"),
    ),
    "clinical_faculty": (
        ngettext_lazy("%(count)s clinical teacher", "%(count)s clinical teachers", "number"),
        gettext_lazy("Clinical teachers, number not stated"),
    ),
    "any": (
        ngettext_lazy("%(count)s mentor", "%(count)s mentors", "number"),
        gettext_lazy("Mentors, number not stated"),
    ),
}
RENEWED: Final = {
    "session": gettext_lazy("changing each session while the group stays"),
    "term": gettext_lazy("changing each term while the group stays"),
    "year": gettext_lazy("changing each year while the group stays"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the key: what is drawn, and what it stands for."""

    words: str
    mark: str = ""
    people: People | None = None


def structure_words(spec: ProgramSpec) -> str:
    """The picture in words, for those who do not see it; it says the same."""
    drawn = scene(spec)
    return " ".join(f"{_sentence(drawn, number)}." for number in range(len(drawn.circles)))


def circle_title(drawn: Scene, number: int) -> str:
    """What stands over one of several groups; nothing where there is but one."""
    circle = drawn.circles[number]
    if not drawn.tiers:
        return circle.title if len(drawn.circles) > 1 else ""
    years = runs(circle.student_years)
    words = _("First, years %(years)s") if number == 0 else _("Then, years %(years)s")
    if len(circle.student_years) == 1:
        words = _("First, year %(years)s") if number == 0 else _("Then, year %(years)s")
    return words % {"years": years}


def keys(circle: Circle) -> list[Key]:
    """Every line of the key of one group."""
    return [key for key in (*_people_keys(circle), *_around(circle)) if key.words]


def who_words(drawn: Scene, number: int) -> str:
    """Who mentors whom in one of the groups."""
    circle = drawn.circles[number]
    students = (_all_rows(circle),) if circle.vertical else circle.students
    words = _("Mentors: %(mentors)s. Mentees: %(students)s.") % {
        "mentors": ", ".join(people_words(people) for people in circle.mentors),
        "students": ", ".join(people_words(people) for people in students),
    }
    words = " ".join([words, *(f"{_leader_words(people)}." for people in circle.leaders)])
    title = circle_title(drawn, number)
    return f"{title}: {words}" if title else words


def people_words(people: People) -> str:
    """So many of a kind."""
    kind = people.role if people.role in {"student", "lead_mentor"} else people.kind
    if kind == "any" and people.role == "junior_mentor":
        kind = "junior_mentor"
    numbered, unstated = PEOPLE[kind]
    if people.count is None:
        return str(unstated)
    number = int(people.count.max or 2)
    return marked(str(numbered % {"number": number, "count": people.count}), people.assumed)


def marked(words: str, assumed: bool) -> str:
    """The words, marked where they are our choice."""
    return _("%(words)s (assumed)") % {"words": words} if assumed and words else words


def attached_words(part: Attached) -> str:
    """What else hangs on the group, with its rhythm."""
    return ", ".join([part.title, *rhythm(part.times, part.per, part.minutes), *_optional(part)])


def rhythm(times: Span | None, per: str | None, minutes: Span | None = None) -> list[str]:
    """How often and how long, as far as it is stated."""
    words = []
    if times is not None and per is not None:
        least = times.max is None
        number = f"{times.min:g}" if least else str(times)
        said = _("once %(period)s") if number == "1" else _("%(number)s times %(period)s")
        said = said % {"number": number, "period": PERIODS[per]}
        words.append(_("at least %(words)s") % {"words": said} if least else said)
    if minutes is not None:
        words.append(_("%(minutes)s minutes") % {"minutes": minutes})
    return words


def _optional(part: Attached) -> list[str]:
    return [_("optional")] if part.optional else []


def _sentence(drawn: Scene, number: int) -> str:
    title = circle_title(drawn, number)
    said = "; ".join(key.words for key in keys(drawn.circles[number]))
    return f"{title}: {said}" if title else said


def _people_keys(circle: Circle) -> Iterator[Key]:
    for people in circle.mentors:
        yield Key(_mentor_words(people), people=people)
    if circle.vertical:
        yield Key(_rows_words(circle), people=circle.students[0])
    else:
        for people in circle.students:
            yield Key(people_words(people), people=people)
    for people in circle.leaders:
        yield Key(_mentor_words(people, _leader_words(people)), people=people)


def _leader_words(people: People) -> str:
    if people.count is None:
        return _("Some of the students mentor too")
    words = ngettext(
        "%(count)s of the students mentors too",
        "%(count)s of the students mentor too",
        int(people.count.max or 2),
    )
    return words % {"count": people.count}


def _mentor_words(people: People, who: str = "") -> str:
    words = [who or people_words(people)]
    if people.years:
        words.append(years_words(people.years))
    if people.years_of_group is not None:
        words.append(_group_years(people.years_of_group))
    if people.renewed is not None:
        words.append(_renewed(people.renewed))
    return ", ".join(words)


def _group_years(years: Span) -> str:
    return _("only in years %(years)s of the group") % {"years": years}


def _renewed(lasting: Lasting) -> str:
    if lasting.length == 1 and lasting.unit in RENEWED:
        return str(RENEWED[lasting.unit])
    if lasting.unit == "year":
        words = _("changing every %(number)s years while the group stays")
        return words % {"number": f"{lasting.length:g}"}
    return _("changing while the group stays")


def _rows_words(circle: Circle) -> str:
    """``44 students, 11 from each class year``."""
    rows = [row for row in circle.students if row.class_year is not None]
    counts = [row.count for row in rows]
    if len({str(count) for count in counts}) == 1:
        how = _("%(count)s from each class year") % {"count": counts[0]}
    else:
        how = "; ".join(
            _("%(count)s from class year %(year)s") % {"count": row.count, "year": row.class_year}
            for row in rows
        )
    return f"{people_words(_all_rows(circle))}, {how}"


def _all_rows(circle: Circle) -> People:
    counts = [row.count for row in circle.students if row.count is not None]
    total = sum(counts[1:], counts[0])
    return People("student", "student", total, assumed=circle.students[0].assumed)


def _around(circle: Circle) -> Iterator[Key]:
    yield Key(_years_line(circle), mark="years")
    if any(year.state == "paused" for year in circle.years):
        paused = tuple(year.number for year in circle.years if year.state == "paused")
        words = ngettext("Class year %(years)s pauses", "Class years %(years)s pause", len(paused))
        yield Key(words % {"years": runs(paused)}, mark="paused")
    if circle.groups is not None:
        yield Key(_groups_words(circle.groups), mark="groups")
    if circle.container is not None:
        yield Key(_container_words(circle.container), mark="container")
    if circle.subgroups is not None:
        words = marked(_subgroup_words(circle.subgroups), circle.subgroups_assumed)
        yield Key(words, mark="subgroup")
    yield Key(marked(_serves_words(circle), circle.serves_assumed), mark="serves")
    if circle.virtual:
        yield Key(_("Meets by video"), mark="virtual")
    if circle.each_session:
        yield Key(_("Formed anew for each session"), mark="renewed")
    for part in circle.attached:
        mark = {"plenary": "plenary", "mentoring": "talk"}.get(part.kind, "attached")
        yield Key(attached_words(part), mark=mark)


def _years_line(circle: Circle) -> str:
    years = years_words(circle.student_years)
    return years[:1].upper() + years[1:]


def _groups_words(groups: Span) -> str:
    words = ngettext("%(count)s such group", "%(count)s such groups", int(groups.max or 2))
    return words % {"count": groups}


def _container_words(container: Container) -> str:
    words = [_("Part of a larger unit: %(title)s") % {"title": container.title}]
    if container.count is not None:
        words.append(_("%(count)s in all") % {"count": container.count})
    if container.mentors is not None:
        mentors = ngettext(
            "%(count)s mentor in each", "%(count)s mentors in each", int(container.mentors.max or 2)
        )
        words.append(mentors % {"count": container.mentors})
    return ", ".join(words)


def _subgroup_words(subgroups: Subgroups) -> str:
    if subgroups.count is not None:
        words = [_("%(count)s subgroups inside") % {"count": subgroups.count}]
    else:
        words = [_("Subgroups inside, number not stated")]
    if subgroups.size is not None:
        words.append(_("of %(size)s") % {"size": subgroups.size})
    if subgroups.by == "class_year":
        words.append(_("by class year"))
    if subgroups.own_calendar:
        words.append(_("with dates of their own"))
    return ", ".join(words)


def _serves_words(circle: Circle) -> str:
    if circle.per_class is not None:
        each, most = circle.per_class
        words = _("A mentor has %(each)s students of each class year") % {"each": each}
        if most is None:
            return words
        return _("%(words)s, %(most)s at most") % {"words": words, "most": most}
    sure, possible = circle.serves
    one_each = [people.count for people in circle.students] == [Span(min=1, max=1)]
    if sure + possible == 1:
        return ""
    total = Span(min=sure, max=sure + possible)
    if one_each:
        return _("One mentor may have %(count)s students") % {"count": total}
    return _("One mentor may have %(count)s such groups") % {"count": total}
