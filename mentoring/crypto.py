"""Encryption of private text at rest.

Claimed only as far as it goes: whoever holds the database and not ``FIELD_KEYS`` reads nothing.
The first key encrypts; every key decrypts, so keys rotate by adding a new one in front.
"""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from mentoring.errors import DomainError


def encrypt(text: str, *, context: str) -> bytes:
    """The text sealed for one place (``context``, such as ``message:12``)."""
    return _ring(tuple(settings.FIELD_KEYS)).encrypt(_seal(context) + text.encode())


def decrypt(sealed: bytes, *, context: str) -> str:
    """The text again. Raises ``DomainError`` if no key fits or the text was moved elsewhere."""
    try:
        plain = _ring(tuple(settings.FIELD_KEYS)).decrypt(bytes(sealed))
    except InvalidToken:
        raise DomainError("This text was written with a key that is not in FIELD_KEYS.") from None
    seal = _seal(context)
    if not hmac.compare_digest(plain[: len(seal)], seal):
        raise DomainError("This text does not belong where it was found.")
    return plain[len(seal) :].decode()


def rotate(sealed: bytes) -> bytes:
    """The same text under the newest key. Raises ``DomainError`` if no key fits."""
    try:
        return _ring(tuple(settings.FIELD_KEYS)).rotate(bytes(sealed))
    except InvalidToken:
        raise DomainError("This text was written with a key that is not in FIELD_KEYS.") from None


def is_newest(sealed: bytes) -> bool:
    """Whether the newest key alone opens it; a text that no key opens is not."""
    try:
        _ring(tuple(settings.FIELD_KEYS)[:1]).decrypt(bytes(sealed))
    except InvalidToken:
        return False
    return True


def _seal(context: str) -> bytes:
    # Binds the ciphertext to its row: a swapped column value does not decrypt elsewhere.
    return sha256(context.encode()).digest()[:16]


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
