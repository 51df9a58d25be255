"""A roster file and its columns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.roster import ENCODINGS, FIELDS


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


class EncodingForm(forms.Form):
    """How the file is written, where the guess is wrong."""

    encoding = forms.ChoiceField(
        label=_("Do the names look wrong? Read the file as"),
        choices=[("", _("what fits best")), *ENCODINGS.items()],
        required=False,
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
