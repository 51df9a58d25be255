"""What the people of a mentorship read about each other: the profile, without its free hours."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.models import Membership
from programs.roster.languages import LANGUAGES


@dataclass(frozen=True)
class Profile:
    """What somebody says about herself; only what she filled in."""

    name: str
    facts: list[tuple[str | Promise, str]]


def profiles(members: Iterable[Membership]) -> list[Profile]:
    """Of these people, those who have written something."""
    found = [Profile(member.person.full_name, _facts(member)) for member in members]
    return [profile for profile in found if profile.facts]


def _facts(member: Membership) -> list[tuple[str | Promise, str]]:
    said = member.enrollment
    facts: list[tuple[str | Promise, str]] = [
        (_("Interests"), ", ".join(said.interests)),
        (_("Languages"), ", ".join(str(LANGUAGES.get(code, code)) for code in said.languages)),
        (_("Campus"), said.campus),
        (_("Hopes for"), said.hopes),
        (_("Can offer"), said.offers),
    ]
    return [(label, value) for label, value in facts if value]
