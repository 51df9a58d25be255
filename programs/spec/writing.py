"""Write a program document as YAML that people edit and ``load`` takes back."""

from typing import Any

import yaml

from programs.spec.document import ProgramSpec

WIDTH = 100
# What stands on one line: a range, a pair of words, a figure.
SHORT = 90


class _Dumper(yaml.SafeDumper):
    """Parts indented under their name; what is short stands on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _short(mapping)
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _short(sequence)
        return node


def dump(spec: ProgramSpec) -> str:
    """The document as one YAML file, in the order in which documents are written."""
    order = list(ProgramSpec.model_fields)
    document = {key: spec.document[key] for key in order if key in spec.document}
    return yaml.dump(
        _people_write(document),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=WIDTH,
    )


def _people_write(value: Any, name: str = "") -> Any:
    """Ranges as ``3`` or ``[2, 3]``, whole numbers without a point, class years as numbers."""
    if isinstance(value, dict):
        if value and set(value) <= {"min", "max"} and not any(map(_holds, value.values())):
            return _span(value)
        keys = int if name == "per_class" else str
        return {keys(key): _people_write(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_people_write(part) for part in value]
    # A published share of 1.0 is all of them, a published 1 is one.
    return value if name == "value" else _whole(value)


def _span(value: dict[str, Any]) -> Any:
    low, high = _whole(value.get("min")), _whole(value.get("max"))
    if low is None or high is None:
        return {key: _whole(number) for key, number in value.items() if number is not None}
    return low if low == high else [low, high]


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list | str)


def _short(value: Any) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else list(value)
    if any(isinstance(part, dict | list) and part for part in parts):
        return isinstance(value, dict) and _flat(parts) and len(str(value)) <= SHORT
    return len(str(value)) <= SHORT


def _flat(parts: list[Any]) -> bool:
    return all(
        not isinstance(inner, dict | list)
        for part in parts
        if isinstance(part, dict | list)
        for inner in (part.values() if isinstance(part, dict) else part)
    )
