"""The settings: production stops at each missing or weak value, and says what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOOD = {
    "PRODUCTION": "1",
    "SECRET_KEY": "8f3Kq2Zr7Vw1Xc5Yb9Nm4Lp6Jh0Gd3Fs8Ta2Qe7Ru1Io5Wm6Zk9",
    "FIELD_KEYS": "Y2hlY2stb25seS1jaGVjay1vbmx5LWNoZWNrLW9ubHk=",
    "ALLOWED_HOSTS": "mentoring.example.edu",
    "DATABASE_URL": "postgres://user:password@db:5432/mentoring",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://user:password@mail:587",
}
OURS = {*GOOD, "DATA_DIR", "DEMO", "DEBUG", "SITE_URL", "SITE_NAME", "FROM_EMAIL", "PORT"}


def load(code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The settings in a process of their own, with these variables and no others of ours."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, "-c", f"from mentoring import settings as s\n{code}"],
        cwd=ROOT,
        env={**clean, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_all_values(tmp_path):
    done = load("print(s.SITE_URL, s.DEBUG, s.DEMO, s.LOCAL_MAILBOX)", **GOOD)
    assert done.stdout.split() == ["https://mentoring.example.edu", "False", "False", "False"]


@pytest.mark.parametrize("name", [name for name in GOOD if name != "PRODUCTION"])
def test_production_stops_without(name):
    done = load(**{key: value for key, value in GOOD.items() if key != name})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in last
    assert "is not set" in last


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "short", "at least 50 random characters"),
        ("SECRET_KEY", "x" * 60, "at least 50 random characters"),
        ("FIELD_KEYS", "not-a-key", "FIELD_KEYS"),
        ("ALLOWED_HOSTS", "*", "host names people type"),
        ("DATABASE_URL", "sqlite:////tmp/db.sqlite3", "Production needs DATABASE_URL=postgres://"),
        ("DATABASE_URL", "mysql://db/x", "Production needs DATABASE_URL=postgres://"),
        ("REDIS_URL", "amqp://rabbit", "REDIS_URL"),
        ("EMAIL_URL", "file:///tmp/mail", "EMAIL_URL"),
        ("EMAIL_URL", "nonsense", "EMAIL_URL='nonsense' is not understood"),
        ("PRODUCTION", "maybe", "neither yes nor no"),
    ],
)
def test_production_stops_at_a_weak_value(name, value, told):
    done = load(**{**GOOD, name: value})
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert told in last


def test_demo_and_debug_are_not_for_production():
    done = load("print(s.DEBUG, s.DEMO)", **GOOD, DEBUG="1", DEMO="1")
    assert done.stdout.split() == ["False", "False"]


def test_the_embedded_default_needs_nothing_and_keeps_to_itself(tmp_path):
    folder = tmp_path / "var"
    code = "print(s.DATABASES['default']['ENGINE'], len(s.SECRET_KEY) > 50, s.MAIL_FOLDER)"
    first, second = (load(code, DATA_DIR=str(folder)) for _ in range(2))
    assert first.stdout.split() == ["django.db.backends.sqlite3", "True", str(folder / "mail")]
    assert second.stdout == first.stdout
    assert folder.stat().st_mode & 0o777 == 0o700
    keys = [path.stat().st_mode & 0o777 for path in (folder / "keys").iterdir()]
    assert keys == [0o600] * 2


def test_keys_are_made_once_even_by_two_first_starts(tmp_path):
    code = "print(s.SECRET_KEY, *s.FIELD_KEYS)"
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", f"from mentoring import settings as s\n{code}"],
            cwd=ROOT,
            env={**clean, "DATA_DIR": str(tmp_path / "var")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    keys = {process.communicate()[0] for process in both}
    assert len(keys) == 1
    assert keys != {""}


def test_the_brokers_socket_stays_short_in_a_deep_folder(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    done = load("print(s.BROKER_SOCKET)", DATA_DIR=str(deep))
    assert 0 < len(done.stdout.strip()) < 108
    assert "mentoring-" in done.stdout


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////tmp/x.sqlite3", "django.db.backends.sqlite3"),
        ("postgres://u:p@h:5432/n", "django.db.backends.postgresql"),
        ("mysql://h/n", None),
    ],
)
def test_the_embedded_default_takes_both_databases(tmp_path, url, expected):
    done = load("print(s.DATABASES['default']['ENGINE'])", DATA_DIR=str(tmp_path), DATABASE_URL=url)
    if expected:
        assert done.stdout.strip() == expected
    else:
        assert "Use postgres://" in done.stderr
