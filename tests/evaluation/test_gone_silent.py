"""M2 and M18: they were in touch, and then hardly or not at all."""

from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest

from evaluation import presenters, queries
from evaluation.models import Flag
from evaluation.monitoring import scan
from evaluation.monitoring.calendar import Calendar
from evaluation.monitoring.silence import Measure, silence
from mentoring.accounts.permissions import Role
from mentoring.outbox import Notification, Suppress
from mentoring.outbox.delivery.compose import compose
from programs.models import Absence, Pause
from sessions.agreement_terms import Terms
from sessions.models import Contact, Message
from sessions.services import agreements
from tests.evaluation.conftest import after, day, mails
from tests.factories import CohortFactory, EnrollmentFactory, meeting, member, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentorship(cohort):
    """A pair of Semmelweis (weekly contact, monthly meetings) that met on the first day."""
    made = pair(cohort)
    meeting(made, after(0), state="held")
    return made


def touch(mentorship, number):
    Contact.objects.create(
        mentorship=mentorship, at=after(number), channel="message", side="student"
    )


def flags() -> list[tuple[str, str]]:
    return list(Flag.objects.order_by("pk").values_list("step", "state"))


def agree(mentorship, number=0, **terms):
    with day(number):
        row = agreements.propose(
            mentorship=mentorship, terms=Terms(**terms), by=mentorship.mentor.person
        )
        agreements.sign(agreement=row, by=mentorship.student.person)


def play(mentorship, until, touched=()):
    """Scan every day; the days on which a flag opened or cleared."""
    turns = {}
    for number in range(until + 1):
        if number in touched:
            touch(mentorship, number)
        with day(number, hour=18):
            done = scan()
        if done.opened or done.cleared:
            turns[number] = "opened" if done.opened else "cleared"
    return turns


# Weekly contact: a period has four weeks, and two in a row without a sign make a flag.
@pytest.mark.parametrize(
    ("days", "nudged", "expected"),
    [
        (13, 0, []),
        (14, 2, []),
        (20, 2, []),
        (21, 0, []),
        (55, 0, []),
        (56, 0, [("flag", "open")]),
        (83, 0, [("flag", "open")]),
        (84, 0, [("high", "open")]),
    ],
)
def test_thresholds_are_reached_on_their_day(mentorship, days, nudged, expected):
    with day(days, hour=0):
        scan()
    assert len(mails("gone_silent")) == nudged
    assert flags() == expected


def test_who_never_was_in_touch_is_not_silent(cohort):
    pair(cohort)
    with day(90):
        scan()
    assert set(Flag.objects.values_list("rule", flat=True)) == {"never-met"}


@pytest.mark.parametrize("how", ["contact", "meeting", "answered message"])
def test_one_sign_of_any_kind_clears_it(mentorship, how):
    with day(56):
        scan()
    if how == "contact":
        touch(mentorship, 57)
    elif how == "meeting":
        meeting(mentorship, after(57), state="held")
    else:
        Message.objects.create(mentorship=mentorship, side="student", sent_at=after(56))
        Message.objects.create(mentorship=mentorship, side="mentor", sent_at=after(57))
    with day(58):
        assert scan().cleared == 1
    assert flags() == [("flag", "cleared")]


def test_a_message_that_nobody_answered_is_no_contact(mentorship):
    Message.objects.create(mentorship=mentorship, side="mentor", sent_at=after(50))
    with day(56):
        scan()
    assert flags() == [("flag", "open")]


def test_half_of_those_who_write_every_third_week_are_not_silent(mentorship):
    assert play(mentorship, 130, touched=range(0, 131, 27)) == {}


def test_a_flag_stands_while_the_silence_lasts_and_a_second_one_is_another(mentorship):
    assert play(mentorship, 150, touched=(70,)) == {56: "opened", 70: "cleared", 126: "opened"}


def test_a_booked_meeting_keeps_reminder_and_flag_away(mentorship):
    meeting(mentorship, after(90))
    for number in (14, 56, 89):
        with day(number):
            assert scan().nudges == 0
    assert flags() == []


def test_pauses_and_absences_stop_the_clock(cohort, mentorship):
    Pause.objects.create(
        edition=cohort.edition, name="Exams", starts=date(2021, 9, 13), ends=date(2021, 9, 19)
    )
    Absence.objects.create(
        enrollment=mentorship.mentor, starts=date(2021, 9, 20), ends=date(2021, 9, 22)
    )
    assert play(mentorship, 67) == {66: "opened"}


def test_a_new_mentor_starts_the_clock_anew(cohort, mentorship):
    mentorship.memberships.filter(role=Role.MENTOR).update(ended_at=after(40))
    member(mentorship, EnrollmentFactory(cohort=cohort, role=Role.MENTOR), started_at=after(40))
    assert play(mentorship, 96) == {96: "opened"}


def test_reminders_do_not_come_again_before_two_periods_are_over(mentorship):
    sent = {}
    for number in range(96):
        if number % 16 == 0:
            touch(mentorship, number)
        with day(number, hour=18):
            nudges = scan().nudges
        if nudges:
            sent[number] = nudges
    # In touch on days 0, 16, 32 and so on: reminded after the first gap, and after day 64's.
    assert sent == {14: 2, 78: 2}


# --- What was agreed -----------------------------------------------------------------------------


def test_the_agreed_rhythm_goes_before_the_programs(mentorship):
    agree(mentorship, rhythm="month", every=1, contact_weeks=0)
    with day(14):
        assert scan().nudges == 0
    # Monthly: a period has 60 days, and the clock began with the first meeting and the signature.
    with day(119, hour=0):
        scan()
    assert flags() == []
    with day(120, hour=0):
        scan()
    assert flags() == [("flag", "open")]
    assert Flag.objects.get().evidence == {
        "window": 60, "windows": 2, "needed": 1, "agreed": True
    }  # fmt: skip


def test_a_rare_rhythm_does_not_switch_the_rule_off_for_the_year(cohort, mentorship):
    agree(mentorship, rhythm="weeks", every=26, contact_weeks=0)
    starts, ends = cohort.edition.starts, cohort.edition.ends
    window = ceil(((ends - starts).days + 1) / 3)
    with day(2 * window, hour=23):
        scan()
    assert flags() == [("flag", "open")]
    assert Flag.objects.get().evidence["window"] == window


def test_who_agreed_on_every_week_and_meets_once_a_month_is_flagged(mentorship):
    agree(mentorship, rhythm="weeks", every=1)
    assert play(mentorship, 60, touched=(20, 48)) == {56: "opened"}
    flag = Flag.objects.get()
    assert "fewer than 2 times in each of 2 periods of 28 days" in str(
        presenters.rule_of(flag).evidence(flag.evidence, True)
    )
    # Twice within four weeks again: the period is met.
    touch(mentorship, 61)
    with day(61, hour=18):
        assert scan().cleared == 1


def test_a_stricter_agreement_does_not_look_back(mentorship):
    touch(mentorship, 28)
    agree(mentorship, 30, rhythm="weeks", every=1)
    with day(31):
        assert scan().opened == 0
    with day(86):
        assert scan().opened == 1


def test_an_agreement_that_leaves_it_open_leaves_the_programs_cadence(mentorship):
    agree(mentorship, rhythm="open", every=0)
    with day(56):
        scan()
    assert flags() == [("flag", "open")]


def test_a_proposal_changes_nothing(mentorship):
    with day(0):
        agreements.propose(mentorship=mentorship, terms=Terms(), by=mentorship.mentor.person)
    with day(56):
        scan()
    assert Flag.objects.get().evidence["agreed"] is False


# --- Who is told ---------------------------------------------------------------------------------


def level(cohort, name):
    version = cohort.edition.version
    version.document["confidentiality"] = {"level": name}
    version.save()


def test_counts_says_only_how_often(cohort, mentorship):
    level(cohort, "counts")
    with day(56):
        scan()
        (row,) = presenters.flag_rows(cohort, list(queries.flags(cohort)))
    assert row.since is None
    assert str(row.evidence) == (
        "Not in touch by any means in 2 periods of 28 days in a row. "
        "That is less than half as often as the program asks them to meet."
    )


def test_strict_tells_only_the_pair(cohort, mentorship):
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    level(cohort, "strict")
    assert play(mentorship, 90) == {}
    people = (mentorship.student.person, mentorship.mentor.person)
    assert mails() == [f"gone_silent to {person.email}" for person in people]


def test_the_mail_is_not_sent_when_they_spoke_or_booked_meanwhile(mentorship):
    with day(14):
        scan()
        note = Notification.objects.filter(kind="gone_silent").first()
        assert "quiet between you and" in compose(note).body
    booked = meeting(mentorship, after(20))
    with day(15):
        assert isinstance(compose(note), Suppress)
    booked.delete()
    touch(mentorship, 15)
    with day(16):
        assert compose(note).why == "in touch since"


def test_queries_do_not_grow(django_assert_num_queries):
    def cost(pairs):
        cohort = CohortFactory(country="", state="running")
        for _ in range(pairs):
            made = pair(cohort)
            meeting(made, after(0), state="held")
            agree(made)
            Message.objects.create(mentorship=made, side="mentor", sent_at=after(1))
        with day(125):
            scan(cohort=cohort)
            return scan(cohort=cohort).queries

    assert cost(2) == cost(30)


# --- The measure, without a database -------------------------------------------------------------

LIMITS = {"nudge": 14, "window": 28, "share": 50}


@pytest.mark.parametrize(
    ("meeting_days", "contact", "window", "needed", "nudge"),
    [
        (30, 7, 28, 1, 14),
        (30, None, 60, 1, 60),
        (7, 7, 28, 2, 14),
        (14, None, 28, 1, 28),
        # Never more than a third of the year.
        (91.25, None, 122, 1, 122),
        (10, None, 28, 2, 20),
    ],
)
def test_what_is_expected(meeting_days, contact, window, needed, nudge):
    found = Measure.of(meeting=meeting_days, contact=contact, limits=LIMITS, year=364)
    assert (found.window, found.needed, found.nudge) == (window, needed, nudge)


def test_silence_counts_from_the_contacts_that_last_met_a_period():
    zone = ZoneInfo("Europe/Budapest")
    start = datetime(2021, 9, 6, 12, tzinfo=zone)
    calendar = Calendar(zone, ((date(2021, 9, 1), date(2022, 6, 30)),))
    moments = [start + timedelta(days=n) for n in (0, 10, 50)]
    found = silence(
        moments,
        began=moments[0],
        now=start + timedelta(days=60),
        calendar=calendar,
        count=calendar.count(),
        measure=Measure(28, 2, 14),
    )
    # Days 0 and 10 lie in one period; day 50 stands alone.
    assert (found.since, found.last, found.days) == (moments[0], moments[2], 60)
