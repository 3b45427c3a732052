"""How the events of the exchange read, and who is told of them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import describe
from core.models import TrailEntry
from inbox.rules import holders, notify
from partners.models import Membership

VIEW = "edi.view"
describe("edi.received", _("%(organisation)s sent %(title)s by EDI"), tone="good", capability=VIEW)
describe("edi.refused", _("A document of %(organisation)s was refused: %(title)s"), tone="bad", capability=VIEW)
describe("edi.sent", _("%(kind)s for order %(order)s is ready to be collected"), tone="info", capability=VIEW)
describe("edi.fetched", _("%(organisation)s collected %(title)s"), tone="info", capability=VIEW)
describe("edi.confirmed", _("%(organisation)s confirmed %(title)s"), tone="good", capability=VIEW)
describe("edi.acknowledged", _("%(organisation)s acknowledged %(title)s: %(verdict)s"), capability=VIEW)
describe("edi.overdue", _("The acknowledgement of %(title)s by %(organisation)s is late"), tone="warn", capability=VIEW)
describe("edi.linked", _("%(kind)s of %(title)s was applied to order %(order)s"), tone="good", capability=VIEW)
describe("edi.offered_again", _("%(actor)s offered %(title)s again"), tone="info", capability=VIEW)
describe("edi.assigned", _("%(title)s is looked after by %(who)s"), capability=VIEW)
describe("edi.settled", _("%(actor)s took %(title)s out of the queue"), capability=VIEW)
describe("edi.reopened", _("%(actor)s put %(title)s back into the queue"), capability=VIEW)
describe("connection.created", _("%(actor)s set up the connection %(title)s"), capability="integration.manage")
describe("connection.changed", _("%(actor)s changed the connection %(title)s"), capability="integration.manage")


def _integrators(entry: TrailEntry) -> Iterable[Membership]:
    """The integration people of every organisation that may read the entry."""
    readers = entry.readers.values_list("organisation", flat=True)
    return holders(readers, "integration.manage")


def _document(entry: TrailEntry) -> str:
    return reverse("edi:interchange", args=[entry.target_id])


notify("edi.refused", to=_integrators, url=_document, action=_("See what is wrong"), kind="edi", urgent=True)
notify("edi.overdue", to=_integrators, url=_document, action=_("Open"), kind="edi")
