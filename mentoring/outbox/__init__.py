"""Every mail that leaves the system, once.

Domain code writes a row in its own transaction (``enqueue``); a worker claims due rows and sends
them. What a mail says is read when it is sent, by the builder its kind registered with ``kind``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mentoring.outbox.kinds import Attachment, Mail, Suppress, kind

if TYPE_CHECKING:
    from mentoring.outbox.delivery import Counts, deliver_due
    from mentoring.outbox.models import Notification
    from mentoring.outbox.services import Draft, cancel, enqueue, enqueue_many, next_due, put

__all__ = [
    "Attachment",
    "Counts",
    "Draft",
    "Mail",
    "Notification",
    "Suppress",
    "cancel",
    "deliver_due",
    "enqueue",
    "enqueue_many",
    "kind",
    "next_due",
    "put",
]

# Django imports this package before its models may be imported.
_LATER = {
    "Counts": "delivery",
    "Draft": "services",
    "Notification": "models",
    "cancel": "services",
    "deliver_due": "delivery",
    "enqueue": "services",
    "enqueue_many": "services",
    "next_due": "services",
    "put": "services",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return value
