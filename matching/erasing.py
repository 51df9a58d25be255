"""Takes a person's facts out of what matching keeps; pairs and dates stay."""

from typing import Any

from django.db.models import Q

from matching.models import (
    InterviewNote,
    MatchRun,
    MentorWish,
    RequestWord,
    StudentRank,
    TrialRecord,
)
from mentoring.accounts.models import User

BLANK: dict[str, Any] = {
    "interests": [], "languages": [], "campus": "", "track": "", "gender": "", "free_time": "0x0",
}  # fmt: skip
DROPPED = ("choices", "expectation", "wishes")


def erase(user: User) -> None:
    """Her words, lists and rankings, and what runs know of her."""
    RequestWord.objects.filter(request__student__person=user).delete()
    InterviewNote.objects.filter(enrollment__person=user).delete()
    MentorWish.objects.filter(Q(student__person=user) | Q(mentor__person=user)).delete()
    StudentRank.objects.filter(Q(student__person=user) | Q(mentor__person=user)).delete()
    TrialRecord.objects.filter(student__person=user).update(stratum=[], satisfaction=None)
    places = {row.pk: row.cohort_id for row in user.enrollments.all()}
    for run in MatchRun.objects.filter(cohort__in=set(places.values())):
        _scrub(run.inputs, set(places))
        run.save(update_fields=["inputs"])
        mine = run.pairs.filter(student__person=user) | run.pairs.filter(mentor__person=user)
        mine.update(reasons=[])


def _scrub(inputs: dict[str, Any], mine: set[int]) -> None:
    listed = [inputs.get("students", []), inputs.get("mentors", [])]
    listed += [group.get("students", []) for group in inputs.get("groups", [])]
    for people in listed:
        for facts in people:
            if facts["id"] in mine:
                facts.update({name: value for name, value in BLANK.items() if name in facts})
                for name in DROPPED:
                    facts.pop(name, None)
            for shape, wanted in facts.get("wishes", {}).items():
                facts["wishes"][shape] = [who for who in wanted if who not in mine]
    inputs["rules"] = [
        rule for rule in inputs.get("rules", [])
        if rule[2] != "rather_not" or not mine & {rule[0], rule[1]}
    ]  # fmt: skip
