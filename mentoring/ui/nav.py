"""The main navigation, built from what the person may do."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring import ports
from mentoring.accounts.models import User

# The help page is one tap away from everywhere, also without a login; `programs` serves it.
HELP_URL = "/help/"
PHONE_ENTRIES = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """What the header draws."""

    title: str | Promise
    url: str
    icon: str
    badge: int = 0
    current: bool = False


def entries(request: HttpRequest) -> list[Entry]:
    """Home, and the pages that the apps offer this person; at most four, to fit a phone."""
    user = request.user
    if not isinstance(user, User):
        return []
    home = reverse("home")
    offered = [item for items in ports.NAV.ask(user) for item in items]
    offered.sort(key=lambda item: item.order)
    found = [Entry(_("Home"), home, "house-door", current=request.path == home)]
    for item in offered[: PHONE_ENTRIES - 1]:
        current = request.path.startswith(item.under or item.url)
        found.append(Entry(item.title, item.url, item.icon, item.badge, current))
    return found
