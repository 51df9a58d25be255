"""The account's own mails: codes, links, and news about its safety."""

import json
from base64 import b64decode

from django.utils.translation import gettext_lazy as _

from mentoring import crypto, outbox


@outbox.kind("account_mail", title=_("Your account"), mutable=False, urgent=True, secret=True)
def account_mail(note: outbox.Notification) -> outbox.Mail:
    """What allauth wrote, in the outbox's layout."""
    words = json.loads(crypto.decrypt(b64decode(note.context["sealed"]), context=note.dedupe_key))
    return outbox.Mail(
        context={
            "title": words["subject"],
            "text": words["text"],
            "paragraphs": [part.strip() for part in words["text"].split("\n\n") if part.strip()],
        }
    )
