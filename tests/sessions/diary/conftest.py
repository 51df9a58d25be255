"""A pair whose mentor writes a diary."""

import pytest

from mentoring.keys import new_key
from sessions.models import DiaryBody, DiaryEntry
from sessions.services import diaries
from sessions.services.diaries import Save


@pytest.fixture
def write(two):
    """Saves an entry as one window would; by the mentor unless somebody else is named."""

    def save(text="What I noticed", *, by=None, mentorship=None, **fields) -> DiaryEntry:
        fields.setdefault("key", new_key())
        return diaries.save(
            mentorship=mentorship or two.mentorship,
            save=Save(text=text, **fields),
            by=by or two.mentor,
        )

    return save


def text_of(entry: DiaryEntry) -> str:
    return diaries.read(entry=entry, by=entry.author)


def bodies() -> int:
    return DiaryBody.objects.count()
