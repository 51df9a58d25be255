"""A text or a link for the library of a cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Cohort, Resource
from programs.roster.languages import LANGUAGES
from programs.services.resources import EMPTY
from programs.spec.phases import phases_of


class ResourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about a resource but whether it is published."""

    phase = forms.ChoiceField(
        label=_("Phase"),
        required=False,
        help_text=_("It comes first in the list while this phase lasts."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[
            ("", _("Not said")),
            *sorted(LANGUAGES.items(), key=lambda entry: entry[1]),
        ],
        help_text=_("Readers find those in their own language first."),
    )
    url = forms.URLField(
        label=_("Web address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("For a file, a video or a page elsewhere. It opens on its own site."),
    )

    class Meta:
        model = Resource
        fields = [
            "title",
            "kind",
            "summary",
            "text",
            "url",
            "audience",
            "phase",
            "language",
            "order",
            "public",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 18}),
        }

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phase = self.fields["phase"]
        assert isinstance(phase, forms.ChoiceField)  # noqa: S101
        phase.choices = [("", str(_("Any time"))), *phases_of(cohort.planned_spec).items()]

    def clean(self) -> dict[str, Any]:
        """Said at the text, where it is mended; the database would name its constraint."""
        given = super().clean() or self.cleaned_data
        known = {"text", "url"} - set(self.errors)
        if len(known) > 1 and not (given.get("text") or given.get("url")):
            self.add_error("text", EMPTY)
        return given
