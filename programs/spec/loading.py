"""Read a program document: YAML or a dictionary in, a checked ``ProgramSpec`` out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from programs.spec.base import dotted
from programs.spec.document import ProgramSpec
from programs.spec.references import dangling


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, with which value, and what."""

    path: str
    value: Any
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"

    @property
    def says(self) -> str:
        """What is wrong, and with which value: ``problem (it is value)``."""
        if self.value is None:
            return self.problem
        value = repr(self.value)
        return f"{self.problem} (it is {value if len(value) <= 80 else value[:77] + '...'})"

    def in_file(self, file: str) -> str:
        """The same with the file it is about: ``file: path: problem (it is value)``."""
        return f"{file}: {self}"


class SpecError(ValueError):
    """The document is not a program. ``problems`` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: a key twice is a mistake, and NO is Norway, not false."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict) or key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice or is no key", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first in "tf":
    _Loader.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), [_first]
    )


def load(source: str | bytes | Mapping[str, Any]) -> ProgramSpec:
    """The program that a YAML text or a dictionary says; ``SpecError`` names all that is wrong."""
    document = source if isinstance(source, Mapping) else _parse(source)
    if not isinstance(document, Mapping):
        raise SpecError([Problem("document", document, "must be a mapping of names to values")])
    try:
        spec = ProgramSpec.model_validate(dict(document))
    except ValidationError as error:
        raise SpecError([_problem(part) for part in _causes(error.errors())]) from None
    problems = [Problem(path, value, text) for path, value, text in dangling(spec)]
    if problems:
        raise SpecError(problems)
    return spec


def _parse(text: str | bytes) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
        what = getattr(error, "problem", None) or "is not readable as YAML"
        raise SpecError([Problem(where, None, str(what))]) from None
    except RecursionError:
        raise SpecError([Problem("document", None, "is nested too deeply")]) from None
    except UnicodeDecodeError as error:
        raise SpecError([Problem("document", None, f"is not UTF-8 text: {error}")]) from None
    except (ValueError, TypeError) as error:
        raise SpecError([Problem("document", None, f"holds an odd value: {error}")]) from None


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a name this part knows",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
    "string_too_short": "must not be empty",
    "too_short": "has too few entries",
}


def _causes(errors: list[Any]) -> list[Any]:
    # A list with a wrong entry is also reported as too short, which it is not.
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(
            place != error["loc"] and place[: len(error["loc"])] == error["loc"] for place in places
        )
    ]


def _problem(error: Any) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error" and error["loc"] == ("format",):
        text = f"is a format that this version does not read; it reads {context['expected']}"
    elif kind == "literal_error":
        text = f"must be one of {context['expected']}"
    elif kind == "value_error":
        text = str(context["error"])
    elif kind == "string_pattern_mismatch":
        text = f"is not written as expected ({context['pattern']})"
    else:
        text = _WORDS.get(kind) or error["msg"][0].lower() + error["msg"][1:]
    value = None if kind == "missing" else error["input"]
    return Problem(dotted(error["loc"]), value, text)
