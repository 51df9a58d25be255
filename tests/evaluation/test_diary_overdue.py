"""M9: an overdue diary. Dates only; the mentor first, then the coordinator."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.models import Flag, RuleSetting
from evaluation.monitoring import scan
from evaluation.presenters import flag_rows
from matching.models import Mentorship
from mentoring import clock, outbox
from mentoring.keys import new_key
from mentoring.outbox import Notification
from programs.models import Absence, Pause
from sessions.models import DiaryEntry
from sessions.services import diaries
from tests.evaluation.conftest import after, day, mails
from tests.factories import CohortFactory, EnrollmentFactory, meeting, member, pair

pytestmark = pytest.mark.django_db
SLUG = "diary-overdue"


@pytest.fixture
def cohort(db):
    """A running cohort whose mentors keep a diary, without public holidays."""
    return CohortFactory(country="", state="running")


@pytest.fixture
def mentorship(cohort) -> Mentorship:
    """A pair that met on the first day: an entry is due on day 7."""
    made = pair(cohort)
    made.met = meeting(made, after(0, hour=14), state="held")
    return made


def write(mentorship: Mentorship, days: int, about=None, by=None) -> DiaryEntry:
    with day(days):
        return diaries.save(
            mentorship=mentorship,
            save=diaries.Save(key=new_key(), text="Secret words", meeting=about),
            by=by or mentorship.mentor.person,
        )


def flags() -> list[tuple]:
    return list(Flag.objects.filter(rule=SLUG).order_by("pk").values_list("severity", "state"))


@pytest.mark.parametrize(
    ("days", "reminded", "expected"),
    [
        (7, 0, []),
        (13, 0, []),
        (14, 1, []),
        (20, 1, []),
        (21, 0, [("warning", "open")]),
        (60, 0, [("warning", "open")]),
    ],
)
def test_a_reminder_a_week_after_it_was_due_and_a_flag_a_week_later(
    mentorship, days, reminded, expected
):
    with day(days, hour=0):
        scan()
    assert len(mails("diary_overdue")) == reminded
    assert flags() == expected


def test_only_the_mentor_is_reminded(mentorship):
    with day(14):
        scan()
    assert mails("diary_overdue") == [f"diary_overdue to {mentorship.mentor.person.email}"]


def test_nothing_is_due_once_it_is_written(mentorship):
    write(mentorship, 6, about=mentorship.met)
    for number in (14, 21, 60):
        with day(number):
            scan()
    assert (mails("diary_overdue"), flags()) == ([], [])


def test_saving_any_entry_clears_it_and_old_gaps_stay_closed(mentorship):
    with day(22):
        scan()
    later = meeting(mentorship, after(23), state="held")
    write(mentorship, 24, about=later)
    with day(25):
        assert scan().cleared == 1
    for number in (40, 90):
        with day(number):
            scan()
    assert flags() == [("warning", "cleared")]


def test_an_entry_about_an_earlier_meeting_does_not_excuse_the_next(mentorship):
    meeting(mentorship, after(2), state="held")
    write(mentorship, 3, about=mentorship.met)
    with day(2 + 7 + 14):
        scan()
    assert flags() == [("warning", "open")]


def test_twice_is_once(mentorship):
    for _ in range(2):
        with day(21):
            scan()
    assert len(flags()) == 1
    with day(14):
        scan(), scan()
    assert len(mails("diary_overdue")) == 1


@pytest.mark.parametrize("what", ["pause", "absence"])
def test_paused_days_and_her_absence_put_everything_off(mentorship, cohort, what):
    first, last = date(2021, 9, 8), date(2021, 9, 17)
    if what == "pause":
        Pause.objects.create(edition=cohort.edition, name="Exams", starts=first, ends=last)
    else:
        Absence.objects.create(enrollment=mentorship.mentor, starts=first, ends=last)
    with day(30):
        scan()
    assert flags() == []
    with day(31):
        scan()
    assert flags() == [("warning", "open")]


def test_the_students_absence_changes_nothing(mentorship):
    Absence.objects.create(
        enrollment=mentorship.student, starts=date(2021, 9, 8), ends=date(2021, 9, 20)
    )
    with day(21):
        scan()
    assert flags() == [("warning", "open")]


def test_nothing_new_happens_on_a_paused_day(mentorship, cohort):
    Pause.objects.create(
        edition=cohort.edition, name="Break", starts=date(2021, 9, 27), ends=date(2021, 9, 30)
    )
    with day(21):
        scan()
    assert flags() == []


def test_a_mentor_who_took_over_owes_nothing_for_meetings_before_her(mentorship, cohort):
    mentorship.memberships.filter(role="mentor").update(ended_at=after(10))
    new = EnrollmentFactory(cohort=cohort, role="mentor")
    member(mentorship, new, started_at=after(10))
    with day(40):
        scan()
    assert (flags(), mails("diary_overdue")) == ([], [])


def test_each_of_two_mentors_answers_for_herself(mentorship, cohort):
    other = EnrollmentFactory(cohort=cohort, role="mentor")
    member(mentorship, other)
    met = meeting(mentorship, after(1), state="held")
    write(mentorship, 2, about=mentorship.met)
    write(mentorship, 3, about=met)
    with day(22):
        scan()
    (flag,) = Flag.objects.filter(rule=SLUG)
    assert flag.enrollment == other


@pytest.mark.parametrize("level", ["counts", "strict"])
def test_where_no_facts_leave_the_pair_only_the_mentor_is_told(mentorship, cohort, level):
    version = cohort.edition.version
    version.document["confidentiality"] = {"level": level}
    version.save()
    with day(14):
        scan()
    with day(60):
        scan()
    assert (len(mails("diary_overdue")), Flag.objects.filter(rule=SLUG).count()) == (1, 0)


def test_thresholds_are_the_cohorts_and_the_rule_can_be_switched_off(mentorship, cohort):
    setting = RuleSetting.objects.create(
        cohort=cohort, rule=SLUG, thresholds={"remind": 1, "flag": 2}
    )
    with day(9):
        scan()
    assert flags() == [("warning", "open")]
    setting.enabled = False
    setting.save()
    with day(10):
        scan()
    assert flags() == [("warning", "cleared")]


def test_a_program_that_asks_for_so_many_a_month_is_watched_by_its_months(mentorship, cohort):
    version = cohort.edition.version
    for need in version.document["requirements"]:
        if need["kind"] == "diary":
            need |= {"times": {"min": 1}, "per": "month"}
    version.save()
    # September's days are counted from the 6th: its entry is due on 7 October, flagged on the 21st.
    with clock.at(after(44)):
        scan()
    assert flags() == []
    with clock.at(after(45)):
        scan()
    assert flags() == [("warning", "open")]


def test_the_flag_tells_a_date_and_not_a_word(mentorship, cohort):
    with day(21):
        scan()
    (row,) = flag_rows(cohort, list(Flag.objects.filter(rule=SLUG)))
    assert "13 September 2021" in str(row.evidence)
    assert mentorship.mentor.person.full_name in row.who


def test_the_mail_is_dropped_when_she_wrote_meanwhile(mentorship):
    with day(14):
        scan()
    write(mentorship, 14, about=mentorship.met)
    with day(14, hour=13):
        outbox.deliver_due()
    assert Notification.objects.get(kind="diary_overdue").state == "suppressed"


def test_the_mail_leads_to_the_page(mentorship, mailoutbox):
    with day(14):
        scan()
        outbox.deliver_due()
    (mail,) = [mail for mail in mailoutbox if "diary" in mail.subject]
    assert "/diary/" in mail.body
    assert mentorship.student.person.full_name in mail.body


def test_a_pass_costs_the_same_however_many_keep_a_diary(cohort):
    def cost():
        # Before the hour of the digest, which looks a second time while there is news.
        with day(30, hour=6), CaptureQueriesContext(connection) as queries:
            scan()
        return len(queries)

    def one_more():
        meeting(pair(cohort), after(1) + timedelta(hours=1), state="held")

    one_more()
    cost()
    settled = cost()
    for _ in range(15):
        one_more()
    cost()
    assert cost() == settled
