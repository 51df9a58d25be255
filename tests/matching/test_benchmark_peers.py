import subprocess

import pytest

from benchmarks import match_peers
from benchmarks.peers import environments, run_peer


def test_a_peer_that_cannot_be_installed_is_said_to_be_so(monkeypatch):
    monkeypatch.setattr(match_peers, "SIZES", {"munkres": [(30, 12)], "scipy": [(30, 12)]})
    monkeypatch.setattr(match_peers, "python_of", lambda peer: None)
    missing, scipy = match_peers.measure()
    assert (missing["seconds"], missing["total"], missing["ratio"]) == (
        "cannot be installed", "–", "–",
    )  # fmt: skip
    assert (scipy["placed"], scipy["total"]) == (scipy["our_placed"], scipy["our_total"])
    assert missing["our_total"] == scipy["our_total"]


def test_a_peer_that_takes_too_long_is_said_to_be_so(monkeypatch):
    def too_long(command, limit=None):
        raise subprocess.TimeoutExpired(command, limit or 0)

    monkeypatch.setattr(match_peers, "python_of", lambda peer: "python")
    monkeypatch.setattr(match_peers, "_run", too_long)
    found = match_peers._theirs("munkres", 5, 2)
    assert found == {"version": "3.0.0", "why": "over 180 s", "at_least": 180}


def test_a_better_total_than_ours_ends_the_run():
    ours = {"placed": 1, "total": 1.0, "seconds": 1.0, "memory_mb": 1}
    with pytest.raises(SystemExit, match="not what we found"):
        match_peers._row("munkres", (1, 1, "optimal"), ours, {"placed": 1, "total": 2.0})


def test_without_a_package_index_there_is_no_environment(monkeypatch, tmp_path):
    def fails(command):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(environments, "FOLDER", tmp_path)
    monkeypatch.setattr(environments, "_quietly", fails)
    assert environments.python_of("munkres") is None


def test_each_peer_has_a_script_and_a_version():
    assert set(run_peer.SOLVERS) == set(environments.VERSIONS)
