"""Scores and intervals, by hand and by property."""

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.surveys import instruments, scoring
from evaluation.surveys.scoring import Item, Scale

THREE = (Item("a"), Item("b"), Item("c", reverse=True))


def scale(method="mean", low=1, high=7, answered=0.6) -> Scale:
    return Scale("need", THREE, low, high, method, answered)


def test_a_need_of_the_pulse():
    # 6, 5 and 8 − 2 = 6
    assert scoring.score(scale(), {"a": 6, "b": 5, "c": 2}) == pytest.approx(17 / 3)


def test_two_answers_of_three_make_a_need_and_one_does_not():
    assert scoring.score(scale(), {"a": 6, "c": 2}) == 6
    assert scoring.score(scale(), {"a": 6}) is None
    assert scoring.score(scale(), {"a": 6, "b": None, "c": None}) is None


def test_a_sum_with_a_gap_is_the_persons_mean_times_the_items():
    assert scoring.score(scale("sum"), {"a": 6, "b": 5, "c": 2}) == 17
    assert scoring.score(scale("sum"), {"a": 6, "b": 4}) == 15


def test_percent_moves_the_ends_to_0_and_100():
    assert scoring.score(scale("percent"), {"a": 1, "b": 1, "c": 7}) == 0
    assert scoring.score(scale("percent"), {"a": 7, "b": 7, "c": 1}) == 100
    assert scoring.score(scale("percent", 1, 5), {"a": 3, "b": 3, "c": 3}) == 50


def test_half_of_an_even_number_is_enough_by_default():
    six = Scale("six", tuple(Item(str(n)) for n in range(6)), 1, 5)
    assert six.needed == 3
    assert Scale("three", THREE, 1, 5).needed == 2
    assert Scale("all", THREE, 1, 5, answered=1).needed == 3


def test_favorable_is_above_the_middle_after_turning():
    assert scoring.favorable(scale(), THREE[0], {"a": 5}) is True
    assert scoring.favorable(scale(), THREE[0], {"a": 4}) is False
    assert scoring.favorable(scale(), THREE[2], {"c": 2}) is True
    assert scoring.favorable(scale(), THREE[0], {}) is None


@pytest.mark.parametrize("value", [0, 8])
def test_an_answer_outside_the_scale_is_a_mistake(value):
    with pytest.raises(ValueError, match="not between"):
        scoring.score(scale(), {"a": value, "b": 1})


ANSWERS = st.fixed_dictionaries({slug: st.none() | st.integers(1, 7) for slug in "abc"})


@given(ANSWERS, st.sampled_from(["mean", "sum", "percent"]))
def test_a_score_lies_within_its_range(answers, method):
    found = scoring.score(scale(method), answers)
    low, high = scale(method).range
    given_answers = [value for value in answers.values() if value is not None]
    assert (found is None) == (len(given_answers) < 2)
    assert found is None or low - 1e-9 <= found <= high + 1e-9


@given(ANSWERS)
def test_turning_every_answer_turns_the_score(answers):
    turned = {slug: None if value is None else 8 - value for slug, value in answers.items()}
    one, other = scoring.score(scale(), answers), scoring.score(scale(), turned)
    assert (one is None) == (other is None)
    assert one is None or one + other == pytest.approx(8)


@given(ANSWERS)
def test_what_does_not_apply_is_as_if_it_were_not_there(answers):
    given_answers = {slug: value for slug, value in answers.items() if value is not None}
    assert scoring.score(scale(), answers) == scoring.score(scale(), given_answers)


def test_wilsons_interval_of_delhis_response():
    """78 of 150 (52.0 %): 44.1–59.8; 29 of 55 (52.7 %): 39.8–65.3, by Wilson's formula."""
    students, mentors = scoring.proportion(78, 150), scoring.proportion(29, 55)
    assert (students.low, students.high) == pytest.approx((0.4406, 0.5984), abs=5e-4)
    assert (mentors.low, mentors.high) == pytest.approx((0.3979, 0.6526), abs=5e-4)


def test_the_t_interval_of_five_values():
    """Mean 3, SD 1.5811, t(4) = 2.776: 3 ± 1.963."""
    found = scoring.mean([1, 2, 3, 4, 5])
    assert (found.value, found.n) == (3, 5)
    assert (found.low, found.high) == pytest.approx((1.0368, 4.9632), abs=5e-4)
    assert scoring.mean([1, 1, 5, 5, 5], bounds=(1, 5)).high == 5


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_holds_the_share_and_stays_inside(pair):
    found = scoring.proportion(*pair)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(st.lists(st.floats(1, 5), min_size=2, max_size=50))
def test_the_t_interval_holds_the_mean(values):
    found = scoring.mean(values)
    assert found.low <= fmean(values) <= found.high


def test_alpha():
    """Worked by hand: item variances 1.0 and 1.0, of the sum 3.0: 2 × (1 − 2/3) = 0.667."""
    assert scoring.alpha([[1, 1], [2, 3], [3, 2]]) == pytest.approx(2 / 3)
    assert scoring.alpha([[1, 1], [2, 2], [3, 3]]) == pytest.approx(1)
    assert scoring.alpha([[1, 1], [1, 1]]) is None
    assert scoring.alpha([[1, 2]]) is None


def test_nothing_has_no_mean_and_no_share():
    with pytest.raises(ValueError, match="no mean"):
        scoring.mean([])
    with pytest.raises(ValueError, match="no share"):
        scoring.proportion(0, 0)


# --- The instruments -----------------------------------------------------------------------------


def test_the_pulse_has_three_needs_of_three_items_with_one_turned_each():
    pulse = instruments.newest()["needs-pulse"]
    assert [one.slug for one in pulse.scales] == ["autonomy", "competence", "relatedness"]
    for need in pulse.scales:
        assert (need.low, need.high) == (1, 7)
        assert [item.reverse for item in need.items] == [False, False, True]
        assert need.as_scored("x").needed == 2


def test_each_side_is_asked_in_its_own_words():
    assert instruments.questionnaire(["relation", "needs-pulse", "open-word"], "student") == [
        "relation-student.1",
        "needs-pulse.1",
        "open-word.1",
    ]
    assert instruments.questionnaire(["relation", "needs-pulse", "open-word"], "mentor") == [
        "relation-mentor.1",
        "open-word.1",
    ]


def test_a_questionnaire_takes_less_than_two_minutes():
    """Some six seconds for a statement, twenty for the open question."""
    for side in ("student", "mentor"):
        asked = [instruments.load(name) for name in instruments.questionnaire([], side)]
        items = sum(len(scale.items) for one in asked for scale in one.scales)
        questions = sum(len(one.questions) for one in asked)
        assert items * 6 + questions * 20 <= 120


def test_texts_are_by_language_and_english_stands_in():
    texts = {"en": "Yes", "hu": "Igen"}
    assert instruments.say(texts, "hu") == "Igen"
    assert instruments.say(texts, "hu-hu") == "Igen"
    assert instruments.say(texts, "de") == "Yes"


@pytest.mark.parametrize("name", ["nothing.1", "../scoring/x", "needs-pulse.9"])
def test_an_unknown_instrument_is_not_loaded(name):
    with pytest.raises(KeyError):
        instruments.load(name)
