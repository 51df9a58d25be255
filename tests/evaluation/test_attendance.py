"""M11 and M12: trainings and supervisions missing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from evaluation.models import Flag
from evaluation.monitoring import scan
from evaluation.monitoring.catalog import BY_SLUG
from evaluation.services import rule_settings
from mentoring import clock, outbox
from mentoring.access import Permission, can
from mentoring.accounts.permissions import Role
from mentoring.outbox import Notification
from programs.models import Absence
from sessions.services import attendance
from tests.evaluation.conftest import mails, on
from tests.factories import (
    EnrollmentFactory,
    SeriesFactory,
    attend,
    pair,
    supervisor_group,
    training_date,
)

pytestmark = pytest.mark.django_db
# Autumn runs from 6 September 2021 to 30 January 2022; half of it has passed on 17 November.
BEFORE_HALF, HALF = on(2021, 11, 16), on(2021, 11, 18)
BEFORE_LAST, LAST, AFTER = on(2022, 1, 22), on(2022, 1, 23), on(2022, 1, 31)
WEEK = timedelta(weeks=1)


@pytest.fixture
def mentor(cohort):
    """The mentor of a pair; another date of each kind is always ahead."""
    found = pair(cohort).mentor
    for kind in ("training", "supervision"):
        training_date(SeriesFactory(cohort=cohort, kind=kind), on(2022, 1, 29))
    return found


def attended(enrollment, kind, times):
    series = SeriesFactory(cohort=enrollment.cohort, kind=kind)
    days = timedelta(days=kind == "supervision")
    for n in range(times):
        attend(training_date(series, on(2021, 9, 13) + n * WEEK + days, "held"), enrollment)


def flags(rule="training-missing"):
    return [(f.severity, f.state) for f in Flag.objects.filter(rule=rule).order_by("pk")]


def pass_at(moment):
    with clock.at(moment):
        return scan()


def test_who_is_behind_half_way_is_reminded_once(mentor):
    attended(mentor, "training", 1)
    attended(mentor, "supervision", 1)
    pass_at(BEFORE_HALF)
    assert mails("quota_missing") == []
    pass_at(HALF)
    pass_at(HALF + WEEK)
    assert mails("quota_missing") == [f"quota_missing to {mentor.person.email}"]
    assert flags() == []


@pytest.mark.parametrize(("times", "ahead"), [(2, 0), (1, 1)])
def test_who_keeps_up_or_has_taken_places_is_not(mentor, times, ahead):
    attended(mentor, "training", times)
    attended(mentor, "supervision", 1)
    for n in range(ahead):
        one = training_date(SeriesFactory(cohort=mentor.cohort), on(2021, 12, 1 + n))
        attend(one, mentor, "unknown")
    pass_at(HALF)
    assert mails("quota_missing") == []


def test_short_at_the_end_of_the_term_is_a_flag_and_urgent_where_credits_depend_on_it(mentor):
    attended(mentor, "training", 3)
    attended(mentor, "supervision", 1)
    pass_at(BEFORE_LAST)
    assert flags() == []
    assert pass_at(LAST).opened == 2
    assert flags() == [("high", "open")]
    assert flags("supervision-missing") == [("warning", "open")]
    again = pass_at(AFTER)
    assert (again.opened, again.updated, again.cleared) == (0, 0, 0)


def test_a_met_quota_clears_the_flag(mentor):
    attended(mentor, "training", 3)
    attended(mentor, "supervision", 2)
    pass_at(LAST)
    attend(training_date(SeriesFactory(cohort=mentor.cohort), on(2022, 1, 24), "held"), mentor)
    pass_at(AFTER)
    assert flags() == [("high", "cleared")]


def test_a_list_clears_the_flag_at_once(mentor, django_capture_on_commit_callbacks):
    attended(mentor, "training", 3)
    attended(mentor, "supervision", 2)
    pass_at(LAST)
    last = training_date(SeriesFactory(cohort=mentor.cohort), on(2022, 1, 24))
    attend(last, mentor, "unknown")
    writer = EnrollmentFactory(cohort=mentor.cohort, role=Role.COORDINATOR).person
    with clock.at(AFTER), django_capture_on_commit_callbacks(execute=True):
        attendance.record_list(meeting=last, said={mentor.pk: "present"}, by=writer)
    assert flags() == [("high", "cleared")]


def test_supervision_missing_tells_the_mentor_and_her_supervisor(mentor):
    attended(mentor, "training", 4)
    group = supervisor_group(mentor.cohort, mentor)
    pass_at(LAST)
    assert f"quota_missing_supervisor to {group.supervisor.person.email}" in mails()
    assert f"quota_missing to {mentor.person.email}" in mails()


def test_the_supervisor_is_told_also_when_no_date_is_left_to_choose(cohort):
    mentor = pair(cohort).mentor
    group = supervisor_group(cohort, mentor)
    attended(mentor, "supervision", 1)
    pass_at(LAST)
    assert mails() == [f"quota_missing_supervisor to {group.supervisor.person.email}"]


def test_a_list_that_is_never_written_hides_nobody_for_good(cohort):
    mentor = pair(cohort).mentor
    series = SeriesFactory(cohort=cohort, kind="supervision")
    for day in (13, 14):
        attend(training_date(series, on(2022, 1, day)), mentor, "unknown")
    pass_at(LAST)
    assert flags("supervision-missing") == []
    pass_at(on(2022, 1, 29))
    flag = Flag.objects.get(rule="supervision-missing")
    assert "2 lists were never written" in str(BY_SLUG[flag.rule].evidence(flag.evidence, True))


def test_what_is_for_others_was_not_offered_to_her(cohort):
    pair(cohort)
    training_date(SeriesFactory(cohort=cohort, audience="student"), on(2021, 10, 4), "held")
    pass_at(LAST)
    assert flags() == []


def test_who_is_in_no_group_is_not_sent_to_another_groups_dates(cohort):
    pair(cohort)
    group = supervisor_group(cohort)
    training_date(SeriesFactory(cohort=cohort, kind="supervision", group=group), on(2022, 1, 29))
    pass_at(LAST)
    assert mails() == []
    flag = Flag.objects.get(rule="supervision-missing")
    assert "no supervisor" in str(BY_SLUG[flag.rule].evidence(flag.evidence, True))


def test_no_date_that_is_full_is_offered(cohort):
    mentor, other = pair(cohort).mentor, pair(cohort).mentor
    last = training_date(SeriesFactory(cohort=cohort, capacity=1), on(2022, 1, 29))
    attend(last, other, "unknown")
    pass_at(LAST)
    assert f"quota_missing to {mentor.person.email}" not in mails()


def test_the_mail_says_how_it_stands_when_it_is_sent(mentor):
    attended(mentor, "training", 1)
    attended(mentor, "supervision", 2)
    pass_at(HALF)
    with clock.at(HALF + timedelta(hours=2)):
        outbox.deliver_due()
    note = Notification.objects.get(kind="quota_missing")
    assert note.state == "sent"


def test_who_has_caught_up_since_hears_nothing(mentor):
    attended(mentor, "training", 1)
    attended(mentor, "supervision", 2)
    pass_at(HALF)
    for n in range(3):
        one = training_date(SeriesFactory(cohort=mentor.cohort), on(2021, 12, 1 + n))
        attend(one, mentor, "unknown")
    with clock.at(HALF + timedelta(hours=2)):
        outbox.deliver_due()
    assert Notification.objects.get(kind="quota_missing").state == "suppressed"


def test_nobody_is_short_of_what_nobody_offered(cohort):
    pair(cohort)
    pass_at(LAST)
    assert flags() == [] == flags("supervision-missing")


def test_who_is_away_is_left_alone(mentor):
    Absence.objects.create(enrollment=mentor, starts=date(2021, 11, 1), ends=date(2022, 1, 29))
    pass_at(HALF)
    pass_at(LAST)
    assert mails("quota_missing") == []
    assert flags() == []


def test_a_newcomer_owes_only_the_rest(cohort):
    late = EnrollmentFactory(cohort=cohort, role=Role.MENTOR, activated_at=on(2022, 1, 25))
    pair(cohort)
    training_date(SeriesFactory(cohort=cohort), on(2022, 1, 29))
    pass_at(on(2022, 1, 26))
    assert not Flag.objects.filter(enrollment=late).exists()


def test_thresholds_can_be_changed(mentor):
    rule_settings.set_rule(
        cohort=mentor.cohort,
        rule="training-missing",
        enabled=True,
        thresholds={"midterm": 50, "before_end": 30},
        by=mentor.person,
    )
    pass_at(on(2022, 1, 2))
    assert flags() == [("high", "open")]


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_attendance_is_the_cohorts_and_shown_at_every_level(mentor, level, as_user):
    version = mentor.cohort.edition.version
    version.document["confidentiality"] = {"level": level}
    version.save()
    coordinator = EnrollmentFactory(cohort=mentor.cohort, role=Role.COORDINATOR).person
    attended(mentor, "training", 2)
    pass_at(LAST)
    flag = Flag.objects.get(rule="training-missing")
    assert can(coordinator, Permission.HANDLE_FLAGS, flag)
    with clock.at(LAST):
        page = (
            as_user(coordinator).get(reverse("evaluation:flag", args=[flag.key])).content.decode()
        )
        listed = (
            as_user(coordinator)
            .get(reverse("evaluation:flags", args=[mentor.cohort.key]))
            .content.decode()
        )
    assert "2 of 4 attended in Autumn: Mentor training." in page
    assert mentor.person.full_name in page
    assert mentor.person.full_name in listed


def test_the_number_of_queries_does_not_grow(cohort):
    def queries(count):
        for _ in range(count):
            attended(EnrollmentFactory(cohort=cohort, role=Role.MENTOR), "training", 1)
        training_date(SeriesFactory(cohort=cohort), on(2022, 1, 29))
        pass_at(LAST)
        return pass_at(LAST).queries

    pair(cohort)
    assert queries(1) == queries(30)
