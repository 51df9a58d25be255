"""Before the curtain: a cohort is opened, people are imported, invited, and say yes; matching."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from matching.models import MatchRun, Membership, Mentorship
from matching.services import publishing, runs
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.jobs import services as work
from mentoring.jobs.models import Job
from mentoring.simulation import people as cast
from mentoring.simulation import plan
from mentoring.simulation.people import Company, Person
from mentoring.simulation.plan.shares import stream
from mentoring.simulation.player.clockwork import Beat, Clockwork
from programs.calendar import public_holidays
from programs.models import Cohort, CohortState, Enrollment, Invitation
from programs.roster import read
from programs.services import cohorts, enrollments, gate, invitations, opening, roles, rosters
from programs.spec import ProgramSpec
from sessions.services import availability

BEFORE = timedelta(weeks=3)
LONGEST = timedelta(days=366)


@dataclass
class Stage:
    """The cohort, and its people by their numbers in the play."""

    cohort: Cohort
    admin: User
    coordinator: User
    people: list[Person]
    users: dict[int, User] = field(default_factory=dict)
    enrollments: dict[int, Enrollment] = field(default_factory=dict)
    mentorships: list[Mentorship] = field(default_factory=list)
    groups: list[plan.Group] = field(default_factory=list)

    def number_of(self) -> dict[int, int]:
        """People's numbers by enrollment."""
        return {enrollment.pk: number for number, enrollment in self.enrollments.items()}


def company(spec: ProgramSpec, *, students: int, mentors: int) -> Company:
    """So many people, in the proportions of the program's shape."""
    weights: dict[str, float] = {}
    years = spec.class_years(Role.STUDENT)
    for shape in spec.shapes:
        # A shape for some class years needs people for their share of the students.
        of_shape = shape.class_years(Role.STUDENT)
        share = len(of_shape) / len(years) if of_shape and years else 1.0
        groups = share / _middle(shape.people(Role.STUDENT))
        for seat in shape.seats:
            if seat.role in set(MENTOR_ROLES):
                weights[seat.role] = weights.get(seat.role, 0.0) + groups * _middle(seat.people)
    usual = [spec.capacity(role) for role in weights]
    return Company(
        students=students,
        mentors=cast.split(mentors, weights),
        student_years=spec.class_years(Role.STUDENT),
        mentor_years=spec.class_years(next(iter(weights))),
        usual_capacity=usual[0].default,
        most_capacity=usual[0].max or usual[0].default,
        country=spec.year.country or "",
    )


def _middle(span: object) -> float:
    low, high = getattr(span, "min", None), getattr(span, "max", None)
    known = [float(bound) for bound in (low, high) if bound is not None]
    return sum(known) / len(known) if known else 1.0


def open_cohort(
    *, spec: ProgramSpec, name: str, start: date, weeks: int, admin: User, coordinator_email: str
) -> Stage:
    """A cohort of the template whose edition covers the whole run, and its coordinator."""
    cohort = opening.open_cohort(slug=spec.slug, name=name, by=admin, starts=start)
    edition = cohort.edition
    ends = max(edition.ends, start + timedelta(weeks=weeks, days=-1))
    if ends > edition.ends:
        cohorts.set_dates(edition=edition, starts=start, ends=ends, by=admin)
    cohorts.confirm_dates(edition=edition, by=admin)
    post = roles.grant(
        cohort=cohort,
        email=coordinator_email,
        role=Role.COORDINATOR,
        by=admin,
        given_name="Judit",
        family_name="Somogyi",
    )
    if post.state == Enrollment.State.INVITED:
        invitations.accept(invitation=post.invitations.get(), by=post.person)
    return Stage(cohort=cohort, admin=admin, coordinator=post.person, people=[])


def recruit(stage: Stage, people: list[Person]) -> None:
    """Import the roster and invite everyone on it."""
    stage.people = people
    outcome = rosters.import_roster(
        cohort=stage.cohort, roster=read(cast.roster(people)), by=stage.coordinator
    )
    if outcome.created != len(people):
        raise RuntimeError(f"the roster was not taken as it is: {outcome.as_json()}")
    cohorts.move_on_to(cohort=stage.cohort, to=CohortState.RECRUITING, by=stage.coordinator)
    invitations.invite_all(cohort=stage.cohort, by=stage.coordinator)
    by_email = {
        row.person.email: row
        for row in stage.cohort.enrollments.filter(
            role__in=[Role.STUDENT, *MENTOR_ROLES]
        ).select_related("person", "cohort")
    }
    for person in people:
        enrollment = by_email[person.email]
        # One object for everyone: changes by one act are seen by the next.
        enrollment.cohort = stage.cohort
        stage.enrollments[person.number] = enrollment
        stage.users[person.number] = enrollment.person


def answer_invitations(
    stage: Stage, clockwork: Clockwork, beat: Beat, *, first: datetime, seed: int
) -> None:
    """Everyone says yes within two weeks; mentors publish their hours right away."""
    waiting = {
        row.enrollment_id: row
        for row in Invitation.objects.filter(
            enrollment__in=list(stage.enrollments.values())
        ).select_related("enrollment__person", "enrollment__cohort")
    }
    for person in stage.people:
        invitation = waiting[stage.enrollments[person.number].pk]
        rng = stream(seed, "says yes", person.number)
        when = first + timedelta(minutes=rng.randint(30, 13 * 24 * 60))
        clockwork.at(when, _say_yes, stage, beat, person, invitation, seed)


def _say_yes(stage: Stage, beat: Beat, person: Person, invitation: Invitation, seed: int) -> None:
    user = stage.users[person.number]
    stage.enrollments[person.number] = invitations.accept(invitation=invitation, by=user)
    if not person.is_student:
        availability.publish(
            by=user,
            hours=[
                availability.DayHours(day.weekday, day.starts, day.ends)
                for day in cast.hours(seed, person.number)
            ],
            time_zone=stage.cohort.time_zone,
        )
    beat.wake()


def begin_matching(stage: Stage) -> None:
    """Everyone who is to come is here."""
    cohort, by = stage.cohort, stage.coordinator
    cohorts.move_on_to(cohort=cohort, to=CohortState.MATCHING, by=by)
    if gate.closed_by(cohort):
        gate.override(cohort=cohort, reason="Everyone who is to come is here.", by=by)
        cohort.refresh_from_db()


def match(stage: Stage, *, seed: int) -> None:
    """The procedure of the program, reviewed and published; accepted people become active."""
    cohort, by = stage.cohort, stage.coordinator
    begin_matching(stage)
    matching = cohort.spec.matching
    run = runs.start(
        cohort=cohort,
        procedure=procedure_of(cohort.spec),
        weights={rule.criterion: rule.weight for rule in matching.criteria},
        required=[],
        by=by,
        seed=seed,
    )
    finish_jobs(cohort)
    run.refresh_from_db()
    publishing.publish(run=run, by=by)
    settle(stage)


def settle(stage: Stage) -> None:
    """Whoever takes part is active from now on, and who belongs to whom is known."""
    cohort, by = stage.cohort, stage.coordinator
    cohort.refresh_from_db()
    # Those whom the matching placed are active by now; so is everyone else who takes part.
    for enrollment in cohort.enrollments.filter(state=Enrollment.State.ACCEPTED):
        enrollments.activate_if_ready(enrollment=enrollment, by=by)
    _gather(stage)


def finish_jobs(cohort: Cohort) -> None:
    """Do what no worker was handed, because the play is one transaction."""
    for job in Job.objects.filter(cohort_id=cohort.pk, state="queued"):
        work.run(job.pk)


def procedure_of(spec: ProgramSpec) -> str:
    """What the program names, as far as there is such a procedure; else the balanced draw."""
    known = {*MatchRun.Procedure.values} - {MatchRun.Procedure.EXPERT}
    return spec.matching.procedure if spec.matching.procedure in known else "random"


def _gather(stage: Stage) -> None:
    """The mentorships in an order that depends on people only, never on keys or ids."""
    numbers = stage.number_of()
    seats: dict[int, tuple[list[int], list[int]]] = {}
    rows = Membership.objects.filter(mentorship__cohort=stage.cohort, ended_at=None)
    for mentorship, enrollment, role in rows.values_list("mentorship_id", "enrollment_id", "role"):
        sides = seats.setdefault(mentorship, ([], []))
        sides[role == Role.STUDENT].append(numbers[enrollment])
    found = {row.pk: row for row in Mentorship.objects.filter(pk__in=seats)}
    ordered = sorted(seats.items(), key=lambda item: (sorted(item[1][1]), sorted(item[1][0])))
    for pk, (mentors, students) in ordered:
        found[pk].cohort = stage.cohort
        stage.mentorships.append(found[pk])
        stage.groups.append(plan.Group(tuple(sorted(mentors)), tuple(sorted(students))))


def calendar_of(cohort: Cohort, start: date, weeks: int) -> plan.Calendar:
    """The run's days: the edition's pauses for everyone, and public holidays."""
    edition = cohort.edition
    pauses = [
        plan.Span(pause.starts, pause.ends)
        for pause in edition.pauses.all()
        if pause.class_year is None
    ]
    years = {start.year, (start + timedelta(weeks=weeks)).year}
    pauses += [plan.Span(day, day) for day in sorted(_holidays(cohort, years))]
    return plan.Calendar(start, weeks, cohort.zone, tuple(pauses))


def _holidays(cohort: Cohort, years: Iterable[int]) -> set[date]:
    return {
        day for year in years for day in public_holidays(cohort.country, cohort.subdivision, year)
    }
