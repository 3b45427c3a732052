"""Cells of a table as HTML, written in Python: a page has hundreds, and a template a cell would be most of its cost."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.listing.acts import RowAct
from core.listing.columns import Column
from core.templatetags import ui

NOTHING = mark_safe('<span class="none">–</span>')
WRITERS: dict[str, Callable[[Any], str]] = {
    "state": ui.state,
    "badge": lambda value: ui.badge(value[0], value[1]),
    "money": lambda value: ui.money(value[0], value[1]),
    "number": ui.number,
    "percent": ui.percent,
    "figure": lambda value: value[1],
    "size": ui.size,
    "day": ui.day,
    "ago": ui.ago,
    "who": lambda value: _who(*value),
    "mark": lambda value: format_html('<span class="named">{}{}</span>', ui.mark(value, "mark-sm"), value),
    "code": lambda value: format_html("<code>{}</code>", value),
    "flag": lambda value: _("Yes") if value else _("No"),
}


def row_of(
    row: Any, columns: Sequence[tuple[Column, str]], url: str, panel: bool = False, pick: bool = False, acts: str = ""
) -> str:
    """A row with one `<td>` a column, which come with what `opening` gave for them; `pick` adds the box that chooses
    it, `acts` are its last cell."""
    href = f' data-href="{escape(url)}"' if url else ""
    box = _box(row) if pick else ""
    cells = "".join(f"{start}{cell(column.kind, column.value(row), url, panel)}</td>" for column, start in columns)
    return f'<tr id="row-{row.pk}"{href} data-row tabindex="-1">{box}{cells}{acts}</tr>\n'


def acts_of(row: Any, acts: Sequence[RowAct]) -> str:
    """The last cell of a row: the acts that are shown for it."""
    buttons = (_button(act, reverse(act.url_name, args=[row.pk]), str(row)) for act in acts if act.shown(row))
    return f'<td class="end row-acts">{"".join(buttons)}</td>'


def _button(act: RowAct, url: str, name: str) -> str:
    attributes = 'class="icon-btn" type="submit" hx-target="#listing" hx-swap="outerMorph"'
    return format_html(
        '<button {} formaction="{}" hx-post="{}" data-row-key="{}" aria-label="{}: {}" title="{} ({})">{}</button>',
        mark_safe(attributes), url, url, act.key, act.label, name, act.label, act.key, ui.icon(act.icon, 16),
    )  # fmt: skip


def _box(row: Any) -> str:
    label = escape(_("Choose %(name)s") % {"name": row})
    return f'<td class="pick"><input type="checkbox" name="pk" value="{row.pk}" aria-label="{label}"></td>'


def opening(column: Column, first: bool) -> str:
    """The start tag of a column's cells: the first is the name of the row, the others carry their label for phones."""
    if first:
        return '<td class="first">'
    kinds = ("num" if column.right else "", "lead" if column.kind == "money" else "", "" if column.phone else "hide-sm")
    return format_html('<td data-label="{}" class="{}">', column.label, " ".join(filter(None, kinds)))


def cell(kind: str, value: Any, url: str = "", panel: bool = False) -> str:
    """One value, safe to stand in a page; a dash for none."""
    if value is None or value == "":
        return NOTHING
    if kind == "link":
        side = format_html(' data-panel-url="{}"', url) if panel else ""
        return format_html('<a href="{}"{}>{}</a>', url, side, value)
    return conditional_escape(WRITERS[kind](value) if kind in WRITERS else value)


def choices(key: str, options: Sequence[dict[str, Any]]) -> SafeString:
    """The boxes of a filter, as many as there are values: a vendor has hundreds of partners."""
    start = f'<label class="menu-item"><input type="checkbox" name="{escape(key)}" value="'
    boxes = (
        f'{start}{escape(each["value"])}"{" checked" if each["on"] else ""}> {escape(each["label"])}</label>'
        for each in options
    )
    return mark_safe("".join(boxes))


def _who(person: Any, organisation: Any) -> str:
    of = format_html(' <span class="dim">{}</span>', organisation) if organisation else ""
    return format_html('<span class="who">{}<span>{}{}</span></span>', ui.mark(person, "small"), person, of)
