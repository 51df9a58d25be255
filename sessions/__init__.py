"""Meetings, availability, contacts and messages."""
