"""Forms of the board: they validate and never save."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluation.audiences import WHO
from evaluation.models import Broadcast
from evaluation.monitoring.rule import Rule
from evaluation.services.flags import REASON_LENGTH
from matching.models import Membership
from mentoring import clock
from mentoring.keys import new_key
from sessions.models import Mode


class DismissForm(forms.Form):
    """Why a flag is settled by hand."""

    reason = forms.CharField(
        label=_("Why can this be settled?"),
        max_length=REASON_LENGTH,
        help_text=_("A few words for your colleagues, such as “both on the ward until March”. "
                    "Nothing private, please."),
    )  # fmt: skip


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


class RecordForm(forms.Form):
    """A meeting that took place, on somebody's word."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Began at"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=5, max_value=600, initial=45
    )
    mode = forms.ChoiceField(label=_("How they met"), choices=Mode.choices)
    present = forms.MultipleChoiceField(
        label=_("Who was there"), widget=forms.CheckboxSelectMultiple
    )
    despite_clash = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, members: list[Membership], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present: Any = self.fields["present"]
        present.choices = [(str(m.person_id), m.person.full_name) for m in members]
        self.initial.setdefault("present", [str(m.person_id) for m in members])

    @property
    def starts_at(self) -> datetime:
        """The instant, by the reader's own clock."""
        naive = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(naive)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("day") and data.get("time") and data.get("minutes"):
            ends = self.starts_at + timedelta(minutes=data["minutes"])
            if ends > clock.now():
                self.add_error("day", _("This is still to come; only past meetings are recorded."))
        return data
