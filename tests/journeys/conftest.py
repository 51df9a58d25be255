"""A real Chromium against a live server.

Every page that a visitor leaves or ends on is looked at: no console error, no page error, no
refused content, no failed load. Without Chromium these tests skip with one loud line; with
``CI=true`` they fail.
"""

import os
import warnings

import pytest
from playwright.sync_api import sync_playwright

from mentoring import clock
from tests.journeys.lively import NOW, lively_world
from tests.journeys.visitor import DESK, Visitor
from tests.services import find_chromium, missing

# Playwright keeps an event loop in this thread; the database is used between its calls only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, or another found by ``tests.services``."""
    path = find_chromium()
    if not path:
        warnings.warn("NO CHROMIUM: the browser tests did not run", pytest.PytestWarning, 2)
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, live_server):
    """Opens windows; at the end no window may have met with trouble."""
    opened = []

    def at(user=None, *, size=DESK, dark=False) -> Visitor:
        opened.append(Visitor.at(chromium, live_server.url, user, size=size, dark=dark))
        return opened[-1]

    yield at
    troubles = [trouble for visitor in opened for trouble in visitor.troubles]
    for visitor in opened:
        visitor.close()
    assert troubles == []


@pytest.fixture
def world(transactional_db):
    """A cohort in its seventh week, and the clock of the whole process at that moment."""
    clock.set_process(NOW)
    yield lively_world()
    clock.set_process(None)
