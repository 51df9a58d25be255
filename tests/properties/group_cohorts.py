"""Inputs of runs for programs with groups: teams, class years, groups that stand, rules."""

from hypothesis import strategies as st

KINDS = ("class_year", "campus")


def person(number, **more):
    facts = {"id": number, "person": number, "interests": [], "languages": [], "track": ""}
    return facts | {"gender": "", "free_time": "0x0", "campus": "", "class_year": None} | more


@st.composite
def shapes(draw, rules):
    """With ``rules`` also seniors who lead as one of the students."""
    least = draw(st.integers(1, 4))
    most = draw(st.integers(max(2, least), 6))
    seats = [{"role": "mentor", "least": 1, "most": draw(st.sampled_from([1, 1, 2]))}]
    more = draw(st.sampled_from(["", "two", "junior", *(["within"] if rules else [])]))
    if more == "two":
        seats = [{"role": "mentor", "least": 2, "most": 2}]
    elif more:
        seats.append({"role": "junior_mentor", "least": 1, "most": 1})
    per_class = draw(st.sampled_from([{}, {}, {}, {"1": 2, "2": 1}, {"1": 2}]))
    if per_class:
        least = most = sum(per_class.values())
    return {
        "slug": "group", "years": [1, 2] if per_class else [], "least": least, "most": most,
        "per_class": per_class, "seats": seats, "unit": "groups",
        "team": sum(seat["most"] for seat in seats) > 1,
        "within": ["junior_mentor"] if more == "within" else [],
        "unlike": draw(st.booleans()),
        "alike": [] if per_class else draw(st.sampled_from([[], ["campus"], list(KINDS)])),
    }  # fmt: skip


facts = st.fixed_dictionaries(
    {
        "class_year": st.sampled_from([1, 2]),
        "campus": st.sampled_from(["North", ""]),
        "gender": st.sampled_from("fm"),
        "track": st.sampled_from(["A", "B"]),
        "interests": st.lists(st.sampled_from("abc"), unique=True),
        "free_time": st.sampled_from(["0x3", "0x1", "0x2"]),
    }
)


@st.composite
def cohorts(draw, *, rules=True):
    """With ``rules``: who may not be together or must be, groups that stand, near-peer leaders."""
    shape = draw(shapes(rules))
    students = [
        person(n, **one, shapes=["group"])
        for n, one in enumerate(draw(st.lists(facts, min_size=1, max_size=16)))
    ]
    mentors = []
    for seat in shape["seats"]:
        for one in draw(st.lists(facts, max_size=6)):
            groups = draw(st.sampled_from([1, 1, 2, 0]))
            mentors.append(
                person(
                    100 + len(mentors), **one, role=seat["role"], capacity=groups, places=groups,
                    groups_left=groups, room={}, kinds={}, by_class={},
                )
            )  # fmt: skip
    data = {
        "shapes": [shape], "students": students, "mentors": mentors, "groups": [], "rules": [],
        "weights": {"interests": 1}, "required": [], "differ": [], "assessor_allowed": False,
        "balanced_by": draw(st.sampled_from([[], ["gender"], ["class_year", "gender"]])),
        "above": [],
    }  # fmt: skip
    return draw(_with_rules(data)) if rules else data


@st.composite
def _with_rules(draw, data):
    students, mentors, (shape,) = data["students"], data["mentors"], data["shapes"]
    for facts_of in mentors:
        # Some mentors wait for a place themselves; each is one student at most.
        if facts_of["role"] == "junior_mentor" and draw(st.booleans()):
            taken = {one["person"] for one in mentors}
            free = [one for one in students if one["person"] not in taken]
            if free:
                facts_of["person"] = free[0]["person"]
    if mentors:
        pairs = st.tuples(
            st.sampled_from([one["id"] for one in students]),
            st.sampled_from([one["id"] for one in mentors]),
            st.sampled_from(["forbid", "former", "assesses", "must", "pin"]),
        )
        rules = draw(st.lists(pairs, max_size=4, unique_by=lambda one: one[:2]))
        data["rules"] = [list(one) for one in rules]
        data["groups"] = draw(_standing(shape, mentors))
        data["required"] = draw(st.sampled_from([[], [], [], ["free_time"]]))
    return data


@st.composite
def _standing(draw, shape, mentors):
    found = []
    for number in range(draw(st.integers(0, 2))):
        leaders = draw(st.lists(st.sampled_from(mentors), min_size=1, max_size=2, unique_by=id))
        members = draw(st.lists(facts, max_size=shape["most"]))
        if shape["alike"] and members:
            members = [one | {name: members[0][name] for name in KINDS} for one in members]
        found.append(
            {
                "mentorship": 500 + number, "shape": "group", "students": members,
                "members": [[one["id"], one["role"]] for one in leaders],
            }
        )  # fmt: skip
    return found
