"""What is asked of people, and what they get for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.design.base import (
    Part,
    RowForm,
    StepForm,
    choice,
    decimal,
    ends,
    least_only,
    number,
    put,
)
from programs.forms.design.words import ASKED, PERIODS


class RequirementForm(RowForm):
    """What a role has to do."""

    path = "requirements"
    kind = choice(
        _("What"),
        [
            ("training", _("training")),
            ("orientation", _("orientation")),
            ("supervision", _("supervision")),
            ("diary", _("diary")),
            ("reflection", _("written reflection")),
            ("portfolio", _("portfolio")),
            ("attendance", _("coming to meetings")),
            ("agreement", _("an agreement")),
            ("needs_survey", _("a needs survey")),
            ("handbook", _("reading the handbook")),
            ("documentation", _("documentation")),
            ("prepared_tasks", _("prepared tasks")),
        ],
    )
    role = choice(_("Who"), ASKED)
    title = forms.CharField(label=_("Name"), required=False, max_length=200)
    times = number(_("Times, at least"), min_value=1, max_value=500)
    per = choice(_("in"), PERIODS, empty="–")
    minutes = number(_("Minutes each, at least"), min_value=1, max_value=2000)
    days = decimal(_("Days"))
    share = number(_("Percent of meetings"), min_value=1, max_value=100)
    due_days = number(_("Due after days"), max_value=365)
    before = choice(
        _("Before"),
        [("activation", _("one can become active")), ("start", _("the program starts"))],
        empty=_("at any time"),
    )
    decides = choice(
        _("It decides about"),
        [("pass_fail", _("pass or fail")), ("credits", _("credits"))],
        empty=_("nothing"),
    )
    voluntary = forms.BooleanField(label=_("Voluntary"), required=False)

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        share = part.get("share")
        return {
            **{n: part.get(n, "") for n in ("kind", "role", "title", "per", "before", "decides")},
            "times": ends(part, "times")[0] or ends(part, "times")[1],
            "minutes": ends(part, "minutes")[0] or ends(part, "minutes")[1],
            "days": part.get("days"),
            "share": round(share * 100) if share else None,
            "due_days": part.get("due_days"),
            "voluntary": part.get("mandatory") is False,
        }

    def write(self, part: Part) -> None:
        data = self.cleaned_data
        for name in ("kind", "role", "title", "before", "decides", "days", "due_days"):
            put(part, name, data[name])
        least_only(part, "times", data["times"])
        put(part, "per", data["per"] if "times" in part else None)
        least_only(part, "minutes", data["minutes"])
        put(part, "share", data["share"] / 100 if data["share"] else None)
        part.pop("mandatory", None)
        if data["voluntary"]:
            part["mandatory"] = False


class IncentiveForm(RowForm):
    """What people get for taking part."""

    path = "incentives"
    role = choice(_("Who"), ASKED)
    kind = choice(
        _("What"),
        [
            ("credits", _("credits")),
            ("title", _("a title")),
            ("certificate", _("a certificate")),
            ("payment", _("payment")),
            ("portfolio", _("an entry for the portfolio")),
            ("elective", _("an elective")),
        ],
    )
    title = forms.CharField(label=_("Name"), required=False, max_length=200)
    amount = decimal(_("How many"))
    unit = forms.CharField(label=_("Unit"), required=False, max_length=50)
    needs = forms.MultipleChoiceField(
        label=_("Only who has done"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = dict(RequirementForm.base_fields["kind"].choices)  # type: ignore[attr-defined]
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (part["slug"], part.get("title") or asked.get(part["kind"], part["slug"]))
            for part in self.document.get("requirements", [])
        ]

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: part.get(name) for name in ("role", "kind", "title", "amount", "unit", "needs")
        }

    def write(self, part: Part) -> None:
        for name in ("role", "kind", "title", "amount", "unit", "needs"):
            put(part, name, self.cleaned_data[name])


# What stands where the document says nothing.
OWN = ["attendance"]


class CertificatesForm(StepForm):
    """Which certificates people fetch themselves; either kind is issued by coordinators, too."""

    own = forms.MultipleChoiceField(
        label=_("People fetch these themselves, as soon as they have earned them"),
        choices=[
            ("attendance", _("a certificate of attendance, from the attendance lists")),
            ("completion", _("a certificate of completion, where the program promises one")),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "You can issue both at any time. Completion is certified when a place is completed, "
            "with what was asked for above met."
        ),
    )

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"own": document.get("certificates", {}).get("own", OWN)}

    def write(self, document: Part) -> None:
        own = self.cleaned_data["own"]
        document.pop("certificates", None)
        if sorted(own) != OWN:
            document["certificates"] = {"own": own}
