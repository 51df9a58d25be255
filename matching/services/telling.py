"""Mail about mentorships, queued in the transaction of the act."""

from collections.abc import Iterable, Mapping, Sequence

from matching.models import MatchRun, Mentorship
from mentoring import outbox
from mentoring.accounts.models import User


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
