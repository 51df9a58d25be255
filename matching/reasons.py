"""Why a pair came about, and why a student was left over, in words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from matching.engine.criteria import QUESTION, Criterion
from matching.lacking import Lack
from matching.models import MatchPair
from mentoring.accounts.permissions import Role
from programs import asking
from programs.presenters.labels import LIKENESS

CRITERIA: dict[str, str | Promise] = {
    Criterion.INTERESTS: gettext_lazy("Shared interests"),
    Criterion.LANGUAGES: gettext_lazy("Shared languages"),
    Criterion.CAMPUS: gettext_lazy("Same campus"),
    Criterion.TRACK: gettext_lazy("Same degree program"),
    Criterion.GENDER: gettext_lazy("Same gender"),
    Criterion.FREE_TIME: gettext_lazy("Free at the same time"),
    Criterion.CLASS_YEAR: gettext_lazy("Near in class year"),
    Criterion.EXPECTATION: gettext_lazy("The same idea of what a mentor is for"),
    Criterion.WISH: gettext_lazy("On the student’s list"),
    Criterion.LIKING: gettext_lazy("On the mentor’s list"),
}


TRAITS: dict[str, str | Promise] = {**LIKENESS, "gender": gettext_lazy("gender")}


def lack_words(lack: Lack, asked: Mapping[str, str]) -> str:
    """“Same campus” is a must, but 38 of 171 mentors have nothing on record there."""
    values = {
        "must": asked.get(lack.criterion) or CRITERIA.get(lack.criterion, lack.criterion),
        "n": lack.missing,
        "all": lack.people,
    }
    if lack.side == "students":
        return (
            _("“%(must)s” is a must, but %(n)d of %(all)d students have nothing on record there.")
            % values
        )
    return (
        _("“%(must)s” is a must, but %(n)d of %(all)d mentors have nothing on record there.")
        % values
    )


def language(code: str) -> str:
    """The name of a language; the code where Django does not know it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def listed(names: Iterable[str]) -> str:
    """“a, b and c”."""
    return get_text_list(list(names), _("and"))


def reasons(row: MatchPair) -> list[str]:
    """Why these two, in words, the weightiest first."""
    return [text for text in (_reason(reason) for reason in row.reasons) if text]


def _reason(reason: Mapping[str, Any]) -> str:
    if reason["code"].startswith(QUESTION):
        return _("both chose: %(names)s") % {"names": listed(reason["shared"])}
    words = WORDS.get(reason["code"])
    return words(reason) if words else why_none(reason)


def _free_time(reason: Mapping[str, Any]) -> str:
    text = ngettext(
        "%(hours)d hour a week free together",
        "%(hours)d hours a week free together",
        reason["hours"],
    )
    return text % reason


def _years_ahead(reason: Mapping[str, Any]) -> str:
    text = ngettext("mentor %(ahead)d year ahead", "mentor %(ahead)d years ahead", reason["ahead"])
    return text % reason


WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    Criterion.INTERESTS: lambda r: (
        _("both interested in %(names)s") % {"names": listed(r["shared"])}
    ),
    Criterion.LANGUAGES: lambda r: (
        _("both speak %(names)s") % {"names": listed(map(language, r["shared"]))}
    ),
    Criterion.CAMPUS: lambda r: _("both on campus %(same)s") % r,
    Criterion.TRACK: lambda r: _("both study %(same)s") % r,
    Criterion.GENDER: lambda _r: _("of the same gender"),
    Criterion.FREE_TIME: _free_time,
    Criterion.CLASS_YEAR: _years_ahead,
    Criterion.EXPECTATION: lambda r: (
        _("looks for and offers the same: %(idea)s") % {"idea": asking.IDEAS[r["same"]]}
    ),
    Criterion.WISH: lambda r: _("number %(rank)d on the student’s list") % r,
    Criterion.LIKING: lambda r: _("number %(rank)d on the mentor’s list") % r,
}


FORBIDDEN: dict[str, str | Promise] = {
    "self": gettext_lazy("%(student)s and %(mentor)s are the same person."),
    "forbid": gettext_lazy("%(student)s and %(mentor)s are to be kept apart."),
    "assesses": gettext_lazy("%(mentor)s assesses %(student)s."),
    "former": gettext_lazy("%(student)s and %(mentor)s were together before."),
    "must": gettext_lazy("%(student)s is to have another mentor."),
    "rather_not": gettext_lazy("%(mentor)s would rather have other students."),
    "other_year": gettext_lazy("The places of %(mentor)s are for other class years."),
    "other_kind": gettext_lazy("The group of %(mentor)s is of other students."),
    "no_places": gettext_lazy("%(mentor)s had no place left in this run."),
    "pinned": gettext_lazy("All places of %(mentor)s are kept for others."),
    "elsewhere": gettext_lazy("%(mentor)s took no students of this kind in this run."),
    Criterion.LANGUAGES: gettext_lazy("%(student)s and %(mentor)s share no language."),
    Criterion.INTERESTS: gettext_lazy("%(student)s and %(mentor)s share no interest."),
    Criterion.CAMPUS: gettext_lazy("%(student)s and %(mentor)s are not on the same campus."),
    Criterion.FREE_TIME: gettext_lazy(
        "%(student)s and %(mentor)s are never free at the same time."
    ),
}


def why_forbidden(code: str, names: Mapping[str, str]) -> str:
    """Why these two could not be a pair."""
    other = gettext_lazy("A must of this run stands between %(student)s and %(mentor)s.")
    return str(FORBIDDEN.get(code, other)) % names


def why_none(reason: Mapping[str, Any]) -> str:
    """Why a student came out without a mentor."""
    words = NONE.get(reason["code"])
    return words(reason) if words else ""


def left_over(reason: Mapping[str, Any]) -> str:
    """“1 student is left over: 9 students (campus North) and 8 places in groups for them.”"""
    text = ngettext(
        "%(n)d student is left over: %(why)s.", "%(n)d students are left over: %(why)s.",
        reason["left"],
    )  # fmt: skip
    return text % {"n": reason["left"], "why": why_none(reason)}


def _too_few_alike(reason: Mapping[str, Any]) -> str:
    """“9 students of class year 1, campus North, and 8 places in groups for them”."""
    people = ngettext("%(n)d student (%(kind)s)", "%(n)d students (%(kind)s)", reason["students"])
    places = ngettext(
        "%(n)d place in groups for them", "%(n)d places in groups for them", reason["places"]
    )
    kind = ", ".join(f"{TRAITS[name]} {value or _('unknown')}" for name, value in reason["alike"])
    return _("%(people)s and %(places)s") % {
        "people": people % {"n": reason["students"], "kind": kind},
        "places": places % {"n": reason["places"]},
    }


def _full(reason: Mapping[str, Any]) -> str:
    text = ngettext(
        "the only mentor possible has no place left",
        "none of the %(possible)d mentors possible has a place left",
        reason["possible"],
    )
    return text % reason + _causes(reason["causes"])


def _too_few_leaders(reason: Mapping[str, Any]) -> str:
    text = ngettext(
        "a group needs %(needed)d person in the role “%(role)s”; %(n)d can lead one more",
        "a group needs %(needed)d people in the role “%(role)s”; %(n)d can lead one more",
        reason["needed"],
    )
    role = Role(reason["role"]).label
    return text % {"needed": reason["needed"], "role": role, "n": reason["leaders"]}


def _too_few_to_begin(reason: Mapping[str, Any]) -> str:
    text = ngettext(
        "a group begins with at least %(least)d student",
        "a group begins with at least %(least)d students",
        reason["least"],
    )
    return text % {"least": reason["least"]}


LIFTED: dict[str, str | Promise] = {
    "common_hours": gettext_lazy("hours in which a whole group is free"),
    "least": gettext_lazy("the least size of a group"),
    "most": gettext_lazy("the greatest size of a group"),
    "quota_most": gettext_lazy("the places for each class year"),
    "wanted": gettext_lazy("waiting until there are enough for a new group"),
}


def _left_by(reason: Mapping[str, Any]) -> str:
    rules = listed(str(LIFTED.get(rule, rule)) for rule in reason["rules"])
    return _("in the way stands: %(rules)s") % {"rules": rules}


NONE: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "no_places": lambda _r: _("no mentor has a place left"),
    "no_shape": lambda _r: _(
        "the program has no group for this class year, or the class year is not known"
    ),
    "too_few_places": lambda r: (
        _("%(places)d places for %(students)d students, and all are taken") % r
    ),
    "too_few_alike": _too_few_alike,
    "possible_full": _full,
    "none_possible": lambda r: _("no mentor is possible") + _causes(r["causes"]),
    "too_few_leaders": _too_few_leaders,
    "too_few_to_begin": _too_few_to_begin,
    "left_by": _left_by,
    "search_ended": lambda _r: _("no place was found that keeps all rules"),
}


def _causes(causes: Mapping[str, int]) -> str:
    """“; 12 share no language, 1 was kept apart”."""
    parts = [_cause(code, count) for code, count in causes.items()]
    return "; " + ", ".join(parts) if parts else ""


def _cause(code: str, count: int) -> str:
    texts = {
        "self": ngettext("%(n)d is the same person", "%(n)d are the same person", count),
        "forbid": ngettext("%(n)d is kept apart", "%(n)d are kept apart", count),
        "assesses": ngettext("%(n)d assesses the student", "%(n)d assess the student", count),
        "former": ngettext("%(n)d was the mentor before", "%(n)d were mentors before", count),
        "rather_not": ngettext(
            "%(n)d would rather have others", "%(n)d would rather have others", count
        ),
        "other_year": ngettext(
            "%(n)d place is for another class year",
            "%(n)d places are for other class years",
            count,
        ),
        "other_kind": ngettext(
            "%(n)d group is of other students", "%(n)d groups are of other students", count
        ),
        "must": ngettext(
            "%(n)d is not among those named", "%(n)d are not among those named", count
        ),
        Criterion.LANGUAGES: ngettext("%(n)d shares no language", "%(n)d share no language", count),
        Criterion.INTERESTS: ngettext("%(n)d shares no interest", "%(n)d share no interest", count),
        Criterion.CAMPUS: ngettext(
            "%(n)d is on another campus", "%(n)d are on another campus", count
        ),
        Criterion.FREE_TIME: ngettext(
            "%(n)d is never free at the same time", "%(n)d are never free at the same time", count
        ),
    }
    if code.startswith(QUESTION):
        text = ngettext(
            "%(n)d does not fit by an answer", "%(n)d do not fit by their answers", count
        )
        return text % {"n": count}
    other = ngettext("%(n)d breaks another rule", "%(n)d break another rule", count)
    return (texts | _of_groups(count)).get(code, other) % {"n": count}


def _of_groups(count: int) -> dict[str, str]:
    """What closes groups to somebody, beside the rules about two people."""
    return {
        "circle": ngettext(
            "%(n)d is led by somebody whom the student leads",
            "%(n)d are led by people whom the student leads",
            count,
        ),
        "forbidden": ngettext(
            "%(n)d group has no leader who fits",
            "%(n)d groups have no leader who fits",
            count,
        ),
        "pinned": ngettext(
            "%(n)d group is not that of the mentor to be kept",
            "%(n)d groups are not those of the mentor to be kept",
            count,
        ),
        "common_hours": ngettext(
            "%(n)d group has no free hour with the student",
            "%(n)d groups have no free hour with the student",
            count,
        ),
        "quota_most": ngettext(
            "%(n)d group takes nobody of this class year",
            "%(n)d groups take nobody of this class year",
            count,
        ),
    }
