"""The people of a play: as many as asked for, spread as the program says, ready to import."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from mentoring.simulation import people
from mentoring.simulation.people import Company
from programs.roster import read

SEMMELWEIS = Company(
    students=185,
    mentors={"mentor": 171},
    student_years=(1,),
    mentor_years=(3, 4, 5, 6),
    usual_capacity=1,
    most_capacity=2,
    country="HU",
)


def test_fourteen_mentors_of_semmelweis_take_two():
    invented = people.invent(SEMMELWEIS, 1)
    assert Counter(p.capacity for p in invented if not p.is_student) == {1: 157, 2: 14}


def test_class_years_are_spread_evenly():
    invented = people.invent(SEMMELWEIS, 1)
    assert Counter(p.class_year for p in invented if p.is_student) == {1: 185}
    years = Counter(p.class_year for p in invented if not p.is_student)
    assert sorted(years.values()) == [42, 43, 43, 43]


def test_roles_keep_the_proportions_of_the_shape():
    assert people.split(63, {"lead_mentor": 1, "mentor": 3}) == {"lead_mentor": 16, "mentor": 47}


def test_too_few_places_stay_too_few():
    crowded = replace(SEMMELWEIS, students=10, mentors={"mentor": 3})
    invented = people.invent(crowded, 1)
    assert sum(p.capacity for p in invented if not p.is_student) == 6


def test_everyone_on_the_roster_can_be_imported():
    invented = people.invent(SEMMELWEIS, 2)
    taken = read(people.roster(invented))
    assert not taken.rejected
    assert len(taken.entries) == len({entry.email for entry in taken.entries}) == 356


def test_a_mentors_hours_leave_no_five_days_without_one():
    for pattern in people.PATTERNS:
        twice = [*pattern, *(day + 7 for day in pattern)]
        assert max(b - a for a, b in pairwise(twice)) <= 5
