"""What only pages of figures write: `{% load insights %}`."""

from django import template

from insights import showing

register = template.Library()


@register.simple_tag
def hours(minutes: int | None) -> str:
    """Business minutes as hours: "3.1 h"."""
    return showing.hours(minutes)
