"""``column in these ids`` with one parameter, however many there are.

Django's ``__in`` makes a placeholder of each id: parsing and planning fifty thousand of them takes
longer than the query.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func


class AnyOf(Func):
    """A condition for ``filter``: the column holds one of the ids."""

    output_field = BooleanField()

    def __init__(self, column: str | F, ids: Iterable[int] = (), **extra: Any) -> None:
        self.ids = sorted(set(ids))
        super().__init__(F(column) if isinstance(column, str) else column, **extra)

    def compile_column(self, compiler: Any) -> tuple[str, Any]:
        """The column's SQL; of no ids none is there, which Django then need not ask for."""
        if not self.ids:
            raise EmptyResultSet
        found: tuple[str, Any] = compiler.compile(self.source_expressions[0])
        return found

    def as_postgresql(self, compiler: Any, _connection: Any, **_: Any) -> tuple[str, list[Any]]:
        sql, params = self.compile_column(compiler)
        return f"{sql} = ANY(%s)", [*params, self.ids]

    def as_sqlite(  # type: ignore[override]
        self, compiler: Any, _connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        sql, params = self.compile_column(compiler)
        listed = "IN (SELECT value FROM json_each(%s))"
        return f"{sql} {listed}", [*params, json.dumps(self.ids)]
