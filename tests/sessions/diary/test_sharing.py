"""An entry is its author's alone until she shares it, and again when she takes it back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from mentoring import clock
from mentoring.access import Permission, can
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.models import Enrollment
from sessions import ports as answers
from sessions.diary import sight
from sessions.models import DiaryEntry, SupervisorPlace
from sessions.services import diaries
from tests.factories import EnrollmentFactory, member, supervisor_group
from tests.sessions.conftest import NOW
from tests.sessions.diary.conftest import bodies, text_of

DAY = timedelta(days=1)


@pytest.fixture
def supervisor(two):
    return EnrollmentFactory(cohort=two.cohort, role=Role.SUPERVISOR).person


def share(entry, *, members=False, supervisor=False):
    return diaries.set_audience(
        entry=entry, members=members, supervisor=supervisor, by=entry.author
    )


def readers(entry, *people):
    return [who for who in people if can(who, Permission.READ_DIARY, entry)]


def test_nobody_else_reads_what_is_not_shared(two, write, supervisor):
    entry = write()
    everyone = [EnrollmentFactory(cohort=two.cohort, role=role).person for role in Role]
    assert readers(entry, two.student, supervisor, *everyone) == []
    assert readers(entry, two.mentor) == [two.mentor]


def test_members_and_supervisors_are_let_in_one_by_one(two, write, supervisor):
    entry = share(write(), members=True)
    assert readers(entry, two.student, supervisor) == [two.student]
    entry = share(entry, supervisor=True)
    assert readers(entry, two.student, supervisor) == [supervisor]
    entry = share(entry)
    assert readers(entry, two.student, supervisor) == []


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_sharing_does_not_depend_on_the_level_of_the_program(two, write, supervisor, level):
    version = two.cohort.edition.version
    version.document["confidentiality"] = {"level": level}
    version.save()
    entry = share(write(), members=True, supervisor=True)
    assert readers(entry, two.student, supervisor) == [two.student, supervisor]


def test_whoever_joins_later_reads_nothing_older(two, write):
    entry = share(write(), members=True)
    late = member(two.mentorship, EnrollmentFactory(cohort=two.cohort), started_at=NOW + DAY)
    assert readers(entry, late.person) == []
    with clock.at(NOW + 2 * DAY):
        # Written after she came, but about a day before.
        about_earlier = share(write(day=NOW.date()), members=True)
        later = share(write(), members=True)
    assert readers(about_earlier, late.person) == []
    assert readers(later, late.person) == [late.person]


def test_whoever_left_reads_nothing_that_was_written_changed_or_shared_since(two, write):
    shared = share(write("Then"), members=True)
    unshared = write("Not yet")
    changed = share(write("Before"), members=True)
    two.mentorship.memberships.filter(person=two.student).update(ended_at=NOW + DAY)
    with clock.at(NOW + 2 * DAY):
        DiaryEntry.objects.filter(pk=unshared.pk).update(members_at=NOW + 2 * DAY)
        changed = write("After", key=changed.key, version=changed.version)
        new = write("New")
        DiaryEntry.objects.filter(pk=new.pk).update(members_at=NOW + 2 * DAY)
    found = sight.shared_with_members(two.student)
    assert list(found) == [shared]


def test_a_supervisor_reads_nothing_that_was_shared_before_her_time(two, write, supervisor):
    entry = share(write(), supervisor=True)
    new = EnrollmentFactory(cohort=two.cohort, role=Role.SUPERVISOR)
    Enrollment.objects.filter(pk=new.pk).update(accepted_at=NOW + DAY)
    assert readers(entry, new.person, supervisor) == [supervisor]
    Enrollment.objects.filter(person=supervisor).update(state="withdrawn")
    assert readers(entry, supervisor) == []


def test_the_author_sees_who_has_opened_it_and_when_last(two, write, supervisor, as_user):
    entry = share(write(), members=True, supervisor=True)
    page = reverse("sessions:diary_entry", args=[entry.key])
    his = as_user(two.mentor)
    assert "Nobody has opened it yet" in his.get(page).content.decode()
    for days, reader in ((1, two.student), (2, supervisor), (3, two.student)):
        with clock.at(NOW + days * DAY):
            diaries.read(entry=entry, by=reader)
    assert [(one.who, one.at) for one in sight.readings(entry)] == [
        (two.student.full_name, NOW + 3 * DAY),
        (supervisor.full_name, NOW + 2 * DAY),
    ]
    shown = his.get(page).content.decode()
    assert "Who has opened it" in shown
    assert supervisor.full_name in shown


def test_with_groups_only_her_own_groups_supervisor_reads_and_only_since_she_is_in_it(
    two, write, supervisor
):
    author = two.mentorship.memberships.get(person=two.mentor).enrollment
    mine = supervisor_group(two.cohort, author, name="Mine")
    other = supervisor_group(two.cohort, name="Other")
    hers, stranger = mine.supervisor.person, other.supervisor.person
    entry = share(write(), supervisor=True)
    assert readers(entry, hers, stranger, supervisor) == [hers]
    assert diaries.supervisors(entry) == [hers]
    place = author.supervisor_places.get()
    with clock.at(clock.now() + DAY):
        SupervisorPlace.objects.filter(pk=place.pk).update(ended_at=clock.now())
        SupervisorPlace.objects.create(group=other, enrollment=author)
        assert readers(entry, hers, stranger, supervisor) == []
        share(entry)
        entry = share(entry, supervisor=True)
        assert readers(entry, hers, stranger, supervisor) == [stranger]


def test_supervisors_of_another_cohort_read_nothing(two, write, supervisor):
    entry = share(write(), supervisor=True)
    assert readers(entry, EnrollmentFactory(role=Role.SUPERVISOR).person) == []


def test_it_can_only_be_shared_with_somebody(two, write):
    entry = write()
    with pytest.raises(DomainError, match="no supervisor"):
        share(entry, supervisor=True)
    two.mentorship.memberships.filter(person=two.student).update(ended_at=NOW)
    with pytest.raises(DomainError, match="nobody else"):
        share(entry, members=True)


def test_each_reading_by_another_is_recorded_and_none_of_the_author(two, write):
    entry = share(write("Words"), members=True)
    assert diaries.read(entry=entry, by=two.student) == "Words"
    assert text_of(entry) == "Words"
    (event,) = Event.objects.filter(action="diary.read")
    assert (event.actor, event.subject) == (two.student.pk, entry.pk)


def test_a_person_gets_her_own_entries_and_nobody_elses(two, write):
    share(write("Mine"), members=True)
    write("Hers", by=two.student)
    (own,) = answers.person_export(two.mentor)["diary"]
    assert (own["text"], own["written"], own["shared_with_members"]) == ("Mine", NOW, NOW)
    assert [row["text"] for row in answers.person_export(two.student)["diary"]] == ["Hers"]


def test_erasure_takes_her_words_and_leaves_the_partners_entries(two, write):
    mine = share(write("Mine"), members=True)
    hers = write("Hers", by=two.student)
    answers.person_erased(two.mentor)
    mine.refresh_from_db()
    assert (bodies(), text_of(hers)) == (1, "Hers")
    assert (mine.written_at, mine.is_shared, bool(mine.deleted_at)) == (NOW, False, True)
    assert readers(mine, two.student) == []
