"""Long work that runs in a worker, with progress one can leave and come back to."""

from importlib import import_module
from typing import TYPE_CHECKING

from mentoring.jobs.registry import Progress, handler

if TYPE_CHECKING:
    from mentoring.jobs.models import Job
    from mentoring.jobs.services import CancelledError, cancel, start

__all__ = ["CancelledError", "Job", "Progress", "cancel", "handler", "start"]

# Django imports this package before its models may be imported.
_LATER = {"CancelledError": "services", "Job": "models", "cancel": "services", "start": "services"}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return value
