"""Trainings and supervisions of the lively cohort: held, due, full, taken and to choose."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from mentoring import clock
from programs.models import Enrollment
from sessions.services import attendance, enrolling, supervisors
from tests.factories import SeriesFactory, attend, training_date

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def lively_training(world: SimpleNamespace, now: datetime) -> None:
    """Something on every page of mentors, supervisors and the coordinator."""
    cohort, coordinator = world.cohort, world.people["coordinator"]
    mentors = list(Enrollment.objects.filter(cohort=cohort, role="mentor", state="active"))
    mentors.sort(key=lambda row: row.person_id != world.people["mentor"].pk)
    own = mentors[0]
    supervisor = Enrollment.objects.get(cohort=cohort, role="supervisor")
    group = supervisors.create(
        cohort=cohort, supervisor=supervisor, name="Tuesday group", by=coordinator
    )
    members = [row.pk for row in mentors[:6]]
    supervisors.set_members(group=group, members=members, by=coordinator)
    training = SeriesFactory(
        cohort=cohort, title="Mentor training", topic="Emergencies", place="Lecture hall 1"
    )
    supervision = SeriesFactory(
        cohort=cohort, kind="supervision", title="Supervision", group=group, capacity=8,
        place="Seminar room 2",
    )  # fmt: skip
    for n, series in ((15, training), (8, training), (9, supervision)):
        held = training_date(series, now - n * DAY - 3 * HOUR, place=series.place)
        came = mentors[:6] if series.group else mentors[:20]
        for row in came:
            attend(held, row, "unknown")
        said = {row.pk: ("present", "present", "excused", "absent")[k % 4]
                for k, row in enumerate(came)}  # fmt: skip
        said[own.pk] = "present"
        with clock.at(held.ends_at + HOUR):
            attendance.record_list(meeting=held, said=said, by=coordinator)
    for series, later in ((training, 5 * HOUR), (supervision, 2 * HOUR)):
        due = training_date(series, now - DAY + later, place=series.place)
        for row in mentors[:6]:
            attend(due, row, "unknown")
    full = training_date(training, now + 4 * DAY + 7 * HOUR, capacity=2, place=training.place)
    for row in mentors[7:9]:
        attend(full, row, "unknown")
    mine = training_date(training, now + 12 * DAY + 7 * HOUR, capacity=20, place=training.place)
    enrolling.enroll(meeting=mine, by=own.person)
    for n in range(3):
        training_date(
            training, now + (20 + 7 * n) * DAY + 7 * HOUR, capacity=20, place=training.place
        )
    training_date(supervision, now + 15 * DAY + 7 * HOUR, place=supervision.place)
