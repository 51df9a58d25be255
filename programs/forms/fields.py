"""Fields that several forms share."""

from typing import Any

from django import forms

from programs.models import (
    FREE_TIME_HOURS,
)
from programs.roster import cells
from programs.roster.languages import LANGUAGES


def date_input() -> forms.DateInput:
    """The browser's own date field."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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
