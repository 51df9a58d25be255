"""What the gallery shows: each component with made-up people and numbers."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.ui import charts, icons, states
from mentoring.ui.charts import Series
from mentoring.ui.lists import listing

NAMES = [("Réka", "Szabó"), ("Amara", "Okafor"), ("Leila", "Haddad"), ("Tomasz", "Wójcik"),
         ("Ingrid", "Løvås"), ("Bence", "Őry")]  # fmt: skip


def samples(request: HttpRequest) -> dict[str, Any]:
    """The context of the gallery page."""
    now = clock.now()
    people = [User(given_name=given, family_name=family) for given, family in NAMES]
    rows = listing(
        request, User.objects.none(), sorts={"name": "family_name", "met": "given_name"},
        default="name",
    )  # fmt: skip
    return {
        "people": people,
        "tones": states.TONES,
        "hours": ["9:00", "9:45", "14:00", "14:45"],
        "states": sorted(states.LOOKS),
        "icons": sorted(icons.names()),
        "moment": now + timedelta(days=2),
        "later": now + timedelta(days=2, hours=1),
        "earlier": now - timedelta(days=12),
        "listing": rows,
        "steps": [
            SimpleNamespace(title=title, state=state)
            for title, state in [
                (_("Planning"), "done"), (_("Recruiting"), "done"), (_("Matching"), "current"),
                (_("Running"), "todo"), (_("Closing"), "todo"),
            ]
        ],
        "entries": [
            {"icon": "puzzle", "tone": "plum", "title": _("Matched"),
             "at": now - timedelta(days=30)},
            {"icon": "calendar2-check", "tone": "info", "title": _("First meeting"),
             "at": now - timedelta(days=21), "text": _("45 minutes, in person")},
            {"icon": "chat-dots", "tone": "success", "title": _("In touch"),
             "at": now - timedelta(days=3)},
        ],
        **_charts(),
        "levels": [
            (messages.SUCCESS, "success", _("Booked: Tuesday at 14:00.")),
            (messages.INFO, "info", _("Your mentor has been told.")),
            (messages.WARNING, "warning", _("This overlaps with another commitment of yours.")),
            (messages.ERROR, "error", _("That time has just been taken. Choose another one.")),
        ],
    }  # fmt: skip


def _charts() -> dict[str, Any]:
    return {
        "bars": charts.bars(
            _("Students per mentor"),
            [(_("None"), 14), (_("One"), 143), (_("Two"), 14)],
        ),
        "stacked": charts.stacked_bars(
            _("Meetings by month"), ["Sep", "Oct", "Nov"],
            [Series(_("Held"), [120, 168, 151]), Series(_("Missed"), [14, 9, 21])],
        ),
        "lines": charts.lines(
            _("Pairs in touch, by week"), [f"{n}" for n in range(1, 15)],
            [Series(_("This cohort"), [20, 48, 71, 80, 84, 86, 83, 88, 90, 85, 84, 88, 91, 92]),
             Series(_("Last year"), [12, 30, 44, 52, 58, 60, 57, 61, 63, 60, None, 62, 64, 66])],
        ),
    }  # fmt: skip
