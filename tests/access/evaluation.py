"""Addresses of ``evaluation``."""

from tests.access.expectation import Expect

EXPECTATIONS: dict[str, Expect] = {}
