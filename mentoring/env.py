"""Small typed readers of environment variables that fail with a hint."""

import os
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The variable, stripped; ``default`` where it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable; anything but a plain yes or no stops the start."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no. Set it to 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number."""
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}={raw!r} is not a whole number. Set it to a value such as {default}."
        ) from None


def words(name: str) -> list[str]:
    """A list separated by commas, empty entries dropped."""
    return [word for part in text(name).split(",") if (word := part.strip())]


def folder(name: str) -> Path | None:
    """A folder; ``None`` where the variable is unset. Whether it exists is the reader's affair."""
    return Path(text(name)).resolve() if text(name) else None


def required(name: str, hint: str) -> str:
    """A variable that production cannot do without."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def check_fernet_key(key: str) -> None:
    """Refuse a key that cannot encrypt, without repeating it."""
    try:
        Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(
            "FIELD_KEYS holds something that is not a Fernet key (32 bytes in URL-safe base64)."
        ) from None


def email_settings(url: str) -> dict[str, object]:
    """Django's mail settings from ``smtp://``, ``smtps://`` or ``file:///folder``."""
    parts: SplitResult = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "mentoring.outbox.backends.FolderBackend",
            "EMAIL_FILE_PATH": Path(unquote(parts.path)),
        }
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        secure = parts.scheme == "smtps"
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if secure else 587),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": secure,
            "EMAIL_USE_TLS": not secure and query.get("tls", ["1"])[-1] != "0",
            "EMAIL_TIMEOUT": 20,
        }
    raise ImproperlyConfigured(
        f"EMAIL_URL={url!r} is not understood. Use smtp://user:password@host:587, "
        "smtps://user:password@host:465 or file:///folder (one file per mail)."
    )
