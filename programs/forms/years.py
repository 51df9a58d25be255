"""The next year: its dates and version, and how the list of people is narrowed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from programs.forms.cohorts import plausible_start
from programs.forms.fields import date_input
from programs.models import PassageFate, StayAnswer
from programs.years.people import Traveler


class YearForm(forms.Form):
    """First and last day, and the version that is followed."""

    starts = forms.DateField(label=_("First day"), widget=date_input())
    ends = forms.DateField(label=_("Last day"), widget=date_input())
    version = forms.ChoiceField(label=_("The program"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = list(versions)

    def clean_starts(self) -> date:
        return plausible_start(self.cleaned_data["starts"])


class PeopleNarrowed(forms.Form):
    """Which of the people are shown."""

    q = forms.CharField(label=_("Name or address"), required=False)
    fate = forms.ChoiceField(label=_("What becomes of them"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    year = forms.ChoiceField(label=_("Class year now"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [("none", _("not known")), *((str(n), str(n)) for n in range(1, 11))]
        roles = [(r.value, r.label) for r in Role if r in PARTICIPANT_ROLES]
        self._choose("fate", _("Anything"), [("chosen", _("Chosen by hand")), *PassageFate.choices])
        self._choose("role", _("All roles"), roles)
        self._choose("year", _("Any"), years)

    def _choose(self, name: str, empty: Any, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", empty), *choices]

    def narrow(self, rows: Sequence[Traveler]) -> list[Traveler]:
        """The rows that fit; a value that is none of the choices narrows nothing."""
        if not self.is_valid():
            return list(rows)
        said = self.cleaned_data
        words = said["q"].casefold().split()
        return [row for row in rows if all(w in f"{row.name} {row.email}".casefold() for w in words)
                and _fate(row, said["fate"]) and said["role"] in ("", row.role)
                and said["year"] in ("", str(row.class_before or "none"))]  # fmt: skip

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


def _fate(row: Traveler, wanted: str) -> bool:
    if wanted == "chosen":
        return row.fate != row.proposed
    return wanted in ("", row.fate)


class AnswersNarrowed(forms.Form):
    """Which of the mentors are shown."""

    answer = forms.ChoiceField(label=_("Answer"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        given = [(value, label) for value, label in StayAnswer.choices if value]
        field.choices = [("", _("All")), ("none", _("No answer yet")), *given]
