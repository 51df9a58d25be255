"""What the mails say, and that stale ones are not sent."""

import re

import pytest
from django.test import Client

from evaluation.models import Flag
from evaluation.monitoring import scan
from evaluation.services import broadcasts
from mentoring import clock, outbox, ports
from mentoring.accounts.permissions import Role
from mentoring.outbox import Notification, kinds
from mentoring.outbox.delivery.compose import compose
from sessions.models import Contact, ContactCheck, Message
from tests.evaluation.conftest import after, day, on
from tests.evaluation.test_never_met import group
from tests.factories import EnrollmentFactory, UserFactory, meeting, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentorship(cohort):
    made = pair(cohort)
    for side, name in (("student", "Anna"), ("mentor", "Márton")):
        person = getattr(made, side).person
        person.given_name, person.family_name = name, "Kovács"
        person.save()
    return made


def only(kind: str) -> Notification:
    return Notification.objects.get(kind=kind)


def text_of(note: Notification) -> str:
    mail = compose(note)
    assert not isinstance(mail, outbox.Suppress), mail
    return f"{mail.subject}\n{mail.body}"


def why(note: Notification) -> str:
    built = compose(note)
    assert isinstance(built, outbox.Suppress)
    return built.why


def test_the_student_is_asked_and_answers_with_one_tap(mentorship):
    with day(10):
        scan()
        text = text_of(only("never_met_student"))
        assert "You and Márton Kovács" in text
        url = re.search(r"Answer with one tap: http://[^/]+(\S+)", text)[1]
        client = Client()
        assert "Has your mentor been in touch?" in client.get(url).content.decode()
        assert ContactCheck.objects.count() == 0
        assert (
            "coordinator will look after it" in client.post(url, {"choice": "no"}).content.decode()
        )
        assert ContactCheck.objects.get().contacted is False
        client.post(url, {"choice": "yes"})
    assert ContactCheck.objects.get().contacted is True


@pytest.mark.parametrize("state", ["booked", "held"])
def test_a_reminder_to_meet_is_not_sent_when_they_have_met_or_booked_meanwhile(mentorship, state):
    with day(10):
        scan()
    meeting(mentorship, after(10 if state == "held" else 15), state=state)
    with day(11):
        assert "met or booked" in why(only("never_met_student"))


def test_the_mentor_is_not_reminded_once_she_left(mentorship):
    with day(10):
        scan()
    mentorship.memberships.filter(role=Role.MENTOR).update(ended_at=after(10))
    assert "no longer" in why(only("never_met_mentor"))


@pytest.mark.parametrize("answer", ["message", "contact"])
def test_the_mentor_is_reminded_unless_she_answered_meanwhile(mentorship, answer):
    meeting(mentorship, after(0), state="held")
    Message.objects.create(mentorship=mentorship, side="student", sent_at=after(1))
    with day(8):
        scan()
        assert "Anna Kovács would like to hear from you" in text_of(only("unanswered"))
    if answer == "message":
        Message.objects.create(mentorship=mentorship, side="mentor", sent_at=after(8, 13))
    else:
        Contact.objects.create(
            mentorship=mentorship, side="mentor", channel="phone", at=after(8, 13)
        )
    with day(8, hour=14):
        assert why(only("unanswered")) == "answered since"


def test_mails_about_missed_meetings_offer_help(mentorship):
    for number in (5, 8):
        meeting(mentorship, after(number), state="missed", missed_by="both")
    with day(9):
        scan()
        assert "nobody holds it against you" in text_of(only("missed_student"))
        assert "Anna Kovács could not come lately" in text_of(only("missed_student_mentor"))
        assert "Ward and duty come first" in text_of(only("missed_mentor"))
    meeting(mentorship, after(9), state="held")
    with day(10):
        for kind in ("missed_student", "missed_student_mentor", "missed_mentor"):
            assert why(only(kind)) == "they have met since"


BLAME = re.compile(r"\b(fail|failed|fault|must|warning|ignored?|neglect\w*)\b", re.IGNORECASE)


def test_no_mail_to_the_pair_blames(mentorship):
    for number in (5, 8):
        meeting(mentorship, after(number), state="missed", missed_by="both")
    Message.objects.create(mentorship=mentorship, side="student", sent_at=after(1))
    with day(10):
        scan()
        notes = list(Notification.objects.all())
        assert {note.kind for note in notes} == {
            "never_met_student", "never_met_mentor", "missed_student", "missed_student_mentor",
            "missed_mentor", "unanswered",
        }  # fmt: skip
        assert [BLAME.search(text_of(note)) for note in notes] == [None] * len(notes)


def test_the_digest_lists_what_is_new_and_still_stands(mentorship, cohort):
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    other = pair(cohort)
    with day(21):
        scan()
        text = text_of(only("flag_digest"))
        assert "2 cases could use your help" in text
        assert "Anna Kovács · Márton Kovács: Not met yet" in text
    meeting(other, after(21), state="held")
    with day(22):
        scan()
        assert "one pair could use your help" in text_of(only("flag_digest"))
    meeting(mentorship, after(22), state="held")
    with day(23):
        scan()
        assert why(only("flag_digest")) == "all of them were settled"


def test_the_digest_names_the_urgent_first(cohort):
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    for number, severity in enumerate(["warning"] * 13 + ["high"]):
        Flag.objects.create(
            cohort=cohort, rule="never-met", severity=severity, mentorship=pair(cohort),
            subject=str(number), occurrence="1", since=after(0), digest=after(20).date(),
        )  # fmt: skip
    note = Notification(
        kind="flag_digest",
        recipient=EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person,
        context={"cohort": cohort.pk, "day": f"{after(20):%Y-%m-%d}"},
    )
    rows = kinds.get("flag_digest").build(note).context["rows"]
    assert [row.flag.severity for row in rows][:2] == ["high", "warning"]


def test_the_digest_waits_for_the_end_of_quiet_hours(mentorship, cohort):
    person = UserFactory(time_zone="America/New_York")
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR, person=person)
    # 7:30 in Budapest is 1:30 in New York: it is held until 7:00 there, 13:00 in Budapest.
    with clock.at(on(2021, 9, 27, 7, 30)):
        scan()
        outbox.deliver_due()
    assert only("flag_digest").state == "queued"
    with clock.at(on(2021, 9, 27, 13, 1)):
        outbox.deliver_due()
    assert only("flag_digest").state == "sent"


def test_reminders_may_be_muted_wait_for_morning_and_are_called_by_beat():
    ticks = {one.task for entries in ports.PERIODIC.ask() for one in entries}
    assert {"evaluation.scan", "sessions.remind", "programs.remind_invited"} <= ticks
    for slug in (
        "never_met_student", "never_met_mentor", "missed_student", "missed_student_mentor",
        "missed_mentor", "unanswered", "flag_digest", "meeting_tomorrow", "meeting_soon",
        "meeting_unconfirmed", "proposal_unanswered",
    ):  # fmt: skip
        kind = kinds.get(slug)
        assert (slug, kind.mutable, kind.urgent) == (slug, True, False)


def test_a_message_to_a_list_is_signed_and_answered_by_mail(mentorship, cohort):
    from django.http import QueryDict

    from evaluation import audiences

    by = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    audience = audiences.read(cohort, QueryDict("to=pairs"), who="student")
    broadcasts.send(audience=audience, key="k", subject="Hello", text="Line 1\n<b>2</b>", by=by)
    mail = compose(only("broadcast"))
    assert mail.reply_to == [by.email]
    assert "Line 1\n<b>2</b>" in mail.body
    assert "&lt;b&gt;2&lt;/b&gt;" in mail.alternatives[0][0]
    assert by.full_name in mail.body


def test_a_mail_about_one_student_of_a_group_speaks_of_her_alone(cohort):
    mentorship = group(cohort)
    held = meeting(mentorship, after(5), state="held")
    left_out = mentorship.others[0]
    held.participants.filter(enrollment=left_out).update(attendance="absent")
    with day(10):
        scan()
        text = text_of(only("never_met_mentor"))
        assert left_out.person.full_name in text
        assert mentorship.student.person.full_name not in text
        assert "Has your mentor been in touch" in text_of(only("never_met_student"))
