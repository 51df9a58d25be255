from benchmarks import match_optimal


def test_the_benchmark_compares_with_a_peer_that_agrees(monkeypatch):
    monkeypatch.setattr(match_optimal, "SIZES", [(30, 12)])
    [row] = match_optimal.measure()
    assert (row["students"], row["mentors"], row["proven"]) == (30, 12, True)
    assert row["seconds"] > 0
