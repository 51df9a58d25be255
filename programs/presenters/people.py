"""People and their weeks, for the pages."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring import clock, ports
from mentoring.accounts.models import User
from mentoring.ports import Card
from programs.models import FREE_TIME_HOURS, Enrollment
from programs.services.enrollments import MOVES as ENROLLMENT_MOVES

S = Enrollment.State
HOURS = range(7, 22)
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


ACTS = {
    "accept": (S.ACCEPTED, gettext_lazy("Accept"), "btn-primary"),
    "activate": (S.ACTIVE, gettext_lazy("Make active"), "btn-primary"),
    "waitlist": (S.WAITLISTED, gettext_lazy("Waiting list"), "btn-secondary"),
    "decline": (S.DECLINED, gettext_lazy("Decline"), "btn-outline-danger"),
    "complete": (S.COMPLETED, gettext_lazy("Has completed"), "btn-secondary"),
    "reopen": (S.ACTIVE, gettext_lazy("Take back: still takes part"), "btn-secondary"),
    "reconsider": (S.APPLIED, gettext_lazy("Take back: undecided again"), "btn-secondary"),
    "withdraw": (S.WITHDRAWN, gettext_lazy("Withdraw"), "btn-outline-danger"),
}


def acts(enrollment: Enrollment) -> list[dict[str, Any]]:
    """What a coordinator may do with a person now. An invitation is the person's to answer."""
    found = []
    for name, (state, label, css) in ACTS.items():
        if state not in ENROLLMENT_MOVES[enrollment.state]:
            continue
        if name == "decline" and enrollment.state == S.INVITED:
            continue
        if name in {"activate", "reopen"} and (name == "reopen") != (
            enrollment.state == S.COMPLETED
        ):
            continue
        if name == "reconsider" and not _was_decided(enrollment):
            continue
        found.append({"name": name, "label": label, "css": css, "ask": name == "withdraw"})
    return found


def person_cards(reader: User, enrollment: Enrollment) -> list[Card]:
    """What the floors above have to say about a person, in order."""
    found = [card for cards in ports.PERSON_CARDS.ask(reader, enrollment) for card in cards]
    return sorted(found, key=lambda card: (card.order, card.slug))


def _was_decided(enrollment: Enrollment) -> bool:
    """Whether a coordinator answered an application with no, or not yet."""
    decided = enrollment.state in {S.WAITLISTED, S.DECLINED}
    return decided and enrollment.applied_at is not None


def free_grid(free_time: str) -> list[dict[str, Any]]:
    """Rows of hours and cells of weekdays, for the weekly grid."""
    bits = free_time.ljust(FREE_TIME_HOURS, "0")
    return [
        {
            "hour": f"{hour}:00",
            "cells": [
                {
                    "value": day * 24 + hour,
                    "free": bits[day * 24 + hour] == "1",
                    "label": f"{WEEKDAYS[day]} {hour}:00–{hour + 1}:00",
                }
                for day in range(7)
            ],
        }
        for hour in HOURS
    ]


def free_words(free_time: str) -> list[str]:
    """Free hours day by day: ``Monday 9–12, 14–15``."""
    lines = []
    for day, name in enumerate(WEEKDAYS):
        hours = [
            hour for hour in range(24) if free_time[day * 24 + hour : day * 24 + hour + 1] == "1"
        ]
        runs: list[list[int]] = []
        for hour in hours:
            if runs and runs[-1][1] == hour:
                runs[-1][1] = hour + 1
            else:
                runs.append([hour, hour + 1])
        if runs:
            lines.append(f"{name} " + ", ".join(f"{first}–{last}" for first, last in runs))
    return lines


def only_listed(row: Any) -> bool:
    """Whether somebody stands on the list and has heard nothing yet."""
    return bool(row.state == S.INVITED and row.invited_at is None)


def invitation_note(row: Any) -> str:
    """What became of the last invitation, for the list of people."""
    if row.state != S.INVITED:
        return ""
    if row.invited_at is None:
        return ""
    if row.invitation_expires <= clock.now():
        return _("invitation expired")
    return _("invited, no answer")
