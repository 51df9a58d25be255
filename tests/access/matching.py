"""Addresses of ``matching``."""

from tests.access.expectation import Expect

EXPECTATIONS: dict[str, Expect] = {}
