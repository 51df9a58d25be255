"""Free search over mentors: words in whatever they tell students, and what they have on record."""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.choices import Choice
from matching.reasons import language
from programs.models import Enrollment
from programs.presenters.facets import plain

FIELDS = ("interest", "language", "campus", "track")


def offered(choices: Iterable[Choice]) -> dict[str, list[tuple[str, str]]]:
    """The values that these mentors have, by field, in the order of their names."""
    found: dict[str, dict[str, str]] = {name: {} for name in FIELDS}
    for one in choices:
        mentor = one.mentor
        found["interest"] |= {value: value for value in mentor.interests}
        found["language"] |= {code: language(code) for code in mentor.languages}
        found["campus"] |= {mentor.campus: mentor.campus} if mentor.campus else {}
        found["track"] |= {mentor.track: mentor.track} if mentor.track else {}
    return {
        name: sorted(values.items(), key=lambda item: plain(item[1]))
        for name, values in found.items()
    }


def narrowed(choices: Iterable[Choice], wanted: Mapping[str, Any]) -> list[Choice]:
    """Those whose words hold every word asked for, in the order in which they came."""
    words = plain(str(wanted.get("q") or "")).split()
    found = []
    for one in choices:
        if wanted.get("free") and not one.askable:
            continue
        if not _has(one.mentor, wanted):
            continue
        if words:
            text = plain(_text(one.mentor))
            if not all(word in text for word in words):
                continue
        found.append(one)
    return found


def _has(mentor: Enrollment, wanted: Mapping[str, Any]) -> bool:
    return (
        (not wanted.get("interest") or wanted["interest"] in mentor.interests)
        and (not wanted.get("language") or wanted["language"] in mentor.languages)
        and (not wanted.get("campus") or wanted["campus"] == mentor.campus)
        and (not wanted.get("track") or wanted["track"] == mentor.track)
    )


def _text(mentor: Enrollment) -> str:
    """What a student reads of her: nothing else can be searched."""
    return " ".join(
        [
            mentor.person.full_name,
            mentor.offers,
            mentor.campus,
            mentor.track,
            *mentor.interests,
            *map(language, mentor.languages),
        ]
    )
