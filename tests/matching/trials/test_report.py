"""The report of a trial: the trial of Munich as it was, and what each rule of the report does.

Munich: Schäfer et al. (2016), Medical Teacher 38, 921–929. 190 students in three arms, 165 of whom
found a mentor, the expert's arm ahead and no difference between the two electronic ones. How many
found one in each arm is assumed; the sums are theirs.
"""

import json
from dataclasses import replace
from datetime import date

import pytest

from matching.trials.allocation import Arm, InvalidTrial, Participant, allocate
from matching.trials.data import Contrast, Record, TrialData
from matching.trials.flow import Reason
from matching.trials.report import analyse, plain
from matching.trials.stats import Estimate, Test

ARMS = [Arm("expert"), Arm("algorithm"), Arm("search")]
CONTRASTS = [
    Contrast("expert against both electronic", ("expert",), ("algorithm", "search")),
    Contrast("algorithm against search", ("algorithm",), ("search",)),
]
DUE, AFTER = date(2027, 3, 31), date(2027, 4, 1)
FOUND = {"expert": (60, 63), "algorithm": (53, 64), "search": (52, 63)}


def munich(**changes):
    """190 randomized of 200 assessed; half of each arm in each of two class years."""
    records = [
        Record(
            id=f"{arm}-{number}",
            arm=arm,
            received=arm,
            due_on=DUE,
            stratum=(f"year {1 + number % 2}",),
            matched=number < found,
            established=number < found,
        )
        for arm, (found, people) in FOUND.items()
        for number in range(people)
    ]
    records += [Record(id=f"late-{number}", excluded="applied too late") for number in range(6)]
    records += [Record(id=f"no-{number}", consent=False) for number in range(4)]
    whole = {"arms": ARMS, "records": records, "as_of": AFTER, "contrasts": CONTRASTS}
    return TrialData(**{**whole, **changes})


def people(arm, n, **facts):
    return [
        Record(
            id=f"{arm}-{number}",
            **{"arm": arm, "received": arm, "due_on": DUE, "established": True, **facts},
        )
        for number in range(n)
    ]


def of(records, **changes):
    return TrialData(**{"arms": ARMS[:2], "records": records, "as_of": AFTER, **changes})


def test_the_flow_of_munich():
    found = analyse(munich()).flow
    assert (found.assessed, found.excluded, found.waiting, found.randomized) == (200, 10, 0, 190)
    assert found.excluded_reasons == (Reason("applied too late", 6), Reason("declined", 4))
    assert [(arm.arm, arm.allocated, arm.received, arm.analyzed) for arm in found.arms] == [
        ("expert", 63, 63, 63),
        ("algorithm", 64, 64, 64),
        ("search", 63, 63, 63),
    ]


def test_in_munich_the_expert_is_ahead_and_the_electronic_arms_do_not_differ():
    found = analyse(munich()).matched
    assert sum(arm.successes for arm in found.arms) == 165
    assert [round(arm.share.value, 3) for arm in found.arms] == [0.952, 0.828, 0.825]
    assert found.test.name == "chi-square test"
    assert round(found.test.p, 3) == 0.055
    expert, electronic = found.contrasts
    assert (expert.left_counts, expert.right_counts) == ((60, 63), (105, 127))
    assert round(expert.test.p, 3) == 0.016
    assert round(expert.adjusted, 3) == 0.032
    assert round(expert.difference.value, 3) == 0.126
    assert 0 < expert.difference.low < expert.difference.value < expert.difference.high
    assert expert.ratio.low > 1
    assert electronic.difference.low < 0 < electronic.difference.high
    assert electronic.adjusted > 0.9


def test_with_strata_they_are_held_fast():
    found = analyse(munich()).established
    assert found.within_strata.name == "Cochran–Mantel–Haenszel test"
    assert found.within_strata.df == (2,)
    expert, electronic = found.contrasts
    assert expert.within_strata.p < 0.05 < electronic.within_strata.p
    assert expert.common_difference.value == pytest.approx(expert.difference.value, abs=0.001)
    assert expert.common_difference.low > 0


def test_of_one_stratum_nothing_is_adjusted():
    records = [replace(record, stratum=()) for record in munich().records]
    found = analyse(munich(records=records)).established
    assert found.within_strata is None
    assert {one.common_difference for one in found.contrasts} == {None}


def test_everyone_randomized_counts_and_the_unknown_count_as_not_reached():
    records = [
        *people("expert", 20),
        *people("algorithm", 14),
        *[
            replace(one, id=f"gone-{number}", established=None, lost="moved away")
            for number, one in enumerate(people("algorithm", 6))
        ],
    ]
    found = analyse(of(records))
    assert [(arm.successes, arm.n, arm.unknown) for arm in found.established.arms] == [
        (20, 20, 0),
        (14, 20, 6),
    ]
    complete, protocol = found.sensitivity
    assert [(arm.successes, arm.n, arm.unknown) for arm in complete.arms] == [
        (20, 20, 0),
        (14, 14, 0),
    ]
    assert (complete.population, protocol.population) == ("complete cases", "per protocol")
    assert complete.test.p is None
    arm = found.flow.arms[1]
    assert (arm.known, arm.lost, arm.pending, arm.analyzed) == (14, 6, 0, 20)
    assert arm.lost_reasons == (Reason("moved away", 6),)


def test_who_got_another_procedure_stays_in_her_arm():
    records = [
        *people("expert", 10),
        *people("algorithm", 7),
        Record(id="x", arm="algorithm", received="expert", due_on=DUE, established=True),
        Record(id="y", arm="algorithm", not_received="never came", due_on=DUE, established=False),
        *[replace(one, id="z") for one in people("algorithm", 1, deviation="told a friend's")],
    ]
    found = analyse(of(records))
    assert [(arm.successes, arm.n) for arm in found.established.arms] == [(10, 10), (9, 10)]
    assert [(arm.successes, arm.n) for arm in found.sensitivity[1].arms] == [(10, 10), (7, 7)]
    arm = found.flow.arms[1]
    assert (arm.received, arm.not_received, arm.crossed, arm.awaiting) == (8, 2, 1, 0)
    assert arm.not_received_reasons == (Reason("never came", 1), Reason("", 1))
    assert (arm.deviated, arm.deviation_reasons) == (1, (Reason("told a friend's", 1),))


def test_who_withdrew_is_lost_unless_something_is_known_of_her():
    gone = {"withdrawn_on": date(2026, 12, 1), "withdrawn": "no time", "received": None}
    records = [
        *people("expert", 3, established=None, **gone),
        *[replace(one, id="met") for one in people("expert", 1, **gone)],
        *people("algorithm", 4),
    ]
    arm = analyse(of(records)).flow.arms[0]
    assert (arm.withdrawn, arm.known, arm.lost, arm.received, arm.not_received) == (4, 1, 3, 0, 4)
    assert arm.lost_reasons == (Reason("no time", 3),)
    assert arm.not_received_reasons == (Reason("no time", 4),)


def test_before_the_last_day_is_over_no_outcome_is_told():
    records = munich().records
    early = analyse(munich(records=[replace(records[0], due_on=AFTER), *records[1:]]))
    assert early.final is False
    assert (early.established, early.matched, early.satisfaction) == (None, None, None)
    assert early.sensitivity == ()
    cells = [cell for table in early.subgroups for row in table.rows for cell in row.cells]
    assert {cell.established for cell in cells} == {None}
    assert early.flow.randomized == 190
    assert analyse(munich(as_of=DUE)).final is False


def test_while_it_runs_nobody_is_lost_who_may_still_come():
    records = [
        *people("expert", 2, established=None, received=None),
        *[replace(one, id="gone") for one in people("expert", 1, established=None, lost="")],
        Record(id="waiting"),
    ]
    found = analyse(of(records, as_of=date(2026, 11, 1))).flow
    arm = found.arms[0]
    assert (arm.pending, arm.lost, arm.awaiting, arm.not_received) == (2, 1, 2, 0)
    assert found.waiting == 1


def test_nobody_yet_is_no_final_report():
    found = analyse(of([]))
    assert (found.final, found.flow.assessed, found.subgroups) == (False, 0, ())


def satisfied(arm, values):
    return [
        replace(one, satisfaction=value)
        for one, value in zip(people(arm, len(values)), values, strict=True)
    ]


def test_satisfaction_is_of_those_who_answered_with_their_rate():
    records = [
        *satisfied("expert", [5, 4, 5, 4, 5, 3, None, None, None, None]),
        *satisfied("algorithm", [3, 2, 4, 3, 3, 2, 3, 4, None, None]),
    ]
    found = analyse(of(records, survey_closed=True)).satisfaction
    assert [(arm.answered, arm.randomized, arm.rate.value) for arm in found.arms] == [
        (6, 10, 0.6),
        (8, 10, 0.8),
    ]
    assert found.arms[0].mean.value == pytest.approx(26 / 6)
    assert found.test.name == "Welch's t test"
    assert found.ranks.name == "Kruskal–Wallis test"
    contrast = found.contrasts[0]
    assert contrast.difference.value == pytest.approx(26 / 6 - 3)
    assert contrast.test.p == contrast.adjusted == found.test.p
    assert analyse(of(records)).satisfaction is None


def test_a_mean_of_fewer_than_five_is_told_in_no_way():
    records = [
        *satisfied("expert", [5, 4, 5, 4]),
        *satisfied("algorithm", [3, 2, 4, 3, 3]),
        *satisfied("search", [3, 5, 4, 4, 1]),
    ]
    found = analyse(of(records, arms=ARMS, contrasts=CONTRASTS, survey_closed=True)).satisfaction
    few = found.arms[0]
    assert (few.answered, few.mean, few.suppressed) == (4, None, True)
    pooled, electronic = found.contrasts
    assert (pooled.difference, pooled.test.p, pooled.adjusted) == (None, None, None)
    assert electronic.difference is not None
    assert found.test.name == "Welch's t test"


def test_small_groups_are_suppressed_and_arms_are_not():
    tracks = ["medicine"] * 20 + ["dentistry"] * 12 + ["pharmacy"] * 2
    records = [
        replace(one, subgroups={"track": track})
        for arm in ("expert", "algorithm")
        for one, track in zip(people(arm, 34), tracks, strict=True)
    ]
    found = analyse(of(records))
    (table,) = found.subgroups
    assert table.attribute == "track"
    cells = {row.value: row.cells[0] for row in table.rows}
    assert (cells["pharmacy"].n, cells["pharmacy"].suppressed) == (None, True)
    # The arm's total is known: with one cell hidden, that one could be worked out.
    assert (cells["dentistry"].n, cells["dentistry"].suppressed) == (None, True)
    assert (cells["medicine"].n, cells["medicine"].established) == (20, 20)
    assert [arm.n for arm in found.established.arms] == [34, 34]
    tiny = analyse(of([*people("expert", 3), *people("algorithm", 2)]))
    assert [(arm.successes, arm.n) for arm in tiny.established.arms] == [(3, 3), (2, 2)]


def test_how_few_fared_is_suppressed_where_they_are_many():
    fared = [False] * 2 + [True] * 10 + [True] * 12 + [False] * 6 + [True] * 9
    tracks = ["a"] * 12 + ["b"] * 12 + ["c"] * 15
    records = [
        Record(id=f"{arm}{number}", arm=arm, received=arm, due_on=DUE, established=well,
               subgroups={"track": track})
        for arm in ("expert", "algorithm")
        for number, (well, track) in enumerate(zip(fared, tracks, strict=True))
    ]  # fmt: skip
    (table,) = analyse(of(records)).subgroups
    told = {row.value: (row.cells[0].n, row.cells[0].established) for row in table.rows}
    assert told == {"a": (12, None), "b": (12, None), "c": (15, None)}


def test_all_of_it_goes_through_json_and_says_the_same():
    records = [
        replace(record, satisfaction=4.5 if number % 3 else 3.0, subgroups={"sex": "f"})
        for number, record in enumerate(munich().records)
    ]
    found = plain(analyse(munich(records=records, survey_closed=True)))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["as_of"] == "2027-04-01"
    assert found["flow"]["arms"][0]["arm"] == "expert"
    assert found["established"]["contrasts"][0]["left"] == ["expert"]
    assert found["satisfaction"]["arms"][0]["mean"]["method"] == "Student's t"
    assert found == plain(analyse(munich(records=list(reversed(records)), survey_closed=True)))


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError, match="no place in a report"):
        plain(Estimate(float("nan"), 0, 1))
    with pytest.raises(TypeError, match="no place in a report"):
        plain({"a": {1}})
    assert plain(Test("none", None)) == {
        "name": "none", "p": None, "statistic": None, "df": [], "note": "",
    }  # fmt: skip


def test_an_empty_arm_is_shown_and_compared_with_nothing():
    found = analyse(of(people("expert", 4))).established
    assert [(arm.n, arm.share) for arm in found.arms][1] == (0, None)
    assert found.test.p is None
    assert found.contrasts[0].difference is None
    assert found.contrasts[0].ratio is None


def test_without_named_contrasts_every_two_arms_are_compared():
    names = [one.name for one in analyse(munich(contrasts=())).established.contrasts]
    assert names == ["expert – algorithm", "expert – search", "algorithm – search"]


GIVEN = Record(id="x", arm="expert", due_on=DUE)


@pytest.mark.parametrize(
    ("records", "contrasts", "words"),
    [
        ([GIVEN, GIVEN], (), "x is there twice"),
        ([replace(GIVEN, arm="chance")], (), "arm that is not there"),
        ([replace(GIVEN, excluded="too late")], (), "has withdrawn, and counts"),
        ([replace(GIVEN, consent=False)], (), "has withdrawn, and counts"),
        ([replace(GIVEN, due_on=None)], (), "never due"),
        ([replace(GIVEN, received="expert", not_received="")], (), "did not receive"),
        ([replace(GIVEN, satisfaction=float("nan"))], (), "is no number"),
        ([], [CONTRASTS[1], CONTRASTS[1]], "same name"),
        ([], [Contrast("c", (), ("expert",))], "both sides"),
        ([], [Contrast("c", ("expert",), ("expert",))], "both sides"),
        ([], [Contrast("c", ("expert",), ("chance",))], "not there"),
    ],
)
def test_the_impossible_is_refused(records, contrasts, words):
    with pytest.raises(InvalidTrial, match=words):
        analyse(of(records, contrasts=contrasts))


def test_from_the_lot_to_the_report():
    """190 people, two class years, who all meet somebody: the arms are as the lot made them."""
    them = [Participant(f"s{number}", (f"year {1 + number % 2}",)) for number in range(190)]
    records = [
        Record(id=one.id, stratum=one.stratum, arm=one.arm, received=one.arm, due_on=DUE,
               established=True)
        for one in allocate(them, ARMS, 20_160_921)
    ]  # fmt: skip
    found = analyse(munich(records=records))
    sizes = [arm.allocated for arm in found.flow.arms]
    assert sum(sizes) == 190
    assert max(sizes) - min(sizes) <= 4
    assert found.established.test.note == "the same for everybody: there is nothing to compare"
