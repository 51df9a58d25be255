from benchmarks import groups, match_optimal


def test_the_benchmark_compares_with_a_peer_that_agrees(monkeypatch):
    monkeypatch.setattr(match_optimal, "SIZES", [(30, 12)])
    [row] = match_optimal.measure()
    assert (row["students"], row["mentors"], row["proven"]) == (30, 12, True)
    assert row["seconds"] > 0


def test_the_benchmark_of_groups_prints_what_is_missing_to_the_bound(monkeypatch):
    monkeypatch.setattr(groups, "SIZES", ("tromso",))
    [row] = groups.measure()
    assert (row["students"], row["groups"], row["unplaced"]) == (100, 10, 0)
    assert row["total"] <= row["bound"]
    assert row["gap"] < 0.005
    assert row["memory_mb"] > 0
