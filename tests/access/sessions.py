"""Addresses of ``sessions``."""

from tests.access.expectation import Expect

EXPECTATIONS: dict[str, Expect] = {}
