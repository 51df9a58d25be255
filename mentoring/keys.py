"""Random keys that stand for rows in addresses, so that no page shows or guesses an id."""

from django.utils.crypto import get_random_string

KEY_LENGTH = 12
# No look-alikes (0 O, 1 l I) and no vowels: keys are read aloud, and must not spell words.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def new_key() -> str:
    """Twelve unguessable characters (57 bits), safe in an address and over the telephone."""
    return get_random_string(KEY_LENGTH, ALPHABET)
