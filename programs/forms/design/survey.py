"""How a program is evaluated."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.design.base import (
    Part,
    RowForm,
    choice,
    put,
)
from programs.forms.design.words import ASKED

# Those that come with the product.
INSTRUMENTS = {
    "relation": _("How the relation is"),
    "needs-pulse": _("Needs: say, competence, closeness"),
    "open-word": _("An open question"),
}


class SurveyForm(RowForm):
    """One moment of the evaluation plan."""

    path = "evaluation"
    title = forms.CharField(label=_("Name"), max_length=200)
    method = choice(
        _("How"),
        [
            ("survey", _("survey")),
            ("interview", _("interviews")),
            ("focus_group", _("focus groups")),
            ("observation", _("observation")),
        ],
    )
    audience = forms.MultipleChoiceField(
        label=_("Whom"), choices=ASKED, widget=forms.CheckboxSelectMultiple
    )
    moment = choice(
        _("When"),
        [
            ("before", _("before it begins")),
            ("start", _("at the start")),
            ("middle", _("in the middle")),
            ("term_end", _("at the end of each term")),
            ("year_end", _("at the end of the year")),
            ("end", _("at the end")),
            ("after_end", _("after the end")),
            ("after_training", _("after a training")),
        ],
    )
    anonymity = choice(
        _("Answers are"),
        [
            ("anonymous", _("anonymous")),
            ("confidential", _("confidential")),
            ("optional_signature", _("signed if one likes")),
            ("named", _("named")),
        ],
        empty=_("not decided"),
    )
    instruments = forms.MultipleChoiceField(
        label=_("With"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those that a school has a license for are named in its document.
        named = [
            name
            for part in self.document.get("evaluation", [])
            for name in part.get("instruments", [])
            if name not in INSTRUMENTS
        ]
        listed = {**INSTRUMENTS, **dict(zip(named, named, strict=True))}
        self.fields["instruments"].choices = list(listed.items())  # type: ignore[attr-defined]

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        names = ("title", "method", "audience", "moment", "anonymity", "instruments")
        return {"method": "survey"} | {n: part[n] for n in names if n in part}

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        for name in ("title", "audience", "moment", "anonymity", "instruments"):
            put(part, name, data[name])
        put(part, "method", None if data["method"] == "survey" else data["method"])
