"""What a year taught."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.models import User
from programs import queries_design as queries
from programs.forms.fields import date_input
from programs.models import Program
from programs.services.improvements import TEXT_MAX


class _ByName(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: User) -> str:
        return obj.full_name


class ImprovementForm(forms.Form):
    """What is to change, who sees to it, until when."""

    text = forms.CharField(label=_("What is to change"), max_length=TEXT_MAX)
    owner = _ByName(label=_("Who sees to it"), queryset=None, required=False, to_field_name="key")
    due = forms.DateField(label=_("Until"), required=False, widget=date_input())

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.owners(program)  # type: ignore[attr-defined]
