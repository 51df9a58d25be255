"""What a browser sends back of a step that nobody has changed."""

from django.http import QueryDict

from programs.forms.design.steps import Open


def sent(blocks: list[Open], **changed: object) -> QueryDict:
    """The fields as they stand, with some changed."""
    data = QueryDict(mutable=True)
    for part in blocks:
        forms = part.form.forms if part.block.many else [part.form]
        if part.block.many:
            for name in ("TOTAL", "INITIAL"):
                data[f"{part.block.prefix}-{name}_FORMS"] = str(len(forms))
        for form in forms:
            for field in form:
                _put(data, field.html_name, field.value())
    for name, value in changed.items():
        _put(data, name.replace("__", "-"), value)
    return data


def _put(data: QueryDict, name: str, value: object) -> None:
    data.pop(name, None)
    if value in (None, "", False, []):
        return
    if isinstance(value, list | tuple):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = "on" if value is True else str(value)
