"""What people may say while students choose. Forms check; services write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import ChoosingRound
from matching.services.choosing import NUMBERS
from matching.services.requests import WORD_MAX


class RoundForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """How students come to know mentors, and how long everybody has."""

    class Meta:
        model = ChoosingRound
        fields = ["way", *NUMBERS, "mentors_rank"]
        widgets = {"way": forms.RadioSelect}
        help_texts = {
            "suggestions": _("So many mentors are shown to each student, with reasons."),
            "asks": _("The next one is asked when the one before cannot, or does not answer."),
            "answer_days": _("Weekends, holidays, pauses and the mentor’s absences do not count."),
            "expert_after_days": _("Pauses do not count. Then she stands on your list."),
            "ranks": _("When students rank."),
            "mentors_rank": _("When students rank: then each mentor orders those who named her."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        way.choices = ChoosingRound.Way.choices
        for name, (least, most) in NUMBERS.items():
            field: Any = self.fields[name]
            field.min_value, field.max_value = least, most
            field.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}

    def said(self) -> dict[str, Any]:
        """What ``open_round`` and ``change_round`` take."""
        return {name: self.cleaned_data[name] for name in ("way", "mentors_rank", *NUMBERS)}


class AskForm(forms.Form):
    """A word to the mentor, who alone reads it."""

    word = forms.CharField(
        label=_("A word to the mentor, if you like"),
        required=False,
        max_length=WORD_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only this mentor reads it, and only when asked."),
    )


class MentorSearchForm(forms.Form):
    """How the list of mentors can be narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    interest = forms.ChoiceField(label=_("Interest"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    campus = forms.ChoiceField(label=_("Campus"), required=False)
    track = forms.ChoiceField(label=_("Degree program"), required=False)
    free = forms.BooleanField(label=_("Only those who can be asked now"), required=False)

    def __init__(self, *args: Any, offered: dict[str, list[tuple[str, str]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, values in offered.items():
            if len(values) < 2:
                del self.fields[name]
                continue
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *values]
