"""Trainings and supervisions of the play: opened, enrolled in, led and written up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.simulation.plan.shares import stream
from mentoring.simulation.plan.training import Season, season
from mentoring.simulation.player.clockwork import Clockwork
from mentoring.simulation.player.stage import Stage
from mentoring.simulation.player.visit import REMINDED, reminders
from programs.models import Enrollment
from programs.services import invitations, roles
from sessions import training
from sessions.models import Meeting, Series, SupervisorGroup
from sessions.quota import COUNTED, Quota
from sessions.services import attendance, enrolling, series, supervisors

if TYPE_CHECKING:
    from mentoring.simulation.player.acts import Actors

# In the morning nobody of the play meets: no date is refused for a clash.
MORNING = time(9, 30)
GROUP = 20
AHEAD = timedelta(days=21)
SUPERVISORS = (
    ("Katalin", "Vörös"), ("Péter", "Hajnal"), ("Eszter", "Bodor"), ("László", "Kelemen"),
    ("Mária", "Sipos"), ("Zoltán", "Erdei"), ("Judit", "Fazekas"), ("András", "Pintér"),
    ("Ildikó", "Orosz"), ("Tamás", "Lengyel"), ("Anikó", "Barta"), ("Gergely", "Somlai"),
)  # fmt: skip


class Trainings:
    """Puts the year's trainings and supervisions into the queue."""

    def __init__(self, actors: "Actors") -> None:
        self.actors, self.stage = actors, actors.stage
        self.cohort, self.by = actors.stage.cohort, actors.stage.coordinator

    def set_out(self) -> None:
        """What the program asks for in each term; nothing where it asks for nothing."""
        plan = training.plan_of(self.cohort)
        for quota in plan.quotas:
            opens = max(
                self.actors.clockwork.now + timedelta(days=1),
                self.actors.calendar.at(quota.period.starts, 10) - AHEAD,
            )
            self.actors.clockwork.at(opens, self.open, quota)

    def open(self, quota: Quota) -> None:
        """The dates of one kind in one term, for everyone or for each supervisor's group."""
        people = self._people(quota.role)
        behavior = self.actors.plan.training
        made = season(
            kind=quota.kind,
            times=quota.times,
            first=quota.period.starts,
            last=quota.period.ends,
            people=people,
            share=behavior[1] if quota.kind == "supervision" else behavior[0],
            calendar=self.actors.calendar,
            seed=self.actors.seed,
        )
        if not made.days or not people:
            return
        if quota.kind != "supervision":
            self._hold(quota, made, people, None)
            return
        for group, members in self._groups(people):
            self._hold(quota, made, members, group)

    def _people(self, role: str) -> list[int]:
        # Asked anew: matching made them active, and some may have left since.
        active = self.cohort.enrollments.filter(role=role, state=Enrollment.State.ACTIVE)
        here = set(active.values_list("pk", flat=True))
        rows = sorted(self.stage.enrollments.items())
        return [number for number, row in rows if row.pk in here]

    def _hold(
        self, quota: Quota, made: Season, people: Sequence[int], group: SupervisorGroup | None
    ) -> None:
        opened = series.open_series(
            cohort=self.cohort,
            kind=quota.kind,
            audience=quota.role,
            title=quota.title,
            minutes=max(quota.minutes, 60),
            planned=[self._planned(day, max(quota.minutes, 60)) for day in made.days],
            group=group,
            place="Seminar room 2" if group else "Lecture hall 1",
            capacity=max(1, len(people)),
            by=self.by,
        )
        dates = list(Meeting.objects.filter(series=opened).order_by("starts_at"))
        for meeting in dates:
            meeting.series, meeting.cohort = opened, self.cohort
        for person in people:
            rng = stream(self.actors.seed, "enrolls", quota.slug, person)
            at = self.actors.clockwork.now + timedelta(minutes=rng.randint(60, 6 * 24 * 60))
            mine = [
                dates[n]
                for n in range(len(dates))
                if (person, n) in made.came or (person, n) in made.absent
            ]
            if mine:
                self.actors.clockwork.at(at, self.enroll, person, mine)
        leader = group.supervisor.person if group else self.by
        for n, meeting in enumerate(dates):
            self._remind(meeting)
            there = {person for person in people if (person, n) in made.came}
            at = meeting.ends_at + timedelta(hours=1)
            self.actors.clockwork.at(at, self.write, meeting, there, leader)

    def _planned(self, day: date, minutes: int) -> series.Planned:
        (one,) = series.preview(cohort=self.cohort, first=day, at=MORNING, minutes=minutes)
        return one

    def _remind(self, meeting: Meeting) -> None:
        for instant in reminders(meeting.starts_at, meeting.ends_at)[:2]:
            self.actors.beat.tick_at(instant)

    def enroll(self, person: int, dates: Sequence[Meeting]) -> None:
        """One tap for each date that is still to come."""
        user, now = self.actors.user(person), self.actors.clockwork.now
        for meeting in dates:
            if meeting.starts_at <= now:
                self.actors.diary.changed["too late to enroll"] += 1
                continue
            enrolling.enroll(meeting=meeting, by=user)
            expected = self.actors.diary.expected
            expected.add(("meeting_booked", meeting.pk, user.pk))
            for kind, ahead in REMINDED.items():
                if now <= meeting.starts_at - ahead and meeting.ends_at < self._curtain():
                    expected.add((kind, meeting.pk, user.pk))
        self.actors.beat.wake()

    def _curtain(self) -> datetime:
        return self.actors.calendar.at(self.actors.calendar.last, 23)

    def write(self, meeting: Meeting, there: set[int], leader: User) -> None:
        """The list: who came, and who did not although she had a place."""
        came = {self.stage.enrollments[number].pk for number in there}
        places = meeting.participants.filter(answer="accepted")
        said = {
            pk: "present" if pk in came else "absent"
            for pk in places.values_list("enrollment", flat=True)
        }
        attendance.record_list(meeting=meeting, said=said, by=leader)
        self.actors.beat.wake()

    # --- Supervisors -----------------------------------------------------------------------------

    def _groups(self, people: Sequence[int]) -> list[tuple[SupervisorGroup, list[int]]]:
        """Groups of about twenty, formed once; who joined since is in none."""
        groups = list(self.cohort.supervisor_groups.filter(ended_at=None).order_by("pk"))
        if not groups:
            groups = self._form(people)
        numbers = self.stage.number_of()
        found = []
        for group in groups:
            live = group.places.filter(ended_at=None).values_list("enrollment", flat=True)
            members = sorted(numbers[pk] for pk in live if pk in numbers)
            found.append((group, [n for n in members if n in set(people)]))
        return [(group, members) for group, members in found if members]

    def _form(self, people: Sequence[int]) -> list[SupervisorGroup]:
        number = min(len(SUPERVISORS), -(-len(people) // GROUP))
        posts = self._supervisors(number)
        made = []
        for n, post in enumerate(posts[:number]):
            group = supervisors.create(
                cohort=self.cohort,
                supervisor=post,
                name=f"Supervision group {n + 1}",
                by=self.by,
            )
            members = [self.stage.enrollments[person].pk for person in people[n::number]]
            supervisors.set_members(group=group, members=members, by=self.by)
            made.append(group)
        return made

    def _supervisors(self, number: int) -> list[Enrollment]:
        rows = self.cohort.enrollments.filter(
            role=Role.SUPERVISOR, state__in=Enrollment.PRESENT
        ).select_related("person")
        posts = list(rows.order_by("pk"))
        for n, (given, family) in enumerate(SUPERVISORS[: max(0, number - len(posts))]):
            post = roles.grant(
                cohort=self.cohort,
                email=f"supervisor.{n + 1}@staff.example.edu",
                role=Role.SUPERVISOR,
                by=self.by,
                given_name=given,
                family_name=family,
            )
            if post.state == Enrollment.State.INVITED:
                post = invitations.accept(invitation=post.invitations.get(), by=post.person)
            posts.append(post)
        self.actors.beat.wake()
        return posts


def prepare(stage: Stage, clockwork: Clockwork, start: date) -> None:
    """What a program wants attended before somebody is active: one morning before the matching."""
    spec = stage.cohort.spec
    for role in spec.mentoring_roles:
        for part in spec.before_activation(role):
            if part.kind in COUNTED:
                times = int(part.times.min or 1) if part.times else 1
                minutes = int(part.minutes.min or 0) if part.minutes else 0
                for n in range(times):
                    day = start - timedelta(days=2 + n)
                    clockwork.at(
                        datetime.combine(start - timedelta(days=7), MORNING, stage.cohort.zone),
                        partial(
                            _introduce,
                            stage,
                            clockwork,
                            role=role,
                            kind=part.kind,
                            title=part.title or part.kind,
                            minutes=max(minutes, 60),
                            day=day,
                        ),
                    )


def _introduce(
    stage: Stage,
    clockwork: Clockwork,
    *,
    role: str,
    kind: str,
    title: str,
    minutes: int,
    day: date,
) -> None:
    """Everyone who said yes comes."""
    (planned,) = series.preview(cohort=stage.cohort, first=day, at=MORNING, minutes=minutes)
    opened: Series = series.open_series(
        cohort=stage.cohort, kind=kind, audience=role, minutes=minutes, planned=[planned],
        title=title, by=stage.coordinator,
    )  # fmt: skip
    meeting = opened.meetings.get()
    meeting.series, meeting.cohort = opened, stage.cohort
    rows = [row for row in stage.enrollments.values() if row.role == role and row.is_present]
    for row in rows:
        enrolling.enroll(meeting=meeting, by=row.person)
    said = {row.pk: "present" for row in rows}
    at = planned.ends_at + timedelta(hours=1)
    write = attendance.record_list
    clockwork.at(at, lambda: write(meeting=meeting, said=said, by=stage.coordinator))
