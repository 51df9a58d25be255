import pytest

from benchmarks import degenerate, groups, job, match_optimal


def test_the_benchmark_compares_with_a_peer_that_agrees(monkeypatch):
    cases = [("interests", 30, 12, True), ("same wish", 30, 12, False)]
    monkeypatch.setattr(match_optimal, "CASES", cases)
    row, alone = match_optimal.measure()
    assert (row["students"], row["mentors"], row["proven"]) == (30, 12, True)
    assert row["seconds"] > 0
    assert row["engine_mb"] <= row["memory_mb"]
    assert row["repair_ms"] > 0
    assert (alone["proven"], alone["ratio"]) == (True, "–")


def test_a_total_that_the_peer_contradicts_ends_the_run(monkeypatch):
    def found(side, *_case):
        return {"proven": True, "placed": 1, "total": 1.0 if side == "ours" else 2.0, "seconds": 1}

    monkeypatch.setattr(match_optimal, "_in_a_process", found)
    with pytest.raises(SystemExit, match="not what SciPy found"):
        list(match_optimal.measure())


def test_the_benchmark_of_groups_prints_what_is_missing_to_the_bound(monkeypatch):
    monkeypatch.setattr(groups, "SIZES", ("tromso",))
    [row] = groups.measure()
    assert (row["students"], row["groups"], row["unplaced"]) == (100, 10, 0)
    assert row["total"] <= row["bound"]
    assert row["gap"] < 0.005
    assert row["memory_mb"] > 0


def test_the_benchmark_of_a_job_counts_what_is_stored(monkeypatch):
    monkeypatch.setattr(job, "SIZES", [(40, 12)])
    [row] = job.measure()
    assert row["stored"] == 40 == row["placed"] + row["unmatched"]
    assert row["seconds"] >= row["computing"] > 0


def test_degenerate_cohorts_are_measured_for_every_procedure(monkeypatch):
    monkeypatch.setattr(degenerate, "STUDENTS", 30)
    monkeypatch.setattr(degenerate, "MENTORS", 6)
    rows = {row["case"]: row["placed"] for row in degenerate.measure()}
    assert rows == {"no places": 0, "all forbidden": 0, "all equal": 30, "too few places": 6}
