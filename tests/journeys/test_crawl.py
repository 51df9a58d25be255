"""Every page that each persona can reach by links: on a phone in the dark, at a desk in daylight.

The crawl starts at the home, follows links and opens each address pattern once with every set of
query keys. Nothing may be dead, too wide, refused or inaccessible.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.visitor import DESK, PHONE

PER_PATTERN = 1
TABLET = 820
PERSONAS = [
    "coordinator",
    "supervisor",
    "mentor",
    "student",
    "program_lead",
    "site_admin",
    "outsider",
    "",
]
# Tells apart what a page shows, not which row: sort orders and page numbers look alike.
IGNORED_QUERIES = ("sort=", "page=", "next=")


def kind(path: str) -> str:
    """What the address is an example of."""
    parts = urlsplit(path)
    try:
        route = resolve(parts.path).route
    except Resolver404:
        route = parts.path
    keys = sorted(
        pair.split("=")[0]
        for pair in parts.query.split("&")
        if pair and not pair.startswith(IGNORED_QUERIES)
    )
    return f"{route}?{'&'.join(keys)}"


def crawl(visitor, start: str = "/") -> tuple[dict[str, list[str]], set[str]]:
    """What is wrong, by address; and the kinds of addresses that were opened."""
    queue, seen, wrong = [start], {start}, {}
    opened: dict[str, int] = {}
    while queue:
        path = queue.pop(0)
        what = kind(path)
        if opened.get(what, 0) >= PER_PATTERN:
            continue
        opened[what] = opened.get(what, 0) + 1
        answer = visitor.page.request.get(visitor.base + path)
        if answer.status >= 400:
            wrong[path] = [f"the link is dead: {answer.status}"]
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue
        visitor.open(path)
        if found := visitor.look() + visitor.fits(TABLET):
            wrong[path] = found
        for link in visitor.links():
            if link not in seen:
                seen.add(link)
                queue.append(link)
    return wrong, set(opened)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda name: name or "anonymous")
def test_every_reachable_page_at_a_desk(visit, world, persona):
    visitor = visit(world.people.get(persona), size=DESK)
    wrong, opened = crawl(visitor, "/" if persona else "/help/")
    assert wrong == {}
    assert len(opened) >= 4


@pytest.mark.parametrize("persona", ["coordinator", "mentor", "student", ""])
def test_every_reachable_page_on_a_phone_in_the_dark(visit, world, persona):
    visitor = visit(world.people.get(persona), size=PHONE, dark=True)
    wrong, _opened = crawl(visitor, "/" if persona else "/help/")
    assert wrong == {}


def test_every_reachable_page_of_a_coordinator_right_to_left(visit, world):
    coordinator = world.people["coordinator"]
    coordinator.language = "ar"
    coordinator.save()
    wrong, _opened = crawl(visit(coordinator, size=PHONE))
    assert wrong == {}
