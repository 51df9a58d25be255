"""The frame of a program: what it is, who comes in, what stays inside, and its year."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from programs.calendar import country_names
from programs.forms.design.base import (
    Part,
    RowForm,
    StepForm,
    choice,
    decimal,
    number,
    put,
)
from programs.models import PauseKind

KINDS = [
    ("fixed", _("a fixed time")),
    ("degree", _("the whole degree")),
    ("per_pair", _("as long as each pair wishes")),
]


class BasicsForm(StepForm):
    """What the program is called, how long it lasts, and how many people are expected."""

    title = forms.CharField(label=_("Name of the program"), max_length=200)
    school = forms.CharField(label=_("School"), max_length=200)
    summary = forms.CharField(
        label=_("In two or three sentences"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What a dean or a student reads first."),
    )
    model = forms.CharField(
        label=_("Kind of mentoring"), max_length=200, help_text=_("Such as: one-to-one near-peer.")
    )
    kind = choice(_("It lasts"), KINDS)
    years = decimal(_("Years"))
    months = decimal(_("or months"))
    source = forms.CharField(
        label=_("Where it comes from"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    students = number(_("Students you expect"), min_value=1, max_value=20_000)
    mentors = number(_("Mentors you expect"), min_value=1, max_value=20_000)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        duration = document.get("duration", {})
        plain = {name: document.get(name) for name in ("title", "school", "summary", "model")}
        return {"kind": "fixed", **plain, **duration, "source": document.get("source")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("years") and data.get("months"):
            raise ValidationError({"months": _t("Say years or months, not both.")})
        if data.get("kind") == "fixed" and not (data.get("years") or data.get("months")):
            raise ValidationError({"years": _t("How long does it last?")})
        return data

    def write(self, document: Part) -> None:
        data = self.cleaned_data
        for name in ("title", "school", "summary", "model"):
            put(document, name, data[name])
        document["source"] = data["source"] or data["school"]
        duration: Part = {"kind": data["kind"]}
        put(duration, "years", data["years"])
        put(duration, "months", data["months"])
        document["duration"] = duration


class PeopleForm(StepForm):
    """How students and mentors come in."""

    students = choice(
        _("Students"),
        [
            ("mandatory", _("all take part")),
            ("opt_in", _("those who say yes")),
            ("opt_out", _("all but those who say no")),
        ],
        empty=_("not decided"),
    )
    mentors = choice(
        _("Mentors"),
        [
            ("volunteer", _("volunteer")),
            ("selected", _("apply and are selected")),
            ("assigned", _("are assigned")),
            ("trained", _("volunteer and are trained first")),
        ],
        empty=_("not decided"),
    )
    attendance = choice(
        _("Coming to meetings is"),
        [("compulsory", _("compulsory")), ("voluntary", _("voluntary"))],
        empty=_("not decided"),
    )
    students_apply = forms.BooleanField(label=_("Students may apply themselves"), required=False)
    mentors_apply = forms.BooleanField(label=_("Mentors may apply themselves"), required=False)
    course = forms.BooleanField(label=_("It is a course of the curriculum"), required=False)
    returning = forms.BooleanField(label=_("Mentors may serve again"), required=False)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        apply = {"students_apply": True, "mentors_apply": True}
        return {**apply, **document.get("enrollment", {})}

    def write(self, document: Part) -> None:
        part = dict(document.get("enrollment", {}))
        data = self.cleaned_data
        for name in ("students", "mentors", "attendance"):
            put(part, name, data[name])
        for name in ("course", "returning"):
            put(part, name, data[name] or None)
        for name in ("students_apply", "mentors_apply"):
            put(part, name, None if data[name] else False)
            if not data[name]:
                part[name] = False
        put(document, "enrollment", part)


class ConfidentialityForm(StepForm):
    """What leaves the pair."""

    level = choice(
        _("Coordinators see"),
        [
            ("open", _("dates, length and attendance of meetings, never what was said")),
            ("counts", _("only how many meetings there were")),
            ("strict", _("nothing at all, not even a number")),
        ],
        widget=forms.RadioSelect,
    )
    topics_to_coordinator = forms.BooleanField(
        label=_("Coordinators also see the topics of meetings"), required=False
    )
    at_risk_to_mentor = forms.BooleanField(
        label=_("Mentors learn that a student gets extra support, once the student was told"),
        required=False,
    )
    statement = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"level": "open", **document.get("confidentiality", {})}

    def write(self, document: Part) -> None:
        part = dict(document.get("confidentiality", {}))
        data = self.cleaned_data
        put(part, "level", None if data["level"] == "open" else data["level"])
        for name in ("topics_to_coordinator", "at_risk_to_mentor"):
            put(part, name, data[name] or None)
        put(part, "statement", data["statement"])
        put(document, "confidentiality", part)


class YearForm(StepForm):
    """Where and when."""

    country = choice(_("Country, for public holidays"), country_names().items(), empty=_("none"))
    starts_month = number(_("Begins in month"), min_value=1, max_value=12, required=True)
    starts_day = number(_("on day"), min_value=1, max_value=31, required=True)
    weeks = number(_("Weeks of the year"), min_value=1, max_value=60, required=True)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        year = document.get("year", {})
        month, day = map(int, year.get("starts", "09-01").split("-"))
        return {
            "country": year.get("country", ""),
            "starts_month": month,
            "starts_day": day,
            "weeks": year.get("weeks", 40),
        }

    def write(self, document: Part) -> None:
        data = self.cleaned_data
        part = dict(document.get("year", {}))
        if data["country"] != part.get("country", ""):
            part.pop("subdivision", None)
        put(part, "country", data["country"])
        part["starts"] = f"{data['starts_month']:02}-{data['starts_day']:02}"
        part["weeks"] = data["weeks"]
        document["year"] = part


class _WeeksForm(RowForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    first = number(_("From week"), min_value=1, max_value=60, required=True)
    last = number(_("to week"), min_value=1, max_value=60, required=True)

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": part.get("name"), **part.get("weeks", {})}

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        part["name"] = data["name"]
        part["weeks"] = {"first": data["first"], "last": data["last"]}


class TermForm(_WeeksForm):
    """A term, in weeks of the year."""

    path = "year.terms"


class PauseForm(_WeeksForm):
    """Weeks in which nothing is expected."""

    path = "year.pauses"
    kind = choice(_("Kind"), PauseKind.choices)
    class_year = number(_("Class year"), min_value=1, max_value=10, help_text=_("Empty: everyone."))

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        more = {"kind": part.get("kind", "other"), "class_year": part.get("class_year")}
        return super().read(part) | more

    def write(self, part: Part) -> None:
        super().write(part)
        put(part, "kind", self.cleaned_data["kind"])
        put(part, "class_year", self.cleaned_data["class_year"])
