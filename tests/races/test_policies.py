"""Answers, publications and drafts at once: one stands, one is published, one is begun."""

import pytest

RACERS = 12

pytestmark = pytest.mark.race


def test_however_many_answers_at_once_one_stands(racing):
    found = racing("policies", "answers", RACERS)
    assert found == {
        "won": RACERS, "refused": 0, "broke": 0, "versions": 1, "standing": 1, "mails": 1,
    }  # fmt: skip


def test_a_draft_is_published_once(racing):
    found = racing("policies", "publications", RACERS)
    assert found == {
        "won": 1, "refused": RACERS - 1, "broke": 0, "versions": 1, "standing": 0, "mails": 1,
    }  # fmt: skip


def test_the_next_version_is_begun_once(racing):
    found = racing("policies", "drafts", RACERS)
    assert found == {
        "won": RACERS, "refused": 0, "broke": 0, "versions": 2, "standing": 0, "mails": 1,
    }  # fmt: skip
