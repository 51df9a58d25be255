"""Calendar files (RFC 5545, RFC 5546) on the icalendar library; plain Python, no Django."""

from sessions.ics.feed import Busy, feed
from sessions.ics.invitations import Event, Party, cancel, request

__all__ = ["Busy", "Event", "Party", "cancel", "feed", "request"]
