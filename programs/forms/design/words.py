"""Choices that several steps of the designer offer."""

from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import Role

PERIODS = [
    ("week", _("a week")),
    ("month", _("a month")),
    ("term", _("a term")),
    ("year", _("a year")),
    ("program", _("in the whole program")),
]

ASKED = [(str(role), role.label) for role in (Role.STUDENT, Role.MENTOR, Role.LEAD_MENTOR,
         Role.JUNIOR_MENTOR, Role.SUPERVISOR)]  # fmt: skip
