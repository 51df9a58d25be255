"""How a trial is set up. Forms check; services write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.services.trials import FEWEST_ARMS, PROCEDURES, STRATA
from programs.presenters.documents import PROCEDURES as WORDS
from programs.spec import ProgramSpec

STRATUM_WORDS = {
    "class_year": _("class year"),
    "campus": _("campus"),
    "track": _("degree program"),
    "gender": _("gender"),
}
ABOUT = _(
    "We want to know which way to a mentor works best. If you take part, a lot decides how you "
    "find yours. We look at who has met within some weeks, and ask once how content you are; a "
    "report shows figures and no names. You get a mentor whether you take part or not, and you can "
    "leave at any time without saying why."
)


class TrialForm(forms.Form):
    """What is compared, what students read, and how long a first meeting may take."""

    title = forms.CharField(label=_("What is compared"), max_length=200)
    about = forms.CharField(
        label=_("What students read before they agree"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    arms = forms.MultipleChoiceField(
        label=_("Ways to be compared"),
        choices=[(name, WORDS[name]) for name in PROCEDURES],
        widget=forms.CheckboxSelectMultiple,
    )
    strata = forms.MultipleChoiceField(
        label=_("Draw separately by"),
        choices=[(name, STRATUM_WORDS[name]) for name in STRATA],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("So that the ways get as many of each. One or two are enough."),
    )
    due_weeks = forms.IntegerField(
        label=_("Weeks in which the first meeting counts"), min_value=1, max_value=52, initial=8
    )

    @staticmethod
    def initial_for(spec: ProgramSpec) -> dict[str, Any]:
        """What the program says: its arms, strata by what it balances."""
        arms = [arm.procedure for arm in spec.matching.arms]
        return {
            "title": ", ".join(arm.title for arm in spec.matching.arms),
            "about": ABOUT,
            "arms": arms,
            "strata": [name for name in spec.matching.balanced_by if name in STRATA],
            "due_weeks": 8,
        }

    def clean_arms(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["arms"]
        if len(chosen) < FEWEST_ARMS:
            raise forms.ValidationError(_("A trial compares two or more different procedures."))
        return chosen

    def arms_of(self, spec: ProgramSpec) -> list[dict[str, Any]]:
        """The arms, named as the program names them where it does."""
        titles = {arm.procedure: arm.title for arm in spec.matching.arms}
        return [
            {"procedure": name, "title": titles.get(name, str(WORDS[name]))}
            for name in self.cleaned_data["arms"]
        ]
