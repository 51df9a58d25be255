"""Workers and beats killed while a survey opens and another reminds: none lost, none doubled."""

import random
import time
from collections import Counter
from email import message_from_bytes, policy

import pytest

from tests.races.test_kill import PATIENCE, PEOPLE, Plant
from tests.services import fresh_database, fresh_redis

PREPARE = """
from datetime import timedelta
from evaluation.models import Survey, SurveyInvitation
from mentoring import clock
from mentoring.accounts.models import User
from tests.factories import CohortFactory, EnrollmentFactory
cohort = CohortFactory(state="running", country="")
now = clock.now()
people = list(User.objects.filter(email__startswith="p"))
for person in people:
    EnrollmentFactory(cohort=cohort, person=person)
for slug, state, opens in (("new", "scheduled", now), ("old", "open", now - timedelta(days=8))):
    survey = Survey.objects.create(
        cohort=cohort, occurrence=slug, slug=slug, title=slug, side="student", state=state,
        instruments=["needs-pulse.1"], opens_at=opens, closes_at=opens + timedelta(days=21),
        invited=0 if slug == "new" else len(people),
    )
    if slug == "old":
        SurveyInvitation.objects.bulk_create(
            SurveyInvitation(survey=survey, person=person) for person in people
        )
"""
INVITED = """
from evaluation.models import Survey
print(list(Survey.objects.order_by("slug").values_list("state", "invited")))
"""
# The invitation to the older one is a week late and no longer sent; its reminder is.
SENT = {("survey_invitation", "new"): PEOPLE, ("survey_reminder", "old"): PEOPLE}


def letters(plant: Plant) -> Counter[tuple[str, str, str]]:
    """Kind, survey and reader of each mail that left."""
    found: Counter[tuple[str, str, str]] = Counter()
    for file in plant.mails.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        title = str(mail["Subject"]).split(": ")[1].split(" (")[0]
        found[str(mail["X-Notification-Kind"]), title, str(mail["To"])] += 1
    return found


def play(plant: Plant, *, seed: int) -> None:
    plant.shell(PREPARE)
    dice = random.Random(seed)
    killed: Counter[str] = Counter()
    deadline = time.monotonic() + PATIENCE
    settled = {"sent": 2 * PEOPLE, "suppressed": PEOPLE}
    plant.start()
    try:
        while time.monotonic() < deadline:
            time.sleep(dice.uniform(0.2, 1.0))
            if sum(killed.values()) >= 8 and plant.counts() == settled:
                break
            killed[plant.kill_one(dice)] += 1
            if sum(killed.values()) >= 8:
                time.sleep(6)  # longer than a lease: what a killed worker held is tried again
        counts, invited = plant.counts(), plant.shell(INVITED).strip()
    finally:
        plant.stop()
    found = letters(plant)
    print(f"{sum(found.values())} mails, kills {dict(killed)}, states {counts}")
    assert counts == settled
    assert invited == str([("open", PEOPLE), ("open", PEOPLE)])
    assert {letter: n for letter, n in found.items() if n > 1} == {}
    assert Counter((kind, title) for kind, title, _to in found) == SENT


@pytest.mark.race
def test_kills_lose_and_double_no_mail_of_a_survey_on_sqlite(tmp_path_factory):
    play(Plant(tmp_path_factory.mktemp("p"), PLANT_MAILS_EACH="0"), seed=5)


@pytest.mark.race
@pytest.mark.services
def test_kills_lose_and_double_no_mail_of_a_survey_on_postgresql(tmp_path_factory):
    with fresh_database("survey") as database, fresh_redis() as broker:
        folder = tmp_path_factory.mktemp("p")
        plant = Plant(folder, DATABASE_URL=database, REDIS_URL=broker, PLANT_MAILS_EACH="0")
        play(plant, seed=6)
