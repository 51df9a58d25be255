"""Private texts move to the newest key, and the old one can go."""

import json
from contextlib import suppress

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from mentoring import crypto
from mentoring.keys import new_key
from mentoring.ops import doctor, rotation
from sessions import private
from sessions.models import Concern, DiaryBody, DiaryEntry, Message, MessageBody
from sessions.services import change_requests, concerns, diaries, messages
from tests.factories import EnrollmentFactory, pair

pytestmark = pytest.mark.django_db
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def texts(settings):
    """A text of every kind, under the old key."""
    settings.FIELD_KEYS = [OLD]
    mentorship = pair()
    author = mentorship.mentor.person
    listener = EnrollmentFactory(cohort=mentorship.cohort, role="coordinator").person
    messages.write(mentorship=mentorship, text="A message", by=author)
    change_requests.ask(mentorship=mentorship, by=author, reason="A reason")
    concerns.raise_concern(
        cohort=mentorship.cohort, recipient=listener, text="A worry", urgent=False, by=author
    )
    diaries.save(
        mentorship=mentorship, save=diaries.Save(key=new_key(), text="A thought"), by=author
    )
    return mentorship


def run(capsys) -> dict:
    """What the command tells; it ends with 1 while something is left."""
    with suppress(SystemExit):
        call_command("rotate_keys", "--json")
    return json.loads(capsys.readouterr().out)


def test_every_table_with_sealed_texts_takes_part():
    names = {model.__name__ for model in rotation.tables()}
    assert {"MessageBody", "ConcernBody", "ChangeRequestBody", "DiaryBody"} <= names


def test_after_it_the_old_key_can_be_taken_out(texts, settings, capsys):
    settings.FIELD_KEYS = [NEW, OLD]
    assert rotation.old_text_remains()
    found = run(capsys)
    assert (found["renewed"], found["already_newest"], found["done"]) == (4, 0, True)
    settings.FIELD_KEYS = [NEW]
    for model, text in ((Message, "A message"), (Concern, "A worry"), (DiaryEntry, "A thought")):
        assert list(private.texts(model.objects.select_related("body")).values()) == [text]
    settings.FIELD_KEYS = [NEW, OLD]
    assert run(capsys)["already_newest"] == 4


def test_stopped_half_way_the_next_run_goes_on(texts, settings, capsys, monkeypatch):
    settings.FIELD_KEYS = [NEW, OLD]
    rotate, calls = crypto.rotate, []

    def stops(sealed):
        calls.append(sealed)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return rotate(sealed)

    monkeypatch.setattr(crypto, "rotate", stops)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate()
    monkeypatch.setattr(crypto, "rotate", rotate)
    found = run(capsys)
    assert (found["renewed"], found["already_newest"], found["done"]) == (2, 2, True)


def test_what_somebody_saves_meanwhile_stays_as_she_saved_it(texts, settings, monkeypatch):
    settings.FIELD_KEYS = [NEW, OLD]
    entry, rotate = DiaryEntry.objects.get(), crypto.rotate

    def saves_in_between(sealed):
        if bytes(DiaryBody.objects.get().sealed) == sealed:
            private.replace(entry, "A second thought")
        return rotate(sealed)

    monkeypatch.setattr(crypto, "rotate", saves_in_between)
    done = rotation.rotate()
    assert (done.renewed, done.changed) == (3, 1)
    fresh = DiaryEntry.objects.select_related("body").get()
    assert private.texts([fresh])[entry.pk] == "A second thought"
    assert not rotation.old_text_remains()


def test_a_text_that_no_key_opens_is_left_and_told(texts, settings, capsys):
    settings.FIELD_KEYS = [NEW]
    before = bytes(MessageBody.objects.get().sealed)
    found = run(capsys)
    assert (found["unreadable"], found["done"]) == (4, False)
    assert bytes(MessageBody.objects.get().sealed) == before


def test_the_doctor_says_where_a_rotation_stands(texts, settings):
    def keys():
        return [(f.verdict, f.mend) for f in doctor.examine() if f.check == "keys"]

    assert keys() == [("ok", "")]
    settings.FIELD_KEYS = [NEW, OLD]
    assert keys() == [("note", "manage.py rotate_keys")]
    rotation.rotate()
    assert keys() == [("note", "Take the older keys out of FIELD_KEYS.")]
    settings.FIELD_KEYS = [OLD]
    assert [verdict for verdict, _mend in keys()] == ["wrong"]
