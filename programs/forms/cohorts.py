"""A cohort, its dates and contacts."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from programs.calendar import country_names
from programs.forms.fields import LanguagesField, date_input
from programs.models import (
    Audience,
    Cohort,
    Discretion,
    Edition,
    HelpContact,
    Pause,
    Term,
)
from programs.models.help import dialed
from programs.services.gate import REASON_MAX


def plausible_start(day: date) -> date:
    """A first day that somebody may mean: from a year ago to three years ahead."""
    today = clock.now().date()
    first, last = today - timedelta(days=366), today + timedelta(days=3 * 366)
    if not first <= day <= last:
        raise forms.ValidationError(
            _("Choose a first day from %(first)s to %(last)s.")
            % {"first": date_format(first), "last": date_format(last)}
        )
    return day


class OpenCohortForm(forms.Form):
    """A new cohort of a template."""

    name = forms.CharField(
        label=_("Name of the cohort"),
        max_length=200,
        help_text=_("Such as “Near-peer mentoring 2026/27”. Everyone in it sees this name."),
    )
    starts = forms.DateField(
        label=_("First day"),
        widget=date_input(),
        help_text=_(
            "Terms and pauses of the template are laid out in weeks from it. Look them over "
            "under Settings when the cohort is open: each can be changed there."
        ),
    )

    def clean_starts(self) -> date:
        return plausible_start(self.cleaned_data["starts"])


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, zone and country of a cohort."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Days of terms and pauses are counted in it.")
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, help_text=_("Its public holidays pause the rules.")
    )

    class Meta:
        model = Cohort
        fields = ["name", "time_zone", "country", "subdivision"]
        help_texts = {"subdivision": _("Two or three letters, such as BY; empty for none.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone, country = self.fields["time_zone"], self.fields["country"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101
        assert isinstance(country, forms.ChoiceField)  # noqa: S101
        zone.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        country.choices = [("", _("None")), *country_names().items()]


class DatesForm(forms.ModelForm):  # type: ignore[type-arg]
    """First and last day of an edition."""

    class Meta:
        model = Edition
        fields = ["starts", "ends"]
        widgets = {"starts": date_input(), "ends": date_input()}

    def clean_starts(self) -> date:
        starts: date = self.cleaned_data["starts"]
        # A day that stands already is not asked about again.
        return plausible_start(starts) if "starts" in self.changed_data else starts


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term."""

    class Meta:
        model = Term
        fields = ["name", "starts", "ends"]
        widgets = {"starts": date_input(), "ends": date_input()}


class PauseForm(forms.ModelForm):  # type: ignore[type-arg]
    """A pause."""

    class_year = forms.IntegerField(
        label=_("Class year"),
        min_value=1,
        max_value=10,
        required=False,
        help_text=_("Empty: everyone."),
    )

    class Meta:
        model = Pause
        fields = ["kind", "name", "starts", "ends", "class_year"]
        widgets = {"starts": date_input(), "ends": date_input()}


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody to turn to."""

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_("One number that can be called."),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    url = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")
    languages = LanguagesField(
        label=_("Languages spoken there"),
        required=False,
        max_length=200,
        help_text=_("By name, separated by commas. Empty: not known."),
    )
    confidential = forms.ChoiceField(
        label=_("Is it confidential?"),
        choices=[
            (Discretion.UNKNOWN, _("Not known")),
            (Discretion.YES, _("Yes")),
            (Discretion.NO, _("No")),
        ],
        required=False,
        help_text=_("Whether what is said there stays there."),
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=Audience.choices, required=False)

    class Meta:
        model = HelpContact
        fields = [
            "kind",
            "name",
            "note",
            "phone",
            "email",
            "url",
            "hours",
            "languages",
            "confidential",
            "audience",
        ]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if phone and not dialed(phone):
            raise forms.ValidationError(
                _("A telephone cannot dial this. Write one number, such as +36 1 234 5678 or 112.")
            )
        return phone


class OverrideForm(forms.Form):
    """Why matching may begin although something is missing."""

    reason = forms.CharField(
        label=_("Why matching may begin already"),
        max_length=REASON_MAX,
        help_text=_("Kept with the cohort; all its coordinators read it."),
    )
