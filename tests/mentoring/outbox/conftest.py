"""Kinds of mail that exist in these tests only, and a mail folder."""

import copy
from datetime import UTC, datetime, time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings

from mentoring import clock, outbox
from mentoring.outbox import kinds
from mentoring.outbox.delivery import compose
from tests.factories import UserFactory

# A Tuesday noon in Budapest (UTC+2 in summer).
NOON = datetime(2021, 9, 7, 10, 0, tzinfo=UTC)


@pytest.fixture
def probe(monkeypatch, settings):
    """The kinds ``probe`` (mutable), ``alarm`` (urgent) and ``code`` (secret)."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    behavior = SimpleNamespace(build=lambda note: outbox.Mail({"word": "welcome"}), built=[])

    def build(note):
        behavior.built.append(note.dedupe_key)
        return behavior.build(note)

    outbox.kind("probe", title="Probe")(build)
    outbox.kind("alarm", title="Alarm", urgent=True, mutable=False)(build)
    outbox.kind("code", title="Code", secret=True, mutable=False)(build)
    templates = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    written = compose.written
    # All test kinds share the templates of `probe`.
    monkeypatch.setattr(
        compose,
        "written",
        lambda _slug, part, context, **how: written("probe", part, context, **how),
    )
    return behavior


@pytest.fixture
def folder(settings, tmp_path):
    """A mail folder, and the backend that writes into it."""
    settings.EMAIL_BACKEND = "mentoring.outbox.backends.FolderBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    return settings.MAIL_FOLDER


@pytest.fixture
def reader(db):
    return UserFactory(
        given_name="Anna",
        family_name="Kovács",
        time_zone="Europe/Budapest",
        quiet_from=time(21),
        quiet_until=time(7),
    )


@pytest.fixture
def noon():
    with clock.at(NOON):
        yield NOON
