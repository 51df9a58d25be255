"""What may be shown of counts: never a few, never the few who changed between two days."""

import random
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from evaluation.reports.closings import closing, closings, counted_to
from evaluation.reports.disclosure import FEWEST, Move, fold
from evaluation.reports.section import share
from evaluation.surveys.scoring import proportion

UTC = ZoneInfo("UTC")
WEEKS = closings(date(2021, 9, 6), date(2022, 6, 12), UTC)


def week(number: int):
    """Within the week that ends with the n-th closing."""
    return WEEKS[number].over - timedelta(days=2)


def enter(cell: str, units, number: int = 0) -> list[Move]:
    return [Move(week(number), unit, "", cell) for unit in units]


def go(old: str, new: str, units, number: int) -> list[Move]:
    return [Move(week(number), unit, old, new) for unit in units]


def shown(table, cell: str):
    return table.cells[cell].state, table.cells[cell].value


def test_large_cells_are_shown_as_they_are():
    table = fold(enter("one", range(157)) + enter("two", range(157, 171)), WEEKS)
    assert shown(table, "one") == ("shown", 157)
    assert shown(table, "two") == ("shown", 14)
    assert table.total.value == 171


def test_fewer_than_five_are_not_told_and_cannot_be_subtracted():
    table = fold(enter("in", range(100)) + enter("out", range(100, 103)), WEEKS)
    assert shown(table, "out") == ("few", None)
    assert shown(table, "in") == ("hidden", None)
    assert table.total.value == 103


def test_a_small_cell_takes_the_smallest_other_cell_with_it():
    moves = enter("a", range(60)) + enter("b", range(60, 90)) + enter("c", range(90, 92))
    table = fold(moves, WEEKS)
    assert shown(table, "a") == ("shown", 60)
    assert shown(table, "b") == ("hidden", None)
    assert shown(table, "c") == ("few", None)


def test_two_small_cells_that_are_together_fewer_than_five_take_a_third():
    moves = enter("a", range(60)) + enter("b", [60, 61]) + enter("c", [62, 63])
    assert shown(fold(moves, WEEKS), "a") == ("hidden", None)


def test_two_small_cells_that_are_together_five_stand_alone():
    moves = enter("a", range(60)) + enter("b", [60, 61]) + enter("c", [62, 63, 64])
    assert shown(fold(moves, WEEKS), "a") == ("shown", 60)


def test_a_cell_is_small_by_its_people_and_not_by_what_they_did():
    """Twenty meetings missed by one pair are still about one pair."""
    table = fold(enter("missed", [1] * 20) + enter("held", range(30)), WEEKS)
    assert shown(table, "missed") == ("few", None)


def test_nothing_is_zero_and_may_be_said():
    table = fold(enter("a", range(9)), WEEKS, cells=("a", "never"))
    assert shown(table, "never") == ("shown", 0)


def test_a_number_stands_until_five_have_changed():
    moves = enter("in", range(100)) + enter("out", range(100, 110))
    moves += go("in", "out", range(4), 10)
    before, after = fold(moves, WEEKS[:10]), fold(moves, WEEKS[:20])
    assert after.cells == before.cells
    moves += go("in", "out", [4], 20)
    assert shown(fold(moves, WEEKS[:21]), "out") == ("shown", 15)
    assert fold(moves, WEEKS[:21]).cells["out"].since == WEEKS[20].day


def test_who_comes_for_who_goes_is_a_change_of_two():
    moves = enter("in", range(50))
    moves += go("in", "", [1, 2, 3], 5) + enter("in", [60, 61], 5)
    assert shown(fold(moves, WEEKS), "in") == ("shown", 49)


def test_a_number_that_has_become_small_is_taken_back():
    moves = enter("in", range(50)) + enter("out", range(50, 60)) + go("in", "out", range(47), 5)
    assert shown(fold(moves, WEEKS), "in") == ("few", None)


def test_the_first_few_in_an_empty_cell_are_not_counted():
    moves = enter("in", range(50)) + go("in", "out", [1], 5)
    table = fold(moves, WEEKS, cells=("in", "out"))
    assert shown(table, "out") == ("few", None)
    assert shown(table, "in") == ("shown", 50)


@pytest.mark.parametrize("seed", range(25))
def test_no_two_days_differ_for_one_to_four_people(seed):
    """Every pair of closings, over random lives: each cell is the same, or five have changed."""
    rng = random.Random(seed)
    cells = ["a", "b", "c", "d"]
    moves, now = [], {}
    for number in range(len(WEEKS)):
        for _ in range(rng.choice([0, 1, 2, 7, 30])):
            unit = rng.randrange(60)
            to = rng.choices(["", *cells], [1, 20, 6, 2, 1])[0]
            if to != now.get(unit, ""):
                moves.append(Move(week(number), unit, now.get(unit, ""), to))
                now[unit] = to
    tables = [fold(moves, WEEKS[: number + 1]) for number in range(len(WEEKS))]
    states = [_where(moves, one.over) for one in WEEKS]
    for cell in cells:
        told = {
            (table.cells[cell].since, table.cells[cell].value)
            for table in tables
            if cell in table.cells and table.cells[cell].state == "shown"
        }
        stands = [_in(states, cell, since) for since, _value in sorted(told)]
        assert all(not people or len(people) >= FEWEST for people in stands)
        assert all(len(one ^ other) >= FEWEST for one, other in pairwise(stands))


@pytest.mark.parametrize("seed", range(25))
def test_at_no_closing_is_one_missing_cell_the_rest_of_a_known_total(seed):
    rng = random.Random(1000 + seed)
    moves, now = [], {}
    for number in range(len(WEEKS)):
        for _ in range(rng.choice([0, 1, 2, 7, 30])):
            unit = rng.randrange(60)
            to = rng.choices(["", *"abcd"], [1, 20, 6, 2, 1])[0]
            if to != now.get(unit, ""):
                moves.append(Move(week(number), unit, now.get(unit, ""), to))
                now[unit] = to
    for number, one in enumerate(WEEKS):
        table, there = fold(moves, WEEKS[: number + 1]), _where(moves, one.over)
        truth = {cell: sum(at == cell for at in there.values()) for cell in table.cells}
        missing = [cell for cell, figure in table.cells.items() if figure.state != "shown"]
        others = [cell for cell in table.cells if truth[cell] and cell not in missing]
        if len(missing) == 1 and others and table.fresh:
            assert table.total.value != sum(truth.values())


def test_a_share_of_which_a_part_became_few_is_bounded_and_not_an_old_number():
    """Nine of forty had none; in week 20 seven of them got one: at least 36 of 40 have one."""
    moves = (
        enter("yes", range(31)) + enter("no", range(31, 40)) + go("no", "yes", range(31, 38), 20)
    )
    basis = SimpleNamespace(closings=WEEKS[:20])
    assert share(basis, "signed", moves) | {"value": 31, "of": 40} == share(basis, "signed", moves)
    basis.closings = WEEKS
    found = share(basis, "signed", moves)
    assert {"state": "hidden", "of": 40, "at_least": 36}.items() <= found.items()
    assert found["since"] == WEEKS[20].day.isoformat()
    # Whether one more of the few has changed since cannot be seen.
    assert share(basis, "signed", [*moves, *go("no", "yes", [38], 25)]) == found
    # With five in it again, and five more, it is counted.
    more = [*moves, *go("yes", "no", range(8), 30)]
    assert share(basis, "signed", more)["value"] == 30


def test_at_the_years_end_what_stood_for_four_weeks_is_brought_up_to_date():
    years = [(date(2021, 9, 6), date(2022, 6, 12))]
    weeks = closings(date(2021, 9, 6), date(2022, 7, 31), UTC, years)
    moves = enter("in", range(100)) + enter("out", range(100, 110)) + go("in", "out", [1], 10)
    last = [one.day for one in weeks].index(date(2022, 6, 12))
    assert shown(fold(moves, weeks[:last]), "out") == ("shown", 10)
    table = fold(moves, weeks[: last + 1])
    assert shown(table, "out") == ("shown", 11)
    assert table.cells["out"].since == date(2022, 6, 12)
    # Somebody who goes in the last days is not told apart before four weeks have passed.
    moves.append(Move(weeks[last].over + timedelta(days=2), 2, "in", "out"))
    assert [fold(moves, weeks[:n]).cells["out"].value for n in range(last + 1, last + 6)] == [
        11, 11, 11, 11, 12,
    ]  # fmt: skip


def test_a_cell_that_was_shown_is_taken_back_when_it_would_give_another_away():
    moves = enter("a", range(40)) + enter("b", range(40, 60)) + enter("c", range(60, 66))
    moves += go("c", "", range(60, 65), 5)
    table = fold(moves, WEEKS[:8])
    assert shown(table, "c") == ("few", None)
    assert table.total.value != 61 or shown(table, "b") == ("hidden", None)


@pytest.mark.parametrize("seed", range(25))
def test_what_is_kept_back_cannot_be_worked_out_from_the_rest(seed):
    """Where the total is known, no single cell is missing, and the missing are five or more."""
    rng = random.Random(seed)
    moves = [
        move
        for number, cell in enumerate("abcde")
        for move in enter(cell, range(number * 100, number * 100 + rng.choice([0, 1, 3, 4, 9, 40])))
    ]
    table = fold(moves, WEEKS)
    missing = [cell for cell, figure in table.cells.items() if figure.state != "shown"]
    if missing and table.total.state == "shown":
        people = sum(move.enters in missing for move in moves)
        assert len(missing) > 1 or len(table.cells) == 1
        assert people >= FEWEST


def _where(moves, over):
    now = {}
    for move in moves:
        if move.at < over:
            now[move.unit] = move.enters
    return now


def _in(states, cell, day):
    number = [one.day for one in WEEKS].index(day)
    return {unit for unit, at in states[number].items() if at == cell}


def test_figures_count_to_a_sunday_that_is_over():
    thursday = date(2021, 10, 21)
    assert counted_to(None, thursday) == date(2021, 10, 17)
    assert counted_to(date(2021, 10, 17), thursday) == date(2021, 10, 17)
    assert counted_to(date(2021, 10, 16), thursday) == date(2021, 10, 10)
    assert counted_to(date(2022, 1, 1), thursday) == date(2021, 10, 17)
    # On a Sunday the week is not over yet.
    assert counted_to(None, date(2021, 10, 17)) == date(2021, 10, 10)


def test_a_day_is_over_at_midnight_where_the_cohort_is():
    budapest = ZoneInfo("Europe/Budapest")
    assert closing(date(2021, 10, 31), budapest).over.isoformat() == "2021-11-01T00:00:00+01:00"


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 1998, 17:857-872, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_published_examples(part, whole, low, high):
    told = proportion(part, whole)
    assert [round(told.low, 4), round(told.high, 4)] == [low, high]


def test_an_interval_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no share"):
        proportion(0, 0)
