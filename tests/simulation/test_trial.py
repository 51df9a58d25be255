"""A trial of matching procedures is played, from the question to the report."""

import json
from collections import Counter

from django.db import transaction

from matching.models import MentorRequest, TrialRecord
from matching.services.trial_report import data_of
from mentoring.simulation.behavior import Finding
from mentoring.simulation.plan.shares import count
from tests.simulation.test_play import number_rows_from_one

SHARES = {"expert": 1.0, "suggestions": 0.5, "search": 0.5}


def played(play, **changes):
    finding = Finding(found=SHARES, decline=0.4, **changes)
    return play("lmu-munich", students=24, mentors=30, weeks=2, finding=finding)


def test_as_many_find_a_mentor_in_each_arm_as_the_behavior_says(play):
    performance, found = played(play)
    arms = Counter(TrialRecord.objects.values_list("arm", flat=True))
    assert sum(arms.values()) == found["trial"]["randomized"] == 24
    expected = sum(count(SHARES[arm], people) for arm, people in arms.items())
    assert found["students_matched"] == expected
    trial = performance.stage.cohort.trials.get()
    assert all(record.got_her_arm for record in data_of(trial).records if record.matched)
    assert MentorRequest.objects.filter(state="declined").exists()
    assert not trial.is_open
    sent = found["notifications"]
    assert (sent["failed"], sent["duplicates"], sent["lost"]) == (0, 0, 0)
    assert found["detection"]["never_met"]["premature"] == 0


def test_who_does_not_agree_is_in_no_arm(play):
    performance, found = played(play, consent=0.5)
    assert found["trial"]["assessed"] == 24
    assert found["trial"]["randomized"] == 12
    declined = performance.stage.cohort.trials.get().records.filter(consent=False)
    assert {record.arm for record in declined} == {""}


def test_the_same_seed_draws_and_plays_the_same(play):
    def once():
        with transaction.atomic():
            number_rows_from_one()
            _performance, found = played(play)
            transaction.set_rollback(True)
        return json.dumps(found)

    assert once() == once()
