from datetime import timedelta

import pytest
from django.test import Client

from mentoring import clock, links
from mentoring.accounts.models import Mute
from mentoring.errors import DomainError
from tests.mentoring.outbox.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def pressed(monkeypatch):
    """The purpose ``held``, and what its buttons were pressed for."""
    monkeypatch.setattr(links, "_actions", dict(links._actions))
    done = []

    def prompt(*, user, subject):
        buttons = [links.Button("Held", "held"), links.Button("Missed", "missed")]
        return links.Prompt(f"Did you meet about {subject}?", "One tap.", buttons)

    @links.action("held", prompt=prompt)
    def act(*, user, subject, choice):
        if subject == "gone":
            raise DomainError("This meeting was cancelled.")
        done.append((user.email, subject, choice))
        return "Noted."

    return done


def path(reader, subject="m1", max_age=3):
    url = links.make(purpose="held", user=reader, subject=subject, max_age=max_age)
    assert url.startswith("http://localhost:8000/l/")
    return url.removeprefix("http://localhost:8000")


def test_opening_a_link_shows_buttons_and_changes_nothing(pressed, reader, client):
    page = client.get(path(reader)).content.decode()
    assert "Did you meet about m1?" in page
    assert page.count('name="choice"') == 2
    assert pressed == []
    assert "_auth_user_id" not in client.session


def test_pressing_a_button_acts_without_login_or_cookie(pressed, reader):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(path(reader), {"choice": "missed"})
    assert "Noted." in page.content.decode()
    assert pressed == [(reader.email, "m1", "missed")]
    assert "sessionid" not in strict.cookies


def test_an_expired_link_does_nothing_and_says_so(pressed, reader, client):
    with clock.at(NOON):
        url = path(reader, max_age=3)
    with clock.at(NOON + timedelta(days=3, seconds=1)):
        page = client.post(url, {"choice": "held"})
    assert (page.status_code, pressed) == (422, [])
    assert "This link has expired" in page.content.decode()


@pytest.mark.parametrize("spoil", [lambda u: u[:-3] + "x/", lambda u: "/l/nonsense/"])
def test_a_changed_link_does_nothing(pressed, reader, client, spoil):
    page = client.post(spoil(path(reader)), {"choice": "held"})
    assert (page.status_code, pressed) == (422, [])


def test_a_link_of_a_closed_account_does_nothing(pressed, reader, client):
    url = path(reader)
    reader.is_active = False
    reader.save()
    assert client.post(url, {"choice": "held"}).status_code == 422
    assert pressed == []


def test_a_refused_act_gives_its_reason(pressed, reader, client):
    page = client.post(path(reader, subject="gone"), {"choice": "held"})
    assert page.status_code == 422
    assert "This meeting was cancelled." in page.content.decode()


def test_one_click_unsubscription_mutes_that_kind_only(probe, reader):
    url = links.make(purpose="outbox.mute", user=reader, subject="probe", max_age=1)
    for _ in range(2):
        answer = Client(enforce_csrf_checks=True).post(
            url.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
    assert list(Mute.objects.values_list("user", "kind")) == [(reader.pk, "probe")]


def test_a_purpose_belongs_to_one_action(pressed):
    with pytest.raises(ValueError, match="registered twice"):
        links.action("held", prompt=lambda **_: None)(lambda **_: "")
