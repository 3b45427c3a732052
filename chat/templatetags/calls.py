"""The line above a room that says who talks there now."""

from typing import Any

from django import template
from django.template import Context

from chat.calls.showing import talking_in
from chat.models import Room
from chat.permissions import may_call

register = template.Library()


@register.inclusion_tag("chat/call_bar.html", takes_context=True)
def call_bar(context: Context, room: Room) -> dict[str, Any]:
    """Who talks in the room now, with the way in; keeps itself current."""
    actor = context["request"].actor
    return {"room": room, "talking": talking_in(actor, room), "may_call": may_call(actor, room)}
