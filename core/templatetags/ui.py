"""The components of the pages, one tag each: `{% load ui %}`. The living page at /design/ shows all of them."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.forms import BaseFormSet, BoundField, CheckboxInput, FileInput, Form, ModelChoiceField
from django.forms.widgets import CheckboxSelectMultiple, ChoiceWidget, RadioSelect, Select, SelectMultiple
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import money as amounts
from core import numbers

register = template.Library()
MARK_COLOURS = 8
DASHES = "---------"
TONES = frozenset({"info", "good", "warn", "bad", "still"})


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """A lucide icon, inline; decoration unless it is given a label. An unknown name raises."""
    return _drawn(str(name), size, str(label))


@lru_cache(maxsize=1024)
def _drawn(name: str, size: int, label: str) -> SafeString:
    """A page has a hundred icons of some twenty drawings."""
    described: dict[str, object] = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    attributes = {"class": "icon", "stroke-width": "1.75", **described}
    return mark_safe(lucide._render_icon(name, size, **attributes))


def tone_class(tone: str) -> str:
    """The class of a tone of state; anything else is shown as still."""
    return f"tone-{tone if tone in TONES else 'still'}"


@register.simple_tag
def state(thing: Any, pill: bool = False) -> str:
    """The state of an object with `state_tone` and `get_state_display`: a dot and a word."""
    return badge(thing.get_state_display(), thing.state_tone, pill=pill)


@register.simple_tag
def badge(text: str, tone: str = "still", pill: bool = False) -> str:
    """A word with the dot of its tone (info, good, warn, bad, still)."""
    return format_html('<span class="state {}{}">{}</span>', tone_class(tone), " pill" if pill else "", text)


@register.simple_tag
def money(amount: Decimal | int | None, currency: str, exact: bool = False, short: bool = False) -> str:
    """An amount with its currency: rounded at the minor unit, `exact` for unit prices, `short` for sums at a glance."""
    write = amounts.format_price if exact else amounts.format_short_money if short else amounts.format_money
    return write(amount, str(currency))


@register.simple_tag
def number(value: Decimal | int | float | None, digits: int | None = None) -> str:
    """A number with the reader's separators."""
    return numbers.format_number(value, digits)


@register.simple_tag
def percent(value: Decimal | int | float | None) -> str:
    """7 → 7 %, the reader's way."""
    return numbers.format_percent(value)


@register.simple_tag
def size(octets: int) -> str:
    """A file's size."""
    return numbers.format_size(octets)


@register.simple_tag
def day(value: date | datetime | None, long: bool = False) -> str:
    """A date in a `<time>`; nothing for None."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), numbers.format_day(value, long=long))


@register.simple_tag
def moment(value: datetime | None) -> str:
    """A date and time in a `<time>`; nothing for None."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), numbers.format_moment(value))


@register.simple_tag
def clock(value: datetime) -> str:
    """The time of day, with the date on hover."""
    exact = numbers.format_moment(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, numbers.format_clock(value)
    )


@register.simple_tag
def ago(value: datetime | None) -> str:
    """How long ago or from now, with the exact time on hover; the browser keeps it current."""
    if value is None:
        return ""
    exact, words = numbers.format_moment(value), numbers.format_ago(value)
    return format_html('<time datetime="{}" title="{}" data-ago>{}</time>', value.isoformat(), exact, words)


def initials(name: str) -> str:
    """One or two capitals that stand for a name: "Aurora Pumps" → "AP"."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    chosen = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in chosen).upper() or "?"


@register.simple_tag
def mark(name: Any, extra: str = "") -> str:
    """The initials of a person or company on its colour, which is always the same for the same name."""
    text = str(name)
    colour = zlib.crc32(text.encode()) % MARK_COLOURS
    return format_html('<span class="mark mark-{} {}" aria-hidden="true">{}</span>', colour, extra, initials(text))


@register.simple_tag(takes_context=True)
def count(context: Context, key: str) -> str:
    """The badge of a place in the shell, kept current by the socket; hidden at nought."""
    value = getattr(context.get("shell"), "counts", {}).get(key, 0)
    hidden, shown = mark_safe("" if value else " hidden"), "99+" if value > 99 else value or ""
    return format_html('<b data-count="{}"{}>{}</b>', key, hidden, shown)


@register.simple_tag(takes_context=True)
def place(context: Context, entry: Any, size: int = 18) -> str:
    """The way to a place of the shell: its icon and its name, with its badge where it has one, marked where one is."""
    here = mark_safe(' aria-current="page"' if entry.current else "")
    badge = count(context, entry.count) if entry.count else ""
    drawn = icon(entry.icon, size)
    return format_html('<a href="{}"{}>{}<span>{}</span>{}</a>', entry.url, here, drawn, entry.label, badge)


@register.inclusion_tag("components/who.html")
def who(user: Any, organisation: Any = None, small: bool = False) -> dict[str, Any]:
    """A person with their mark, and the organisation they speak for."""
    return {"name": str(user), "organisation": organisation, "small": "small" if small else ""}


@register.inclusion_tag("components/act.html", takes_context=True)
def act(context: Context, label: str, url: str = "", verdict: Any = None, **options: Any) -> dict[str, Any]:
    """A button that acts, or a greyed one that says why not.

    Options: key="A" (its letter; the shell keeps G, J, K, M and X for itself), primary, danger, quiet, small, icon,
    method ("post" sends a form, "get" is a link), confirm (asks first), dialog="#id" (opens a dialog),
    panel (opens the side panel), target and swap (htmx), name and value, version (sent along, so that a stale page
    cannot decide).
    """
    refused = verdict is not None and not verdict
    tones = [f"btn-{kind}" for kind in ("primary", "danger", "quiet") if options.get(kind)]
    if options.get("small"):
        tones.append("btn-sm")
    return {
        **options,
        "key": str(options.get("key") or "").upper(),
        "label": label,
        "url": url,
        "reason": getattr(verdict, "reason", "") if refused else "",
        "refused": refused,
        "why_id": f"why-{zlib.crc32(f'{label}{url}'.encode()):x}",
        "classes": " ".join(["btn", *tones]),
        "post": options.get("method", "post") == "post" and not options.get("dialog") and not options.get("panel"),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", help: str = "", autofocus: bool = False) -> dict[str, Any]:
    """A form field: label above, help below, error beside it, all tied together for assistive technology."""
    _say_blank(bound)
    return {
        "field": bound,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "kind": _field_kind(bound),
        "widget": bound.as_widget(attrs=_widget_attributes(bound, autofocus)),
    }


def _say_blank(bound: BoundField) -> None:
    """Django's row of dashes for no choice becomes words, or one dash where there need be none."""
    said = _("Choose…") if bound.field.required else "–"
    if getattr(bound.field, "empty_label", None) == DASHES:
        bound.field.empty_label = said  # type: ignore[attr-defined]
    elif isinstance(bound.field.widget, ChoiceWidget) and not isinstance(bound.field, ModelChoiceField):
        choices = list(bound.field.widget.choices)
        bound.field.widget.choices = [(value, said if label == DASHES else label) for value, label in choices]


def _field_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "file" if isinstance(widget, FileInput) else "plain"


def _widget_attributes(bound: BoundField, autofocus: bool) -> dict[str, Any]:
    widget, kind = bound.field.widget, _field_kind(bound)
    attributes: dict[str, Any] = {"autofocus": True} if autofocus else {}
    if kind == "plain":
        look = "form-select" if isinstance(widget, Select | SelectMultiple) else "form-control"
        attributes["class"] = f"{look} {widget.attrs.get('class', '')}".strip()
    if bound.errors and bound.auto_id:
        help_id = f"{bound.auto_id}_helptext " if bound.help_text else ""
        attributes["aria-describedby"] = f"{help_id}{bound.auto_id}_error"
    return attributes


@register.inclusion_tag("components/errors.html")
def errors(form: Form, lines: BaseFormSet | None = None, called: str = "") -> dict[str, Any]:
    """What is wrong with a form and with its lines, summed on top, each leading to its field; nothing when nothing is.

    `called` is what a line is called on the page.
    """
    general = list(form.non_field_errors()) if form.is_bound else []
    wrong = [(bound.label, bound) for bound in form if bound.errors] if form.is_bound else []
    if lines is not None and lines.is_bound:
        general += lines.non_form_errors()
        for number, line in enumerate((each for each in lines.forms if not _taken_away(lines, each)), 1):
            name = _("%(what)s %(number)d") % {"what": called or _("Line"), "number": number}
            general += [f"{name}: {error}" for error in line.non_field_errors()]
            wrong += [(f"{name}, {bound.label}", bound) for bound in line if bound.errors]
    return {"fields": wrong, "general": general}


def _taken_away(lines: BaseFormSet, line: Form) -> bool:
    return lines.can_delete and bool(line["DELETE"].value())


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", action_label: str = "", action_url: str = "", icon: str = "inbox"
) -> dict[str, Any]:
    """An empty list says what it is for and offers the first step."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url, "icon": icon}


@register.inclusion_tag("components/track.html")
def track(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Where a record stands: steps with label, note, status (done, now, todo) and perhaps a tone."""
    return {"steps": steps, "names": {"done": _("done"), "now": _("now"), "todo": _("to come")}}


@register.simple_block_tag
def fact(content: str, label: str) -> str:
    """One fact in a `<dl class="facts">`."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.inclusion_tag("components/callout.html")
def callout(text: str, tone: str = "info", title: str = "", icon: str = "") -> dict[str, Any]:
    """A message that stays: what happened, what was kept, what to do."""
    signs = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
    return {
        "text": text,
        "tone": tone_class(tone),
        "title": title,
        "icon": icon or signs.get(tone, "info"),
        "urgent": tone == "bad",
    }


@register.inclusion_tag("components/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, Any]:
    """Grey lines that stand for what is being loaded."""
    return {"widths": [("w-long", "w-half", "w-short")[line % 3] for line in range(lines)]}


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The address of this list with some of its parameters changed (None takes one away): `?{…}`."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value not in (None, ""):
            values[key] = str(value)
    return f"?{values.urlencode()}"
