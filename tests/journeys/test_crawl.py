"""Every page that each persona can reach by links: at a desk, and on a phone in the dark.

The crawl starts at the home, follows links and opens each address pattern once with every set of
query keys, and once more for each aspect of ``lively.aspects``. Nothing may be dead, too wide,
refused or inaccessible. A page is loaded once and looked at in each window: what adapts to a
width or a color scheme adapts while it stands.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.lively import aspects
from tests.journeys.visitor import DESK, PHONE

TABLET = 820
PERSONAS = [
    "coordinator",
    "supervisor",
    "mentor",
    "student",
    "evaluator",
    "wellbeing_contact",
    "program_lead",
    "site_admin",
    "outsider",
    "",
]
# Tells apart what a page shows, not which row: sort orders and page numbers look alike.
IGNORED_QUERIES = ("sort=", "page=", "next=")
# Pages that the crawl of one persona or another must have come by.
MUST_SEE = {
    "coordinator": [
        "cohorts/<str:cohort>/training/?", "cohorts/<str:cohort>/training/new/?",
        "cohorts/<str:cohort>/training/people/?", "cohorts/<str:cohort>/training/credits/?",
        "cohorts/<str:cohort>/training/groups/?", "training/series/<str:key>/?",
        "training/dates/<str:key>/attendance/?", "training/dates/<str:key>/move/?",
        "training/dates/<str:key>/cancel/?", "training/groups/<str:key>/?",
        "training/groups/<str:key>/members/?", "meetings/<str:key>/? to come",
        "meetings/<str:key>/? list due", "meetings/<str:key>/? held",
        "cohorts/<slug:cohort>/surveys/?",
        "cohorts/<slug:cohort>/surveys/new/?", "surveys/<slug:key>/? open",
        "surveys/<slug:key>/? closed", "cohorts/<slug:cohort>/report/?", "reports/<slug:key>/?",
        "flags/<slug:key>/? with a note", "cohorts/<slug:cohort>/settings/?",
        "cohorts/new/?", "cohorts/new/table/?", "cohorts/new/compare/?p",
    ],
    "mentor": [
        "training/?", "meetings/<str:key>/? to come", "diary/?", "diary/<str:key>/?",
        "diary/shared/?", "diary/<str:key>/? shared by a student",
        "mentorships/<str:key>/diary/write/?",
        "mentorships/<str:key>/agreement/?", "mentorships/<str:key>/agreement/propose/?",
        "mentorships/<str:key>/goals/?", "mentorships/<str:key>/goals/<str:goal>/?",
        "surveys/<slug:key>/answer/?",
    ],
    "supervisor": [
        "training/groups/?", "training/groups/<str:key>/?", "diary/shared/?",
        "training/dates/<str:key>/attendance/?", "diary/<str:key>/? shared by a mentor",
    ],
}  # fmt: skip
# What is folded is looked at unfolded, which shows more; phones fold filters by themselves.
UNFOLD = 'document.querySelectorAll("main details").forEach((one) => { one.open = true; })'


def kind(path: str, apart: dict[str, str]) -> str:
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
    return f"{route}?{'&'.join(keys)} {apart.get(parts.path, '')}".strip()


def opens(visitor, path: str) -> tuple[bool, list[str]]:
    """Whether the address is a page, now open; and what is wrong with the link."""
    try:
        answer = visitor.open(path)
    except PlaywrightError:  # a file, which a browser saves instead of opening
        answer = visitor.page.request.get(visitor.base + path)
    if answer.status >= 400:
        return False, [f"the link is dead: {answer.status}"]
    if "attachment" in answer.headers.get("content-disposition", ""):
        return False, []
    return answer.headers.get("content-type", "").startswith("text/html"), []


def crawl(visitor, windows, start: str = "/") -> tuple[dict[str, list[str]], set[str]]:
    """What is wrong, by address; and the kinds of addresses that were opened."""
    queue, seen, wrong, apart = [start], {start}, {}, aspects()
    opened: set[str] = set()
    while queue:
        path = queue.pop(0)
        what = kind(path, apart)
        if what in opened:
            continue
        opened.add(what)
        is_page, found = opens(visitor, path)
        if is_page:
            visitor.page.evaluate(UNFOLD)
            found += visitor.look_in(windows) + visitor.fits(TABLET)
            for link in visitor.links():
                if link not in seen:
                    seen.add(link)
                    queue.append(link)
        if found:
            wrong[path] = found
    return wrong, opened


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda name: name or "anonymous")
def test_every_reachable_page_at_a_desk_and_on_a_phone_in_the_dark(visit, world, persona):
    visitor = visit(world.people.get(persona))
    windows = [(DESK, False), (PHONE, True)]
    wrong, opened = crawl(visitor, windows, "/" if persona else "/help/")
    assert wrong == {}
    assert len(opened) >= 4
    assert [missed for missed in MUST_SEE.get(persona, []) if missed not in opened] == []


@pytest.mark.parametrize("persona", ["coordinator", "mentor"])
def test_every_reachable_page_right_to_left(visit, world, persona):
    person = world.people[persona]
    person.language = "ar"
    person.save()
    wrong, _opened = crawl(visit(person, size=PHONE), [(PHONE, False)])
    assert wrong == {}
