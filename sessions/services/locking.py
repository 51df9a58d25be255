"""Take turns: acts that hold somebody's time wait for each other, person by person."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise

from mentoring.constraints import violates
from mentoring.errors import DomainError

# The first of the two numbers of PostgreSQL's advisory locks; the second is the person.
_TIME_OF_A_PERSON = 52_01


def take_turns(people: Iterable[int]) -> None:
    """Wait until nobody else is changing the time of these people, until the transaction ends.

    Without it, racing inserts can deadlock inside PostgreSQL's exclusion index. In the order of
    their ids, so that two acts never wait for each other. SQLite has one writer anyway.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for person in sorted(set(people)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TIME_OF_A_PERSON, person])


@contextmanager
def refusing_overlaps(message: str | Promise) -> Iterator[None]:
    """The database has the last word on overlaps; this says it in ``message``."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violates(error, "no_double_booking"):
            raise DomainError(message) from error
        raise
