"""Mail about mentorships, queued in the transaction of the act."""

from collections.abc import Iterable, Mapping, Sequence

from matching.models import MatchRun, Mentorship
from mentoring import outbox
from mentoring.accounts.models import User
from mentoring.keys import new_key
from programs.models import RollOver
from programs.services import year_steps


def tell_formed(run: MatchRun, members: Mapping[User, Sequence[Mentorship]]) -> None:
    """One mail to each person, however many of the new mentorships are hers."""
    outbox.put(
        outbox.Draft(
            kind="mentorship_formed",
            recipient=person,
            dedupe_key=f"mentorship_formed:{run.pk}:{person.pk}",
            context={"mentorships": sorted({group.pk for group in groups})},
            about=f"match_run:{run.pk}",
        )
        for person, groups in members.items()
    )


def tell_joined(mentorship: Mentorship, membership: int, people: Iterable[User]) -> None:
    """Somebody has come into a mentorship: both sides learn it."""
    outbox.put(
        outbox.Draft(
            kind="mentorship_formed",
            recipient=person,
            dedupe_key=f"mentorship_joined:{membership}:{person.pk}",
            context={"mentorships": [mentorship.pk]},
            about=f"mentorship:{mentorship.pk}",
        )
        for person in people
    )


def tell_ended(mentorship: Mentorship, membership: int, people: Iterable[User]) -> None:
    """A place has come to its end: those who stay, and those who were moved, learn it."""
    outbox.put(
        outbox.Draft(
            kind="mentorship_ended",
            recipient=person,
            dedupe_key=f"mentorship_ended:{membership}:{person.pk}",
            context={"mentorship": mentorship.pk, "membership": membership},
            about=f"mentorship:{mentorship.pk}",
        )
        for person in people
    )


def tell_year(roll_over: RollOver, people: Mapping[User, Iterable[int]]) -> None:
    """A new year: mentors learn who left their groups, others that theirs goes on without them."""
    turn, begun = new_key(), roll_over.done_at
    outbox.enqueue_many(
        outbox.Draft(
            kind="year_begins",
            recipient=person,
            dedupe_key=f"year_begins:{roll_over.pk}:{person.pk}:{turn}",
            context={"roll_over": roll_over.pk, "mentorships": sorted(groups)},
            about=year_steps.about(roll_over),
            due_at=begun + year_steps.GRACE if begun else None,
        )
        for person, groups in people.items()
    )
