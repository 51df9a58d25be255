"""Stand-ins: from the reserve, for some days, seeing only what is said in them."""

from datetime import date, timedelta

import pytest

from matching import queries, reserve
from matching.models import Membership, Mentorship, StandIn
from matching.services import mentorships, stand_ins
from matching.services.inputs import present_mentors
from matching.services.pair_rules import set_rule
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox import kinds
from mentoring.outbox.models import Notification
from programs.models import Absence
from programs.services import absences
from programs.staffing import places
from sessions.models import Message, Participant
from sessions.services import messages
from tests.factories import CohortFactory, EnrollmentFactory, meeting, pair

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2021, 11, 1), date(2021, 11, 21)


def at(day, hour=9):
    from datetime import UTC, datetime

    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


@pytest.fixture
def two():
    found = pair(CohortFactory(state="running"))
    found.reserve = EnrollmentFactory(cohort=found.cohort, role=Role.MENTOR, reserve=True)
    return found


@pytest.fixture
def absence(two):
    with at(date(2021, 10, 20)):
        return absences.declare(enrollment=two.mentor, starts=FIRST, ends=LAST, by=None)


def arrange(two, absence=None, **more):
    facts = {"starts": FIRST, "ends": LAST, "enrollment": two.reserve, **more}
    return stand_ins.arrange(mentorship=two, absent=two.mentor, absence=absence, by=None, **facts)


def there(two):
    return two.memberships.filter(enrollment=two.reserve, ended_at=None).exists()


def state(row):
    return StandIn.objects.get(pk=row.pk).state


def test_it_begins_and_ends_by_the_calendar(two, absence):
    with at(date(2021, 10, 20)):
        row = arrange(two, absence)
        assert state(row) == "planned"
        assert not there(two)
        assert stand_ins.follow_calendar() == 0
    with at(FIRST):
        assert stand_ins.follow_calendar() == 1
        assert stand_ins.follow_calendar() == 0, "safe to run twice"
        assert there(two)
    with at(LAST, 20):
        stand_ins.follow_calendar()
        assert there(two)
    with at(LAST + timedelta(days=3)):
        assert stand_ins.follow_calendar() == 1
        assert stand_ins.follow_calendar() == 0
    place = Membership.objects.get(enrollment=two.reserve)
    assert place.started_at.astimezone(two.cohort.zone).date() == FIRST
    assert place.ended_at == place.ends_at, "the planned instant, however late the tick"
    assert two.memberships.get(enrollment=two.mentor).ended_at is None
    actions = Event.objects.filter(action__startswith="stand_in.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "stand_in.arranged", "stand_in.begun", "stand_in.over",
    ]  # fmt: skip


def test_she_reads_only_what_is_said_in_these_days(two):
    for day, text in ((date(2021, 10, 25), "before"), (date(2021, 11, 5), "during"),
                      (date(2021, 12, 1), "after")):  # fmt: skip
        with at(day):
            if text == "before":
                arrange(two)
            stand_ins.follow_calendar()
            messages.write(mentorship=two, by=two.student.person, text=text)
    with at(date(2021, 12, 2)):
        assert Message.objects.count() == 3
        seen = messages.visible(two, two.reserve.person)
        assert [row.sent_at.date() for row in seen] == [date(2021, 11, 5)]


def test_one_that_begins_today_begins_at_once(two):
    with at(date(2021, 11, 5)):
        row = arrange(two)
        assert state(row) == "running"
        assert row.starts == date(2021, 11, 5)
        assert there(two)


def test_everybody_concerned_is_told_and_hears_of_the_end(two):
    with at(date(2021, 11, 5)):
        row = arrange(two)
        told = Notification.objects.filter(kind="stand_in_arranged")
        people = {two.student.person_id, two.mentor.person_id, two.reserve.person_id}
        assert set(told.values_list("recipient", flat=True)) == people
        for note in told:
            mail = kinds.get("stand_in_arranged").build(note)
            assert mail.context["for_her"] == (note.recipient_id == two.reserve.person_id)
        stand_ins.end(stand_in=row, by=None)
    assert not told.filter(state="queued").exists(), "over before anybody read of it"
    over = Notification.objects.filter(kind="stand_in_over")
    assert over.count() == 2
    with pytest.raises(DomainError, match="over already"):
        stand_ins.end(stand_in=row, by=None)


def test_who_is_back_earlier_ends_it(two, absence):
    with at(date(2021, 11, 5)):
        row = arrange(two, absence)
        absences.end(absence=absence, by=None)
        assert state(row) == "ended"
        assert not there(two)


def test_an_absence_taken_back_takes_the_plan_back(two, absence):
    with at(date(2021, 10, 25)):
        row = arrange(two, absence)
        absences.end(absence=absence, by=None)
    assert state(row) == "cancelled"
    assert not Absence.objects.exists()
    with at(FIRST):
        assert stand_ins.follow_calendar() == 0


def test_nobody_is_left_alone_at_the_end(two):
    with at(date(2021, 11, 5)):
        row = arrange(two)
        Membership.objects.filter(enrollment=two.mentor).update(ended_at=clock.now())
        with pytest.raises(DomainError, match="Nobody else mentors"):
            stand_ins.end(stand_in=row, by=None)
    with at(LAST + timedelta(days=2)):
        stand_ins.follow_calendar()
    place = Membership.objects.get(enrollment=two.reserve)
    assert (place.ended_at, place.ends_at) == (None, None)
    assert Mentorship.objects.get(pk=two.pk).is_live


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"starts": LAST, "ends": FIRST}, "before the first"),
        ({"starts": date(2021, 9, 7), "ends": date(2021, 9, 9)}, "days are over"),
        ({"ends": date(2022, 11, 1)}, "very long"),
    ],
)
def test_impossible_days_are_refused(two, more, says):
    with at(date(2021, 10, 25)), pytest.raises(DomainError, match=says):
        arrange(two, **more)


def test_who_cannot_stand_in_is_refused(two):
    with at(date(2021, 10, 25)):
        with pytest.raises(DomainError, match="in this group already"):
            arrange(two, enrollment=two.mentor)
        absences.declare(enrollment=two.reserve, starts=LAST, ends=LAST, by=None)
        with pytest.raises(DomainError, match="is away"):
            arrange(two)
        two.reserve.absences.all().delete()
        set_rule(cohort=two.cohort, student=two.student, mentor=two.reserve, kind="forbid", by=None)
        with pytest.raises(DomainError, match="Keep apart"):
            arrange(two)
        with pytest.raises(DomainError, match="who mentors in this cohort"):
            arrange(two, enrollment=EnrollmentFactory(cohort=two.cohort))


def test_twice_the_same_person_is_refused(two):
    with at(date(2021, 10, 25)):
        arrange(two)
        with pytest.raises(DomainError, match="stands in here already"):
            arrange(two)


def test_she_is_asked_to_meetings_of_these_days_and_to_no_later_one(two):
    with at(date(2021, 10, 25)):
        during = meeting(two, clock.now() + timedelta(days=12))
        later = meeting(two, clock.now() + timedelta(days=60))
        arrange(two)
    with at(FIRST):
        stand_ins.follow_calendar()
    asked = Participant.objects.filter(person=two.reserve.person)
    assert [seat.meeting for seat in asked] == [during]
    assert later.participants.count() == 2


def test_the_bank_holds_those_in_reserve_who_are_free_best_first(two):
    two.student.interests = two.reserve.interests = ["surgery"]
    two.student.save(), two.reserve.save()
    plain = EnrollmentFactory(cohort=two.cohort, role=Role.MENTOR, reserve=True)
    away = EnrollmentFactory(cohort=two.cohort, role=Role.MENTOR, reserve=True)
    free = EnrollmentFactory(cohort=two.cohort, role=Role.MENTOR)
    with at(date(2021, 10, 25)):
        absences.declare(enrollment=away, starts=FIRST, ends=FIRST, by=None)
        bank = reserve.bank(two, FIRST, LAST)
    assert [one.enrollment for one in bank.reserve] == [two.reserve, plain]
    assert "surgery" in " ".join(bank.reserve[0].reasons)
    assert [one.enrollment for one in bank.others] == [free]


def test_those_in_reserve_are_kept_out_of_the_matching(two):
    free = EnrollmentFactory(cohort=two.cohort, role=Role.MENTOR)
    assert two.reserve not in queries.mentors(two.cohort)
    assert set(present_mentors(two.cohort)) == {two.mentor, free}
    assert places(two.cohort)[2] == 2


def test_a_long_absence_without_anybody_stands_on_the_home(two, absence):
    by = EnrollmentFactory(cohort=two.cohort, role=Role.COORDINATOR).person
    with at(date(2021, 10, 25)):
        assert queries.away_alone(by) == [absence]
        arrange(two, absence)
        assert queries.away_alone(by) == []


def test_a_pair_that_ends_meanwhile_takes_the_plan_with_it(two):
    with at(date(2021, 10, 25)):
        row = arrange(two)
        mentorships.end(mentorship=two, reason="time", by=None)
    with at(FIRST):
        assert stand_ins.follow_calendar() == 0
    assert state(row) == "cancelled"
