"""The history of the fields of a deal, as a list with a filter by field."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.listing import Choice, Column, Empty, Listing, Period
from deals.history import LABELS, shown
from deals.models import FieldChange
from deals.views.records import fetch
from partners.access import MemberRequest, member_required


def _value(name: str) -> Callable[[FieldChange], str]:
    return lambda row: shown(row.field, getattr(row, name), row.deal.currency)


LIST = Listing(
    key="changes",
    title=_("History of the fields"),
    columns=(
        Column("field", _("Field"), get=lambda row: LABELS.get(row.field, row.field)),
        Column("before", _("Before"), get=_value("before")),
        Column("after", _("After"), get=_value("after")),
        Column("who", _("Who")),
        Column("reason", _("Why"), phone=False),
        Column("created", _("When"), kind="ago", sort="created"),
    ),
    filters=(Choice("field", _("Field"), choices=tuple(LABELS.items())), Period("created", _("When"))),
    search=("before", "after", "who", "reason"),
    default_sort="-created",
    template="deals/changes.html",
    empty=Empty(_("Nothing was changed"), _("What is changed in a field appears here, with who changed it and when.")),
)


def rows_of(request: MemberRequest, pk: int) -> QuerySet[FieldChange]:
    """The changes of one deal that the actor may know of."""
    return FieldChange.objects.visible_to(request.actor).filter(deal=pk).select_related("deal")


@require_GET
@member_required("deals.view")
def changes(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The changes of one deal, newest first."""
    deal = fetch(request.actor, pk)
    return LIST.respond(request, rows_of(request, pk), deal=deal)
