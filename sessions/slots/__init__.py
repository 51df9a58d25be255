"""Bookable times from a mentor's wall-clock hours; plain Python, no Django."""

from sessions.slots.engine import bookable
from sessions.slots.rules import Extra, Hours, Off, Period, Rules, Slot

__all__ = ["Extra", "Hours", "Off", "Period", "Rules", "Slot", "bookable"]
