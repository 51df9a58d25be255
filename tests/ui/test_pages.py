"""The frame, the home, and the pages for when something is wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from mentoring import ports
from mentoring.ui import nav
from tests.factories import UserFactory


@pytest.fixture
def offered(monkeypatch):
    """What the apps offer, under the test's control."""
    cards, items = [], []
    monkeypatch.setattr(ports.HOME_CARDS, "_answers", [(1, "t", lambda user: cards)])
    monkeypatch.setattr(ports.NAV, "_answers", [(1, "t", lambda user: items)])
    return cards, items


def card(audience, order=1, title="Title"):
    return ports.Card(
        slug=f"{audience}-{order}", audience=audience, order=order,
        template="_components/empty.html", context={"title": title, "icon": "compass", "text": ""},
    )  # fmt: skip


def test_a_home_without_cards_says_how_to_get_one(db, as_user, offered):
    page = as_user(UserFactory()).get("/").content.decode()
    assert "You are not part of a program yet" in page


def test_a_home_without_cards_leads_to_the_pages_that_one_has(db, as_user, offered):
    offered[1].append(
        ports.NavItem(slug="c", title="Concerns", url="/concerns/", icon="list", badge=1)
    )
    page = as_user(UserFactory()).get("/").content.decode()
    assert "You are not part of a program yet" not in page
    assert '<a href="/concerns/">Concerns</a>' in page
    assert "1 waits for you" in page


def test_cards_stand_in_their_order(db, as_user, offered):
    offered[0].extend([card("mentor", 2, "Second"), card("mentor", 1, "First")])
    page = as_user(UserFactory()).get("/").content.decode()
    assert page.index("First") < page.index("Second")
    assert 'class="switch"' not in page


def test_a_person_with_two_parts_switches_and_the_home_remembers(db, as_user, offered):
    offered[0].extend([card("mentor", title="For mentors"), card("student", title="For students")])
    client = as_user(UserFactory())
    assert "For mentors" in client.get("/").content.decode()
    assert "For students" in client.get("/?as=student").content.decode()
    assert "For students" in client.get("/").content.decode()


def test_a_part_that_one_does_not_play_is_not_shown(db, as_user, offered):
    offered[0].extend([card("mentor", title="For mentors")])
    assert "For mentors" in as_user(UserFactory()).get("/?as=coordinator").content.decode()


def test_navigation_fits_a_phone_and_marks_the_page(db, offered):
    offered[1].extend(
        ports.NavItem(slug=f"n{n}", title=f"N{n}", url=f"/n{n}/", icon="list", order=n)
        for n in range(5)
    )
    request = RequestFactory().get("/n1/deeper/")
    request.user = UserFactory()
    entries = nav.entries(request)
    assert [entry.title for entry in entries] == ["Home", "N0", "N1", "N2"]
    assert [entry.current for entry in entries] == [False, False, True, False]


def test_nobody_gets_no_navigation(db):
    page = Client().get(reverse("accounts:privacy")).content.decode()
    assert 'class="site-nav"' not in page
    assert 'href="/help/"' in page


@pytest.mark.parametrize(
    ("language", "direction", "sheet"),
    [("en", "ltr", "bootstrap.min.css"), ("ar", "rtl", "bootstrap.rtl.min.css")],
)
def test_direction_follows_the_language(db, as_user, language, direction, sheet):
    page = as_user(UserFactory(language=language)).get("/").content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert sheet in page


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_appearance_is_the_persons_choice(db, as_user, theme):
    page = as_user(UserFactory(theme=theme)).get("/").content.decode()
    assert f'data-theme="{theme}" data-bs-theme="{"dark" if theme == "dark" else "light"}"' in page


def test_a_missing_page_keeps_the_frame(db, as_user):
    response = as_user(UserFactory()).get("/no-such-page/")
    assert response.status_code == 404
    assert "There is nothing here for you" in response.content.decode()


def test_the_server_error_page_needs_no_context():
    assert "Something went wrong on our side" in render_to_string("500.html")


def test_a_late_form_is_explained(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "x"})
    assert response.status_code == 403
    assert "Please try that again" in response.content.decode()


def test_no_template_carries_inline_styles_or_scripts(settings):
    found = [
        str(path)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if "emails" not in path.parts
        for text in [path.read_text()]
        if " style=" in text or " onclick=" in text or "hx-on" in text or "<style" in text
        or any("<script" in line and "src=" not in line and "json" not in line
               for line in text.splitlines())
    ]  # fmt: skip
    assert found == []


def test_no_stylesheet_names_a_side(settings):
    import re

    sides = re.compile(r"(margin|padding|border|inset)-(left|right)\b|text-align: *(left|right)\b")
    for path in (settings.BASE_DIR / "static/css").glob("*.css"):
        assert not sides.search(path.read_text()), path
