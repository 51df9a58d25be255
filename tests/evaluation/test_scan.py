"""The pass as a whole."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from evaluation.models import Flag, RuleSetting
from evaluation.monitoring import scan
from evaluation.services import flags as flag_services
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from sessions.models import Message
from tests.evaluation.conftest import after, day, mails, on
from tests.factories import CohortFactory, EnrollmentFactory, meeting, pair

pytestmark = pytest.mark.django_db


def busy(cohort, count: int) -> None:
    """Pairs that give every rule something to find."""
    for number in range(count):
        mentorship = pair(cohort)
        if number % 3 == 1:
            for late in (10, 12, 14):
                meeting(mentorship, after(late), state="missed", missed_by="both")
        if number % 3 == 2:
            Message.objects.create(mentorship=mentorship, side="student", sent_at=after(1))


def queries_of_two_passes(count: int) -> tuple[int, int]:
    cohort = CohortFactory(country="HU", state="running")
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    busy(cohort, count)
    with day(22):
        first, second = scan(cohort=cohort), scan(cohort=cohort)
    assert first.opened >= count
    assert (second.opened, second.updated, second.cleared, second.nudges) == (0, 0, 0, 0)
    return first.queries, second.queries


def test_the_number_of_queries_does_not_grow_with_the_cohort():
    assert queries_of_two_passes(3) == queries_of_two_passes(60)


def test_the_number_of_queries_does_not_grow_with_the_number_of_cohorts():
    busy(CohortFactory(state="running"), 3)
    with day(22):
        scan()
        alone = scan().queries
    for _ in range(4):
        busy(CohortFactory(state="running"), 3)
    with day(22):
        scan()
        assert scan().queries == alone


def test_the_command_prints_one_json_object(cohort, capsys):
    pair(cohort)
    with day(21):
        call_command("scan", "--json")
    printed = json.loads(capsys.readouterr().out)
    assert sorted(printed) == ["cleared", "nudges", "opened", "queries", "seconds", "updated"]
    assert (printed["opened"], printed["updated"], printed["cleared"]) == (1, 0, 0)


def test_each_change_of_a_flag_is_recorded(cohort):
    mentorship = pair(cohort)
    for number in (21, 56):
        with day(number):
            scan()
    meeting(mentorship, after(57), state="held")
    with day(58):
        scan()
    flag = Flag.objects.get()
    events = Event.objects.filter(subject_type="evaluation.flag", subject=flag.pk).order_by("pk")
    assert [event.action for event in events] == ["flag.opened", "flag.updated", "flag.cleared"]
    assert {event.cohort for event in events} == {cohort.pk}


@pytest.fixture
def flag(cohort) -> Flag:
    pair(cohort)
    with day(21):
        scan()
    return Flag.objects.get()


@pytest.fixture
def coordinator(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


def test_a_dismissed_flag_does_not_return_for_the_same_occurrence(flag, coordinator):
    with day(22):
        flag_services.dismiss(flag=flag, reason="Both on ward", by=coordinator)
        assert scan().opened == 0
    with day(60):
        assert scan().opened == 0


def test_a_dismissal_needs_a_reason(flag, coordinator):
    with pytest.raises(DomainError, match="why"):
        flag_services.dismiss(flag=flag, reason="  ", by=coordinator)
    flag.refresh_from_db()
    assert flag.state == "open"


def test_a_settled_flag_is_not_settled_again(flag, coordinator):
    flag_services.dismiss(flag=flag, reason="Both on ward", by=coordinator)
    with pytest.raises(DomainError, match="settled already"):
        flag_services.acknowledge(flag=flag, by=coordinator)


def test_an_acknowledged_flag_is_still_cleared_by_the_facts(flag, coordinator):
    flag_services.acknowledge(flag=flag, by=coordinator)
    meeting(flag.mentorship, after(22), state="held")
    with day(23):
        assert scan().cleared == 1


def test_a_snooze_lasts_three_days_or_until_it_becomes_urgent(flag, coordinator):
    with day(53):
        snoozed = flag_services.snooze(flag=flag, by=coordinator)
        assert snoozed.snoozed_until == clock.now() + timedelta(days=3)
    with day(56, hour=0):
        scan()
    flag.refresh_from_db()
    assert (flag.severity, flag.snoozed_until) == ("high", None)


def test_a_cohorts_own_thresholds_go_before_the_programs(cohort):
    version = cohort.edition.version
    version.document["monitoring"] = {"thresholds": {"never-met": {"flag": 14}}}
    version.save()
    pair(cohort)
    with day(13):
        assert scan().opened == 0
    with day(14):
        assert scan().opened == 1
    Flag.objects.all().delete()
    RuleSetting.objects.create(cohort=cohort, rule="never-met", thresholds={"flag": 30})
    with day(29):
        assert scan().opened == 0
    with day(30):
        assert scan().opened == 1


@pytest.mark.parametrize("where", ["program", "cohort"])
def test_a_rule_that_is_off_finds_nothing_and_withdraws_its_flags(cohort, where):
    pair(cohort)
    with day(21):
        assert scan().opened == 1
    if where == "program":
        version = cohort.edition.version
        version.document["monitoring"] = {"off": ["never-met"]}
        version.save()
    else:
        RuleSetting.objects.create(cohort=cohort, rule="never-met", enabled=False)
    with day(22):
        assert scan().cleared == 1


def strict(cohort) -> None:
    version = cohort.edition.version
    version.document["confidentiality"] = {"level": "strict"}
    version.save()


def test_a_strict_program_tells_only_the_pair(cohort):
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    strict(cohort)
    mentorship = pair(cohort)
    with day(10):
        scan()
    with day(60):
        assert scan().opened == 0
    assert mails() == [
        f"never_met_student to {mentorship.student.person.email}",
        f"never_met_mentor to {mentorship.mentor.person.email}",
    ]


def test_a_program_that_becomes_strict_withdraws_its_flags(cohort):
    pair(cohort)
    with day(21):
        scan()
    strict(cohort)
    with day(22):
        assert scan().cleared == 1


def test_a_cohort_that_closes_is_left_alone(cohort):
    pair(cohort)
    cohort.state = "closing"
    cohort.save()
    with day(21):
        assert scan().opened == 0


@pytest.mark.parametrize(
    ("moment", "sent"),
    [(on(2021, 9, 27, 7, 29), 0), (on(2021, 9, 27, 7, 30), 2), (on(2021, 10, 2, 12), 0)],
)
def test_coordinators_get_one_digest_on_working_days_from_half_past_seven(cohort, moment, sent):
    for _ in range(2):
        EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    pair(cohort)
    pair(cohort)
    with clock.at(moment):
        assert scan().opened == 2
        scan()
    assert len(mails("flag_digest")) == sent


def test_what_was_told_once_is_not_told_again_until_it_grows(cohort, coordinator):
    pair(cohort)
    days = []
    for number in range(20, 70):
        before = len(mails("flag_digest"))
        with day(number, hour=9):
            scan()
        if len(mails("flag_digest")) > before:
            days.append(number)
    # Day 21 is a Monday; day 56 is a Monday too, when the flag becomes urgent.
    assert days == [21, 56]
