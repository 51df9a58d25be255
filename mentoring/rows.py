"""Small ways of asking the database."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


def sole(rows: "QuerySet[M, Row]") -> Row | None:
    """The row, where there can be but one: ``first()`` sorts, which costs more than finding it."""
    return next(iter(rows.order_by()[:1]), None)
