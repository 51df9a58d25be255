"""What the gallery of programs is narrowed by."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.presenters import facets


def _choices(found: facets.Choices, every: str | Promise) -> Iterable[tuple[str, Any]]:
    return [("", every), *found.items()]


class GalleryForm(forms.Form):
    """By words, model, length, who mentors, and whether students have to take part."""

    q = forms.CharField(
        label=_("Program or school"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    model = forms.ChoiceField(
        label=_("Model"), required=False, choices=_choices(facets.MODELS, _("All models"))
    )
    length = forms.ChoiceField(
        label=_("Length"), required=False, choices=_choices(facets.LENGTHS, _("Any length"))
    )
    mentors = forms.ChoiceField(
        label=_("Who mentors"), required=False, choices=_choices(facets.MENTORS, _("Anybody"))
    )
    enrollment = forms.ChoiceField(
        label=_("Taking part"), required=False, choices=_choices(facets.ENROLLMENTS, _("Any"))
    )

    def wanted(self) -> dict[str, str]:
        """What is asked for; choices that there are not are left out, as if nothing were asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
