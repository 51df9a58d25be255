"""A trial of matching procedures is played: people agree, the lot is drawn, each arm finds mentors.

Who finds one is the behavior's matter; that nobody is given a place twice, that requests move on,
and what everybody is told is the product's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from matching.boards import Board
from matching.choices import Choices
from matching.models import MentorRequest, Trial, Way
from matching.services import board, choosing, publishing, requests, trials
from mentoring.accounts.models import User
from mentoring.simulation.behavior import Finding
from mentoring.simulation.plan.shares import count, stream
from mentoring.simulation.player.clockwork import Beat, Clockwork
from mentoring.simulation.player.stage import Stage, begin_matching, finish_jobs

OPENS, DRAWS = timedelta(days=15), timedelta(days=20)
"""After the invitations: by then everybody has said yes; and everybody has thought about it."""
LASTS = timedelta(weeks=5)
DUE_WEEKS = 12
ABOUT = "A lot decides how you find your mentor. We compare how many pairs have met."
MOST_DECLINES = 2
BOARDS = 4


@dataclass
class TrialPlay:
    """From the question to the day on which allocation and choosing end."""

    stage: Stage
    clockwork: Clockwork
    beat: Beat
    finding: Finding
    seed: int
    # How many mentors still cannot, of those whom this student asks.
    declines: dict[int, int] = field(default_factory=dict)

    def set_out(self, invited: datetime) -> None:
        """Put its days into the queue."""
        self.clockwork.at(invited + OPENS, self.open)
        self.clockwork.at(invited + DRAWS, self.draw)

    def open(self) -> None:
        """Everybody is asked, and answers within some days."""
        begin_matching(self.stage)
        cohort = self.stage.cohort
        arms = cohort.spec.matching.arms
        self.trial = trials.open_trial(
            cohort=cohort,
            title=cohort.spec.title,
            about=ABOUT,
            arms=[{"procedure": arm.procedure, "title": arm.title} for arm in arms],
            strata=[],
            due_weeks=DUE_WEEKS,
            by=self.stage.coordinator,
            seed=stream(self.seed, "lot").getrandbits(62),
        )
        students = [person.number for person in self.stage.people if person.is_student]
        rng = stream(self.seed, "consent")
        agreeing = set(rng.sample(students, count(self.finding.consent, len(students))))
        for number in students:
            hours = stream(self.seed, "answers the trial", number).randint(2, 96)
            at = self.clockwork.now + timedelta(hours=hours)
            self.clockwork.at(at, self.answer, number, number in agreeing)
        self.beat.wake()

    def answer(self, number: int, consent: bool) -> None:
        row = self.stage.enrollments[number]
        trials.answer(trial=self.trial, student=row, consent=consent, by=row.person)

    def draw(self) -> None:
        """The lot is drawn, and each arm goes its way."""
        trials.draw(trial=self.trial, by=self.stage.coordinator)
        self.beat.wake()
        numbers = self.stage.number_of()
        arms: dict[str, list[int]] = {}
        for row in self.trial.records.exclude(arm=""):
            arms.setdefault(row.arm, []).append(numbers[row.student_id])
        for arm, people in sorted(arms.items()):
            rng = stream(self.seed, "finds", arm)
            share = self.finding.found.get(arm, 1.0)
            finding = set(rng.sample(sorted(people), count(share, len(people))))
            if arm in Way.values:
                self._choose(people, finding)
            elif arm == "expert":
                self._place_by_hand(sorted(finding))

    # --- Students ask ----------------------------------------------------------------------------

    def _choose(self, people: Sequence[int], finding: set[int]) -> None:
        for number in sorted(people):
            rng = stream(self.seed, "asks", number)
            finds = number in finding
            if not finds and rng.random() < self.finding.never_ask:
                continue
            self.declines[number] = _declines(self.finding.decline, rng) if finds else 3
            at = self.clockwork.now + timedelta(hours=rng.randint(3, 10 * 24))
            self.clockwork.at(at, self.ask, number, rng, finds)

    def ask(self, number: int, rng: Random, finds: bool) -> None:
        """She asks as many as she may, the best that is shown first."""
        student = self.stage.enrollments[number]
        round_ = choosing.current(self.stage.cohort)
        if round_ is None:
            return
        for _turn in range(round_.asks):
            choices = Choices(round_, student)
            listed = choices.suggested() if choices.way == Way.SUGGESTIONS else choices.everybody()
            askable = sorted((one.mentor.pk, one.mentor.key) for one in listed if one.askable)
            if not askable or not choices.shape:
                break
            _pk, key = rng.choice(askable)
            requests.ask(round_=round_, student=student, mentor=key, by=student.person)
        self.beat.wake()
        self._await(number, rng, finds)

    def _await(self, number: int, rng: Random, finds: bool) -> None:
        """Whoever is asked now answers within a few days."""
        at = self.clockwork.now + timedelta(hours=rng.randint(4, 72))
        self.clockwork.at(at, self.reply, number, rng, finds)

    def reply(self, number: int, rng: Random, finds: bool) -> None:
        """The mentor says yes, or that she cannot; who finds nobody gives up after one line."""
        student = self.stage.enrollments[number]
        rows = MentorRequest.objects.filter(student=student, state=MentorRequest.State.OPEN)
        row = rows.select_related("round__cohort", "mentor__person").first()
        if row is None:
            if finds and not student.memberships.filter(ended_at=None).exists():
                self.ask(number, rng, finds)
            return
        if self.declines[number]:
            self.declines[number] -= 1
            requests.decline(request=row, by=row.mentor.person)
        else:
            requests.accept(request=row, by=row.mentor.person)
        self.beat.wake()
        if not student.memberships.filter(ended_at=None).exists():
            self._await(number, rng, finds)

    # --- A coordinator matches ------------------------------------------------------------------

    def _place_by_hand(self, finding: Sequence[int]) -> None:
        """Talks go on for some weeks; at the end of each, its students are placed and told."""
        order = list(finding)
        stream(self.seed, "talks").shuffle(order)
        for week in range(BOARDS):
            at = self.clockwork.now + timedelta(days=7 * week + 4)
            self.clockwork.at(at, self.place, order[week::BOARDS])

    def place(self, numbers: Sequence[int]) -> None:
        """One of those whom the board shows for her and who have a place."""
        if not numbers:
            return
        by = self.stage.coordinator
        run = board.open_board(cohort=self.stage.cohort, by=by)
        finish_jobs(self.stage.cohort)
        run.refresh_from_db()
        for number in numbers:
            pair = run.pairs.get(student=self.stage.enrollments[number])
            state = Board.of(run)
            left = [column for column, _ in state.entries[pair.pk].best if state.left(column) > 0]
            by_person = sorted(left, key=lambda column: (run.columns[column]["mentors"], column))
            if by_person:
                column = stream(self.seed, "board", number).choice(by_person)
                board.place(run=run, pair=pair, column=column, was=None, by=by)
        publishing.publish(run=run, by=by)
        self.beat.wake()

    def close(self) -> Trial:
        """Allocation and choosing are over."""
        by: User = self.stage.coordinator
        round_ = choosing.current(self.stage.cohort)
        if round_ is not None:
            choosing.close_round(round_=round_, by=by)
        trials.close(trial=self.trial, by=by)
        self.beat.wake()
        return self.trial


def _declines(share: float, rng: Random) -> int:
    """How many say no before one says yes."""
    return next(n for n in range(MOST_DECLINES + 1) if n == MOST_DECLINES or rng.random() >= share)
