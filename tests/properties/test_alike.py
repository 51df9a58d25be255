"""Groups of one kind each: nobody is left over whom the number of groups could take."""

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from matching.alike import dealt

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
