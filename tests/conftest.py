"""What every test stands on.

The suite runs on SQLite; with ``TEST_DATABASE_URL=postgres://…`` the same tests run on
PostgreSQL. Files (keys, mails) go to a folder that is removed at the end.
"""

import atexit
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="mentoring-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for name in ("PRODUCTION", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DEMO", "DEBUG"):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = _folder
os.environ["TASKS_EAGER"] = "1"
os.environ["MORE_LANGUAGES"] = "ar"
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

# Named here and not in pyproject.toml: the settings must not be read before the lines above.
os.environ["DJANGO_SETTINGS_MODULE"] = "mentoring.settings"

import django  # noqa: E402
import hypothesis  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()

# How long an example takes is the machine's business; time is measured by `make bench`.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("here")

pytest_plugins = ["tests.personas"]

# Parallel checkouts share one PostgreSQL: each gets a test database of its own.
CHECKOUT = sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]


def pytest_configure() -> None:
    settings.DATABASES["default"].setdefault("TEST", {})
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        settings.DATABASES["default"]["TEST"]["NAME"] = f"test_mentoring_{CHECKOUT}"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.WHITENOISE_AUTOREFRESH = True


# A test with one of these works on a database, and is run on each of them.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
DATABASE_MARKS = ("django_db", "race", "services", "browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what has nothing to do with it and was run on SQLite already."""
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    pure = [item for item in items if not _touches_database(item)]
    config.hook.pytest_deselected(items=pure)
    items[:] = [item for item in items if _touches_database(item)]


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", []))
    return bool(fixtures & DATABASE_FIXTURES) or any(map(item.get_closest_marker, DATABASE_MARKS))


@pytest.fixture(autouse=True)
def _english_utc():
    """No test inherits the language of the one before."""
    from django.utils import translation

    with translation.override("en"):
        yield
