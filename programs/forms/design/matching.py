"""How people find each other."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.design.base import (
    Part,
    StepForm,
    choice,
    decimal,
    put,
)


class MatchingForm(StepForm):
    """How people find each other."""

    procedure = choice(
        _("Procedure"),
        [
            ("random", _("by lot, balanced")),
            ("optimal", _("by what they have in common, best for all")),
            ("fair", _("by what they have in common, the weakest pair as good as can be")),
            ("expert", _("by somebody who knows them")),
            ("suggestions", _("students choose among ten suggestions")),
            ("search", _("students search freely")),
            ("by_container", _("by college or society")),
            ("assigned", _("assigned by the school")),
        ],
        empty=_("not decided"),
    )
    balanced_by = forms.MultipleChoiceField(
        label=_("Spread evenly by"),
        required=False,
        choices=[
            ("class_year", _("class year")),
            ("campus", _("campus")),
            ("track", _("degree program")),
            ("gender", _("gender")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    equity = forms.MultipleChoiceField(
        label=_("See in each run whether groups fare alike, by"),
        required=False,
        choices=[
            ("gender", _("gender")),
            ("campus", _("campus")),
            ("track", _("degree program")),
            ("class_year", _("class year")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "How many of each group of students get a mentor, and how well they suit each other. "
            "Groups of fewer than five people are never shown."
        ),
    )
    assessor = choice(
        _("A mentor who assesses the student is"),
        [
            ("barred", _("never matched with her")),
            ("declared", _("matched only if this is declared")),
            ("allowed", _("matched like any other")),
        ],
    )
    mentors_unlike = forms.BooleanField(
        label=_("Mentors of one group come from unlike fields"), required=False
    )
    reserve = forms.BooleanField(
        label=_("Some mentors stay in reserve, to stand in"), required=False
    )
    CRITERIA = {
        "interests": _("shared interests"),
        "languages": _("shared languages"),
        "campus": _("same campus"),
        "free_time": _("free at the same time"),
        "track": _("same degree program"),
        "gender": _("same gender"),
        "class_year": _("near in class year"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.document.get("matching", {}).get("arms"):
            trial = ("trial", _("a trial that compares several ways"))
            self.fields["procedure"].choices += [trial]  # type: ignore[attr-defined]
        for name, label in self.CRITERIA.items():
            self.fields[f"weight_{name}"] = decimal(label, max_value=100)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        part = document.get("matching", {})
        weights = {f"weight_{w['criterion']}": w["weight"] for w in part.get("criteria", [])}
        names = ("procedure", "balanced_by", "equity", "assessor", "mentors_unlike", "reserve")
        return {"assessor": "declared"} | {n: part[n] for n in names if n in part} | weights

    def write(self, document: Part) -> None:
        data = self.cleaned_data
        part = dict(document.get("matching", {}))
        put(part, "procedure", data["procedure"])
        if data["procedure"] != "trial":
            part.pop("arms", None)
        put(part, "balanced_by", data["balanced_by"])
        put(part, "equity", data["equity"])
        put(part, "assessor", None if data["assessor"] == "declared" else data["assessor"])
        put(part, "mentors_unlike", data["mentors_unlike"] or None)
        put(part, "reserve", data["reserve"] or None)
        kept = [w for w in part.get("criteria", []) if w["criterion"] not in self.CRITERIA]
        weights = [
            {"criterion": name, "weight": data[f"weight_{name}"]}
            for name in self.CRITERIA
            if data[f"weight_{name}"]
        ]
        put(part, "criteria", [*weights, *kept])
        put(document, "matching", part)
