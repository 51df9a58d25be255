"""Groups of one kind each: nobody is left over whom the number of groups could take."""

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from matching.alike import dealt, kind_of
from matching.running import run

kinds = st.tuples(st.sampled_from("ABCD"))
waiting = st.dictionaries(kinds, st.integers(0, 30), max_size=4)


def left_over(waiting, found, size):
    groups = Counter(kind for kind in found if kind is not None)
    return sum(max(0, number - size * groups[kind]) for kind, number in waiting.items())


@given(waiting, st.integers(1, 10), st.integers(0, 12), st.integers(1, 5))
def test_as_few_are_left_over_as_can_be(waiting, size, number, least):
    found = dealt(waiting, [size] * number, least)
    assert len(found) == number
    # What each further group of a kind would take: the best choice takes the greatest of these.
    gains = sorted(
        (min(size, n - size * k) for n in waiting.values() for k in range(ceil(n / size))),
        reverse=True,
    )
    assert left_over(waiting, found, size) == sum(waiting.values()) - sum(gains[:number])


@given(waiting, st.integers(1, 10), st.integers(0, 12), st.integers(1, 5))
def test_no_group_is_begun_that_nobody_waits_for(waiting, size, number, least):
    found = dealt(waiting, [size] * number, least)
    groups = Counter(kind for kind in found if kind is not None)
    for kind, begun in groups.items():
        assert begun <= max(ceil(waiting[kind] / size), waiting[kind] // least)


def person(number, **more):
    facts = {"id": number, "person": number, "interests": [], "languages": [], "track": ""}
    return facts | {"gender": "", "free_time": "0x0", "campus": "", "class_year": None} | more


@st.composite
def cohorts(draw):
    """Students of some years and campuses, and mentors who lead in twos or alone."""
    least = draw(st.integers(1, 4))
    most = draw(st.integers(least, 6))
    team = draw(st.booleans())
    shape = {
        "slug": "group", "years": [], "least": least, "most": most, "per_class": {},
        "seats": [{"role": "mentor", "least": 1 + team, "most": 1 + team}], "unit": "groups",
        "team": team, "within": [], "unlike": False, "alike": ["class_year", "campus"],
    }  # fmt: skip
    kinds = st.tuples(st.sampled_from([1, 2, None]), st.sampled_from(["North", ""]))
    students = [
        person(n, class_year=year, campus=campus, shapes=["group"])
        for n, (year, campus) in enumerate(draw(st.lists(kinds, min_size=1, max_size=25)))
    ]
    mentors = [
        person(
            100 + n, role="mentor", capacity=groups, places=groups, groups_left=groups,
            room={}, kinds={"group": []}, by_class={},
        )
        for n, groups in enumerate(draw(st.lists(st.integers(0, 3), min_size=1, max_size=8)))
    ]  # fmt: skip
    return {
        "shapes": [shape], "students": students, "mentors": mentors, "groups": [], "rules": [],
        "weights": {}, "required": [], "differ": [], "assessor_allowed": True, "balanced_by": [],
    }  # fmt: skip


@given(cohorts(), st.sampled_from(["optimal", "random", "fair"]), st.integers(0, 3))
def test_no_run_mixes_the_students_of_a_group(data, procedure, seed):
    found = run(data, procedure, seed, lambda _done, _all: None)
    facts = {one["id"]: kind_of(one, ("class_year", "campus")) for one in data["students"]}
    most = data["shapes"][0]["most"]
    groups = {}
    for one in found.proposals:
        if one.mentor is not None:
            place = one.group or (one.mentor, facts[one.student])
            groups.setdefault(place, []).append(facts[one.student])
    room = {facts["id"]: facts["groups_left"] for facts in data["mentors"]}
    for place, kinds in groups.items():
        assert len(set(kinds)) == 1
        if isinstance(place, int):
            assert len(kinds) <= most
    # Single mentors: what she is given fits into so many groups of one kind each.
    led = Counter()
    for place, kinds in groups.items():
        if isinstance(place, tuple):
            led[place[0]] += ceil(len(kinds) / most)
    assert all(number <= room[mentor] for mentor, number in led.items())
