"""Goals are the pair's: both set them, and nobody else reads them."""

from datetime import date, timedelta

import pytest
from django.db import connection

from matching.models import Membership
from mentoring import clock
from mentoring.errors import DomainError
from sessions import ports as answers
from sessions.models import Goal
from sessions.services import goals
from tests.factories import EnrollmentFactory, member
from tests.sessions.conftest import NOW

DAY = timedelta(days=1)
TITLE = "Pass the anatomy exam"


def add(two, title=TITLE, by=None, at=NOW):
    with clock.at(at):
        return goals.add(
            mentorship=two.mentorship, title=title, horizon="short", by=by or two.student
        )


def titles(two, user):
    rows = list(goals.visible(two.mentorship, user))
    said = goals.words(rows)
    return [said[row.pk].title if row.pk in said else None for row in rows]


def test_both_sides_set_goals_in_an_order(two):
    add(two)
    second = add(two, "Find a specialty", two.mentor)
    assert titles(two, two.student) == [TITLE, "Find a specialty"]
    goals.prefer(goal=second, by=two.student)
    assert titles(two, two.mentor) == ["Find a specialty", TITLE]
    goals.prefer(goal=second, by=two.student)
    assert titles(two, two.mentor) == ["Find a specialty", TITLE]


def test_progress_is_noted_with_who_and_when(two):
    goal = add(two)
    goals.progress(goal=goal, percent=40, by=two.mentor)
    goals.progress(goal=goal, percent=40, by=two.student)
    goals.settle(goal=goal, state="reached", by=two.student)
    assert [(m.percent, m.state, m.noted_by) for m in goals.moments(goal)] == [
        (100, "reached", two.student),
        (40, "active", two.mentor),
    ]
    goal.refresh_from_db()
    assert goal.settled_at == NOW


def test_a_goal_is_let_go_with_a_reason_and_taken_up_again(two):
    goal = add(two)
    goals.settle(goal=goal, state="dropped", reason="The exam was moved", by=two.student)
    goal.refresh_from_db()
    assert goals.words([goal])[goal.pk] == goals.Words(TITLE, "The exam was moved")
    with pytest.raises(DomainError, match="settled"):
        goals.progress(goal=goal, percent=50, by=two.student)
    goals.take_up(goal=goal, by=two.mentor)
    goal.refresh_from_db()
    assert (goal.state, goal.settled_at) == ("active", None)


def test_a_goal_is_said_better(two):
    goal = add(two)
    goals.change(
        goal=goal, title="Pass it well", horizon="long", due_on=date(2022, 1, 10), by=two.mentor
    )
    goal.refresh_from_db()
    assert (goal.horizon, goal.due_on) == ("long", date(2022, 1, 10))
    assert titles(two, two.student) == ["Pass it well"]


@pytest.mark.parametrize(
    ("title", "horizon"), [(" ", "short"), ("x" * 201, "short"), ("x", "soon")]
)
def test_what_is_no_goal_is_refused(two, title, horizon):
    with pytest.raises(DomainError):
        goals.add(mentorship=two.mentorship, title=title, horizon=horizon, by=two.student)


def test_a_page_of_goals_stays_short(two):
    for number in range(goals.MOST_LIVE):
        add(two, f"Goal {number}")
    with pytest.raises(DomainError, match="under way"):
        add(two, "One more")


def test_nobody_else_sets_or_moves_goals(two):
    goal = add(two)
    outsider = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    for act in (
        lambda: add(two, by=outsider),
        lambda: goals.progress(goal=goal, percent=10, by=outsider),
        lambda: goals.settle(goal=goal, state="reached", by=outsider),
    ):
        with pytest.raises(DomainError, match="not part of this mentorship"):
            act()
    assert titles(two, outsider) == []


def test_a_member_sees_the_goals_of_her_time(two):
    settled = add(two, "Settled before she came")
    with clock.at(NOW + DAY):
        goals.settle(goal=settled, state="reached", by=two.student)
    add(two, "Still under way", at=NOW + DAY)
    newcomer = EnrollmentFactory(cohort=two.cohort)
    place = member(two.mentorship, newcomer, started_at=NOW + 2 * DAY)
    Membership.objects.filter(pk=place.pk).update(ended_at=NOW + 3 * DAY)
    add(two, "After she left", at=NOW + 4 * DAY)
    assert titles(two, newcomer.person) == ["Still under way"]


@pytest.mark.parametrize("act", ["change", "progress", "settle"])
def test_who_has_left_reads_nothing_that_was_said_since(two, act):
    goal = add(two)
    add(two, "Untouched")
    gone = two.mentorship.memberships.get(person=two.mentor)
    Membership.objects.filter(pk=gone.pk).update(ended_at=NOW + DAY)
    assert len(titles(two, two.mentor)) == 2
    more = {
        "change": {"title": "Said later", "horizon": "short", "due_on": None},
        "progress": {"percent": 70},
        "settle": {"state": "dropped", "reason": "Said later"},
    }
    with clock.at(NOW + 2 * DAY):
        getattr(goals, act)(goal=goal, by=two.student, **more[act])
    assert titles(two, two.mentor) == ["Untouched"]


def test_what_a_page_showed_before_undoes_nothing(two):
    goal = add(two)
    seen = Goal.objects.select_related("body").get(pk=goal.pk)
    goals.change(goal=goal, title="Said better", horizon=goal.horizon, due_on=None, by=two.student)
    goals.settle(goal=seen, state="dropped", reason="Enough", by=two.mentor)
    assert titles(two, two.student) == ["Said better"]
    stale = Goal.objects.get(pk=goal.pk)
    stale.state = "active"
    with pytest.raises(DomainError, match="settled"):
        goals.progress(goal=stale, percent=50, by=two.student)


def test_titles_are_sealed(two):
    add(two)
    with connection.cursor() as cursor:
        cursor.execute("select sealed from meetings_goalbody")
        assert all(b"anatomy" not in bytes(line[0]) for line in cursor.fetchall())


def test_export_and_erasure(two):
    add(two)
    add(two, "The mentor's", two.mentor)
    (found,) = answers.person_export(two.student)["goals"]
    assert found["title"] == TITLE
    answers.person_erased(two.student)
    assert titles(two, two.mentor) == [None, "The mentor's"]
