"""A full training: she waits, moves up, and the coordinator sees the list; and before the start."""

from datetime import timedelta

from programs.models import Enrollment
from sessions.models import Meeting, Waiting
from sessions.services import enrolling, waiting
from tests.factories import SeriesFactory, template_document, training_date
from tests.journeys.lively import NOW
from tests.journeys.visitor import PHONE


def mentors_of(world):
    return list(Enrollment.objects.filter(cohort=world.cohort, role="mentor", state="active"))


def full_date(world):
    """A date whose two places are taken, and one person who waits already."""
    one = Meeting.objects.get(capacity=2, series__title="Mentor training")
    seated = set(one.participants.values_list("person", flat=True))
    others = [row.person for row in mentors_of(world)
              if row.person_id not in seated | {world.people["mentor"].pk}]  # fmt: skip
    waiting.wait(meeting=one, by=others[0])
    return one, others[0]


def test_a_mentor_waits_for_a_full_date_and_moves_up(visit, world):
    one, first = full_date(world)
    her = visit(world.people["mentor"], size=PHONE)
    her.open(f"/meetings/{one.key}/")
    her.press("Put me on the waiting list")
    her.sees("You are number 2 of 2 who wait.")
    her.is_fine()
    her.open("/training/")
    her.sees("Where I wait for a place")
    her.is_fine()
    her.open("/")
    her.is_fine()
    for seat in one.participants.filter(holds=True).select_related("person"):
        enrolling.leave(meeting=one, by=seat.person)
    her.open(f"/meetings/{one.key}/")
    her.sees("You have a place")
    assert not Waiting.objects.exists()
    assert set(one.participants.filter(holds=True).values_list("person", flat=True)) == {
        first.pk,
        world.people["mentor"].pk,
    }


def test_a_coordinator_sees_who_waits_and_removes_somebody(visit, world):
    one, first = full_date(world)
    her = visit(world.people["coordinator"])
    her.open(f"/meetings/{one.key}/")
    her.sees("Waiting list")
    her.is_fine()
    her.press(first.full_name)
    her.sees(f"{first.full_name} is not on the list any more, and is told by mail.")
    assert not Waiting.objects.exists()


def test_who_is_not_trained_yet_finds_a_date_and_a_coordinator_does_without(visit, world):
    version = world.cohort.edition.version
    asked = template_document("sodersjukhuset")["requirements"]
    # The marks of what the source says would lead nowhere.
    version.document |= {
        "requirements": asked,
        "incentives": [],
        "assumed": [],
        "from_source": [],
    }
    version.save()
    row = mentors_of(world)[-1]
    Enrollment.objects.filter(pk=row.pk).update(state="accepted", activated_at=None)
    course = SeriesFactory(cohort=world.cohort, course=True, title="Course of two days", capacity=8)
    for n in range(2):
        training_date(course, NOW + timedelta(days=9 + n, hours=2))
    her = visit(row.person, size=PHONE)
    her.open("/")
    her.sees("Before you start")
    her.sees("course of 2 days")
    her.is_fine()
    staff = visit(world.people["coordinator"])
    staff.open(f"/cohorts/{world.cohort.key}/people/{row.key}/")
    staff.sees("Course of two days is still to be attended.")
    staff.is_fine()
    staff.page.get_by_text("Let this person be active all the same").click()
    staff.page.get_by_label("Why").fill("Led the course last year")
    staff.press("Do without it")
    staff.sees("is active now.")
    staff.sees("Led the course last year")
    staff.is_fine()
    staff.open(f"/cohorts/{world.cohort.key}/training/new/")
    staff.sees("The program asks for a course of 2 days.")
    staff.is_fine()
