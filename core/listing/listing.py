"""The list itself: what it declares, and how it answers a request."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from core.listing.acts import Bulk, Create, RowAct
from core.listing.cells import acts_of, opening, row_of
from core.listing.columns import Column
from core.listing.filters import Filter
from core.listing.paging import COUNTED, Page, count_of, page_of
from core.models import SavedView
from core.search import within
from core.web import ActingRequest, csv_download, render_partial, wants_partial

Text = str | Promise
CSV_LIMIT = 100_000
CONTROLS = frozenset({"cursor", "format", "rows"})
MOST_ROWS = 500  # of a page that refreshes itself while somebody reads far down
ARRANGING = CONTROLS | {"view", "sort", "columns"}


@dataclass(frozen=True, slots=True)
class View:
    """A named state of a list, shown as a tab: its address parameters."""

    key: str
    name: Text
    query: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it is for, and the first step."""

    title: Text
    text: Text = ""
    action_label: Text = ""
    url_name: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table of records. `live` is the kind of record whose changes refresh it.

    `search` lists text columns; where the table grows without bound, `search_in` names instead the one column that
    `core.search.text_of` filled, and `sides` are the conditions of core.listing.paging.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    empty: Empty
    row_url: Callable[[Any], str] | None = None
    panel: bool = False
    filters: tuple[Filter, ...] = ()
    views: tuple[View, ...] = ()
    search: tuple[str, ...] = ()
    search_in: str = ""
    sides: tuple[Q, ...] = ()
    default_sort: str = "-pk"
    bulk: tuple[Bulk, ...] = ()
    row_acts: tuple[RowAct, ...] = ()
    create: Create | None = None
    live: str = ""
    page_size: int = 25
    template: str = "listing/page.html"
    links: tuple[tuple[Text, str], ...] = field(default=())

    def respond(self, request: ActingRequest, rows: QuerySet, **context: Any) -> HttpResponseBase:
        """The page, the fragment for htmx, or CSV with `?format=csv`. `rows` is already what the actor may see."""
        actor = request.actor
        saved = list(SavedView.objects.visible_to(actor).filter(list_key=self.key).order_by("name", "pk"))
        view, params = self._view(request.GET, saved)
        rows = self.narrowed(rows, params, actor)
        if params.get("format") == "csv":
            return self._csv(rows, self._sort(params))
        cursor = params.get("cursor", "")
        columns = self._chosen_columns(params)
        page = page_of(_joined(rows, columns), self._sort(params), cursor, self._rows(params), self.sides)
        found = {**context, **self._context(request, params, page, columns, view, saved)}
        if not (cursor and wants_partial(request)):  # the rows that follow a page say nothing of the whole
            total = count_of(rows, self.sides) if cursor or page.next_cursor else len(page.rows)
            found |= {"total": total, "total_beyond": COUNTED if total > COUNTED else 0}
        # The parts stand in the page that all lists extend: a template that extends it does not have them itself.
        template = "listing/page.html" if wants_partial(request) else self.template
        return render_partial(request, template, "more" if cursor else "list", found)

    def narrowed(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """The rows that the search and the filters leave."""
        if self.search_in:
            rows = rows.filter(within(params.get("q", ""), self.search_in))
        for word in params.get("q", "").split()[:8] if self.search else ():
            condition = Q()
            for path in self.search:
                condition |= Q(**{f"{path}__icontains": word})
            rows = rows.filter(condition)
        for each in self.filters:
            rows = each.apply(rows, params, actor)
        return rows

    def _view(self, params: QueryDict, saved: list[SavedView]) -> tuple[str, QueryDict]:
        """Which tab is on, and the parameters that hold: a bare address shows the first view."""
        if not any(key not in CONTROLS for key in params) and self.views:
            first = QueryDict(self.views[0].query, mutable=True)
            for key in CONTROLS & params.keys():
                first.setlist(key, params.getlist(key))
            return self.views[0].key, first
        return params.get("view", ""), params

    def _is_narrowed(self, params: QueryDict, view: str, saved: list[SavedView]) -> bool:
        """True when there is a search or a filter beside those that the view itself stands for."""
        queries = {each.key: each.query for each in self.views} | {f"saved-{each.pk}": each.query for each in saved}
        return _narrowing(params) != _narrowing(QueryDict(queries.get(view, "")))

    def _sort(self, params: QueryDict) -> str:
        wanted = params.get("sort", "")
        allowed = {column.sort for column in self.columns if column.sort}
        return wanted if wanted.lstrip("-") in allowed else self.default_sort

    def _rows(self, params: QueryDict) -> int:
        """How many rows: a page, or as many as the reader has unfolded when the list refreshes under their eyes."""
        wanted = params.get("rows", "")[:4]
        rows = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
        return max(self.page_size, min(rows, MOST_ROWS))

    def _chosen_columns(self, params: QueryDict) -> list[Column]:
        chosen = params.get("columns", "").split(",") if params.get("columns") else []
        known = {column.key for column in self.columns}
        if not known.intersection(chosen):
            return [column for column in self.columns if column.shown]
        return [column for column in self.columns if column.key in chosen]

    def _context(
        self,
        request: ActingRequest,
        params: QueryDict,
        page: Page,
        columns: list[Column],
        view: str,
        saved: list[SavedView],
    ) -> dict[str, Any]:
        actor = request.actor
        may = self.create is not None and (not self.create.capability or actor.can(self.create.capability))
        bulk = [each for each in self.bulk if not each.capability or actor.can(each.capability)]
        return {
            "listing": self,
            "columns": [(column, self._sort_link(column, params)) for column in columns],
            "all_columns": [(column, column in columns) for column in self.columns],
            "lines": self._lines(page.rows, columns, bool(bulk)),
            "next": self._address(params, cursor=page.next_cursor) if page.next_cursor else "",
            "filters": [(each, each.options(params, actor)) for each in self.filters],
            "narrowed": self._is_narrowed(params, view, saved),
            "q": params.get("q", ""),
            "sort": params.get("sort", ""),
            "tabs": self._tabs(view, saved, actor),
            "view": view,
            "query": self._address(params, cursor="", format=""),
            "kept_query": self._address(params, cursor="", format="", view="")[1:],
            "clear_url": f"?view={view}" if view else "?view=all",
            "chosen_columns": params.get("columns", ""),
            "csv": self._address(params, cursor="", format="csv"),
            "bulk": bulk,
            "create": self.create if may else None,
            "empty_url": reverse(self.empty.url_name) if self.empty.url_name else "",
        }

    def _lines(self, rows: list[Any], columns: list[Column], pick: bool) -> SafeString:
        opened = [(column, opening(column, at == 0)) for at, column in enumerate(columns)]
        lines = []
        for row in rows:
            url = self.row_url(row) if self.row_url else ""
            acts = acts_of(row, self.row_acts) if self.row_acts else ""
            lines.append(row_of(row, opened, url, self.panel, pick, acts))
        return mark_safe("".join(lines))

    def _tabs(self, view: str, saved: list[SavedView], actor: Any) -> list[dict[str, Any]]:
        built_in = [
            {"name": each.name, "url": _tab(each.key, each.query), "on": view == each.key} for each in self.views
        ]
        own = [
            {
                "name": each.name,
                "url": _tab(f"saved-{each.pk}", each.query),
                "on": view == f"saved-{each.pk}",
                "pk": each.pk if each.user_id == actor.user.pk else None,
            }
            for each in saved
        ]
        return [*built_in, *own]

    def _sort_link(self, column: Column, params: QueryDict) -> dict[str, str]:
        if not column.sort:
            return {}
        now = self._sort(params)
        turned = f"-{column.sort}" if now == column.sort else column.sort
        state = "ascending" if now == column.sort else "descending" if now == f"-{column.sort}" else ""
        return {"url": self._address(params, sort=turned, cursor=""), "state": state}

    @staticmethod
    def _address(params: QueryDict, **changes: str) -> str:
        values = params.copy()
        values.pop("rows", None)  # how far somebody unfolded the list is in no address
        for key, value in changes.items():
            values.pop(key, None)
            if value:
                values[key] = value
        return f"?{values.urlencode()}"

    def _csv(self, rows: QuerySet, sort: str) -> StreamingHttpResponse:
        """All rows the filters leave (at most 100,000)."""
        columns = [column for column in self.columns if column.kind != "mark" or column.shown]
        ordered = _joined(rows, columns).order_by(sort, "pk")[:CSV_LIMIT]
        return csv_download(_table(columns, ordered), slugify(self.key))


def _joined(rows: QuerySet, columns: Iterable[Column]) -> QuerySet:
    """The rows with what their columns say that they read beside them."""
    joins = {path for column in columns for path in column.joins}
    return rows.select_related(*sorted(joins)) if joins else rows


def _table(columns: list[Column], rows: QuerySet) -> Iterator[list[str]]:
    heads: list[str] = []
    for column in columns:
        heads.append(str(column.label))
        if column.kind == "money":
            heads.append("ISO 4217")
    yield heads
    for row in rows.iterator(chunk_size=500):
        cells: list[str] = []
        for column in columns:
            cells.append(column.plain(row))
            if column.kind == "money":
                value = column.value(row)
                cells.append(str(value[1]) if value else "")
        yield cells


def _tab(key: str, query: str) -> str:
    return f"?view={key}&{query}" if query else f"?view={key}"


def _narrowing(params: QueryDict) -> dict[str, list[str]]:
    """The parameters that choose rows, without those that only arrange them."""
    found = {key: sorted(value for value in values if value) for key, values in params.lists() if key not in ARRANGING}
    return {key: values for key, values in found.items() if values}
