"""Private text is sealed with rotatable keys, for one place only."""

import pytest
from cryptography.fernet import Fernet

from mentoring import crypto
from mentoring.errors import DomainError

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
SENTENCE = "I would rather not say this aloud – szégyellem."


def test_what_is_sealed_can_be_read_again(settings):
    settings.FIELD_KEYS = [NEW]
    sealed = crypto.encrypt(SENTENCE, context="message:1")
    assert SENTENCE.encode() not in sealed
    assert crypto.decrypt(sealed, context="message:1") == SENTENCE


def test_a_text_moved_to_another_row_does_not_open(settings):
    settings.FIELD_KEYS = [NEW]
    sealed = crypto.encrypt(SENTENCE, context="message:1")
    with pytest.raises(DomainError, match="does not belong"):
        crypto.decrypt(sealed, context="message:2")


def test_keys_rotate_without_losing_texts(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = crypto.encrypt(SENTENCE, context="message:1")
    settings.FIELD_KEYS = [NEW, OLD]
    renewed = crypto.rotate(sealed)
    settings.FIELD_KEYS = [NEW]
    assert crypto.decrypt(renewed, context="message:1") == SENTENCE
    with pytest.raises(DomainError, match="FIELD_KEYS"):
        crypto.decrypt(sealed, context="message:1")
