"""What if so many students come?"""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 20_000


class WhatIfForm(forms.Form):
    """A number of students to plan for."""

    students = forms.IntegerField(
        label=_("Plan for so many students"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("Empty: everyone on the list. Class years keep their proportions."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
