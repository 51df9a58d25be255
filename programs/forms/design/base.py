"""How a step of the designer reads a part of the document, and writes it back.

What a form does not show stays as it was: a part is changed, never made anew.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

Part = dict[str, Any]
EMPTY: tuple[Any, ...] = (None, "", [], (), {})


def put(part: Part, name: str, value: Any) -> None:
    """Set what is said, and drop what is not: the document keeps silence silent."""
    if value in EMPTY:
        part.pop(name, None)
    else:
        part[name] = value


def put_span(part: Part, name: str, least: float | None, most: float | None) -> None:
    """A range from two numbers; one alone leaves the other end open."""
    put(part, name, {k: v for k, v in (("min", least), ("max", most)) if v is not None})


def least_only(part: Part, name: str, value: float | None) -> None:
    """The least of a range; what stands there stays, exact or not, if nobody changed it."""
    least, most = ends(part, name)
    if value != (least or most):
        put_span(part, name, value, None)


def ends(part: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    """The two numbers of a range in a document."""
    span = part.get(name) or {}
    return _whole(span.get("min")), _whole(span.get("max"))


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def number(label: Any, **more: Any) -> forms.IntegerField:
    """A small whole number that may be left out."""
    more.setdefault("min_value", 0)
    return forms.IntegerField(
        label=label,
        required=more.pop("required", False),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **more,
    )


def decimal(label: Any, **more: Any) -> forms.FloatField:
    """A number that may have a fraction, and may be left out."""
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        **more,
    )


def choice(
    label: Any, choices: Iterable[tuple[Any, Any]], *, empty: Any = None, **more: Any
) -> Any:
    """One of a list; with ``empty`` it may be left open."""
    listed = list(choices)
    if empty is not None:
        listed = [("", empty), *listed]
    return forms.ChoiceField(label=label, choices=listed, required=empty is None, **more)


class ClassYears(forms.TypedMultipleChoiceField):
    """Class years, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"choices": [(n, n) for n in range(1, 9)], "coerce": int, "required": False}
        super().__init__(**kwargs)


class _Knowing(forms.Form):
    """A form that knows the document it is about, and shows its fields in groups.

    ``layout`` names each group and its fields; a group that is folded stays so while it is empty.
    """

    layout: ClassVar[tuple[tuple[Any, tuple[str, ...], bool], ...]] = ()

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        self.document = document
        super().__init__(*args, **kwargs)

    def grouped(self) -> list[dict[str, Any]]:
        """The fields by group, for the template."""
        if not self.layout:
            names = tuple(name for name in self.fields if name not in {"slug", "DELETE"})
            return [{"title": "", "fields": [self[name] for name in names]}]
        return [
            {
                "title": title,
                "fields": [self[name] for name in names],
                "fold": fold and not any(self[name].value() or self[name].errors for name in names),
                "foldable": fold,
            }
            for title, names, fold in self.layout
        ]


class StepForm(_Knowing):
    """A single part of the document."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        """What the form starts with."""
        raise NotImplementedError

    def write(self, document: Part) -> None:
        """Change the document in place."""
        raise NotImplementedError


class RowForm(_Knowing):
    """One of several parts of a list in the document."""

    path: ClassVar[str]
    slug = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def read(cls, part: Mapping[str, Any]) -> dict[str, Any]:
        """What the row starts with."""
        raise NotImplementedError

    def write(self, part: Part) -> None:
        """Change the part in place."""
        raise NotImplementedError

    def named(self) -> str:
        """What a new part's name is made from."""
        data = self.cleaned_data
        return str(data.get("title") or data.get("kind") or "part")


class RowFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The rows of a list; deleting one takes it out of the document."""

    form: type[RowForm]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this away")

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [
            {"slug": part.get("slug", str(at)), **cls.form.read(part)}
            for at, part in enumerate(_listed(document, cls.form.path))
        ]

    def write(self, document: Part) -> None:
        """Replace the list by the rows, each on the part it came from."""
        old = {
            part.get("slug", str(at)): part
            for at, part in enumerate(_listed(document, self.form.path))
        }
        rows: list[Part] = []
        for form in self.forms:
            if not form.has_changed() and not form.initial:
                continue
            if form in self.deleted_forms:
                continue
            slug = form.cleaned_data["slug"]
            part = dict(old.get(slug, {}))
            form.write(part)
            if self.form.path not in UNNAMED:
                part["slug"] = slug if slug in old else _new_slug(form.named(), rows, old)
            rows.append(part)
        _replace(document, self.form.path, rows)


# Parts that have no name of their own.
UNNAMED = {"year.terms", "year.pauses"}


def rows(form: type[RowForm]) -> type[RowFormSet]:
    """The formset of these rows."""
    return forms.formset_factory(  # type: ignore[return-value]
        form, formset=RowFormSet, extra=0, can_delete=True, max_num=60, absolute_max=60
    )


def _listed(document: Mapping[str, Any], path: str) -> list[Part]:
    here: Any = document
    for step in path.split("."):
        here = here.get(step, {}) if isinstance(here, Mapping) else {}
    return list(here) if isinstance(here, list) else []


def _replace(document: Part, path: str, value: list[Part]) -> None:
    *above, last = path.split(".")
    here = document
    for step in above:
        here[step] = dict(here.get(step, {}))
        here = here[step]
    put(here, last, value)


def _new_slug(title: str, parts: list[Part], old: Mapping[str, Part]) -> str:
    base = slugify(title)[:40].strip("-") or "part"
    taken = {part.get("slug") for part in parts} | set(old)
    slug, count = base, 2
    while slug in taken:
        slug, count = f"{base}-{count}", count + 1
    return slug
