"""Phases, and how often people meet."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from programs.forms.design.base import (
    ClassYears,
    Part,
    RowForm,
    choice,
    ends,
    number,
    put,
    put_span,
)
from programs.forms.design.words import PERIODS


class PhaseForm(RowForm):
    """A stretch of a mentorship with its own rules."""

    path = "phases"
    title = forms.CharField(label=_("Name"), max_length=200)
    driver = choice(
        _("Who leads"),
        [
            ("mentor", _("the mentor")),
            ("student", _("the student")),
            ("both", _("both")),
            ("system", _("the calendar")),
        ],
        empty=_("not said"),
    )
    weeks_min = number(_("Weeks, at least"), min_value=1, max_value=300)
    weeks_max = number(_("at most"), min_value=1, max_value=300)

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        least, most = ends(part, "weeks")
        return {
            "title": part.get("title"),
            "driver": part.get("driver", ""),
            "weeks_min": least,
            "weeks_max": most,
        }

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        part["title"] = data["title"]
        put(part, "driver", data["driver"])
        put_span(part, "weeks", data["weeks_min"], data["weeks_max"])


class CadenceForm(RowForm):
    """How often people meet, or are in touch."""

    path = "cadence"
    layout = (
        ("", ("basis", "kind", "channel"), False),
        (_("How often"), ("times_min", "times_max", "per", "weeks_max"), False),
        (_("How long, and within what"), ("minutes", "total_max", "phase", "class_years"), False),
    )
    basis = choice(
        _("How often is"),
        [
            ("prescribed", _("set here")),
            ("agreed_by_pair", _("agreed by each pair")),
            ("left_to_students", _("left to the students")),
            ("not_prescribed", _("not said, and not counted")),
        ],
    )
    kind = choice(
        _("What"),
        [
            ("mentoring", _("a meeting")),
            ("group", _("a group meeting")),
            ("plenary", _("a plenary")),
        ],
        empty=_("anything"),
    )
    channel = choice(
        _("How"),
        [
            ("in_person", _("face to face")),
            ("video", _("by video")),
            ("phone", _("by phone")),
            ("online", _("online, in writing")),
        ],
        empty=_("any way"),
    )
    times_min = number(_("Times, at least"), max_value=500)
    times_max = number(_("at most"), max_value=500)
    per = choice(_("in"), PERIODS, empty="–")
    weeks_max = number(_("or: every so many weeks"), min_value=1, max_value=60)
    minutes = number(_("Minutes each"), min_value=1, max_value=1000)
    total_max = number(_("At most in all"), min_value=1, max_value=1000)
    class_years = ClassYears(label=_("Only for class years"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = [(part["slug"], part["title"]) for part in self.document.get("phases", [])]
        self.fields["phase"] = choice(_("Phase"), phases, empty=_("every phase"))

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        least, most = ends(part, "times")
        weeks = ends(part, "weeks")
        return {
            "basis": part.get("basis", "prescribed"),
            "kind": part.get("kind", ""),
            "channel": "" if part.get("channel") == "any" else part.get("channel", ""),
            "times_min": least,
            "times_max": most,
            "per": part.get("per", ""),
            "weeks_max": weeks[1] or weeks[0],
            "minutes": ends(part, "minutes")[1] or ends(part, "minutes")[0],
            "total_max": ends(part, "total")[1],
            "phase": part.get("phase", ""),
            "class_years": part.get("class_years", []),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        times = data.get("times_min") is not None or data.get("times_max") is not None
        if times and data.get("weeks_max"):
            raise ValidationError({"weeks_max": _t("Say times or weeks, not both.")})
        if times and not data.get("per"):
            raise ValidationError({"per": _t("In what time?")})
        said = times or data.get("weeks_max") or data.get("total_max")
        if data.get("basis") == "prescribed" and not said:
            raise ValidationError({"times_min": _t("How often?")})
        least, most = data.get("times_min"), data.get("times_max")
        if least is not None and most is not None and least > most:
            raise ValidationError({"times_max": _t("This is less than the least number.")})
        return data

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        put(part, "basis", None if data["basis"] == "prescribed" else data["basis"])
        for name in ("kind", "channel", "phase", "class_years"):
            put(part, name, data[name])
        put_span(part, "times", data["times_min"], data["times_max"])
        put(part, "per", data["per"] if "times" in part else None)
        every = data["weeks_max"]
        if every != (ends(part, "weeks")[1] or ends(part, "weeks")[0]):
            put_span(part, "weeks", None, every)
        _exact(part, "minutes", data["minutes"])
        put_span(part, "total", ends(part, "total")[0], data["total_max"])

    def named(self) -> str:
        data = self.cleaned_data
        return str(data["kind"] or data["channel"] or "meetings")


def _exact(part: Part, name: str, value: int | None) -> None:
    """A single number, unless the range that stands there ends with it."""
    least, most = ends(part, name)
    if value is None or most != value:
        put_span(part, name, value, value)
    else:
        put_span(part, name, least, most)
