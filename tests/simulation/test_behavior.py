"""A behavior file is checked when it is read, and each mistake is named with its value."""

import pytest

from mentoring.simulation import behavior
from mentoring.simulation.behavior import FOLDER, BehaviorError


@pytest.fixture
def file(tmp_path):
    def write(text: str):
        path = tmp_path / "behavior.yaml"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_we_ship_can_be_played(path):
    assert behavior.load(path.stem).shares.engaged > 0


def test_semmelweis_has_the_reported_shares():
    loaded = behavior.load("semmelweis")
    assert (loaded.weekly_contact, loaded.monthly_meeting) == (0.51, 0.41)


def test_a_template_without_a_file_of_its_own_takes_the_common_one():
    assert behavior.load("calgary") == behavior.load("default")


def test_a_file_changes_only_the_keys_it_names(file):
    loaded = behavior.load("semmelweis", file("weekly_contact: 0.23\nmonthly_meeting: 0.77\n"))
    assert (loaded.weekly_contact, loaded.monthly_meeting) == (0.23, 0.77)
    assert loaded.shares == behavior.load("semmelweis").shares


def test_the_example_of_the_design_is_understood(file):
    loaded = behavior.load(
        "delhi",
        file(
            "shares: {engaged: 0.6, fading: 0.1, silent: 0.1, never: 0.2}\n"
            "weekly_contact: 0.51\nmonthly_meeting: 0.41\n"
            "mentor_reply: [[0.6, 1], [0.3, 4]]\nattend: {student: 0.8, mentor: 0.95}\n"
            "diary: 0.7\ntraining: 0.9\nsupervision: 0.8\nsurvey: {student: 0.52, mentor: 0.53}\n"
            "absence: [{mentors: 0.05, from_week: 10, weeks: 4}]\n"
        ),
    )
    assert loaded.absence[0].from_week == 10


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("weekly_contact: 1.4", "- weekly_contact: 1.4: Input should be less than or equal to 1"),
        ("weekly_contact: often", "- weekly_contact: 'often': Input should be a valid number"),
        ("attend: {student: 0.8}", "- attend.mentor: is missing"),
        ("mood: good", "- mood: 'good': there is no such key"),
        (
            "absence: [{mentors: 0.1, from_week: 0, weeks: 2}]",
            "- absence.0.from_week: 0: Input should be greater than or equal to 1",
        ),
        (
            "shares: {engaged: 0.6, never: 0.6}",
            "- shares: {'engaged': 0.6, 'never': 0.6}: the shares add up to 1.200, not to 1",
        ),
        (
            "monthly_meeting: 0.9",
            "monthly_meeting: 0.9 is more than shares.engaged (0.85); only engaged",
        ),
        (
            "mentor_reply: [[0.5, 1]]",
            "mentor_reply: 0.500 of the mentors never answer, but only 0.090",
        ),
        ("mentor_reply: [[0.9, 1], [0.9, 4]]", "mentor_reply: the shares add up to 1.800"),
        ("- a list", "must hold keys such as `weekly_contact: 0.51`"),
        ("weekly_contact: [", "is not YAML"),
    ],
)
def test_a_mistake_is_named_with_its_path_and_value(file, text, problem):
    with pytest.raises(BehaviorError) as caught:
        behavior.load("semmelweis", file(text))
    assert problem in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BehaviorError, match=r"nowhere\.yaml cannot be read: No such file"):
        behavior.load("semmelweis", tmp_path / "nowhere.yaml")
