"""What people type, checked. Forms never save: the services do."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import STAFF_ROLES, Role
from programs.calendar import countries
from programs.models import (
    FREE_TIME_HOURS,
    Cohort,
    Edition,
    Enrollment,
    EnrollmentYear,
    HelpContact,
    Pause,
    Term,
)
from programs.roster import FIELDS, cells
from programs.roster.languages import LANGUAGES
from programs.services.people import role_choices


def date_input() -> forms.DateInput:
    """The browser's own date field."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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
        help_text=_("Terms and pauses of the template are counted from it; you can change them."),
    )


class ListField(forms.CharField):
    """Entries separated by comma or semicolon."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        try:
            return self.read(text or "")
        except cells.CellError as error:
            raise forms.ValidationError(str(error).capitalize() + ".") from None

    def read(self, text: str) -> list[str]:
        """The entries of a text."""
        return cells.interests(text)


class LanguagesField(ListField):
    """Languages by name or two-letter code."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(str(LANGUAGES.get(code, code)) for code in value)
        return value

    def read(self, text: str) -> list[str]:
        return cells.languages(text)


class FreeTimeField(forms.MultipleChoiceField):
    """The free hours of a week, from Monday 0:00 on; kept as a text of 168 zeros and ones."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(str(hour), str(hour)) for hour in range(FREE_TIME_HOURS)]
        super().__init__(choices=choices, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        chosen = {int(hour) for hour in super().clean(value)}
        if not chosen:
            return ""
        return "".join("1" if hour in chosen else "0" for hour in range(FREE_TIME_HOURS))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person says about herself in one cohort."""

    languages = LanguagesField(
        label=_("Languages"),
        required=False,
        help_text=_("Those you can talk in, separated by commas: Hungarian, English."),
    )
    interests = ListField(
        label=_("Interests"),
        required=False,
        help_text=_("Separated by commas: psychiatry, research, climbing."),
    )
    free_time = FreeTimeField(label=_("Free hours of the week"))

    class Meta:
        model = Enrollment
        fields = [
            "interests",
            "languages",
            "campus",
            "hopes",
            "offers",
            "capacity",
            "free_time",
        ]
        widgets = {
            "hopes": forms.Textarea(attrs={"rows": 3}),
            "offers": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if role == Role.STUDENT:
            del self.fields["capacity"], self.fields["offers"]
        else:
            del self.fields["hopes"]
            self.fields["capacity"].widget.attrs |= {"min": 0, "max": 100}
            self.fields["capacity"].required = True

    def clean_capacity(self) -> int:
        capacity = int(self.cleaned_data["capacity"])
        if capacity > 100:
            raise forms.ValidationError(_("At most 100."))
        return capacity

    def profile(self) -> dict[str, Any]:
        """The checked fields, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields}


class ApplicationRoleForm(forms.Form):
    """As what somebody applies."""

    role = forms.ChoiceField(label=_("I want to take part as"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(role.value, role.label) for role in roles]


class AddressForm(forms.Form):
    """Where the link of an application goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NewAccountForm(forms.Form):
    """A first password, and the names as the person writes them."""

    given_name = forms.CharField(
        label=_("Given name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A sentence is fine."),
    )


class PersonForm(forms.Form):
    """A person a coordinator adds, at any time."""

    email = forms.EmailField(label=_("E-mail address"))
    given_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"))
    class_year = forms.IntegerField(
        label=_("Class year"), min_value=1, max_value=10, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = role_choices()


class PersonFactsForm(ProfileForm):
    """What a coordinator may correct: facts of the roster, not what the person wrote."""

    class_year = forms.IntegerField(
        label=_("Class year"), min_value=1, max_value=10, required=False
    )
    year_status = forms.ChoiceField(
        label=_("In this academic year"), choices=EnrollmentYear.Status.choices, required=False
    )

    class Meta(ProfileForm.Meta):
        fields = [
            "capacity",
            "campus",
            "track",
            "gender",
            "languages",
            "interests",
            "student_number",
        ]

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super(ProfileForm, self).__init__(*args, **kwargs)
        del self.fields["free_time"]
        if role == Role.STUDENT:
            del self.fields["capacity"]

    def profile(self) -> dict[str, Any]:
        names = set(self.fields) - {"class_year", "year_status"}
        return {name: self.cleaned_data[name] for name in names}


class StaffForm(forms.Form):
    """A staff role for a person."""

    email = forms.EmailField(label=_("E-mail address"))
    given_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in Role if role in STAFF_ROLES],
    )


class UploadForm(forms.Form):
    """A roster file."""

    file = forms.FileField(
        label=_("Drop a CSV file here, or choose one"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty. Its first line must name the columns."),
        },
    )


class MappingForm(forms.Form):
    """Which column of the file is which field."""

    LABELS = {
        "email": _("E-mail address"),
        "given_name": _("Given name"),
        "family_name": _("Family name"),
        "role": _("Role"),
        "year": _("Class year"),
        "campus": _("Campus"),
        "track": _("Track"),
        "gender": _("Gender"),
        "languages": _("Languages"),
        "interests": _("Interests"),
        "capacity": _("Places (mentors)"),
        "student_number": _("Student number"),
    }

    def __init__(self, *args: Any, headers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = headers
        choices = [("", _("not read")), *((name, self.LABELS[name]) for name in FIELDS)]
        for index, header in enumerate(headers):
            self.fields[f"column{index}"] = forms.ChoiceField(
                label=header or _("(no name)"), choices=choices, required=False
            )

    def mapping(self) -> dict[str, str]:
        """Header to field."""
        return {
            header: self.cleaned_data[f"column{index}"] for index, header in enumerate(self.headers)
        }


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
        country.choices = [("", _("None")), *((code, code) for code in countries())]


class DatesForm(forms.ModelForm):  # type: ignore[type-arg]
    """First and last day of an edition."""

    class Meta:
        model = Edition
        fields = ["starts", "ends"]
        widgets = {"starts": date_input(), "ends": date_input()}


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

    url = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")

    class Meta:
        model = HelpContact
        fields = ["kind", "name", "note", "phone", "email", "url"]


class AbsenceForm(forms.Form):
    """Days on which nothing is expected."""

    starts = forms.DateField(label=_("First day"), widget=date_input())
    ends = forms.DateField(label=_("Last day"), widget=date_input())
