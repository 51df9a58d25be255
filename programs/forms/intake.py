"""Scores of applications, answers to many of them, and the public page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import PublicLink, PublicPage, Rubric
from programs.services.scoring import MOST_LETTERS, POINTS


class RubricForm(forms.Form):
    """One to five criteria."""

    def __init__(self, *args: Any, texts: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, Rubric.MOST + 1):
            self.fields[f"criterion_{number}"] = forms.CharField(
                label=_("Criterion %(n)d") % {"n": number},
                required=False,
                max_length=MOST_LETTERS,
                initial=texts[number - 1] if number <= len(texts) else "",
            )

    def criteria(self) -> list[str]:
        """What was written, in order."""
        return [self.cleaned_data[name] for name in self.fields if self.cleaned_data[name]]


class ReviewForm(forms.Form):
    """Points for each criterion of a rubric, and a note for the other coordinators."""

    note = forms.CharField(
        label=_("Note for the other coordinators"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it with your score. Write it so that the applicant could read it."),
    )

    def __init__(self, *args: Any, rubric: Rubric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [one["key"] for one in rubric.criteria]
        for one in rubric.criteria:
            self.fields[one["key"]] = forms.ChoiceField(
                label=one["text"],
                choices=[(str(number), str(number)) for number in POINTS],
                widget=forms.RadioSelect,
            )

    def rows(self) -> list[forms.BoundField]:
        """The criteria, for the template."""
        return [self[key] for key in self.keys]

    def points(self) -> dict[str, int]:
        return {key: int(self.cleaned_data[key]) for key in self.keys}


class BestForm(forms.Form):
    """How many of the best are accepted, and what the others are told."""

    places = forms.IntegerField(label=_("Accept the best"), min_value=1, max_value=500)
    others = forms.ChoiceField(
        label=_("The others"),
        required=False,
        choices=[
            ("", _("stay undecided")),
            ("waitlist", _("go on the waiting list")),
            ("decline", _("are declined")),
        ],
    )


class PublicPageForm(forms.ModelForm):  # type: ignore[type-arg]
    """The coordinators' own words."""

    class Meta:
        model = PublicPage
        fields = ["welcome", "contact"]
        widgets = {
            "welcome": forms.Textarea(attrs={"rows": 6}),
            "contact": forms.Textarea(attrs={"rows": 3}),
        }


class PublicLinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """A video, a leaflet or a page elsewhere."""

    url = forms.URLField(
        label=_("Web address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("It opens on its own site: nothing is loaded from there before."),
    )

    class Meta:
        model = PublicLink
        fields = ["kind", "title", "url"]
