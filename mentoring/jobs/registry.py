"""Which work there is, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise

if TYPE_CHECKING:
    from mentoring.jobs.models import Job


class Progress(Protocol):
    """Says how far the work is; raises ``CancelledError`` when somebody has cancelled it."""

    def __call__(self, done: int, total: int) -> None: ...


Work = Callable[["Job", Progress], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done, and what its page says.

    ``url`` is where the result can be seen. The work may run again after a worker's death: it
    must come to the same end, by one transaction or by steps that are each safe to repeat.
    """

    kind: str
    title: str | Promise
    work: Work
    url: Callable[["Job"], str] | None


_handlers: dict[str, Handler] = {}


def handler(
    kind: str, *, title: str | Promise, url: Callable[["Job"], str] | None = None
) -> Callable[[Work], Work]:
    """Register the decorated function; what it returns becomes the job's ``result``."""

    def register(work: Work) -> Work:
        known = _handlers.get(kind)
        if known and known.work is not work:
            raise ValueError(f"the kind {kind!r} of job is registered twice")
        _handlers[kind] = Handler(kind, title, work, url)
        return work

    return register


def get(kind: str) -> Handler:
    """The handler; ``LookupError`` when nobody registered it."""
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"nobody registered the kind {kind!r} of job") from None
