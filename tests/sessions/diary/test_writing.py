"""Nothing that was typed is lost, and no window overwrites another one silently."""

from datetime import date, timedelta

import pytest

from mentoring import clock
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.keys import new_key
from sessions.models import DiaryBody, DiaryEntry
from sessions.services import diaries
from sessions.services.diaries import MAX_LENGTH, StaleError
from tests.factories import EnrollmentFactory, meeting, pair
from tests.sessions.conftest import NOW
from tests.sessions.diary.conftest import bodies, text_of

DAY = timedelta(days=1)


def test_an_entry_is_sealed_and_belongs_to_its_author(two, write):
    entry = write("She was tired – szégyelli.")
    assert (entry.author, entry.side, entry.mentorship) == (two.mentor, "mentor", two.mentorship)
    assert (entry.day, entry.written_at, entry.version) == (NOW.date(), NOW, 1)
    assert b"tired" not in bytes(DiaryBody.objects.get().sealed)
    assert text_of(entry) == "She was tired – szégyelli."
    assert not entry.is_shared


def test_a_student_may_keep_one_too(two, write):
    assert write(by=two.student).side == "student"


def test_each_save_replaces_the_text_and_keeps_when_it_began(two, write):
    entry = write("One")
    with clock.at(NOW + DAY):
        again = write("One, two", key=entry.key, version=1)
    assert (again.pk, again.version, text_of(again)) == (entry.pk, 2, "One, two")
    assert (again.written_at, again.updated_at) == (NOW, NOW + DAY)
    assert bodies() == 1


def test_it_can_be_emptied_and_was_written_all_the_same(write):
    entry = write("One")
    emptied = write("", key=entry.key, version=1)
    assert (text_of(emptied), emptied.written_at) == ("", NOW)


def test_an_entry_about_a_meeting_takes_its_day(two, write):
    held = meeting(two.mentorship, NOW - 3 * DAY, state="held")
    entry = write(meeting=held, day=NOW.date())
    assert (entry.meeting, entry.day) == (held, (NOW - 3 * DAY).date())


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_begins_without_a_word(write, text):
    with pytest.raises(DomainError, match="Write something first"):
        write(text)
    assert DiaryEntry.objects.count() == 0


def test_what_is_refused(two, write):
    stranger = EnrollmentFactory(cohort=two.cohort, role="mentor").person
    booked = meeting(two.mentorship, NOW + DAY)
    elsewhere = meeting(pair(two.cohort), NOW - DAY, state="held")
    refused = {
        "not part of this mentorship": {"by": stranger},
        "at most 20000 characters": {"text": "x" * (MAX_LENGTH + 1)},
        "still to come": {"day": NOW.date() + DAY},
        "not in this mentorship then": {"day": date(2021, 9, 1)},
        "meetings that you were at": {"meeting": booked},
        "out of date": {"key": "UPPERCASE-KEY"},
    }
    for message, fields in refused.items():
        with pytest.raises(DomainError, match=message):
            write(**fields)
    with pytest.raises(DomainError, match="meetings that you were at"):
        write(meeting=elsewhere)
    assert DiaryEntry.objects.count() == 0


def test_two_windows_do_not_overwrite_each_other(write):
    entry = write("Mine", tab="first")
    write("Mine, from the desk", key=entry.key, version=1, tab="second", turn=1)
    with pytest.raises(StaleError, match="another window") as refusal:
        write("Mine, from the phone", key=entry.key, version=1, tab="first", turn=2)
    assert refusal.value.entry.version == 2
    assert text_of(entry) == "Mine, from the desk"
    # Having looked, she saves hers over it.
    write("Mine, from the phone", key=entry.key, version=2, tab="first", turn=3)
    assert text_of(entry) == "Mine, from the phone"


def test_a_save_whose_answer_was_lost_is_no_conflict(write):
    entry = write("One", tab="first", turn=1)
    # The answer never came: the window still knows of version 0.
    again = write("One two", key=entry.key, version=0, tab="first", turn=2)
    assert (again.pk, text_of(again)) == (entry.pk, "One two")
    assert DiaryEntry.objects.count() == 1


def test_a_late_copy_of_an_earlier_save_changes_nothing(write):
    entry = write("One", tab="first", turn=1)
    write("One two", key=entry.key, version=1, tab="first", turn=2)
    late = write("One", key=entry.key, version=0, tab="first", turn=1)
    assert (late.version, text_of(entry)) == (2, "One two")


def test_two_windows_that_begin_about_one_meeting_make_one_entry(two, write):
    held = meeting(two.mentorship, NOW - DAY, state="held")
    entry = write("Mine", meeting=held, tab="first")
    with pytest.raises(StaleError) as refusal:
        write("Also mine", meeting=held, tab="second")
    assert refusal.value.entry == entry
    assert text_of(entry) == "Mine"


def test_nobody_saves_over_somebody_elses_entry(two, write):
    entry = write("Mine")
    with pytest.raises(DomainError, match="somebody else's"):
        write("Hers", key=entry.key, version=1, by=two.student)
    with pytest.raises(DomainError, match="somebody else's"):
        diaries.delete(entry=entry, by=two.student)
    assert text_of(entry) == "Mine"


def test_a_deleted_entry_loses_its_text_and_keeps_its_date(two, write):
    held = meeting(two.mentorship, NOW - DAY, state="held")
    entry = write("Mine", meeting=held)
    diaries.set_audience(entry=entry, members=True, supervisor=False, by=two.mentor)
    diaries.delete(entry=entry, by=two.mentor)
    entry.refresh_from_db()
    assert bodies() == 0
    assert (entry.written_at, entry.deleted_at, entry.is_shared) == (NOW, NOW, False)
    with pytest.raises(DomainError, match="deleted this entry"):
        write("More", key=entry.key, version=1)
    assert write("Anew", meeting=held, key=new_key()).pk != entry.pk


def test_after_the_mentorship_old_entries_can_be_changed_and_none_begun(two, write):
    entry = write("Mine")
    two.mentorship.memberships.update(ended_at=NOW)
    type(two.mentorship).objects.filter(pk=two.mentorship.pk).update(
        state="completed", ended_at=NOW
    )
    two.mentorship.refresh_from_db()
    assert write("Mine still", key=entry.key, version=1).version == 2
    with pytest.raises(DomainError, match="has ended"):
        write("New")


def test_the_audit_knows_acts_and_no_words(two, write):
    entry = write("Secret words")
    write("Secret words too", key=entry.key, version=1)
    diaries.delete(entry=entry, by=two.mentor)
    acts = list(Event.objects.filter(subject_type="meetings.diaryentry").order_by("pk"))
    assert [event.action for event in acts] == ["diary.written", "diary.deleted"]
    assert all("ecret" not in str(event.data) for event in acts)
