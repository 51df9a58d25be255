"""Addresses of the ground floor."""

from tests.access.expectation import Expect

EXPECTATIONS: dict[str, Expect] = {}
