"""Forms about one's own account."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mentoring import ports
from mentoring.accounts.models import User
from mentoring.outbox.kinds import all_kinds


def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Zones named by places, grouped by region; the aliases that nobody types are left out."""
    places = sorted(name for name in available_timezones() if "/" in name)
    shown = [name for name in places if not name.startswith(("Etc/", "SystemV/", "US/", "posix"))]
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in shown:
        region, place = name.split("/", 1)
        regions.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *regions.items()]


class PreferencesForm(forms.Form):
    """Language, time, appearance, and which of the mails that concern one's roles."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("As my browser")), *settings.LANGUAGES],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Every time you read, on pages and in mails, is shown in this zone."),
    )
    theme = forms.ChoiceField(
        label=_("Appearance"), choices=User.Theme.choices, widget=forms.RadioSelect
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    wanted = forms.MultipleChoiceField(
        label=_("Mails I want"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        self.kept = set(user.mutes.values_list("kind", flat=True))
        super().__init__(data, initial=self._initial(user))
        self.languages = len(settings.LANGUAGES)
        roles = {role for answer in ports.ROLES.ask(user) for role in answer}
        self.mutable = [
            (kind.slug, kind.title)
            for kind in all_kinds()
            if kind.mutable and (not kind.to or kind.to & roles or kind.slug in self.kept)
        ]
        self.fields["wanted"].choices = self.mutable  # type: ignore[attr-defined]

    @property
    def muted(self) -> set[str]:
        """The kinds that were offered and not ticked."""
        return {slug for slug, _title in self.mutable} - set(self.cleaned_data["wanted"])

    def _initial(self, user: User) -> dict[str, Any]:
        return {
            "language": user.language,
            "time_zone": user.time_zone,
            "theme": user.theme,
            "quiet_from": user.quiet_from,
            "quiet_until": user.quiet_until,
            "wanted": [k.slug for k in all_kinds() if k.mutable and k.slug not in self.kept],
        }


class ErasureForm(forms.Form):
    """Typing one's own address stands for a deliberate wish."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Typed in full, so that nobody does this by accident."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
