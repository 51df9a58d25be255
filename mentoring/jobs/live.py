"""What changes while a job runs: signs of life, progress, the wish to stop.

Kept in the cache and not in the job's row, because the work may be one long transaction, out of
which nothing in the database would be seen before its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.core.cache import cache

ALIVE_SECONDS = 30
RENEW_SECONDS = 5
KEPT_SECONDS = 3600


def is_alive(claim: str) -> bool:
    """Whether the worker that holds this claim has shown itself lately."""
    return cache.get(f"job-alive:{claim}") is not None


def progress(key: str) -> tuple[int, int] | None:
    """Done and total, if the job has said."""
    found: tuple[int, int] | None = cache.get(f"job-progress:{key}")
    return found


def set_progress(key: str, done: int, total: int) -> None:
    cache.set(f"job-progress:{key}", (done, total), KEPT_SECONDS)


def wish_to_stop(key: str) -> None:
    cache.set(f"job-stop:{key}", True, KEPT_SECONDS)


def should_stop(key: str) -> bool:
    return cache.get(f"job-stop:{key}") is not None


@contextmanager
def kept_alive(claim: str) -> Iterator[None]:
    """Within the block a thread shows that this process still works on the claim."""
    over = Event()
    _show(claim)

    def keep() -> None:
        while not over.wait(RENEW_SECONDS):
            _show(claim)

    thread = Thread(target=keep, name=f"alive-{claim}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        cache.delete(f"job-alive:{claim}")


def _show(claim: str) -> None:
    cache.set(f"job-alive:{claim}", True, ALIVE_SECONDS)
