"""Documents of the exchange for the global search: by control number, order number and partner."""

from django.utils.translation import gettext_lazy as _

from core.numbers import format_moment
from core.search import Hit, found
from edi.models import Interchange
from partners.actors import Actor


def search(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The newest documents that match; nothing for who may not see the exchange."""
    if not actor.can("edi.view"):
        return []
    mine = Interchange.objects.visible_to(actor).exclude(content=Interchange.Content.ACKNOWLEDGEMENT)
    rows = found(mine, text, "control_number", "keywords", "kinds", "counterpart__name", "organisation__name")
    newest = rows.select_related("organisation", "counterpart").order_by("-created", "-pk")[:limit]
    return [
        Hit(
            kind=_("Exchange"),
            title=str(row),
            sub=f"{row.between} · {row.get_state_display()} · {format_moment(row.created)}",
            url=row.get_absolute_url(),
            icon="arrow-left-right",
        )
        for row in newest
    ]
