"""Addresses of the ground floor."""

from tests.access.expectation import EVERYBODY, SIGNED_IN, Expect

EXPECTATIONS: dict[str, Expect] = {
    "home": Expect(SIGNED_IN),
    "gallery": Expect(EVERYBODY),
    "accounts:preferences": Expect(SIGNED_IN),
    "accounts:security": Expect(SIGNED_IN),
    "accounts:own_data": Expect(SIGNED_IN),
    "accounts:export": Expect(SIGNED_IN, method="post"),
    "accounts:erase": Expect(SIGNED_IN, method="post"),
    "accounts:privacy": Expect(EVERYBODY),
    "accounts:who_sees_what": Expect(EVERYBODY),
}
