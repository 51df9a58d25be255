"""Who meets whom: one row for every kind of group."""

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
from programs.presenters.labels import LIKENESS

PEOPLE = [
    ("any", _("anybody")),
    ("near_peer", _("older students")),
    ("resident", _("newly qualified doctors")),
    ("physician", _("physicians")),
    ("faculty", _("faculty")),
    ("clinical_faculty", _("clinical faculty")),
]
LASTS = [
    ("session", _("one session")),
    ("term", _("a term")),
    ("year", _("a year")),
    ("program", _("the whole program")),
    ("degree", _("the whole degree")),
    ("pair", _("as long as they wish")),
]
UNITS = [
    ("students", _("students in all")),
    ("groups", _("groups")),
    ("students_per_class", _("students of each class year")),
]
SETTINGS = [
    ("mixed", _("both ways")),
    ("in_person", _("face to face")),
    ("virtual", _("by video")),
]
# The form's name of each mentoring seat.
SEATS = {"mentor": "mentors", "lead_mentor": "leads", "junior_mentor": "juniors"}


class ShapeForm(RowForm):
    """A kind of group: its students, those who mentor in it, what each takes on, how long."""

    path = "shapes"
    layout = (
        ("", ("title",), False),
        (_("Students"), ("students_min", "students_max", "each_class", "class_years"), False),
        (_("Mentors"), ("mentors_min", "mentors_max", "mentors_kind", "mentors_years"), False),
        (
            _("Lead mentors and junior mentors"),
            ("leads_min", "leads_max", "juniors_min", "juniors_max", "juniors_last"),
            True,
        ),
        (_("What one of them takes on"), ("load", "load_most", "unit"), False),
        (
            _("How they are together"),
            ("alike", "setting", "lasts", "renews", "one_is_enough", "circles"),
            False,
        ),
    )
    title = forms.CharField(label=_("Name of this kind of group"), max_length=200)
    students_min = number(_("at least"), min_value=1, max_value=500)
    students_max = number(_("at most"), min_value=1, max_value=500)
    each_class = number(
        _("of each class year"), min_value=1, max_value=100,
        help_text=_("For groups that mix class years evenly; leave the numbers before empty."),
    )  # fmt: skip
    class_years = ClassYears(label=_("Their class years"))
    mentors_min = number(_("at least"), max_value=20)
    mentors_max = number(_("at most"), max_value=20)
    mentors_kind = choice(_("They are"), PEOPLE)
    mentors_years = ClassYears(label=_("Their class years, if they are students"))
    leads_min = number(_("Lead mentors: at least"), max_value=20)
    leads_max = number(_("at most"), max_value=20)
    juniors_min = number(_("Junior mentors: at least"), max_value=20)
    juniors_max = number(_("at most"), max_value=20)
    juniors_last = number(
        _("Junior mentors stay, in years"),
        max_value=10,
        help_text=_("Empty: as long as the group."),
    )
    load = number(_("Usually"), max_value=100, required=True)
    load_most = number(_("at most"), max_value=1000)
    unit = choice(_("counted in"), UNITS)
    alike = forms.MultipleChoiceField(
        label=_("The students of one group are of the same"),
        choices=list(LIKENESS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: groups mix, whoever fits best."),
    )
    setting = choice(_("They meet"), SETTINGS)
    lasts = choice(_("A group stays together for"), LASTS)
    renews = forms.BooleanField(
        label=_("The oldest leave and new students come in every year"), required=False
    )
    one_is_enough = forms.BooleanField(
        label=_("A meeting counts with one of the mentors there"), required=False
    )
    circles = forms.BooleanField(
        label=_("It splits into smaller circles with a calendar of their own"), required=False
    )

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        seats = {seat["role"]: seat for seat in part.get("seats", [])}
        student = seats.get("student", {})
        per_class = student.get("per_class", {})
        first: Part = next((seats[role] for role in SEATS if role in seats), {})
        capacity = first.get("capacity", {})
        grouped = not capacity and (ends(student, "count")[1] or 2) > 1
        found = {
            "title": part.get("title"),
            "each_class": next((ends(per_class, year)[1] for year in per_class), None),
            "class_years": [int(y) for y in (student.get("class_years") or per_class)],
            "mentors_kind": seats.get("mentor", {}).get("kind", "any"),
            "mentors_years": seats.get("mentor", {}).get("class_years", []),
            "juniors_last": _years(seats.get("junior_mentor", {}).get("lasts")),
            "load": capacity.get("default", 1),
            "load_most": capacity.get("max"),
            "unit": capacity.get("unit", "groups" if grouped else "students"),
            "alike": part.get("alike", []),
            "setting": part.get("setting", "mixed"),
            "lasts": part.get("lasts", {}).get("unit", "program"),
            "renews": part.get("renews") == "yearly",
            "one_is_enough": bool(part.get("quorum")),
            "circles": bool(part.get("subgroups")),
        }
        if not per_class:
            found["students_min"], found["students_max"] = ends(student, "count")
        for role, name in SEATS.items():
            found[f"{name}_min"], found[f"{name}_max"] = ends(seats.get(role, {}), "count")
            if role in seats and found[f"{name}_min"] is None and found[f"{name}_max"] is None:
                found[f"{name}_min"] = 1
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("students", *SEATS.values()):
            least, most = data.get(f"{name}_min"), data.get(f"{name}_max")
            if least is not None and most is not None and least > most:
                raise ValidationError({f"{name}_max": _t("This is less than the least number.")})
        if not any(data.get(f"{name}_min") or data.get(f"{name}_max") for name in SEATS.values()):
            raise ValidationError({"mentors_min": _t("Somebody has to mentor.")})
        if data.get("each_class") and not data.get("class_years"):
            raise ValidationError({"class_years": _t("Tick the class years that mix.")})
        if data.get("each_class") and "class_year" in data.get("alike", []):
            raise ValidationError(
                {"alike": _t("These groups mix class years: see “of each class year” above.")}
            )
        if data.get("load_most") is not None and data["load_most"] < (data.get("load") or 0):
            raise ValidationError({"load_most": _t("This is less than what one usually takes.")})
        return data

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        part["title"] = data["title"]
        old = {seat["role"]: dict(seat) for seat in part.get("seats", [])}
        seats = [self._students(old.get("student", {"role": "student", "kind": "student"}))]
        for role, name in SEATS.items():
            if data[f"{name}_min"] or data[f"{name}_max"]:
                seats.append(self._seat(old.get(role, {"role": role}), role, name))
        capacity: Part = {"unit": data["unit"], "default": data["load"]}
        put(capacity, "max", data["load_most"])
        usual = "students" if data["students_max"] == 1 else "groups"
        silent = not any("capacity" in seat for seat in seats)
        for seat in seats[1:]:
            seat.pop("capacity", None)
        if not silent or capacity != {"unit": usual, "default": 1}:
            seats[1]["capacity"] = capacity
        part["seats"] = seats
        put(part, "alike", data["alike"])
        put(part, "setting", None if data["setting"] == "mixed" else data["setting"])
        if data["lasts"] != part.get("lasts", {}).get("unit"):
            part["lasts"] = {"unit": data["lasts"]}
        put(part, "renews", "yearly" if data["renews"] else None)
        several = (data["mentors_max"] or data["mentors_min"] or 0) > 1
        quorum = [{"role": "mentor", "at_least": 1}] if data["one_is_enough"] and several else None
        put(part, "quorum", quorum)
        if not data["circles"]:
            part.pop("subgroups", None)
        else:
            part.setdefault("subgroups", {"own_calendar": True})

    def _students(self, seat: Part) -> Part:
        data = self.cleaned_data
        seat.pop("per_class", None)
        if data["each_class"]:
            n = data["each_class"]
            seat["per_class"] = {y: {"min": n, "max": n} for y in data["class_years"]}
            seat.pop("count", None)
            seat.pop("class_years", None)
        else:
            put_span(seat, "count", data["students_min"], data["students_max"])
            put(seat, "class_years", data["class_years"])
        return seat

    def _seat(self, seat: Part, role: str, name: str) -> Part:
        data = self.cleaned_data
        # One is what stands for a number that nobody has stated.
        unstated = "kind" in seat and "count" not in seat
        if not (unstated and data[f"{name}_min"] == 1 and data[f"{name}_max"] is None):
            put_span(seat, "count", data[f"{name}_min"], data[f"{name}_max"])
        if role == "mentor":
            put(seat, "kind", None if data["mentors_kind"] == "any" else data["mentors_kind"])
            put(seat, "class_years", data["mentors_years"])
        if role == "junior_mentor":
            seat.setdefault("kind", "near_peer")
            years = data["juniors_last"]
            put(seat, "lasts", {"unit": "year", "length": years} if years else None)
        return seat


def _years(lasts: Mapping[str, Any] | None) -> Any:
    if lasts and lasts.get("unit") == "year":
        return int(lasts.get("length", 1))
    return None
