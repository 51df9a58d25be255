"""How many people a program needs for so many students, and what those there are can take."""

import pytest

from programs.spec import catalog, load
from programs.spec.staffing import staffing
from tests.matching.services.test_groups import PER_CLASS, TIERS, TRIADS, VERTICAL


def only(found):
    [one] = found
    return one


def test_one_hundred_students_in_groups_of_ten_need_twenty_mentors():
    need = only(staffing(catalog.spec("tromso"), {1: 100}, {"mentor": [1] * 15}))
    assert (need.students, need.groups) == (100, 10)
    [mentors] = need.roles
    assert (mentors.needed, mentors.people, mentors.missing) == (20, 15, 5)
    assert need.places == 70, "fifteen mentors make seven teams of two"
    assert need.short == 30


def test_semmelweis_needs_fewer_mentors_when_some_take_two():
    need = only(staffing(catalog.spec("semmelweis"), {1: 185}, {"mentor": [1] * 157 + [2] * 14}))
    [mentors] = need.roles
    assert (mentors.needed, mentors.at_most_load, mentors.people) == (185, 93, 171)
    assert (need.places, need.short) == (185, 0)


def test_a_class_year_that_pauses_needs_nobody():
    assert only(staffing(catalog.spec("tromso"), {1: 10, 5: 10}, {})).students == 10


def test_vertical_groups_are_as_many_as_their_fullest_class_asks_for():
    need = only(staffing(load(VERTICAL), {1: 6, 2: 4, 3: 4, 4: 4}, {"mentor": [1, 1, 1]}))
    assert need.groups == 3
    assert {role.role: role.needed for role in need.roles} == {"mentor": 3, "junior_mentor": 6}
    assert need.places == 0, "without senior students no group is complete"


def test_tiers_are_staffed_apart():
    peer, physician = staffing(
        load(TIERS), {1: 3, 2: 1, 3: 5, None: 2}, {"mentor": [1], "junior_mentor": [1] * 9}
    )
    assert (peer.students, peer.short) == (4, 0)
    assert (physician.students, physician.short) == (5, 4)


@pytest.mark.parametrize(("mentors", "short"), [(4, 0), (3, 2)])
def test_a_fellow_with_two_pairs_takes_four_students(mentors, short):
    need = only(staffing(load(TRIADS), {None: 14}, {"mentor": [2] * mentors}))
    assert need.short == short
    assert need.roles[0].needed == 4


def test_a_college_mentor_takes_so_many_of_each_class():
    pair, group = staffing(load(PER_CLASS), {1: 6, 2: 6, 3: 6}, {"mentor": [3, 3]})
    assert (pair.students, pair.short) == (12, 0)
    assert (group.students, group.groups, group.short) == (6, 2, 0)
    assert group.roles[0].needed == 2
