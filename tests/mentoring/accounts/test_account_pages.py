"""One's own account: preferences, consent, export, erasure."""

import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mentoring import ports
from mentoring.accounts.models import User
from mentoring.accounts.visibility import Content, Level, Viewer, sight
from mentoring.audit.models import Event
from tests.factories import EnrollmentFactory, UserFactory

WANTED = {
    "language": "en", "time_zone": "Europe/Budapest", "theme": "dark", "quiet_from": "22:00",
    "quiet_until": "06:30",
}  # fmt: skip


def actions(user):
    acts = Event.objects.filter(subject=user.pk).order_by("pk")
    return list(acts.values_list("action", flat=True))


# --- Preferences ---


def test_preferences_are_stored(db, as_user):
    user = UserFactory()
    response = as_user(user).post(reverse("accounts:preferences"), WANTED)
    assert response.status_code == 302
    user.refresh_from_db()
    assert (user.language, user.time_zone, user.theme) == ("en", "Europe/Budapest", "dark")
    assert (str(user.quiet_from), str(user.quiet_until)) == ("22:00:00", "06:30:00")
    assert actions(user) == ["person.preferences_saved"]


def test_a_kind_of_mail_that_is_not_ticked_is_muted_and_comes_back(db, as_user, monkeypatch):
    from mentoring.outbox import kinds

    kind = kinds.Kind("tips", "Tips", lambda note: None, mutable=True, urgent=False, secret=False)
    monkeypatch.setitem(kinds._kinds, "tips", kind)
    user = UserFactory()
    client = as_user(user)
    client.post(reverse("accounts:preferences"), WANTED)
    assert user.mutes.filter(kind="tips").exists()
    client.post(reverse("accounts:preferences"), {**WANTED, "wanted": ["tips"]})
    assert not user.mutes.filter(kind="tips").exists()


def test_a_kind_that_cannot_be_muted_is_not_offered(db, as_user, monkeypatch):
    from mentoring.outbox import kinds

    kind = kinds.Kind("code", "Codes", lambda note: None, mutable=False, urgent=True, secret=True)
    monkeypatch.setitem(kinds._kinds, "code", kind)
    user = UserFactory()
    as_user(user).post(reverse("accounts:preferences"), WANTED)
    assert not user.mutes.filter(kind="code").exists()


def test_mails_of_other_roles_are_not_offered_and_a_mute_of_one_is_not_lost(
    db, as_user, monkeypatch
):
    from mentoring.outbox import kinds

    for role in ("mentor", "student"):
        kind = kinds.Kind(role, role, lambda note: None, True, False, False, to=frozenset({role}))
        monkeypatch.setitem(kinds._kinds, role, kind)
    user = EnrollmentFactory(role="student").person
    client = as_user(user)

    def offered():
        return {slug for slug, _ in client.get("/me/preferences/").context["form"].mutable}

    assert "student" in offered()
    assert "mentor" not in offered()
    client.post(reverse("accounts:preferences"), WANTED)
    assert not user.mutes.filter(kind="mentor").exists()
    user.mutes.create(kind="mentor")
    assert "mentor" in offered()
    client.post(reverse("accounts:preferences"), WANTED)
    assert user.mutes.filter(kind="mentor").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Base"), ("language", "xx"), ("theme", "pink"), ("quiet_from", "25:00")],
)
def test_a_bad_preference_is_refused_and_nothing_stored(db, as_user, field, value):
    user = UserFactory()
    response = as_user(user).post(reverse("accounts:preferences"), {**WANTED, field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    user.refresh_from_db()
    assert user.time_zone == "UTC"


# --- The privacy notice ---


@pytest.fixture
def newcomer(db, as_user):
    return as_user(UserFactory(privacy_version=0))


def test_the_notice_stands_before_every_other_page_and_leads_back(newcomer):
    response = newcomer.get("/me/preferences/?x=1")
    assert response["Location"] == "/privacy/?next=%2Fme%2Fpreferences%2F%3Fx%3D1"
    accepted = newcomer.post("/privacy/", {"next": "/me/preferences/?x=1"})
    assert accepted["Location"] == "/me/preferences/?x=1"
    assert newcomer.get("/me/preferences/").status_code == 200


def test_the_notice_lets_help_and_sign_out_through(newcomer):
    assert newcomer.get(reverse("accounts:who_sees_what")).status_code == 200
    assert newcomer.post(reverse("account_logout"))["Location"] == "/"


def test_the_notice_turns_a_page_fragment_into_a_whole_page(newcomer):
    response = newcomer.get("/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/privacy/?next=%2F")


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_the_notice_leads_to_no_other_site(newcomer, wanted):
    assert newcomer.post("/privacy/", {"next": wanted})["Location"] == "/"


def test_a_new_version_of_the_notice_is_shown_again(db, as_user, monkeypatch):
    client = as_user(UserFactory(privacy_version=1))
    assert client.get("/").status_code == 200
    monkeypatch.setattr(settings, "PRIVACY_NOTICE_VERSION", 2)
    assert client.get("/").status_code == 302


def test_anybody_may_read_the_notice_and_nobody_accepts_it_without_an_account(db):
    assert Client().get("/privacy/").status_code == 200
    Client().post("/privacy/")
    assert not User.objects.exists()


# --- Export ---


def test_the_export_holds_the_account_and_what_the_apps_add(db, as_user, monkeypatch):
    answer = (1, "t", lambda person: {"meetings": [{"who": str(person.key)}]})
    monkeypatch.setattr(ports.PERSON_EXPORT, "_answers", [answer])
    user = UserFactory(given_name="Réka")
    response = as_user(user).post(reverse("accounts:export"))
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert sorted(archive.namelist()) == ["account.json", "meetings.json"]
    account = json.loads(archive.read("account.json"))
    assert (account["email"], account["given_name"]) == (user.email, "Réka")
    assert json.loads(archive.read("meetings.json")) == [{"who": user.key}]
    assert "no-store" in response["Cache-Control"]
    assert actions(user) == ["person.exported"]


def test_an_export_is_not_made_by_following_a_link(db, as_user):
    assert as_user(UserFactory()).get(reverse("accounts:export")).status_code == 405


# --- Erasure ---


def test_erasure_removes_what_identifies_and_signs_out(db, as_user):
    user = UserFactory(given_name="Réka")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = as_user(user)
    response = client.post(reverse("accounts:erase"), {"email": user.email.upper()})
    assert response["Location"] == reverse("account_login")
    old = user.email
    user.refresh_from_db()
    assert (user.full_name, user.is_active) == ("Former participant", False)
    assert not User.objects.filter(email=old).exists()
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not user.has_usable_password()
    assert client.get("/").status_code == 302
    assert actions(user) == ["person.erased"]


def test_erasure_tells_every_app_before_the_name_is_gone(db, as_user, monkeypatch):
    told = []
    monkeypatch.setattr(
        ports.PERSON_ERASED, "_answers", [(1, "t", lambda person: told.append(person.email))]
    )
    user = UserFactory()
    as_user(user).post(reverse("accounts:erase"), {"email": user.email})
    assert told == [user.email]


def test_erasure_that_an_app_cannot_finish_changes_nothing(db, as_user, monkeypatch):
    def fail(person):
        raise RuntimeError

    monkeypatch.setattr(ports.PERSON_ERASED, "_answers", [(1, "t", fail)])
    user = UserFactory()
    with pytest.raises(RuntimeError):
        as_user(user).post(reverse("accounts:erase"), {"email": user.email})
    user.refresh_from_db()
    assert user.is_active


def test_erasure_wants_the_address_typed(db, as_user):
    user = UserFactory()
    response = as_user(user).post(reverse("accounts:erase"), {"email": "other@example.edu"})
    assert response.status_code == 422
    assert "email" in response.context["form"].errors
    user.refresh_from_db()
    assert user.is_active


def test_the_last_site_administrator_stays(db, as_user):
    user = UserFactory(is_superuser=True)
    response = as_user(user).post(reverse("accounts:erase"), {"email": user.email})
    assert response.status_code == 422
    assert "only site administrator" in response.content.decode()


# --- Who can see what ---


def test_the_page_shows_every_cell_of_the_table(db):
    response = Client().get(reverse("accounts:who_sees_what"))
    levels = response.context["levels"]
    assert [level.slug for level in levels] == [level.value for level in Level]
    for level, shown in zip(Level, levels, strict=True):
        for content, (title, cells) in zip(Content, shown.rows, strict=True):
            assert title == content.label
            assert [cell.answer for cell in cells] == [
                sight(content, viewer, level).label for viewer in Viewer
            ]


def test_a_form_sent_after_the_session_ended_is_said_to_be_lost(db, client):
    answer = client.post("/me/preferences/", {}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/me/preferences/"
    assert "what you sent did not arrive" in answer.content.decode()
    looked_at = client.get("/me/preferences/", follow=True)
    assert "did not arrive" not in looked_at.content.decode()
