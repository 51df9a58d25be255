"""Four years of vertical groups: the oldest leave, the youngest come, and nobody is lost."""

from collections import Counter

import pytest

from matching.models import Membership, Mentorship
from matching.services import leaders
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from programs.models import Cohort, Enrollment, Passage
from programs.years.people import GOING
from tests.programs.years import vertical

pytestmark = pytest.mark.django_db


def fresh(cohort):
    return Cohort.objects.get(pk=cohort.pk)


def play(capture, *, groups, per_class, juniors):
    """Opens the groups, then rolls over three times; asserts each year what is promised."""
    with clock.at(vertical.datetime(2021, 8, 30, 8, tzinfo=vertical.UTC)):
        cohort, by = vertical.opened(groups, per_class, juniors)
        vertical.match(cohort, by, capture)
    cohort = fresh(cohort)
    everyone = set(cohort.enrollments.values_list("pk", flat=True))
    full = Counter(dict.fromkeys((1, 2, 3, 4), per_class))
    assert list(vertical.classes(cohort).values()) == [full] * groups
    standing = set(vertical.members(cohort))
    for turn in (1, 2, 3):
        before = vertical.members(cohort)
        with clock.at(vertical.after_the_year(cohort)):
            roll_over = vertical.roll(cohort, by)
            cohort = fresh(cohort)
            after = vertical.members(cohort)
            assert set(after) == standing, "the groups are the same"
            for group in standing:
                assert len(before[group] - after[group]) == per_class
                assert not after[group] - before[group]
            assert_nobody_lost(roll_over, everyone)
            newcomers = vertical.add(cohort, groups * per_class, Role.STUDENT, class_year=1)
            seniors = vertical.seniors(cohort, juniors)
            vertical.add(cohort, 0, Role.JUNIOR_MENTOR, class_year=4, people=seniors)
            assert leaders.fill(cohort=cohort, by=by) == groups * juniors
            vertical.match(cohort, by, capture, seed=turn + 1)
        cohort = fresh(cohort)
        came = vertical.members(cohort)
        ids = {row.pk for row in newcomers}
        for group in standing:
            assert len(came[group] - after[group]) == per_class
            assert came[group] - after[group] <= ids
        assert list(vertical.classes(cohort).values()) == [full] * groups
        everyone = set(cohort.enrollments.values_list("pk", flat=True))
    return cohort, by


def assert_nobody_lost(roll_over, everyone):
    """Everybody who took part has one passage, and what it says is so; all of it is audited."""
    passages = {row.enrollment_id: row for row in roll_over.passages.select_related("enrollment")}
    staff = set(Enrollment.objects.filter(role=Role.COORDINATOR).values_list("pk", flat=True))
    gone = set(
        Enrollment.objects.filter(pk__in=everyone, left_at__lt=roll_over.done_at).values_list(
            "pk", flat=True
        )
    )
    assert set(passages) == everyone - staff - gone
    for row in passages.values():
        if row.fate in GOING:
            assert row.enrollment.state == row.state_before
        else:
            assert row.enrollment.state == "completed"
    audited = Event.objects.filter(action="year.passed", at__gte=roll_over.done_at)
    assert set(audited.values_list("subject", flat=True)) >= set(passages)
    assert Event.objects.filter(action="year.rolled", subject=roll_over.pk).count() == 1


def test_three_roll_overs_of_small_groups(django_capture_on_commit_callbacks):
    cohort, _by = play(django_capture_on_commit_callbacks, groups=3, per_class=2, juniors=1)
    assert Mentorship.objects.filter(cohort=cohort).count() == 3
    assert Passage.objects.filter(fate="completes", enrollment__role=Role.STUDENT).count() == 18
    assert not Membership.objects.filter(enrollment__state="completed", ended_at=None).exists()


def test_twenty_groups_of_forty_four_over_four_years(django_capture_on_commit_callbacks):
    """As published: 880 students, 11 from each of four classes, 60 seniors who lead for a year."""
    play(django_capture_on_commit_callbacks, groups=20, per_class=11, juniors=3)
