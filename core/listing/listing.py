"""The list itself: what it declares, and how it answers a request."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify

from core.listing.columns import Column
from core.listing.filters import Filter
from core.listing.paging import Page, page_of
from core.models import SavedView
from core.web import ActingRequest, render_partial

Text = str | Promise
CSV_LIMIT = 100_000
CONTROLS = frozenset({"cursor", "format"})
ARRANGING = CONTROLS | {"view", "sort", "columns"}


@dataclass(frozen=True, slots=True)
class View:
    """A named state of a list, shown as a tab: its address parameters."""

    key: str
    name: Text
    query: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """An act on all chosen rows: posts their `pk`s to a named URL."""

    key: str
    label: Text
    url_name: str
    capability: str = ""
    confirm: Text = ""


@dataclass(frozen=True, slots=True)
class Create:
    """The button that makes a new row."""

    label: Text
    url_name: str
    capability: str = ""
    key: str = "c"


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
    """A table of records. `live` is the kind of record whose changes refresh it; `search` lists text columns."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    empty: Empty
    row_url: Callable[[Any], str] | None = None
    panel: bool = False
    filters: tuple[Filter, ...] = ()
    views: tuple[View, ...] = ()
    search: tuple[str, ...] = ()
    default_sort: str = "-pk"
    bulk: tuple[Bulk, ...] = ()
    create: Create | None = None
    live: str = ""
    page_size: int = 50
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
        page = page_of(rows, self._sort(params), params.get("cursor", ""), self.page_size)
        found = {**context, **self._context(request, params, page, view, saved), "total": rows.count()}
        partial = "more" if params.get("cursor") else "list"
        return render_partial(request, self.template, partial, found)

    def narrowed(self, rows: QuerySet, params: QueryDict, actor: Any) -> QuerySet:
        """The rows that the search and the filters leave."""
        for word in params.get("q", "").split()[:8]:
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

    def _chosen_columns(self, params: QueryDict) -> list[Column]:
        chosen = params.get("columns", "").split(",") if params.get("columns") else []
        known = {column.key for column in self.columns}
        if not known.intersection(chosen):
            return [column for column in self.columns if column.shown]
        return [column for column in self.columns if column.key in chosen]

    def _context(
        self, request: ActingRequest, params: QueryDict, page: Page, view: str, saved: list[SavedView]
    ) -> dict[str, Any]:
        actor = request.actor
        columns = self._chosen_columns(params)
        may = self.create is not None and (not self.create.capability or actor.can(self.create.capability))
        return {
            "listing": self,
            "columns": [(column, self._sort_link(column, params)) for column in columns],
            "all_columns": [(column, column in columns) for column in self.columns],
            "lines": [self._line(row, columns) for row in page.rows],
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
            "bulk": [each for each in self.bulk if not each.capability or actor.can(each.capability)],
            "create": self.create if may else None,
            "empty_url": reverse(self.empty.url_name) if self.empty.url_name else "",
        }

    def _line(self, row: Any, columns: list[Column]) -> dict[str, Any]:
        url = self.row_url(row) if self.row_url else ""
        cells = [{"column": column, "value": column.value(row)} for column in columns]
        return {"pk": row.pk, "name": str(row), "url": url, "cells": cells}

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
        for key, value in changes.items():
            values.pop(key, None)
            if value:
                values[key] = value
        return f"?{values.urlencode()}"

    def _csv(self, rows: QuerySet, sort: str) -> StreamingHttpResponse:
        """All rows the filters leave (at most 100,000), with a byte order mark so that spreadsheets read UTF-8."""
        columns = [column for column in self.columns if column.kind != "mark" or column.shown]
        ordered = rows.order_by(sort, "pk")[:CSV_LIMIT]
        response = StreamingHttpResponse(_csv_lines(columns, ordered), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{slugify(self.key)}.csv"'
        return response


class _Echo:
    """csv wants a file; this one hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(columns: list[Column], rows: QuerySet) -> Iterator[str]:
    writer = csv.writer(_Echo())
    heads: list[str] = []
    for column in columns:
        heads.append(str(column.label))
        if column.kind == "money":
            heads.append("ISO 4217")
    yield "\ufeff" + writer.writerow(heads)
    for row in rows.iterator(chunk_size=500):
        cells: list[str] = []
        for column in columns:
            cells.append(column.plain(row))
            if column.kind == "money":
                value = column.value(row)
                cells.append(str(value[1]) if value else "")
        yield writer.writerow(cells)


def _tab(key: str, query: str) -> str:
    return f"?view={key}&{query}" if query else f"?view={key}"


def _narrowing(params: QueryDict) -> dict[str, list[str]]:
    """The parameters that choose rows, without those that only arrange them."""
    found = {key: sorted(value for value in values if value) for key, values in params.lists() if key not in ARRANGING}
    return {key: values for key, values in found.items() if values}
