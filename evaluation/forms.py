"""Forms of the board: they validate and never save."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluation.audiences import WHO
from evaluation.models import Broadcast
from evaluation.monitoring.rule import Rule
from evaluation.services.flags import REASON_LENGTH
from mentoring.keys import new_key


class DismissForm(forms.Form):
    """Why a flag is settled by hand."""

    reason = forms.CharField(
        label=_("Why can this be settled?"),
        max_length=REASON_LENGTH,
        help_text=_("A few words for your colleagues, such as “both on the ward until March”. "
                    "Nothing private, please."),
    )  # fmt: skip


class NoteForm(forms.Form):
    """A word to colleagues about a flag."""

    text = forms.CharField(
        label=_("Note for your colleagues"),
        max_length=REASON_LENGTH,
        help_text=_("Such as “called on Monday, will meet next week”. The flag stays as it is."),
    )


class RuleForm(forms.Form):
    """One rule's switch and numbers, each explained."""

    enabled = forms.BooleanField(label=_("This rule is on"), required=False)

    def __init__(self, rule: Rule, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, prefix=rule.slug, initial=initial)
        for one in rule.thresholds:
            self.fields[one.key] = forms.IntegerField(
                label=str(one.label),
                min_value=one.minimum,
                max_value=one.maximum,
                help_text=_("%(unit)s. %(explain)s Usually %(default)d.")
                % {
                    "unit": capfirst(str(one.unit)),
                    "explain": str(one.explain),
                    "default": one.default,
                },
            )


class MessageForm(forms.Form):
    """A message to a list."""

    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=12)
    who = forms.ChoiceField(label=_("Who gets it"), choices=WHO, widget=forms.RadioSelect)
    subject = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Message"),
        max_length=Broadcast._meta.get_field("text").max_length,  # noqa: SLF001 (public)
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Everyone gets a mail of her own; answers come to your address."),
    )

    def clean_subject(self) -> str:
        return " ".join(str(self.cleaned_data["subject"]).split())


class AsOfForm(forms.Form):
    """The day as of which a report is asked for."""

    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
