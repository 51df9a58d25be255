"""Lists that sort, filter, page and export, the same way everywhere.

The sort keys are a whitelist, an address never reaches ``order_by`` by itself, and a page costs
two queries (count and rows) besides the prefetches of its queryset.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django_filters import FilterSet

from mentoring.ui.downloads import attached

M = TypeVar("M", bound=Model)
Sorts = Mapping[str, str | Sequence[str]]

PER_PAGE = 30

# What a spreadsheet program passes over before it looks whether a cell is a formula.
_BLANK = r"[\s\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]"
# Whatever the separator: one that reads semicolons, tabs or lines as borders of cells makes cells
# of its own from parts of ours. Full-width signs are computed like the narrow ones.
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?={_BLANK}*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """One page of rows, and what its template needs to draw headers, filters and page links."""

    page: Page[M]
    rows: QuerySet[M]
    query: QueryDict
    sorts: Sorts
    sort: str
    filters: FilterSet | None

    @property
    def total(self) -> int:
        """How many rows match, on all pages."""
        return self.page.paginator.count

    @property
    def is_filtered(self) -> bool:
        """Whether the reader narrowed the list: an empty one then teaches something else."""
        if self.filters is None:
            return False
        return any(self.query.get(name) for name in self.filters.form.fields)

    @property
    def wants_csv(self) -> bool:
        """Whether the address asks for the export: answer with ``csv_response``."""
        return self.query.get("format") == "csv"

    @property
    def csv_url(self) -> str:
        """The same rows, same order, all pages, as a file."""
        return self._url(format="csv", page=None)

    def sort_url(self, key: str) -> str:
        """The same list by ``key``; a second press turns it around."""
        if key not in self.sorts:
            raise KeyError(f"{key} is not among the sort keys {sorted(self.sorts)}")
        return self._url(sort=f"-{key}" if self.sort == key else key, page=None, format=None)

    def direction_of(self, key: str) -> str:
        """``ascending``, ``descending`` or nothing, as ``aria-sort`` wants it."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def page_links(self) -> list[tuple[str, str]]:
        """Number and address of the pages near this one; an empty address stands for a gap."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1,
                                                            on_ends=1)  # fmt: skip
        return [(str(n), self.page_url(n) if isinstance(n, int) else "") for n in numbers]

    def page_url(self, number: int) -> str:
        """The address of one page."""
        return self._url(page=str(number), format=None)

    @property
    def next_url(self) -> str:
        return self.page_url(self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def previous_url(self) -> str:
        return self.page_url(self.page.previous_page_number()) if self.page.has_previous() else ""

    def _url(self, **changes: str | None) -> str:
        query = self.query.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"


def listing(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    sorts: Sorts,
    default: str,
    filterset: type[FilterSet] | None = None,
    per_page: int = PER_PAGE,
) -> Listing[M]:
    """The page of ``rows`` that the address asks for.

    ``sorts`` maps a key of the address to a field (or several); ``default`` is one of the keys,
    with ``-`` for descending. Unknown keys and pages fall back, they are not errors.
    """
    filters = filterset(request.GET, queryset=rows, request=request) if filterset else None
    if filters is not None:
        rows = filters.qs
    wanted = request.GET.get("sort", "")
    sort = wanted if wanted.lstrip("-") in sorts and wanted.count("-") <= 1 else default
    rows = rows.order_by(*_order(sorts, sort), "pk")
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    return Listing(page=page, rows=rows, query=request.GET, sorts=sorts, sort=sort, filters=filters)


def paged(request: HttpRequest, rows: Sequence[Any], *, per_page: int = PER_PAGE) -> Listing[Any]:
    """The page of something that is a list already, and has its own order."""
    page: Page[Any] = Paginator(rows, per_page).get_page(request.GET.get("page"))
    known: Any = rows
    return Listing(page=page, rows=known, query=request.GET, sorts={}, sort="", filters=None)


def _order(sorts: Sorts, sort: str) -> Iterator[str]:
    descending = sort.startswith("-")
    fields = sorts[sort.removeprefix("-")]
    for field in [fields] if isinstance(fields, str) else fields:
        down = field.startswith("-") != descending
        yield f"-{field.removeprefix('-')}" if down else field.removeprefix("-")


def neutral(value: object) -> str:
    """The value as a spreadsheet shows it and never computes it: formulas get a leading quote.

    Source: OWASP, CSV Injection.
    """
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return _FORMULA.sub(r"\1'", text)


class _Echo:
    """A file whose ``write`` hands the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV text, line by line, each cell quoted and neutralized."""
    writer: Any = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    # The byte order mark tells spreadsheet programs that this is UTF-8.
    yield "\ufeff" + writer.writerow([neutral(cell) for cell in header])
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A download called ``name``.csv."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
    return attached(response, f"{safe}.csv")
