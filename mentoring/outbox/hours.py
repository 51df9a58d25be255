"""When mails leave, for a person who has just caused some."""

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from mentoring import clock
from mentoring.accounts.models import User


def night_note(reader: User) -> str:
    """At her night a sentence that mails wait for the morning; by day nothing.

    Each reader's own quiet hours decide; hers are the best guess of theirs.
    """
    if not reader.is_quiet(clock.now()):
        return ""
    return _("It is night: mails go out at %(time)s, in each reader’s morning.") % {
        "time": time_format(reader.quiet_until, "H:i")
    }


def with_night_note(text: str, reader: User) -> str:
    """A message about mails that were caused, with that sentence where it is true."""
    return " ".join(filter(None, [text, night_note(reader)]))
