"""What a run with the fewest changes changes: who moves, and for whom."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.outcome import Outcome


def tell_changes(outcome: "Outcome", current: Sequence[Sequence[Any]]) -> None:
    """Leaves pairs that stay out of the proposals; of each student who moves, from whom, and who
    comes to that mentor instead of her."""
    was = {(student, shape): mentor for student, mentor, shape, _mentorship in current}
    if not was:
        return
    changed = [
        one for one in outcome.proposals if was.get((one.student, one.shape), 0) != one.mentor
    ]
    outcome.kept = len(outcome.proposals) - len(changed)
    comes: dict[tuple[int | None, str], list[int]] = {}
    for one in changed:
        comes.setdefault((one.mentor, one.shape), []).append(one.student)
    outcome.moves = [
        {
            "student": one.student,
            "was": was[one.student, one.shape],
            "now": one.mentor,
            "for": comes.get((was[one.student, one.shape], one.shape), []),
        }
        for one in changed
        if (one.student, one.shape) in was
    ]
    # Who cannot stay and has no other place is named, and keeps what she has until somebody acts.
    outcome.proposals = [
        one for one in changed if one.mentor is not None or (one.student, one.shape) not in was
    ]
