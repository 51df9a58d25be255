"""How a waiting answer is sealed, and how a second one from the same person is refused.

Both need ``FIELD_KEYS``: without them a waiting answer is noise of a constant length under a
number without meaning. The first key seals; every key opens, so that keys rotate.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from evaluation.surveys.models import Survey

# Every sealed answer is as long as the longest possible one: 2,000 characters of six bytes each
# (control characters, escaped; the others take at most four).
BLOCK = 16 * 1024
_BITS = 62


def tags(survey: Survey, person: int) -> list[int]:
    """The numbers a person's waiting answer may have, under each key; a new one has the first."""
    matter = f"evaluation.surveys:{survey.pk}:{survey.key}:{person}".encode()
    return [_number(hmac.digest(urlsafe_b64decode(key), matter, "sha256")) for key in _keys()]


def new_number() -> int:
    """A random primary key."""
    return secrets.randbits(_BITS) + 1


def seal(survey: Survey, payload: dict[str, Any]) -> bytes:
    """The payload as noise of constant length, for this survey only.

    Fernet writes the time into what it makes: it is told that it is the first second of 1970.
    """
    plain = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    if len(plain) > BLOCK:
        raise ValueError("an answer is longer than its block")
    ring = Fernet(_keys()[0])
    return ring.encrypt_at_time(_context(survey) + plain.ljust(BLOCK, b" "), 0)


def unseal(survey: Survey, sealed: bytes | memoryview) -> dict[str, Any] | None:
    """The payload again; ``None`` when no key fits."""
    for key in _keys():
        try:
            plain = Fernet(key).decrypt(bytes(sealed))
        except InvalidToken:
            continue
        context = _context(survey)
        if hmac.compare_digest(plain[: len(context)], context):
            found: dict[str, Any] = json.loads(plain[len(context) :])
            return found
    return None


def shuffled(rows: list[Any], number: int) -> Iterator[Any]:
    """So many of the rows, drawn and ordered by chance."""
    yield from secrets.SystemRandom().sample(rows, number)


def _context(survey: Survey) -> bytes:
    return sha256(f"evaluation.surveys:{survey.key}".encode()).digest()


def _keys() -> list[str]:
    return list(settings.FIELD_KEYS)


def _number(digest: bytes) -> int:
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) + 1
