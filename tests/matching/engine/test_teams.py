"""Teams that lead a group: drawn by lot, complete, and nobody twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from matching.engine.teams import Candidate, Seat, form, possible

FACULTY_AND_THREE = [Seat("mentor", 1, 1), Seat("junior_mentor", 3, 3)]
TWO = [Seat("mentor", 2, 2)]


def people(number, *, start=0, groups=1, traits=("",)):
    return [Candidate(start + n, 1000 + start + n, groups, traits) for n in range(number)]


def names(teams):
    return [[member.id for member, _role in team.members] for team in teams]


def test_the_veritas_groups_have_one_faculty_mentor_and_three_senior_students():
    pool = {"mentor": people(20), "junior_mentor": people(60, start=100)}
    teams = form(FACULTY_AND_THREE, pool, wanted=20, seed="1")
    assert len(teams) == 20
    for team in teams:
        assert [role for _member, role in team.members] == ["mentor", *["junior_mentor"] * 3]
    assert len({who for team in names(teams) for who in team}) == 80


def test_the_same_seed_draws_the_same_teams():
    pool = {"mentor": people(10)}
    first = names(form(TWO, pool, wanted=5, seed="7"))
    assert first == names(form(TWO, {"mentor": people(10)[::-1]}, wanted=5, seed="7"))
    assert first != names(form(TWO, pool, wanted=5, seed="8"))


def test_a_fellow_who_serves_two_pairs_leads_two_groups_but_never_one_twice():
    pool = {"mentor": people(3, groups=2)}
    teams = form(TWO, pool, wanted=3, seed="1")
    assert Counter(who for team in names(teams) for who in team) == {0: 2, 1: 2, 2: 2}
    assert all(len(set(team)) == 2 for team in names(teams))


def test_co_mentors_of_unlike_background_are_put_together_where_the_program_asks_for_it():
    surgeons = people(8, traits=("surgery",))
    psychiatrists = people(8, start=50, traits=("psychiatry",))
    pool = {"mentor": [*surgeons, *psychiatrists]}
    teams = form(TWO, pool, wanted=8, seed="1", unlike=True)
    assert all({member.traits for member, _ in team.members} == {("surgery",), ("psychiatry",)}
               for team in teams)  # fmt: skip


def test_who_is_left_over_joins_up_to_the_most():
    pool = {"mentor": people(7)}
    teams = form([Seat("mentor", 1, 2)], pool, wanted=4, seed="1")
    assert sorted(len(team) for team in names(teams)) == [1, 2, 2, 2]


def test_too_few_of_one_role_make_fewer_teams_not_incomplete_ones():
    pool = {"mentor": people(20), "junior_mentor": people(7, start=100)}
    assert possible(FACULTY_AND_THREE, pool) == 2
    assert len(form(FACULTY_AND_THREE, pool, wanted=20, seed="1")) == 2
    assert form(FACULTY_AND_THREE, {"mentor": people(2)}, wanted=2, seed="1") == []


LEADING = st.tuples(
    st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 3), max_size=12)
)
ASKED = st.tuples(st.integers(1, 2), st.integers(0, 3), st.integers(0, 2), st.integers(0, 12))


@given(leading=LEADING, asked=ASKED, seed=st.integers(0, 9), unlike=st.booleans())
def test_every_team_is_complete_and_nobody_leads_more_than_she_can(leading, asked, seed, unlike):
    mentors, juniors = leading
    one, three, extra, wanted = asked
    pool = {
        "mentor": [Candidate(n, n, groups, (str(n % 3),)) for n, groups in enumerate(mentors)],
        "junior_mentor": [
            # Some are one person with two roles.
            Candidate(100 + n, 100 + n if n % 4 else n, groups, (str(n % 2),))
            for n, groups in enumerate(juniors)
        ],
    }
    seats = [
        Seat("mentor", one, one + extra),
        Seat("junior_mentor", three, three + extra),
    ]
    teams = form(seats, pool, wanted=wanted, seed=str(seed), unlike=unlike)
    assert len(teams) <= min(wanted, possible(seats, pool))
    led = Counter(member.id for team in teams for member, _role in team.members)
    can = {c.id: c.groups for people in pool.values() for c in people}
    assert all(count <= can[who] for who, count in led.items())
    for team in teams:
        assert all(seat.least <= team.count(seat.role) <= seat.most for seat in seats)
        assert len({member.person for member, _role in team.members}) == len(team.members)
