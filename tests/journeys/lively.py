"""A cohort with something on every page."""

from types import SimpleNamespace

from tests.personas import make_world


def lively_world() -> SimpleNamespace:
    """The two cohorts of ``tests.personas``."""
    return make_world()
