"""All settings, in one file.

With no environment variable at all this is the embedded default: SQLite, keys, broker and mail
in ``DATA_DIR``. ``PRODUCTION=1`` alone selects production; what it then needs is asked for by
name, and a missing or weak value stops the start (docs/production.md).
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import environ
from cryptography.fernet import Fernet
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy

from mentoring import env
from mentoring.accounts.form_names import ACCOUNT_FORMS, MFA_FORMS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = env.flag("PRODUCTION")
DEBUG = not PRODUCTION and env.flag("DEBUG")
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
# The demo shows every mail to whoever opens the mailbox page; only `make demo` sets it.
DEMO = not PRODUCTION and env.flag("DEMO")


def data_dir(*parts: str) -> Path:
    """A folder under ``DATA_DIR`` that only its owner may enter."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = DATA_DIR.joinpath(*parts)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def embedded_key(name: str, make: Callable[[], str]) -> str:
    """A key of this installation, made at the first start and kept in a file of its own."""
    path = data_dir("keys") / name
    if not path.exists():
        # Written aside and linked: of two first starts one wins, and none reads half a key.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()


# --- Secrets -------------------------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = env.required(
        "SECRET_KEY", "Set it to at least 50 random characters (`openssl rand -base64 48`)."
    )
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 8:
        raise ImproperlyConfigured(
            "SECRET_KEY is too weak. Set it to at least 50 random characters "
            "(`openssl rand -base64 48`)."
        )
    FIELD_KEYS = env.words("FIELD_KEYS")
    if not FIELD_KEYS:
        raise ImproperlyConfigured(
            "FIELD_KEYS is not set. Set it to one or more Fernet keys, newest first, separated by "
            "commas, and keep it outside the database's backup "
            '(`python -c "from cryptography.fernet import Fernet; '
            'print(Fernet.generate_key().decode())"`).'
        )
    for _key in FIELD_KEYS:
        env.check_fernet_key(_key)
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set, or is a star. Set it to the host names people type, "
            "separated by commas, such as mentoring.example.edu."
        )
else:
    SECRET_KEY = env.text("SECRET_KEY") or embedded_key("secret", lambda: secrets.token_urlsafe(48))
    FIELD_KEYS = env.words("FIELD_KEYS") or [
        embedded_key("field", lambda: Fernet.generate_key().decode())
    ]
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]", ".localhost"]

SITE_URL = env.text("SITE_URL") or (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://localhost:{env.number('PORT', 8000)}"
)
SITE_NAME = env.text("SITE_NAME", "Chiron")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- Applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "mentoring.accounts",
    "mentoring.audit",
    "mentoring.outbox",
    "mentoring.jobs",
    "mentoring.ui",
    "mentoring.ops",
    "programs",
    "matching",
    "sessions.apps.SessionsConfig",
    "evaluation",
    "mentoring.simulation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mentoring.accounts.middleware.SignInMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mentoring.accounts.middleware.PersonMiddleware",
    "mentoring.accounts.middleware.PrivacyNoticeMiddleware",
    "mentoring.ui.middleware.ActionAddressMiddleware",
]

ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
ASGI_APPLICATION = "mentoring.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mentoring.ui.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("Any")

# --- Database ------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
    ),
}


def database(url: str) -> dict[str, object]:
    """Django's settings for a ``postgres://`` or ``sqlite:///`` address."""
    scheme = url.split(":", 1)[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {scheme!r}. "
            "Use postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3."
        )
    settings: dict[str, object] = dict(environ.Env.db_url_config(url))
    if scheme == "sqlite":
        settings["OPTIONS"] = SQLITE_OPTIONS
    else:
        settings["HOST"] = unquote(str(settings["HOST"]))  # a socket's folder comes quoted
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
    return settings


DATABASE_URL = env.text("DATABASE_URL")
if PRODUCTION and not DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured(
        "DATABASE_URL is not set to PostgreSQL. "
        "Production needs DATABASE_URL=postgres://user:password@host:5432/name."
    )
if not DATABASE_URL:
    DATABASE_URL = f"sqlite:///{data_dir() / 'db.sqlite3'}"
DATABASES = {"default": database(DATABASE_URL)}
# One index covers more on PostgreSQL; SQLite makes do with its key columns.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker, tasks, cache ------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL")
if PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured(
        "REDIS_URL is not set. Production needs REDIS_URL=redis://host:6379/0 (Redis or Valkey)."
    )
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured(
        "REDIS_URL is not understood. Use redis://host:6379/0, or rediss:// with encryption."
    )
# Without REDIS_URL, `manage.py up` starts a server of its own on this socket. Its path must stay
# under 108 bytes, so a deep data folder gets a short one in the system's temporary folder.
BROKER_SOCKET = DATA_DIR / "broker.sock"
if len(os.fsencode(BROKER_SOCKET)) > 100:
    _short = sha256(os.fsencode(DATA_DIR)).hexdigest()[:16]
    BROKER_SOCKET = Path(tempfile.gettempdir()) / f"mentoring-{_short}" / "broker.sock"
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "max_retries": 3,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "socket_timeout": 20,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1500
CELERY_TASK_SOFT_TIME_LIMIT = 1440
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "mentoring.ops.beat:Scheduler"
# A mail that a worker has claimed and not settled within this time is tried by another.
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 300)
CATALOG_DIR = env.folder("CATALOG_DIR")
# Set by tests and `simulate`: tasks run at once, in the caller's process.
CELERY_TASK_ALWAYS_EAGER = env.flag("TASKS_EAGER")

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    )
}

# --- Mail ----------------------------------------------------------------------------------------
EMAIL_URL = env.text("EMAIL_URL")
if PRODUCTION and not EMAIL_URL:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set. Production needs EMAIL_URL=smtp://user:password@host:587."
    )
if PRODUCTION and EMAIL_URL.startswith("file:"):
    raise ImproperlyConfigured(
        "EMAIL_URL is a folder, so nobody would get a mail. "
        "Production needs EMAIL_URL=smtp://user:password@host:587."
    )
globals().update(env.email_settings(EMAIL_URL or f"file://{DATA_DIR / 'mail'}"))
# Where the folder backend writes, one file per mail; unused with a mail server.
MAIL_FOLDER = Path(str(globals().get("EMAIL_FILE_PATH", DATA_DIR / "mail")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("FROM_EMAIL") or (
    f"{SITE_NAME} <no-reply@{ALLOWED_HOSTS[0].lstrip('.')}>"
    if PRODUCTION
    else f"{SITE_NAME} <no-reply@mentoring.localhost>"
)
# The page that shows this installation's mails: never in production.
LOCAL_MAILBOX = not PRODUCTION and not EMAIL_URL.startswith("smtp")

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "mentoring.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Besides allauth's own: what anybody can ask for mails with, and codes that anybody can try.
ACCOUNT_RATE_LIMITS = {"application": "10/h/ip", "certificate": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# How many proxies of your own stand in front: rate limits then see the visitor's address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
INVITATION_DAYS = 14
PRIVACY_NOTICE_VERSION = 1

# --- Language and time ---------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
# A language is offered once its translation is in `locale/`; the tests add one written right to
# left, so that the layout is seen that way.
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in ["en", *env.words("MORE_LANGUAGES")]]
FORMAT_MODULE_PATH = ["mentoring.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static files --------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Security ------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
ROSTER_MAX_BYTES = 10 * 1024 * 1024
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = not env.flag("BEHIND_PLAIN_HTTP")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Reports of errors name variables and fields without their values: they may be private text.
DEFAULT_EXCEPTION_REPORTER_FILTER = "mentoring.reports.NoPrivateText"

# --- Logging -------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    # At DEBUG it writes the whole context of a page into the log: diaries and messages too.
    "loggers": {"django.template": {"level": "INFO"}},
}
