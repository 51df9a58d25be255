"""How allauth behaves here: people come by invitation, and its mails go through the outbox."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from mentoring import clock, crypto, outbox
from mentoring.accounts.models import User, normalize_email

# A code is good for minutes, a reset link for days; a mail that comes later than this helps nobody.
USEFUL_FOR = timedelta(hours=6)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by herself: an invitation or an application creates the account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def clean_email(self, email: str) -> str:
        return normalize_email(super().clean_email(email))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails: a code, a link, or news about the account's safety."""
        request = allauth_context.request
        message = self.render_mail(
            template_prefix,
            email,
            {
                "request": request,
                "email": email,
                "current_site": {
                    "name": settings.SITE_NAME,
                    "domain": urlsplit(settings.SITE_URL).netloc,
                },
                **context,
            },
        )
        key = f"account_mail:{uuid4()}"
        # Codes and links open accounts: they rest sealed, and are wiped once sent.
        sealed = crypto.encrypt(
            json.dumps({"subject": str(message.subject), "text": str(message.body)}), context=key
        )
        with transaction.atomic():
            outbox.enqueue(
                kind="account_mail",
                dedupe_key=key,
                recipient=User.objects.filter(email=normalize_email(email)).first(),
                address=email,
                context={"sealed": b64encode(sealed).decode()},
                not_after=clock.now() + USEFUL_FOR,
            )
