"""Addresses of ``programs``."""

from tests.access.expectation import Expect

EXPECTATIONS: dict[str, Expect] = {}
