"""The home: the cards that apps offer a person, sorted by the part she plays."""

from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring import ports
from mentoring.accounts.models import User

Audience = Literal["coordinator", "supervisor", "mentor", "student"]

TITLES: Final[dict[str, tuple[str | Promise, str]]] = {
    "coordinator": (_("Coordinator"), "speedometer2"),
    "supervisor": (_("Supervisor"), "people"),
    "mentor": (_("Mentor"), "cup-hot"),
    "student": (_("Student"), "compass"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the homes, for the switch of those who play several parts."""

    slug: str
    title: str | Promise
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows."""

    part: str
    parts: list[Part]
    cards: list[ports.Card]


def home_of(user: User, wanted: str = "") -> Home:
    """The cards of the part that is asked for, else of the first one this person plays."""
    cards = [card for offered in ports.HOME_CARDS.ask(user) for card in offered]
    played = [slug for slug in TITLES if any(card.audience == slug for card in cards)]
    part = wanted if wanted in played else (played or [""])[0]
    return Home(
        part=part,
        parts=[Part(slug, *TITLES[slug], current=slug == part) for slug in played],
        cards=sorted((c for c in cards if c.audience == part), key=lambda card: card.order),
    )
