"""The same people and seed give the same pairs in every database, whatever numbers rows have."""

from hashlib import sha256

import pytest

from matching.models import MatchRun
from matching.services import runs
from mentoring.accounts.permissions import Role
from tests import factories
from tests.factories import EnrollmentFactory, EnrollmentYearFactory, UserFactory

INTERESTS = ("anatomy", "ethics", "psychiatry", "research", "surgery")
STUDENTS, MENTORS = 24, 9
# Computed once on SQLite; a change here is a change of the engine, whose version then goes up.
FINGERPRINTS = {
    "optimal": "80a0345cd6043933",
    "fair": "80a0345cd6043933",
    "stable": "05ec7bf257ffba20",
    "random": "1030352d3da73179",
    "greedy": "05ec7bf257ffba20",
    "wishes": "80a0345cd6043933",
    "keeping": "80a0345cd6043933",
}
TEAMS = "c5b8cdd03c4df8b8"
GROUPS = {
    "slug": "teams",
    "title": "Groups led by two",
    "school": "A school",
    "model": "combined",
    "source": "a test",
    "duration": {"kind": "degree"},
    "matching": {"procedure": "random"},
    "shapes": [
        {
            "slug": "group",
            "title": "Group",
            "seats": [
                {"role": "student", "kind": "student", "count": {"min": 4, "max": 8}},
                {"role": "mentor", "kind": "faculty", "count": 2},
            ],
        }
    ],
}


def people(cohort, *, backwards=False):
    """Always the same by their addresses; in which order they came is not."""
    rows = [("s", Role.STUDENT, n) for n in range(STUDENTS)]
    rows += [("m", Role.MENTOR, n) for n in range(MENTORS)]
    for letter, role, n in reversed(rows) if backwards else rows:
        person = UserFactory(
            email=f"{letter}{n:02}@example.edu", given_name=letter, family_name=f"{n}"
        )
        enrollment = EnrollmentFactory(
            cohort=cohort,
            person=person,
            role=role,
            capacity=3 if role == Role.MENTOR else 0,
            interests=[INTERESTS[n % 5], INTERESTS[n * n % 5]],
            languages=["hu"] if n % 2 else ["hu", "en"],
        )
        EnrollmentYearFactory(enrollment=enrollment, class_year=1 if role == Role.STUDENT else 4)


def proposed(cohort, by, procedure):
    run = runs.start(
        cohort=cohort,
        procedure=procedure,
        weights={"interests": 3, "languages": 1},
        required=[],
        by=by,
        seed=7,
    )
    runs.compute(run=run, progress=lambda done, total: None)
    run.refresh_from_db()
    name_of = dict(cohort.enrollments.values_list("pk", "person__email"))
    leaders = {
        group["number"]: sorted(name_of[who] for who, _role in group["members"])
        for group in run.groups
    }
    return sorted(
        f"{name_of[student]}: {leaders.get(group) or name_of.get(mentor)}"
        for student, mentor, group in run.pairs.values_list("student", "mentor", "group")
    )


def fingerprint(pairs):
    return sha256("\n".join(pairs).encode()).hexdigest()[:16]


def test_every_procedure_is_known_here():
    assert set(FINGERPRINTS) == {*MatchRun.Procedure.values} - {MatchRun.Procedure.EXPERT}


@pytest.mark.parametrize("procedure", FINGERPRINTS)
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_the_same_people_and_seed_give_the_same_pairs(cohort, coordinator, procedure, backwards):
    people(cohort, backwards=backwards)
    pairs = proposed(cohort, coordinator, procedure)
    assert len(pairs) == STUDENTS
    assert fingerprint(pairs) == FINGERPRINTS[procedure]


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_teams_are_drawn_the_same_too(db, backwards):
    cohort = factories.CohortFactory(override_at=factories.START, edition=GROUPS)
    people(cohort, backwards=backwards)
    by = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    pairs = proposed(cohort, by, "random")
    assert any("', '" in pair for pair in pairs)
    assert fingerprint(pairs) == TEAMS


@pytest.mark.parametrize("procedure", FINGERPRINTS)
def test_people_with_the_same_name_are_told_apart(cohort, coordinator, procedure):
    for n, role in enumerate([Role.STUDENT, Role.STUDENT, Role.MENTOR, Role.MENTOR]):
        person = UserFactory(email=f"n{n}@example.edu", given_name="Anna", family_name="Nagy")
        EnrollmentFactory(
            cohort=cohort, person=person, role=role, interests=["surgery"], languages=["hu"]
        )
    pairs = proposed(cohort, coordinator, procedure)
    assert [pair.split(": ")[0] for pair in pairs] == ["n0@example.edu", "n1@example.edu"]
    assert {pair.split(": ")[1] for pair in pairs} == {"n2@example.edu", "n3@example.edu"}
