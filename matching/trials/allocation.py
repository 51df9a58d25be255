"""Who gets which procedure: stratified permuted blocks of randomly varying size.

Every stratum has a list of places that goes on without end and follows from the seed, the stratum,
the arms and the block sizes alone. People take its places in order; nothing that was given is ever
changed. Whoever joins later takes the next place of the same list.

Sources: permuted blocks within strata and their balance, Pocock (1983), *Clinical Trials: A
Practical Approach*, chapter 5. CONSORT 2010 asks for the method of generation (item 8a), the kind
of restriction and the block sizes (8b), how the list is concealed until somebody is assigned (9)
and who did each of these (10); in CONSORT 2025 they are items 17a, 17b, 18 and 19.

Concealment. The next place can be foreseen by whoever knows the seed, so the seed must be drawn
from a cryptographic source (``secrets.randbits(63)``), stay on the server, and be shown only once
allocation is over. Blocks of one known size give their last place away to whoever counts; that
sizes vary, and are not stored with the allocations, is what keeps it open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

MULTIPLES = (1, 2)
"""Unless the program says otherwise, a block is as large as the weights' sum, or twice that."""


class InvalidTrial(ValueError):  # noqa: N818 - it names what is wrong, as people say it
    """The input says something impossible; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A procedure that is compared, and its share: 2 to 1 is ``weight`` 2 beside ``weight`` 1."""

    slug: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who is eligible and has consented."""

    id: str
    stratum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """``position`` counts the stratum's list from 1, ``block`` its blocks from 1."""

    id: str
    arm: str
    stratum: tuple[str, ...]
    block: int
    position: int


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a stratum's list; ``size`` is that of its block and is not to be told."""

    arm: str
    block: int
    position: int
    size: int


def allocate(
    participants: Sequence[Participant],
    arms: Sequence[Arm],
    seed: int,
    block_sizes: Sequence[int] | None = None,
    *,
    sofar: Sequence[Allocation] = (),
) -> list[Allocation]:
    """The allocations of these people, in the order in which they were made.

    Neither the order in which people and arms are given matters, nor the alphabet: within their
    stratum people are taken in an order that follows from the seed and their ids. People who are
    in ``sofar`` may not be given again; the others go on where their stratum stopped.
    """
    check(arms, block_sizes)
    _distinct([*(one.id for one in sofar), *(one.id for one in participants)], "participant")
    waiting: dict[tuple[str, ...], list[str]] = {}
    for one in sorted(participants, key=lambda one: (_digest(seed, "order", one.id), one.id)):
        waiting.setdefault(one.stratum, []).append(one.id)
    made = []
    for stratum in sorted(waiting):
        taken = _taken(stratum, sofar)
        places = islice(sequence(stratum, arms, seed, block_sizes), taken, None)
        made += [
            Allocation(name, place.arm, stratum, place.block, place.position)
            for name, place in zip(waiting[stratum], places, strict=False)
        ]
    return made


def next_for(
    participant: Participant,
    sofar: Sequence[Allocation],
    arms: Sequence[Arm],
    seed: int,
    block_sizes: Sequence[int] | None = None,
) -> Allocation:
    """The next place of this person's stratum, after those that were given ``sofar``."""
    return allocate([participant], arms, seed, block_sizes, sofar=sofar)[0]


def sequence(
    stratum: tuple[str, ...],
    arms: Sequence[Arm],
    seed: int,
    block_sizes: Sequence[int] | None = None,
) -> Iterator[Place]:
    """The stratum's list, without end. For tests and audits: nobody who enrolls may see it."""
    sizes = check(arms, block_sizes)
    whole = sum(arm.weight for arm in arms)
    position = block = 0
    while True:
        block += 1
        drawn = int.from_bytes(_digest(seed, "size", stratum, block), "big")
        size = sizes[drawn % len(sizes)]
        slots = [
            (_digest(seed, "slot", stratum, block, arm.slug, copy), arm.slug)
            for arm in arms
            for copy in range(arm.weight * size // whole)
        ]
        for _, slug in sorted(slots):
            position += 1
            yield Place(slug, block, position, size)


def deviations(
    allocations: Sequence[Allocation],
    arms: Sequence[Arm],
    seed: int,
    block_sizes: Sequence[int] | None = None,
) -> list[str]:
    """The ids whose stored allocation is not what the seed's list says: none, or it was changed."""
    lists: dict[tuple[str, ...], dict[int, Place]] = {}
    last: dict[tuple[str, ...], int] = {}
    for one in allocations:
        last[one.stratum] = max(last.get(one.stratum, 0), one.position)
    for stratum, length in last.items():
        places = islice(sequence(stratum, arms, seed, block_sizes), length)
        lists[stratum] = {place.position: place for place in places}
    held: set[tuple[tuple[str, ...], int]] = set()
    wrong = []
    for one in allocations:
        place = lists[one.stratum].get(one.position)
        same = place is not None and (place.arm, place.block) == (one.arm, one.block)
        if not same or (one.stratum, one.position) in held:
            wrong.append(one.id)
        held.add((one.stratum, one.position))
    return wrong


def check(arms: Sequence[Arm], block_sizes: Sequence[int] | None) -> list[int]:
    """The sizes a block may have, smallest first; refuses arms and sizes that cannot be."""
    if len(arms) < 2:
        raise InvalidTrial("A trial compares at least two arms.")
    _distinct([arm.slug for arm in arms], "arm")
    if any(arm.weight < 1 for arm in arms):
        raise InvalidTrial("An arm's weight is a whole number from 1 on.")
    whole = sum(arm.weight for arm in arms)
    if block_sizes is None:
        return [whole * multiple for multiple in MULTIPLES]
    if not block_sizes or any(size < 1 or size % whole for size in block_sizes):
        raise InvalidTrial(f"Block sizes are multiples of {whole}, the sum of the arms' weights.")
    return sorted(set(block_sizes))


def _taken(stratum: tuple[str, ...], sofar: Sequence[Allocation]) -> int:
    """How many places are used up; one stays used when its row was erased."""
    return max((one.position for one in sofar if one.stratum == stratum), default=0)


def _distinct(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidTrial(f"The {what} {name} is there twice.")
        seen.add(name)


def _digest(seed: int, *what: object) -> bytes:
    """Chance, from the seed and a name that can be read in one way only."""
    return blake2b(json.dumps([seed, *what]).encode(), digest_size=16).digest()
