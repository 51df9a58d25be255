"""Lists of ranks against their definitions, on small instances of all kinds."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.criteria import Criteria, Criterion, Person, explain, score
from matching.engine.instance import Procedure
from matching.engine.solving import solve
from tests.matching.engine.builders import all_matchings, as_matching, instances, worth

seeds = st.integers(0, 3)


@st.composite
def ranked(draw, **kwargs):
    """An instance in which students have ranked some mentors, and mentors some students."""
    instance = draw(instances(pins=False, **kwargs))
    shape = instance.scores.shape
    tables = [
        np.array(
            draw(
                st.lists(
                    st.integers(0, 4), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
                )
            ),
            np.int16,
        ).reshape(shape)
        for _side in range(2)
    ]
    return replace(instance, wishes=tables[0], likes=tables[1])


def student_likes(instance, i, j):
    return (-1, -1) if j is None else (instance.wishes[i, j], instance.scores[i, j])


def blocking(instance, matching, pairs):
    """Of these pairs, those who would both rather have each other."""
    found = []
    for i, j in pairs:
        if instance.scores[i, j] < 0 or matching[i] == j:
            continue
        wants = student_likes(instance, i, j) > student_likes(instance, i, matching[i])
        mine = (instance.likes[i, j], instance.scores[i, j])
        others = [
            (instance.likes[k, j], instance.scores[k, j])
            for k, has in enumerate(matching)
            if has == j
        ]
        if wants and (len(others) < instance.capacity[j] or any(mine > one for one in others)):
            found.append((i, j))
    return found


def everybody(instance):
    return [(i, j) for i in range(len(instance.students)) for j in range(len(instance.mentors))]


@given(ranked(), seeds)
def test_with_lists_no_two_would_both_rather_have_each_other(instance, seed):
    matching = as_matching(instance, solve(instance, Procedure.STABLE, seed))
    assert blocking(instance, matching, everybody(instance)) == []


@given(ranked(most_students=4), seeds)
def test_no_matching_that_is_stable_however_ties_are_broken_is_better_for_any_student(
    instance, seed
):
    got = as_matching(instance, solve(instance, Procedure.STABLE, seed))
    for rival in all_matchings(instance):
        if not _weakly_blocked(instance, rival):
            for i, j in enumerate(rival):
                assert student_likes(instance, i, got[i]) >= student_likes(instance, i, j)


def _weakly_blocked(instance, matching):
    """Stable under every way to break ties: nobody is as glad with each other either."""
    for i, j in everybody(instance):
        if instance.scores[i, j] < 0 or matching[i] == j:
            continue
        wants = student_likes(instance, i, j) >= student_likes(instance, i, matching[i])
        mine = (instance.likes[i, j], instance.scores[i, j])
        others = [
            (instance.likes[k, j], instance.scores[k, j])
            for k, has in enumerate(matching)
            if has == j
        ]
        if wants and (len(others) < instance.capacity[j] or any(mine >= one for one in others)):
            return True
    return False


@given(ranked(most_students=4), seeds, st.data())
def test_a_shorter_or_other_list_never_pays_where_pairs_are_stable(instance, seed, data):
    if not instance.students or not instance.mentors:
        return
    i = data.draw(st.integers(0, len(instance.students) - 1))
    size = len(instance.mentors)
    lie = data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    told = instance.wishes.copy()
    told[i] = lie
    honest = as_matching(instance, solve(instance, Procedure.STABLE, seed))[i]
    sly = as_matching(instance, solve(replace(instance, wishes=told), Procedure.STABLE, seed))[i]
    assert student_likes(instance, i, sly) <= student_likes(instance, i, honest)


@given(ranked(), seeds)
def test_choices_first_is_stable_among_those_ranked_and_best_for_the_rest(instance, seed):
    matching = as_matching(instance, solve(instance, Procedure.WISHES, seed))
    by_wish = [
        j if j is not None and instance.wishes[i, j] > 0 else None for i, j in enumerate(matching)
    ]
    wished = np.where(instance.wishes > 0, instance.scores, np.int32(-1))
    among_wished = replace(instance, scores=wished)
    assert blocking(among_wished, by_wish, everybody(instance)) == []
    rivals = [
        rival
        for rival in all_matchings(instance)
        if all(rival[i] == j for i, j in enumerate(by_wish) if j is not None)
    ]
    assert worth(instance, matching) == max(worth(instance, rival) for rival in rivals)


@given(ranked(most_students=4), seeds, st.data())
def test_a_shorter_list_never_pays_where_choices_go_first(instance, seed, data):
    if not instance.students or not instance.mentors:
        return
    i = data.draw(st.integers(0, len(instance.students) - 1))
    told = instance.wishes.copy()
    told[i, list(data.draw(st.sets(st.integers(0, len(instance.mentors) - 1))))] = 0
    honest = as_matching(instance, solve(instance, Procedure.WISHES, seed))[i]
    sly = as_matching(instance, solve(replace(instance, wishes=told), Procedure.WISHES, seed))[i]

    def wanted(j):
        on_list = j is not None and instance.wishes[i, j] > 0
        return student_likes(instance, i, j) if on_list else (0, 0)

    assert wanted(sly) <= wanted(honest)


@given(ranked(most_students=4), seeds)
def test_a_list_of_nobody_changes_nothing(instance, seed):
    empty = np.zeros_like(instance.wishes)
    plain = replace(instance, wishes=None, likes=None)
    for procedure in (Procedure.STABLE, Procedure.WISHES):
        with_empty = solve(replace(instance, wishes=empty, likes=empty), procedure, seed)
        assert with_empty == solve(plain, procedure, seed)


people = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


@given(people, people)
def test_a_rank_counts_as_much_in_the_table_as_in_words(mine, theirs):
    student, mentor = Person("a", wishes=tuple(mine)), Person("b", wishes=tuple(theirs))
    criteria = Criteria({Criterion.WISH: 2, Criterion.LIKING: 1})
    told = explain(student, mentor, criteria)
    assert score([student], [mentor], criteria)[0, 0] == sum(part.points for part in told)
    by_name = {part.criterion: part for part in told}
    if "b" in mine:
        rank = mine.index("b") + 1
        assert by_name["wish"].data == {"rank": rank}
        assert by_name["wish"].points == by_name["wish"].share * (11 - rank) // 10
    else:
        assert by_name["wish"].points == 0
