"""The form of a survey, built from its instruments, and the form that plans one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from evaluation.surveys import instruments
from evaluation.surveys.answering import LONGEST_COMMENT
from evaluation.surveys.audience import BEFORE
from evaluation.surveys.instruments import say
from evaluation.surveys.models import Survey, SurveySide
from evaluation.surveys.plan import FIELD
from mentoring import clock
from programs.models import Cohort

# What it says to choose none: a rating once ticked could not be taken back without it.
NONE = ""


class AnswerForm(forms.Form):
    """Every question of a survey; none has to be answered."""

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(data)
        self.survey = survey
        for instrument in (instruments.load(name) for name in survey.instruments):
            self._add(instrument)

    def _add(self, instrument: instruments.Instrument) -> None:
        for scale in instrument.scales:
            for item in scale.items:
                self.fields[f"{instrument.slug}.{item.slug}"] = forms.TypedChoiceField(
                    choices=[(NONE, "–"), *((n, n) for n in range(scale.low, scale.high + 1))],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    error_messages={"invalid_choice": _("That is not one of the answers.")},
                )
        for question in instrument.questions:
            self.fields[f"{instrument.slug}.{question.slug}"] = forms.CharField(
                required=False, max_length=LONGEST_COMMENT
            )

    @property
    def ratings(self) -> dict[str, int]:
        """What was ticked."""
        return {k: v for k, v in self.cleaned_data.items() if isinstance(v, int)}

    @property
    def comments(self) -> dict[str, str]:
        """What was written."""
        return {k: v for k, v in self.cleaned_data.items() if isinstance(v, str) and v}


class PlanForm(forms.Form):
    """A survey besides those of the program's plan."""

    title = forms.CharField(
        label=_("Title"),
        max_length=150,
        help_text=_("Those who are asked read it, such as “After the first month”."),
    )
    side = forms.ChoiceField(
        label=_("Who is asked"), choices=SurveySide.choices, widget=forms.RadioSelect
    )
    instruments = forms.MultipleChoiceField(
        label=_("What is asked"), widget=forms.CheckboxSelectMultiple
    )
    opens_on = forms.DateField(
        label=_("Opens"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, cohort: Cohort, data: Any = None) -> None:
        today = clock.today(cohort.zone)
        early = cohort.state in BEFORE
        initial = {
            "side": SurveySide.STUDENT,
            "instruments": [instruments.NEEDS] if early else list(instruments.USUAL["student"]),
            "opens_on": today,
            "closes_on": today + FIELD - timedelta(days=1),
        }
        super().__init__(data, initial=initial)
        choices = self.fields["instruments"]
        assert isinstance(choices, forms.MultipleChoiceField)  # noqa: S101
        choices.choices = [
            (slug, _named(one))
            for slug, one in instruments.newest().items()
            if (one.when == "before") == early or (one.when is None and not early)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        side = data.get("side")
        for slug in data.get("instruments", []):
            one = instruments.newest()[slug]
            if one.side not in {None, side}:
                self.add_error(
                    "instruments",
                    _("“%(title)s” is for the other side.")
                    % {"title": say(one.title, get_language() or "en")},
                )
        return data


def _named(one: instruments.Instrument) -> str:
    title = say(one.title, get_language() or "en")
    number = sum(len(scale.items) for scale in one.scales) + len(one.questions)
    side = f", {SurveySide(one.side).label}" if one.side else ""
    return f"{title} ({number}{side})"
