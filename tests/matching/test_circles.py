"""Near-peers are mentees above and mentors below, and never in a circle."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.circles import closing, stands_below
from matching.models import MatchRun
from matching.services import runs
from matching.services.mentorships import assign
from mentoring.accounts.permissions import Role
from mentoring.simulation.player.stage import finish_jobs
from tests.factories import START, CohortFactory, EnrollmentFactory, UserFactory

PEERS = {
    "slug": "peers", "title": "Peers", "school": "A school", "model": "near-peer",
    "source": "a test", "duration": {"kind": "degree"}, "matching": {"procedure": "optimal"},
    "shapes": [
        {
            "slug": "pair",
            "title": "Pair",
            "seats": [
                {"role": "student", "kind": "student", "count": 1},
                {
                    "role": "junior_mentor", "kind": "near_peer", "count": 1,
                    "may_also_be": ["student"], "capacity": {"unit": "students", "default": 1},
                },
            ],
        }
    ],
}  # fmt: skip
arcs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=10)


def has_circle(pairs):
    people = {person for pair in pairs for person in pair}
    return any(
        all(step in set(pairs) for step in zip(walk, (*walk[1:], walk[0]), strict=True))
        for n in range(1, len(people) + 1)
        for walk in permutations(people, n)
    )


@given(arcs, arcs)
def test_a_circle_is_found_where_there_is_one_and_is_one(above, made):
    found = closing(above, made)
    assert bool(found) == has_circle([*above, *made])
    assert set(found) <= {*above, *made}
    ends = [pair[1] for pair in found]
    assert [pair[0] for pair in found] == [*ends[-1:], *ends[:-1]]


@given(arcs)
def test_below_is_whoever_can_be_reached(above):
    below = stands_below(above)
    for leader, person in above:
        assert person in below[leader]
        assert below.get(person, set()) <= below[leader]


@pytest.fixture
def peers(db):
    """People who are students and near-peer mentors at once, each with these interests."""
    cohort = CohortFactory(edition=PEERS, override_at=START)

    def make(*interests):
        people = []
        for hers in interests:
            person = UserFactory()
            both = {"cohort": cohort, "person": person, "interests": hers}
            EnrollmentFactory(role=Role.STUDENT, **both)
            EnrollmentFactory(role=Role.JUNIOR_MENTOR, capacity=1, **both)
            people.append(person)
        return cohort, people

    return make


def led(cohort, procedure):
    run = runs.start(
        cohort=cohort, procedure=procedure, weights={"interests": 1}, required=[], by=None, seed=1
    )
    finish_jobs(cohort)
    run.refresh_from_db()
    assert run.state == MatchRun.State.DONE
    pairs = run.pairs.exclude(mentor=None)
    return run, [(pair.mentor.person_id, pair.student.person_id) for pair in pairs]


@pytest.mark.django_db
@pytest.mark.parametrize("procedure", ["optimal", "fair", "stable", "random", "greedy"])
@pytest.mark.parametrize("people", [2, 3, 5])
def test_no_run_puts_two_above_each_other(peers, procedure, people):
    cohort, _people = peers(*[["surgery"]] * people)
    _run, pairs = led(cohort, procedure)
    assert not has_circle(pairs)
    # Somebody has nobody above her; all others can be placed.
    assert len(pairs) == people - 1


@pytest.mark.django_db
def test_who_stands_below_already_is_not_put_above(peers):
    cohort, (anna, bea) = peers(["surgery"], ["surgery"])
    rows = {(row.person, row.role): row for row in cohort.enrollments.select_related("person")}
    assign(student=rows[bea, "student"], mentor=rows[anna, "junior_mentor"], by=None)
    run, pairs = led(cohort, "optimal")
    assert pairs == []
    assert run.pairs.get().reasons[0]["causes"]["circle"] == 1
