"""A cohort in its fourteenth week, in which every page of the board has something to show."""

from datetime import timedelta
from types import SimpleNamespace

from evaluation.monitoring import scan
from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.models import Contact, Message
from tests.evaluation.conftest import after, without_diary
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    EnrollmentYearFactory,
    UserFactory,
    meeting,
    member,
    pair,
)

TODAY = 95
STUDENTS = [
    "Anna Kovács",
    "Bence Tóth",
    "Csilla Nagy",
    "Dániel Szabó",
    "Eszter Horváth",
    "Ferenc Varga",
    "Gréta Kiss",
    "Hanna Molnár",
    "István Németh",
    "Júlia Farkas",
    "Kristóf Balogh",
    "Luca Papp",
]
MENTORS = [
    "Márton Takács",
    "Nóra Juhász",
    "Orsolya Lakatos",
    "Péter Mészáros",
    "Réka Simon",
    "Sándor Rácz",
    "Tamás Fekete",
    "Ugo Szilágyi",
    "Vera Török",
    "Zoltán Fehér",
    "Ágnes Gál",
    "Ödön Kis",
]


def named(person, name: str):
    person.given_name, person.family_name = name.split(" ", 1)
    person.save()
    return person


def play(level: str = "open") -> SimpleNamespace:
    """Twelve pairs and a group: most meet, some never did, one mentor does not answer."""
    cohort = CohortFactory(state="running", country="")
    without_diary(cohort)
    if level != "open":
        version = cohort.edition.version
        version.document["confidentiality"] = {"level": level}
        version.save()
    coordinator = EnrollmentFactory(
        cohort=cohort,
        role=Role.COORDINATOR,
        person=UserFactory(given_name="Katalin", family_name="Bodnár", time_zone="Europe/Budapest"),
    ).person
    made = []
    for number, (student, mentor) in enumerate(zip(STUDENTS, MENTORS, strict=True)):
        mentorship = pair(cohort)
        named(mentorship.student.person, student)
        named(mentorship.mentor.person, mentor)
        type(mentorship.student).objects.filter(pk=mentorship.student.pk).update(
            campus=("Nagyvárad tér", "Klinikák")[number % 2]
        )
        EnrollmentYearFactory(enrollment=mentorship.student, class_year=2 if number == 11 else 1)
        made.append(mentorship)
        if number < 7:
            for week in range(1, 10 if number == 5 else 14, 3 if number < 4 else 5):
                meeting(mentorship, after(7 * week + number % 5, hour=15), state="held")
            for week in range(0, 8 if number == 5 else 13, 2):
                Contact.objects.create(
                    mentorship=mentorship, at=after(7 * week), channel="message", side="student"
                )
    meeting(made[0], after(TODAY + 4, hour=16))
    meeting(made[8], after(TODAY + 6, hour=10))
    for days in (70, 77, 84):
        meeting(made[9], after(days), state="missed")
    Message.objects.create(mentorship=made[5], side="student", sent_at=after(TODAY - 18))
    joined = EnrollmentFactory(cohort=cohort, person=UserFactory())
    named(joined.person, "Zsófia Vámos")
    member(made[3], joined)
    alone = EnrollmentFactory(cohort=cohort)
    named(alone.person, "Máté Szűcs")
    with clock.at(after(TODAY, hour=9) - timedelta(days=1)):
        scan(cohort=cohort)
    return SimpleNamespace(cohort=cohort, coordinator=coordinator, pairs=made, alone=alone)
