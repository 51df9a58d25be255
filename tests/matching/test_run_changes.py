"""From run to run: who has another mentor, who found one, who lost hers."""

import pytest
from django.urls import reverse

from matching import run_changes
from matching.models import MatchRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cohort):
    def make(**mentors):
        made = MatchRun.objects.create(
            cohort=cohort, number=MatchRun.objects.count() + 1, procedure="optimal", seed=1,
            state="done", weights={"interests": 1},
            result={"placed": 1, "unmatched": 0, "total": 1, "bound": 1, "loads": {}},
        )  # fmt: skip
        for student, mentor in mentors.values():
            score = None if mentor is None else 1
            made.pairs.create(student=student, mentor=mentor, score=score, shape="pair")
        return made

    return make


def test_each_student_of_both_runs_counts_once(run, student, mentor):
    a, b, c, d, late = (student() for _ in range(5))
    one, two, three = (mentor() for _ in range(3))
    before = run(a=(a, one), b=(b, two), c=(c, None), d=(d, three))
    after = run(a=(a, one), b=(b, three), c=(c, two), d=(d, None), e=(late, None))
    found = run_changes.between(before, after)
    assert (found.moved, found.found, found.lost, found.same) == (1, 1, 1, 1)
    assert {(move.student, move.was, move.now) for move in found.named} == {
        (b.person.full_name, two.person.full_name, three.person.full_name),
        (c.person.full_name, "", two.person.full_name),
        (d.person.full_name, three.person.full_name, ""),
    }


def test_many_changes_are_named_in_part(run, student, mentor):
    people = [(student(), mentor(), mentor()) for _ in range(15)]
    before = run(**{f"s{n}": (s, m) for n, (s, m, _o) in enumerate(people)})
    after = run(**{f"s{n}": (s, o) for n, (s, _m, o) in enumerate(people)})
    found = run_changes.between(before, after)
    assert (found.moved, len(found.named), found.more) == (15, 12, 3)


def test_the_page_of_a_run_says_what_changed(run, student, mentor, as_user, coordinator):
    her, one, two = student(), mentor(), mentor()
    run(a=(her, one))
    after = run(a=(her, two))
    page = as_user(coordinator).get(reverse("matching:run", args=[her.cohort.key, after.key]))
    text = " ".join(page.content.decode().split())
    assert "Since run 1" in text
    assert "1 student has another mentor, 0 found one, 0 lost theirs, 0 stay" in text
