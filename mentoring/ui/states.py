"""How each state of design.md section 4 looks: a tone and an icon, never color alone."""

from typing import Final

TONES: Final = ("brand", "success", "warning", "danger", "info", "plum", "quiet")

LOOKS: Final[dict[str, tuple[str, str]]] = {
    # cohorts
    "planning": ("plum", "compass"),
    "recruiting": ("info", "person-plus"),
    "matching": ("plum", "puzzle"),
    "running": ("success", "play-circle"),
    "closing": ("warning", "hourglass-split"),
    "archived": ("quiet", "archive"),
    # enrollments
    "invited": ("info", "envelope"),
    "applied": ("warning", "file-earmark-text"),
    "accepted": ("brand", "check2"),
    "active": ("success", "check-circle"),
    "completed": ("brand", "award"),
    "waitlisted": ("plum", "hourglass-split"),
    "declined": ("quiet", "x-circle"),
    "withdrawn": ("quiet", "box-arrow-right"),
    "overtaken": ("quiet", "box-arrow-right"),
    "scheduled": ("info", "calendar2-week"),
    # mentorships
    "paused": ("warning", "pause-circle"),
    "dissolved": ("quiet", "slash-circle"),
    # the next year, and stand-ins
    "draft": ("quiet", "pencil"),
    "planned": ("info", "calendar2-week"),
    "ended": ("quiet", "check2"),
    # meetings
    "proposed": ("warning", "hourglass-split"),
    "booked": ("info", "calendar2-check"),
    "held": ("success", "check-circle"),
    "missed": ("danger", "person-x"),
    "cancelled": ("quiet", "x-circle"),
    # goals
    "reached": ("success", "check-circle"),
    "dropped": ("quiet", "x-circle"),
    # flags, requests and concerns
    "open": ("danger", "flag"),
    "acknowledged": ("warning", "eye"),
    "resolved": ("success", "check-circle"),
    "cleared": ("success", "patch-check"),
    "granted": ("success", "check-circle"),
    "raised": ("danger", "exclamation-circle"),
    "closed": ("quiet", "check2-all"),
    # runs, jobs, imports and notifications
    "queued": ("quiet", "clock"),
    "uploaded": ("info", "file-earmark-arrow-up"),
    "applying": ("info", "arrow-repeat"),
    "done": ("success", "check-circle"),
    "sent": ("success", "send"),
    "suppressed": ("quiet", "bell-slash"),
    "failed": ("danger", "exclamation-triangle"),
    "published": ("success", "megaphone"),
    "board": ("info", "kanban"),
    # requests to mentors
    "waiting": ("quiet", "hourglass-split"),
    "asked": ("info", "send"),
    "expired": ("warning", "clock-history"),
    "superseded": ("quiet", "archive"),
    "undone": ("quiet", "arrow-counterclockwise"),
    # readiness
    "green": ("success", "check-circle"),
    "amber": ("warning", "exclamation-triangle"),
    "red": ("danger", "x-circle"),
}


def look(value: str) -> tuple[str, str]:
    """Tone and icon of a state; a quiet dot for one that is not listed."""
    return LOOKS.get(value, ("quiet", "dot"))
