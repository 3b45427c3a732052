"""Pieces of the pages of people and partnerships: `{% load network %}`."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template import Context
from django.utils.html import format_html

from core.templatetags.ui import mark
from partners.models import Organisation
from partners.topics import groups_for

register = template.Library()


@register.inclusion_tag("partners/settings_list.html", takes_context=True)
def settings_list(context: Context) -> dict[str, Any]:
    """The list of topics at the left of every settings page."""
    return {"groups": groups_for(context["request"])}


@register.filter
def unhinted(form: Form) -> Iterator[BoundField]:
    """The fields of a form without placeholders: our labels are always shown, a hint inside would say it twice."""
    for bound in form:
        bound.field.widget.attrs.pop("placeholder", None)
        yield bound


@register.filter
def key(mapping: dict[str, Any], name: str) -> Any:
    """The value of a mapping under a name that only the template knows."""
    return mapping.get(name)


@register.simple_tag(takes_context=True)
def topic_name(context: Context) -> str:
    """The label of the settings topic that is open."""
    groups = groups_for(context["request"])
    return next((str(link.label) for group in groups for link in group.topics if link.current), "")


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """A browser's name for people, such as "Firefox, Linux"; the first words of what it calls itself otherwise."""
    known = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in known if name) or user_agent[:40]


@register.simple_tag
def emblem(organisation: Organisation, extra: str = "big", height: int = 34, width: int = 180) -> str:
    """A company where it stands large: its logo within a box of pixels, or its initials where it has none. The name
    stands beside it."""
    if not organisation.logo_code:
        return mark(organisation, extra)
    return _picture(organisation, "", width, height)


@register.simple_tag
def letterhead(organisation: Organisation, height: int = 48, width: int = 240) -> str:
    """A company at the head of what it shows to others: its logo, and its name where the logo does not say it."""
    if organisation.logo_says_name:
        return _picture(organisation, str(organisation), width, height)
    return format_html("{}<b>{}</b>", emblem(organisation, "", height, width), organisation)


@register.simple_tag
def logo_picture(organisation: Organisation, said: str = "", width: int = 300, height: int = 120) -> str:
    """A logo that is there, by itself, no larger than a box of pixels."""
    within = organisation.logo_within(width, height)
    return format_html('<img src="{}" width="{}" height="{}" alt="{}">', organisation.logo_path, *within, said)


def _picture(organisation: Organisation, said: str, width: int, height: int) -> str:
    return format_html('<span class="emblem">{}</span>', logo_picture(organisation, said, width, height))
