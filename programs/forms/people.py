"""What people say about themselves, and what coordinators say about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.models import normalize_email
from mentoring.accounts.permissions import MENTOR_ROLES, STAFF_ROLES, Role
from programs.forms.fields import FreeTimeField, LanguagesField, ListField, date_input
from programs.models import FREE_TIME_HOURS, Cohort, Enrollment, EnrollmentYear
from programs.presenters.capacity import FIELDS
from programs.presenters.people import free_grid
from programs.services.people import role_choices


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
            self._capacity(role)

    def _capacity(self, role: str) -> None:
        field = self.fields["capacity"]
        field.required = True
        field.widget.attrs |= {"min": 0, "max": 100}
        unit = self.instance.cohort.planned_spec.capacity(role).unit
        field.label, field.help_text = FIELDS[unit]

    def clean_capacity(self) -> int:
        capacity = int(self.cleaned_data["capacity"])
        if capacity > 100:
            raise forms.ValidationError(_("At most 100."))
        return capacity

    def profile(self) -> dict[str, Any]:
        """The checked fields, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def grid(self) -> list[dict[str, Any]]:
        """The week as it is marked: as it was sent, or else as it is kept."""
        kept = self.initial.get("free_time") or ""
        if not self.is_bound:
            return free_grid(kept)
        marked = set(self.data.getlist("free_time"))  # type: ignore[attr-defined]
        return free_grid("".join(str(int(str(n) in marked)) for n in range(FREE_TIME_HOURS)))


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

    def roles_held(self, cohort: Cohort) -> list[str]:
        """The other roles that the person has in the cohort already."""
        held = Enrollment.objects.filter(
            cohort=cohort, person__email=normalize_email(self.cleaned_data["email"])
        ).exclude(role=self.cleaned_data["role"])
        gone = (Enrollment.State.DECLINED, Enrollment.State.WITHDRAWN)
        return [row.get_role_display() for row in held.exclude(state__in=gone)]


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
            "reserve",
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
        if role not in MENTOR_ROLES:
            del self.fields["reserve"]
        if role == Role.STUDENT:
            del self.fields["capacity"]
        else:
            self._capacity(role)
            self.fields["capacity"].help_text = ""

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


class AbsenceForm(forms.Form):
    """Days on which nothing is expected."""

    starts = forms.DateField(label=_("First day"), widget=date_input())
    ends = forms.DateField(label=_("Last day"), widget=date_input())
