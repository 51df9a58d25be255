"""The pages of the diary, and what coordinators see of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.accounts.permissions import Role
from mentoring.keys import new_key
from sessions.models import DiaryEntry
from sessions.services import diaries
from tests.factories import EnrollmentFactory, meeting
from tests.sessions.conftest import NOW
from tests.sessions.diary.conftest import text_of

DAY = timedelta(days=1)


def send(client, two, *, quiet=False, **fields):
    data = {"key": new_key(), "version": 0, "turn": 1, "day": NOW.date().isoformat()} | fields
    accept = {"HTTP_ACCEPT": "application/json"} if quiet else {}
    return client.post(f"/mentorships/{two.mentorship.key}/diary/save/", data, **accept)


def test_the_button_saves_without_any_script(two, as_user):
    answer = send(as_user(two.mentor), two, text="By hand")
    entry = DiaryEntry.objects.get()
    assert answer["Location"] == f"/diary/{entry.key}/"
    assert text_of(entry) == "By hand"


def test_a_script_hears_where_the_entry_stands(two, as_user):
    answer = send(as_user(two.mentor), two, quiet=True, text="As I type", tab="first")
    entry = DiaryEntry.objects.get()
    assert answer.json() == {"version": 1, "key": entry.key, "url": f"/diary/{entry.key}/"}
    stale = send(as_user(two.mentor), two, quiet=True, text="Elsewhere", key=entry.key, tab="other")
    assert (stale.status_code, stale.json()["version"]) == (409, 1)
    assert "another window" in stale.json()["message"]
    refused = send(as_user(two.mentor), two, quiet=True, text="")
    assert (refused.status_code, refused.json()["message"]) == (422, "Write something first.")


def test_without_a_script_a_conflict_keeps_the_text_in_the_page(two, as_user, write):
    entry = write("Theirs")
    page = send(as_user(two.mentor), two, text="Mine, typed long", key=entry.key)
    content = page.content.decode()
    assert page.status_code == 422
    assert "Mine, typed long" in content
    assert "Look at the other version" in content
    assert text_of(entry) == "Theirs"
    # The page now knows the version it would overwrite: pressing again is meant.
    assert send(as_user(two.mentor), two, text="Mine", key=entry.key, version=1).status_code == 302
    assert text_of(entry) == "Mine"


def test_pages_with_words_are_kept_by_no_browser(two, as_user, write):
    entry = write("Words")
    diaries.set_audience(entry=entry, members=True, supervisor=False, by=two.mentor)
    base = f"/mentorships/{two.mentorship.key}/diary/"
    paths = {
        two.mentor: ["/diary/", base, f"{base}write/", f"/diary/{entry.key}/"],
        two.student: ["/diary/shared/", base, f"/diary/{entry.key}/"],
    }
    for person, wanted in paths.items():
        for path in wanted:
            assert "no-store" in as_user(person).get(path)["Cache-Control"], path


def test_lists_show_how_ones_own_entries_begin_and_no_word_of_others(two, as_user, write):
    entry = write("A word of hers")
    diaries.set_audience(entry=entry, members=True, supervisor=False, by=two.mentor)
    base = f"/mentorships/{two.mentorship.key}/diary/"
    assert "A word of hers" in as_user(two.mentor).get(base).content.decode()
    theirs = as_user(two.student).get(base).content.decode()
    assert two.mentor.full_name in theirs
    assert "A word of hers" not in theirs


def test_writing_about_a_meeting_that_has_an_entry_opens_that_one(two, as_user, write):
    held = meeting(two.mentorship, NOW - DAY, state="held")
    url = f"/mentorships/{two.mentorship.key}/diary/write/?meeting={held.key}"
    assert held.key in as_user(two.mentor).get(url).content.decode()
    entry = write(meeting=held)
    assert as_user(two.mentor).get(url)["Location"] == f"/diary/{entry.key}/"


def test_the_home_of_a_mentor_asks_for_what_is_due(two, as_user, write):
    held = meeting(two.mentorship, NOW - DAY, state="held")
    home = as_user(two.mentor).get("/").content.decode()
    assert f"/mentorships/{two.mentorship.key}/diary/write/?meeting={held.key}" in home
    write(meeting=held)
    assert "diary/write" not in as_user(two.mentor).get("/").content.decode()
    assert "diary/write" not in as_user(two.student).get("/").content.decode()


@pytest.mark.parametrize(
    ("level", "texts"),
    [
        ("open", (["1 entry", "9 Sep"], [])),
        ("counts", (["1 entry"], ["9 Sep"])),
        ("strict", ([], ["1 entry", "9 Sep", ">Diary<"])),
    ],
)
def test_a_coordinator_sees_that_it_exists_as_far_as_the_level_allows(
    two, as_user, write, level, texts
):
    shown, hidden = texts
    version = two.cohort.edition.version
    version.document["confidentiality"] = {"level": level}
    version.save()
    write("Words", day=(NOW - DAY).date())
    write("Hers alone", by=two.student)
    her = EnrollmentFactory(cohort=two.cohort, role=Role.COORDINATOR).person
    page = as_user(her).get(f"/mentorships/{two.mentorship.key}/").content.decode()
    assert [text for text in shown if text not in page] == []
    assert [
        text for text in [*hidden, "Words", "Hers alone"] if text in page.split("<main")[1]
    ] == []


PATHS = ["/diary/", "/mentorships/{key}/diary/"]


@pytest.mark.parametrize("path", [*PATHS, "/diary/shared/"])
def test_pages_cost_the_same_for_one_entry_and_for_thirty(two, as_user, write, path):
    reader = two.student if "shared" in path else two.mentor

    def add(number):
        for _ in range(number):
            entry = write("Words")
            diaries.set_audience(entry=entry, members=True, supervisor=False, by=two.mentor)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = as_user(reader).get(path.format(key=two.mentorship.key))
        return len(queries), page.content.decode().count("/diary/")

    add(1)
    one, _links = cost()
    add(29)
    many, links = cost()
    assert (many, links >= 20) == (one, True)
