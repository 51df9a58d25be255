"""One appointment, through the services that its pages call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.simulation.plan import Goal, Try
from mentoring.simulation.player import agreement
from mentoring.simulation.player.scene import Scene
from sessions.models import Meeting, MeetingReason
from sessions.services import availability, booking, moving, records

if TYPE_CHECKING:
    from mentoring.simulation.player.acts import Actors

NOTICE = timedelta(hours=26)
UNBOOKED_MINUTES = 40
# Who has booked so long before must have been reminded when the hour comes.
REMINDED = {"meeting_tomorrow": timedelta(hours=26), "meeting_soon": timedelta(hours=4)}


@dataclass
class Visit:
    """One appointment on its way from the wish to the record."""

    actors: "Actors"
    scene: Scene
    goal: Goal
    turn: int
    number: int
    rng: Random
    meeting: Meeting | None = None

    def __post_init__(self) -> None:
        self.attempt: Try = self.goal.tries[self.number]
        self.clockwork = self.actors.clockwork
        self.mentorship = self.actors.stage.mentorships[self.scene.number]
        self.mentor = self.actors.user(self.scene.script.group.mentors[0])
        self.student = self.actors.user(self._booker())
        self.booked_at = self.clockwork.now

    def _booker(self) -> int:
        """Who will come asks; if nobody will, whoever has the wish."""
        coming = [s for s in self.scene.script.group.students if s not in self.attempt.absent]
        if not coming or self.goal.student in coming:
            return self.goal.student
        return self.rng.choice(coming)

    # Booking

    def book(self) -> bool:
        """Take one of the mentor's open slots; whether there was one."""
        slots = self._slots(None)
        if not slots:
            return False
        starts = self.rng.choice(slots)
        self.meeting = booking.book(
            mentorship=self.mentorship, starts_at=starts, by=self.student, mentor=self.mentor
        )
        self._stands("meeting_booked")
        self._others_accept(self.meeting)
        self._later_changes(self.meeting)
        return True

    def _slots(self, ignoring: Meeting | None) -> list[datetime]:
        days = set(self.attempt.days)
        found = availability.open_slots(
            mentor=self.mentor,
            student=self.student,
            ignoring=ignoring,
            first=min(days),
            last=max(days),
        )
        zone = self.actors.calendar.zone
        return [slot.starts for slot in found if slot.starts.astimezone(zone).date() in days]

    def _stands(self, kind: str) -> None:
        """The hour is set: reminders fall due before it, and it is told of after it."""
        assert self.meeting is not None  # noqa: S101 (only called with one)
        self._expect(kind)
        self.actors.beat.wake()
        starts, ends = self.meeting.starts_at, self.meeting.ends_at
        for instant in reminders(starts, ends):
            self.actors.beat.tick_at(instant)
        self.clockwork.at(ends, self.over, ends)

    def _expect(self, kind: str) -> None:
        """Both who hold the hour must be written a mail of this kind."""
        if self.meeting is not None:
            for person in (self.student, self.mentor):
                self.actors.diary.expected.add((kind, self.meeting.pk, person.pk))

    def _others_accept(self, meeting: Meeting) -> None:
        """Of a group, those who mean to come say so."""
        for number in self.scene.script.group.students:
            user = self.actors.user(number)
            if user.pk != self.student.pk and number not in self.attempt.absent:
                wait = timedelta(minutes=self.rng.randint(20, 600))
                latest = meeting.starts_at - timedelta(hours=1)
                self.clockwork.at(min(self.clockwork.now + wait, latest), self._accept, user)

    def _accept(self, user: User) -> None:
        assert self.meeting is not None  # noqa: S101
        if self.meeting.state == Meeting.State.BOOKED:
            booking.accept(meeting=self.meeting, by=user)
            self.actors.beat.wake()

    def _later_changes(self, meeting: Meeting) -> None:
        ahead = meeting.starts_at - self.clockwork.now
        if self.attempt.cancelled_by:
            wait = ahead * self.rng.uniform(0.2, 0.95)
            self.clockwork.at(self.clockwork.now + wait, self.cancel)
        elif self.attempt.moved_by and ahead > NOTICE:
            wait = (ahead - NOTICE) * self.rng.uniform(0.1, 0.9)
            self.clockwork.at(self.clockwork.now + wait, self.move)

    def move(self) -> None:
        """To another slot on one of the same days, if there is one."""
        assert self.meeting is not None  # noqa: S101
        slots = [at for at in self._slots(self.meeting) if at != self.meeting.starts_at]
        if not slots:
            return
        mover = self.mentor if self.attempt.moved_by == "mentor" else self.student
        self._stood_until(self.clockwork.now)
        moving.move(
            meeting=self.meeting,
            starts_at=self.rng.choice(slots),
            by=mover,
            reason=self.rng.choice(["clinical", "academic", "personal"]),
        )
        self.booked_at = self.clockwork.now
        self._stands("meeting_moved")

    def cancel(self) -> None:
        """Called off in time; the next try follows."""
        assert self.meeting is not None  # noqa: S101
        by = self.mentor if self.attempt.cancelled_by == "mentor" else self.student
        booking.cancel(meeting=self.meeting, by=by, reason=MeetingReason.PERSONAL)
        if by is self.mentor:
            self.scene.story.alive.append(self.clockwork.now)
        self._stood_until(self.clockwork.now)
        self.actors.beat.wake()
        self._try_again()

    def _stood_until(self, until: datetime) -> None:
        self.scene.story.standing.append((self.booked_at, until))

    # The hour itself, and after

    def over(self, ends: datetime) -> None:
        """The hour has passed; unless it was moved or called off, somebody says how it went."""
        meeting = self.meeting
        if meeting is None or meeting.state != Meeting.State.BOOKED or meeting.ends_at != ends:
            return
        self._stood_until(self.clockwork.now)
        for kind, ahead in REMINDED.items():
            if self.booked_at <= meeting.starts_at - ahead:
                self._expect(kind)
        if self.attempt.held:
            self._met(meeting.starts_at)
        self.clockwork.at(self.clockwork.now + self.attempt.record_after, self.record)

    def _met(self, starts: datetime) -> None:
        there = frozenset(self.scene.script.group.students) - self.attempt.absent
        self.scene.story.held.append((starts, there))
        self.scene.story.alive.append(starts)
        agreement.after_meeting(self.actors, self.scene)

    def record(self) -> None:
        """Held, or missed and by whom; the other side may confirm, and a new try may follow."""
        assert self.meeting is not None  # noqa: S101
        outcome = self._outcome()
        by = self._recorder()
        records.record(
            meeting=self.meeting, outcome=outcome, by=by, attendance=self._attendance(outcome)
        )
        if by is self.mentor:
            self.scene.story.alive.append(self.clockwork.now)
        self.actors.beat.wake()
        if self.attempt.confirm_after is not None:
            other = self.student if by is self.mentor else self.mentor
            self.clockwork.at(
                self.clockwork.now + self.attempt.confirm_after, self.confirm, other, outcome
            )
        if self.attempt.held:
            self.actors.diarists.after(self, self.meeting)
        else:
            self._try_again()

    def confirm(self, other: User, outcome: str) -> None:
        """The other side's word."""
        assert self.meeting is not None  # noqa: S101
        records.record(meeting=self.meeting, outcome=outcome, by=other)

    def _outcome(self) -> str:
        if self.attempt.held:
            return records.Outcome.HELD
        group, absent = self.scene.script.group, self.attempt.absent
        mentors_away = all(mentor in absent for mentor in group.mentors)
        students_away = all(student in absent for student in group.students)
        if mentors_away and students_away:
            return records.Outcome.BOTH
        return records.Outcome.MENTOR if mentors_away else records.Outcome.STUDENT

    def _attendance(self, outcome: str) -> dict[int, str] | None:
        """In a group, who was there is said of each."""
        group = self.scene.script.group
        if len(group.mentors) + len(group.students) <= 2 or outcome != records.Outcome.HELD:
            return None
        return {
            self.actors.user(number).pk: "absent" if number in self.attempt.absent else "present"
            for number in (*group.mentors, *group.students)
        }

    def _recorder(self) -> User:
        return self.mentor if self.attempt.recorder == "mentor" else self.student

    def _try_again(self) -> None:
        if self.number + 1 < len(self.goal.tries):
            wait = timedelta(minutes=self.rng.randint(60, 600))
            self.clockwork.at(
                self.clockwork.now + wait,
                self.actors.seek,
                self.scene,
                self.goal,
                self.turn,
                self.number + 1,
            )

    # Without a booking

    def meet_unbooked(self) -> None:
        """They meet without an appointment; if they were not to meet, nothing comes of the wish."""
        if self.attempt.booked:
            self.actors.diary.changed["no slot"] += 1
        if not self.attempt.held:
            self._try_again()
            return
        today = self.clockwork.now.astimezone(self.actors.calendar.zone).date()
        days = [day for day in self.attempt.days if day > today] or [self.attempt.days[-1]]
        starts = self.actors.calendar.at(self.rng.choice(days), self.rng.choice([11, 12, 12.75]))
        ends = starts + timedelta(minutes=UNBOOKED_MINUTES)
        self.clockwork.at(ends + self.attempt.record_after, self.record_unbooked, starts)

    def record_unbooked(self, starts: datetime) -> None:
        """Recorded just as fast, by either side."""
        group, absent = self.scene.script.group, self.attempt.absent
        present = [
            self.actors.user(number).pk
            for number in (*group.mentors, *group.students)
            if number not in absent
        ]
        by = self._recorder()
        try:
            meeting = records.record_unplanned(
                mentorship=self.mentorship,
                starts_at=starts,
                minutes=UNBOOKED_MINUTES,
                mode="in_person",
                by=by,
                present=present,
            )
        except records.ClashError:
            # Two students of one mentor at the same noon: they met an hour apart.
            self.actors.diary.changed["moved by an hour"] += 1
            self.record_unbooked(starts - timedelta(hours=1))
            return
        except DomainError:
            self.actors.diary.changed["not recorded"] += 1
            raise
        self._met(starts)
        self.actors.diarists.after(self, meeting)
        if by is self.mentor:
            self.scene.story.alive.append(self.clockwork.now)
        self.actors.beat.wake()


def reminders(starts: datetime, ends: datetime) -> list[datetime]:
    """When the apps' reminders about a meeting fall due."""
    return [
        starts - timedelta(hours=24),
        starts - timedelta(hours=2),
        ends + timedelta(hours=1),
    ]
