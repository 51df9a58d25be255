"""The form of a cohort: which questions are asked of whom, in which order."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.errors import DomainError
from programs.models import (
    BuiltIn,
    Cohort,
    Question,
    QuestionKind,
    QuestionReader,
    QuestionUse,
)

MOST_QUESTIONS = 40
MOST_OPTIONS = 20
MOST_WEIGHT = 100
FIELDS: Final = (
    "roles",
    "kind",
    "text",
    "mentor_text",
    "help_text",
    "options",
    "low",
    "high",
    "required",
    "reader",
    "use",
    "weight",
)
# An answer was given to these: another one is another question.
MEANING: Final = ("kind", "text", "mentor_text", "options", "low", "high", "reader")
BUILT_IN: Final[dict[str, dict[str, Any]]] = {
    BuiltIn.MOTIVATION: {"kind": QuestionKind.LONG},
    BuiltIn.MOTIVE: {"kind": QuestionKind.SCALE},
    BuiltIn.EXPECTATION: {"kind": QuestionKind.ONE, "use": QuestionUse.WEIGHT},
}


def current(cohort: Cohort) -> QuerySet[Question]:
    """The questions that are asked now, in order."""
    return Question.objects.filter(cohort=cohort, retired_at=None)


@transaction.atomic
def add(*, cohort: Cohort, by: User | None, **fields: Any) -> Question:
    """Ask one more thing, at the end of the form."""
    rows = _lock(cohort)
    if len(rows) >= MOST_QUESTIONS:
        raise DomainError(
            _("A form of %(most)d questions is long already. Remove one before you add another.")
            % {"most": MOST_QUESTIONS}
        )
    question = Question(cohort=cohort, order=_next_order(cohort), **_cleaned(cohort, fields))
    question.slug = _free_slug(cohort, question.text)
    question.save()
    audit.record(by=by, action="question.added", subject=question, cohort=cohort)
    return question


@transaction.atomic
def change(*, question: Question, by: User | None, **fields: Any) -> Question:
    """Change a question. Another meaning for what people answered already is a new version of it.

    The earlier version keeps its answers; the new one is asked from now on.
    """
    if question.builtin:
        raise DomainError(_("The wording of this question is ours. Switch it off, or keep it."))
    _lock(question.cohort)
    question.refresh_from_db()
    if question.retired_at is not None:
        raise DomainError(_("This question was changed or removed meanwhile. Open it again."))
    values = _cleaned(question.cohort, fields)
    if question.answers.exists() and _means_something_else(question, values):
        return _new_version(question, values, by)
    for name, value in values.items():
        setattr(question, name, value)
    question.save(update_fields=list(values))
    audit.record(by=by, action="question.changed", subject=question, cohort=question.cohort)
    return question


@transaction.atomic
def remove(*, question: Question, by: User | None) -> None:
    """Ask it no more. What was answered stays with those who answered."""
    question.refresh_from_db()
    if question.retired_at is not None:
        return
    audit.record(by=by, action="question.removed", subject=question, cohort=question.cohort)
    if question.answers.exists():
        _retire(question)
    else:
        question.delete()


@transaction.atomic
def move(*, question: Question, role: str, up: bool, by: User | None) -> None:
    """Move a question past its neighbor in the form of one role; at an end, nothing happens."""
    rows = _lock(question.cohort)
    form = [row for row in rows if role in row.roles]
    at = next((n for n, row in enumerate(form) if row.pk == question.pk), None)
    if at is None:
        return
    to = at - 1 if up else at + 1
    if not 0 <= to < len(form):
        return
    moved = next(row for row in rows if row.pk == question.pk)
    rows.remove(moved)
    rows.insert(rows.index(form[to]) + (0 if up else 1), moved)
    for order, row in enumerate(rows):
        row.order = order
    Question.objects.bulk_update(rows, ["order"])
    audit.record(by=by, action="question.moved", subject=question, cohort=question.cohort)


@transaction.atomic
def switch_on(*, cohort: Cohort, builtin: str, role: str, by: User | None) -> Question:
    """Ask one of the built-in questions of a role; expectations of both sides, to compare them."""
    if builtin not in BUILT_IN:
        raise DomainError(_("There is no such question."))
    _lock(cohort)
    roles = offered(cohort) if builtin == BuiltIn.EXPECTATION else [role]
    if role not in offered(cohort):
        raise DomainError(_("This program has no place for that role."))
    row = current(cohort).filter(builtin=builtin).first()
    if row is None:
        row = Question(
            cohort=cohort,
            builtin=builtin,
            slug=builtin,
            version=_next_version(cohort, builtin),
            order=_next_order(cohort),
            reader=QuestionReader.STAFF,
            **BUILT_IN[builtin],
        )
    row.roles = [one for one in offered(cohort) if one in {*row.roles, *roles}]
    row.save()
    audit.record(by=by, action="question.added", subject=row, cohort=cohort)
    return row


@transaction.atomic
def switch_off(*, cohort: Cohort, builtin: str, role: str, by: User | None) -> None:
    """Ask it no more of that role; expectations of nobody, for one side alone says nothing."""
    row = current(cohort).filter(builtin=builtin).first()
    if row is None:
        return
    left = [one for one in row.roles if one != role and builtin != BuiltIn.EXPECTATION]
    if not left:
        remove(question=row, by=by)
        return
    row.roles = left
    row.save(update_fields=["roles"])
    audit.record(by=by, action="question.changed", subject=row, cohort=cohort)


@transaction.atomic
def take_over(*, cohort: Cohort, source: Cohort, by: User | None) -> int:
    """Ask what an earlier cohort asked, besides what is asked here already; how many are new."""
    rows = _lock(cohort)
    known = {row.slug for row in rows}
    roles = offered(cohort)
    new: list[Question] = []
    for number, row in enumerate(current(source), _next_order(cohort)):
        asked = [role for role in row.roles if role in roles]
        if row.slug in known or not asked or len(rows) + len(new) >= MOST_QUESTIONS:
            continue
        values = {name: getattr(row, name) for name in FIELDS} | {"roles": asked}
        version = _next_version(cohort, row.slug)
        more = {"slug": row.slug, "builtin": row.builtin, "version": version, "order": number}
        new.append(Question(cohort=cohort, **values, **more))
    Question.objects.bulk_create(new)
    audit.record(by=by, action="question.copied", subject=cohort, cohort=cohort, count=len(new))
    return len(new)


def offered(cohort: Cohort) -> list[str]:
    """The roles that fill in a form here: those of the program's groups."""
    wanted = {Role.STUDENT, *MENTOR_ROLES}
    return [str(role) for role in cohort.planned_spec.roles if role in wanted]


def _lock(cohort: Cohort) -> list[Question]:
    # One change of a form at a time: orders and slugs are counted from what is there.
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    return list(current(cohort))


def _next_order(cohort: Cohort) -> int:
    last = current(cohort).aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


def _next_version(cohort: Cohort, slug: str) -> int:
    rows = Question.objects.filter(cohort=cohort, slug=slug)
    return (rows.aggregate(last=Max("version"))["last"] or 0) + 1


def _free_slug(cohort: Cohort, text: str) -> str:
    """A name for matching and exports; those of removed questions stay theirs."""
    taken = {*Question.objects.filter(cohort=cohort).values_list("slug", flat=True), *BUILT_IN}
    base = slugify(text)[:32].strip("-") or "question"
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _means_something_else(question: Question, values: dict[str, Any]) -> bool:
    if values["reader"] == QuestionReader.STAFF:  # fewer readers than were promised: no harm
        values = values | {"reader": question.reader}
    before = question.options
    if values["options"][: len(before)] == before:  # more to choose from than before
        values = values | {"options": before}
    return any(getattr(question, name) != values[name] for name in MEANING)


def _new_version(question: Question, values: dict[str, Any], by: User | None) -> Question:
    _retire(question)
    new = Question.objects.create(
        cohort=question.cohort,
        slug=question.slug,
        version=_next_version(question.cohort, question.slug),
        order=question.order,
        **values,
    )
    audit.record(by=by, action="question.renewed", subject=new, cohort=question.cohort)
    return new


def _retire(question: Question) -> None:
    question.retired_at = clock.now()
    question.save(update_fields=["retired_at"])


def _cleaned(cohort: Cohort, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a question, those of other kinds emptied; refused where they make no sense."""
    blank = Question()
    values = {name: fields.get(name, getattr(blank, name)) for name in FIELDS}
    values["roles"] = [role for role in offered(cohort) if role in values["roles"]]
    if not values["roles"]:
        raise DomainError(_("Choose of whom it is asked."), field="roles")
    if not values["text"].strip():
        raise DomainError(_("Write the question."), field="text")
    choice = values["kind"] in (QuestionKind.ONE, QuestionKind.SEVERAL)
    values["options"] = _options(values["options"]) if choice else []
    if values["kind"] != QuestionKind.SCALE:
        values |= {"low": "", "high": ""}
    if not any(role != Role.STUDENT for role in values["roles"]):
        values["mentor_text"] = ""
    _check_use(values, choice=choice)
    return values


def _options(given: Sequence[str]) -> list[str]:
    options = [" ".join(str(option).split()) for option in given]
    options = [option for option in options if option]
    if len(options) < 2:
        raise DomainError(_("Give at least two choices, one on each line."), field="options")
    if len(options) > MOST_OPTIONS:
        raise DomainError(_("At most %(most)d choices.") % {"most": MOST_OPTIONS}, field="options")
    if len({option.casefold() for option in options}) < len(options):
        raise DomainError(_("Two choices are the same."), field="options")
    if any(len(option) > 100 for option in options):
        raise DomainError(_("A choice has at most 100 characters."), field="options")
    return options


def _check_use(values: dict[str, Any], *, choice: bool) -> None:
    if values["use"] == QuestionUse.NONE:
        values["weight"] = 1
        return
    if not choice:
        raise DomainError(
            _(
                "Only choices can be compared. Ask for one or several choices, or do not match "
                "by it."
            ),
            field="use",
        )
    if Role.STUDENT not in values["roles"] or len(values["roles"]) < 2:
        raise DomainError(
            _("To be compared, it must be asked of students and of mentors."), field="use"
        )
    if values["use"] != QuestionUse.WEIGHT:
        values["weight"] = 1
    elif not 0 < (values["weight"] or 0) <= MOST_WEIGHT:
        raise DomainError(
            _("Give a weight above 0, up to %(most)d.") % {"most": MOST_WEIGHT}, field="weight"
        )
