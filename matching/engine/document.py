"""Reads the instance that ``manage.py match`` takes, and says what is wrong with a bad one."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from matching.engine.instance import FORBIDDEN, MICRO, Instance, InvalidInput

MOST_PAIRS = 400_000_000
KEYS = {"mentors", "students", "scores", "pinned", "current"}


def parse(text: str) -> Instance:
    """The instance a JSON text describes; ``InvalidInput`` names the first thing wrong with it."""
    document = loaded(text)
    if unknown := sorted(set(document) - KEYS):
        raise InvalidInput(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}")
    for key in ("mentors", "students", "scores"):
        if key not in document:
            raise InvalidInput(f"the key {key!r} is missing")
    mentors, capacity = _mentors(document["mentors"])
    students = _students(document["students"])
    if len(students) * len(mentors) > MOST_PAIRS:
        raise InvalidInput(f"{len(students)} students × {len(mentors)} mentors is too much")
    rows = {name: i for i, name in enumerate(students)}
    columns = {name: j for j, name in enumerate(mentors)}
    return Instance(
        students=students,
        mentors=mentors,
        capacity=capacity,
        scores=scores_of(document["scores"], rows, columns),
        pinned=_pairs(document.get("pinned"), "pinned", rows, columns),
        current=_current(document.get("current"), rows, columns),
    )


def loaded(text: str) -> dict[str, Any]:
    """The one object of a JSON text, refused where it could be read in two ways."""
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except RecursionError:
        raise InvalidInput("this is not a matching instance: it is nested too deeply") from None
    except InvalidInput:
        raise
    except ValueError as error:
        raise InvalidInput(f"this is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise InvalidInput("the file must hold one JSON object")
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidInput(f"{key!r} is given twice")
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise InvalidInput(f"{name} is not a number that can be used")


def _mentors(found: object) -> tuple[list[str], list[int]]:
    if not isinstance(found, dict):
        raise InvalidInput("'mentors' must be an object of mentor and number of places")
    for name, places in found.items():
        if not name:
            raise InvalidInput("'mentors' holds an empty name")
        if isinstance(places, bool) or not isinstance(places, int) or places < 0:
            raise InvalidInput(
                f"mentors[{name!r}]: the number of places must be a whole number from 0 on, "
                f"not {places!r}"
            )
    return list(found), list(found.values())


def _students(found: object) -> list[str]:
    if not isinstance(found, list):
        raise InvalidInput("'students' must be a list of names")
    seen: set[str] = set()
    for at, name in enumerate(found):
        if not isinstance(name, str) or not name:
            raise InvalidInput(f"students[{at}]: must be a text that is not empty, not {name!r}")
        if name in seen:
            raise InvalidInput(f"students[{at}]: {name!r} is listed twice")
        seen.add(name)
    return found


def scores_of(
    found: object, rows: dict[str, int], columns: dict[str, int], kind: str = "mentor"
) -> Any:
    """The score of every pair in millionths; who stands in the columns is of this kind."""
    if not isinstance(found, list):
        raise InvalidInput(f"'scores' must be a list of [student, {kind}, score]")
    scores = np.full((len(rows), len(columns)), FORBIDDEN, np.int32)
    if _filled_at_once(found, scores, rows, columns):
        return scores
    for at, entry in enumerate(found):
        if not isinstance(entry, list) or len(entry) != 3:
            raise InvalidInput(f"scores[{at}]: must be [student, {kind}, score], not {entry!r}")
        i, j = _pair(entry[:2], f"scores[{at}]", rows, columns, kind)
        if scores[i, j] >= 0:
            raise InvalidInput(f"scores[{at}]: the pair {entry[0]!r}, {entry[1]!r} is given twice")
        scores[i, j] = micro(entry[2], f"scores[{at}]")
    return scores


def _filled_at_once(
    found: list[Any], scores: Any, rows: dict[str, int], columns: dict[str, int]
) -> bool:
    """Fill the scores if nothing is wrong with any; else leave them as they were."""
    if not found or set(map(type, found)) != {list} or set(map(len, found)) != {3}:
        return False
    students, mentors, values = zip(*found, strict=True)
    if not set(map(type, values)) <= {int, float}:
        return False
    try:
        i = np.fromiter(map(rows.__getitem__, students), np.int64, len(found))
        j = np.fromiter(map(columns.__getitem__, mentors), np.int64, len(found))
        given = np.array(values, np.float64)
    except (KeyError, TypeError, OverflowError):
        return False
    if not ((given >= 0) & (given <= 1)).all():
        return False
    scores[i, j] = np.rint(given * MICRO)
    if np.count_nonzero(scores >= 0) < len(found):  # a pair was given twice
        scores[:] = FORBIDDEN
        return False
    return True


def micro(score: object, where: str) -> int:
    """A score in whole millionths, rounded to six decimals."""
    if isinstance(score, bool) or not isinstance(score, int | float):
        raise InvalidInput(f"{where}: the score must be a number, not {score!r}")
    if not math.isfinite(score) or not 0 <= score <= 1:
        raise InvalidInput(f"{where}: the score must be between 0 and 1, not {score!r}")
    return round(score * MICRO)


def _pairs(
    found: object, key: str, rows: dict[str, int], columns: dict[str, int]
) -> Sequence[tuple[int, int]]:
    if found is None:
        return ()
    if not isinstance(found, list):
        raise InvalidInput(f"{key!r} must be a list of [student, mentor]")
    pairs: list[tuple[int, int]] = []
    seen: set[int] = set()
    for at, entry in enumerate(found):
        if not isinstance(entry, list) or len(entry) != 2:
            raise InvalidInput(f"{key}[{at}]: must be [student, mentor], not {entry!r}")
        pair = _pair(entry, f"{key}[{at}]", rows, columns)
        if pair[0] in seen:
            raise InvalidInput(f"{key}[{at}]: student {entry[0]!r} is listed twice")
        seen.add(pair[0])
        pairs.append(pair)
    return pairs


def _current(
    found: object, rows: dict[str, int], columns: dict[str, int]
) -> Sequence[tuple[int, int]]:
    """Today's pairs, without those of people who have left: that is why one matches again."""
    if isinstance(found, list):
        found = [entry for entry in found if not _has_left(entry, rows, columns)]
    return _pairs(found, "current", rows, columns)


def _has_left(entry: object, rows: dict[str, int], columns: dict[str, int]) -> bool:
    if not isinstance(entry, list) or not all(isinstance(name, str) for name in entry):
        return False
    return len(entry) == 2 and not (entry[0] in rows and entry[1] in columns)


def _pair(
    entry: list[Any],
    where: str,
    rows: dict[str, int],
    columns: dict[str, int],
    kind: str = "mentor",
) -> tuple[int, int]:
    student, mentor = entry
    if not isinstance(student, str) or student not in rows:
        raise InvalidInput(f"{where}: {student!r} is not among the students")
    if not isinstance(mentor, str) or mentor not in columns:
        raise InvalidInput(f"{where}: {mentor!r} is not among the {kind}s")
    return rows[student], columns[mentor]
