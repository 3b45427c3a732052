"""The isolation table: every route that names a record, and whose record it is in the demo world.

Each row is route → (method, kind of record, further arguments). The kinds are made by `records`: one that Aurora and
Brenta share, or one of a single organisation. `SHARED` kinds must be unseen by a stranger and by a rival partner of the
same vendor; `PRIVATE` ones also by the other side of the partnership.
"""

from typing import Any

from chat.models import Attachment, Room
from core.models import TrailEntry
from core.saved_views import save_view
from deals.models import Deal, EndCustomer, Petition
from edi.models import Connection, Interchange
from inbox.models import Notification
from orders.models import DespatchAdvice, Invoice, Order, Product, ReceiptAdvice
from partners.models import Agreement, Invitation, Membership, Organisation, Partnership, Role, ServiceAccount

Row = tuple[str, str, dict[str, Any]]


def row(method: str, kind: str, /, **arguments: Any) -> Row:
    return method, kind, arguments


ROUTES: dict[str, Row] = {
    "home:entry": row("get", "entry"),
    "home:view_delete": row("post", "view"),
    "partners:person": row("get", "person"),
    "partners:person_roles": row("post", "person"),
    "partners:person_close": row("post", "person"),
    "partners:person_reopen": row("post", "person"),
    "partners:invitation_resend": row("post", "invitation"),
    "partners:invitation_revoke": row("post", "invitation"),
    "partners:role": row("get", "role"),
    "partners:role_capability": row("post", "role"),
    "partners:role_delete": row("post", "role"),
    "partners:service": row("get", "service"),
    "partners:service_switch": row("post", "service"),
    "partners:key_new": row("post", "service"),
    "partners:key_revoke": row("post", "service", key=1),
    "partners:version": row("get", "agreement"),
    "partners:partnership": row("get", "partnership"),
    "partners:terms": row("post", "partnership"),
    "partners:check": row("post", "partnership"),
    "partners:agreement": row("get", "partnership"),
    "partners:accept_agreement": row("post", "partnership"),
    "partners:step": row("post", "partnership", name="end"),
    "inbox:open": row("get", "notification"),
    "inbox:read": row("post", "notification"),
    "inbox:unread": row("post", "notification"),
    "chat:file": row("get", "file"),
    "chat:room": row("get", "room"),
    "chat:sheet": row("get", "room"),
    "chat:earlier": row("get", "room"),
    "chat:people": row("get", "room"),
    "chat:post": row("post", "room"),
    "chat:read": row("post", "room"),
    "chat:seats": row("get", "room"),
    "chat:seat_add": row("post", "room"),
    "chat:seat_remove": row("post", "room", seat_pk=1),
    "chat:rename": row("post", "room"),
    "chat:edit": row("post", "room", seq=1),
    "chat:delete": row("post", "room", seq=1),
    "chat:react": row("post", "room", seq=1),
    "deals:customer": row("get", "customer"),
    "deals:customer_delete": row("post", "customer"),
    "deals:detail": row("get", "deal"),
    "deals:edit": row("get", "deal"),
    "deals:autosave": row("post", "deal"),
    "deals:delete": row("post", "deal"),
    "deals:evidence": row("get", "deal", file_pk=1),
    "deals:evidence_remove": row("post", "deal", file_pk=1),
    "deals:take": row("post", "deal"),
    "deals:release": row("post", "deal"),
    "deals:return": row("post", "deal"),
    "deals:approve": row("post", "deal"),
    "deals:reject": row("post", "deal"),
    "deals:withdraw": row("post", "deal"),
    "deals:lose": row("post", "deal"),
    "deals:move": row("post", "deal"),
    "deals:win": row("post", "deal"),
    "deals:ask": row("post", "deal", kind="extension"),
    "deals:petition_grant": row("post", "deal", petition_pk=1),
    "deals:petition_refuse": row("post", "deal", petition_pk=1),
    "deals:petition_drop": row("post", "deal", petition_pk=1),
    "orders:product": row("get", "product"),
    "orders:product_edit": row("get", "product"),
    "orders:detail": row("get", "order"),
    "orders:edit": row("get", "order"),
    "orders:send": row("post", "order"),
    "orders:delete": row("post", "order"),
    "orders:acknowledge": row("post", "order"),
    "orders:accept": row("post", "order"),
    "orders:answer": row("get", "order"),
    "orders:answer_summary": row("post", "order"),
    "orders:cancel": row("post", "order"),
    "orders:link": row("post", "order"),
    "orders:match": row("post", "order", position=1),
    "orders:despatch": row("get", "despatch"),
    "orders:receipt": row("get", "receipt"),
    "orders:invoice": row("get", "invoice"),
    "edi:interchange": row("get", "interchange"),
    "edi:again": row("post", "interchange"),
    "edi:download": row("get", "interchange"),
    "edi:offer_again": row("post", "interchange"),
    "edi:send_as_new": row("post", "interchange"),
    "edi:take": row("post", "interchange"),
    "edi:settle": row("post", "interchange"),
    "edi:reopen": row("post", "interchange"),
    "edi:link": row("post", "interchange", position=1),
    "edi:connection": row("get", "connection"),
    "edi:transport": row("get", "connection"),
    "edi:transport_test": row("post", "connection"),
    "edi:transport_remove": row("post", "connection"),
    "edi:transport_certificate": row("get", "connection"),
    "edi:table": row("get", "connection"),
    "api:organisation-detail": row("get", "organisation"),
    "api:partnership-detail": row("get", "partnership"),
    "api:product-detail": row("get", "product"),
    "api:product-price": row("get", "product"),
    "api:order-detail": row("get", "order"),
    "api:order-acknowledge": row("post", "order"),
    "api:order-cancel": row("post", "order"),
    "api:order-respond": row("post", "order"),
    "api:despatch-detail": row("get", "despatch"),
    "api:receipt-detail": row("get", "receipt"),
    "api:invoice-detail": row("get", "invoice"),
    "api:customer-detail": row("get", "customer"),
    "api:deal-detail": row("get", "deal"),
    "api:deal-approve": row("post", "deal"),
    "api:deal-reject": row("post", "deal"),
    "api:deal-resubmit": row("post", "deal"),
    "api:deal-return": row("post", "deal"),
    "api:deal-submit": row("post", "deal"),
    "api:deal-take": row("post", "deal"),
    "api:deal-withdraw": row("post", "deal"),
    "api:request-detail": row("get", "petition"),
    "api:request-grant": row("post", "petition"),
    "api:request-refuse": row("post", "petition"),
    "api:request-drop": row("post", "petition"),
    "api:edi-outbound-detail": row("get", "interchange"),
    "api:edi-outbound-confirm": row("post", "interchange"),
    "api:edi-outbound-content": row("get", "interchange"),
    "api:room-detail": row("get", "room"),
    "api:room-messages": row("get", "room"),
    "api:room-read": row("post", "room"),
    "api:notification-detail": row("get", "notification"),
    "api:notification-read": row("post", "notification"),
    "api:notification-unread": row("post", "notification"),
}

# Routes that carry an argument but no record of an organisation, and why they are safe without a row above.
WITHOUT_RECORD = {
    "edi:guide": "names a message of a public standard",
    "edi:guide_schema": "names a message of a public standard",
    "edi:guide_sample": "names a message of a public standard",
    "partners:join": "the token is the proof; it is tested with the invitations",
    "partners:apply": "the code of a vendor's programme, which it gives to whom it likes",
    "inbox:prefer": "names one's own preference",
    "inbox:unsubscribe": "the token is the proof; it is tested with the letters",
    "demo:letter": "mail of the demo alone",
    "demo:letter_html": "mail of the demo alone",
}

PRIVATE = {
    "view",
    "person",
    "invitation",
    "role",
    "service",
    "notification",
    "customer",
    "draft",
    "aside",
    "connection",
    "entry",
}


def records(world: Any) -> dict[str, Any]:
    """One record of each kind, with the demo's real neighbourhood around it."""
    aurora, brenta, nordic = world.orgs["aurora"], world.orgs["brenta"], world.orgs["nordic"]
    deal = Deal.objects.filter(vendor=aurora, partner=brenta, state="in_review").first()
    order = Order.objects.filter(seller=aurora, buyer=brenta).exclude(state="draft").first()
    room = Room.objects.for_record(deal).first() or Room.objects.for_record(order).first()
    view = save_view(actor=world.actor("brenta", "sales"), list_key="deals", name="Ours", query="q=x")
    return {
        "entry": TrailEntry.objects.filter(
            organisation=brenta, readers__organisation=brenta, verb="deal.drafted"
        ).first(),
        "view": view,
        "person": Membership.objects.filter(organisation=brenta).first(),
        "invitation": _invitation(world),
        "role": Role.objects.filter(organisation=brenta).first(),
        "service": ServiceAccount.objects.filter(organisation=brenta).first(),
        "agreement": Agreement.objects.filter(vendor=nordic).first(),
        "partnership": Partnership.objects.filter(vendor=aurora, partner=brenta).first(),
        "organisation": world.orgs["baltic"],
        "notification": Notification.objects.filter(membership__organisation=brenta).first(),
        "room": room,
        "file": Attachment.objects.filter(message__room=room).first(),
        "customer": EndCustomer.objects.filter(organisation=brenta).first(),
        "deal": deal,
        "draft": _draft(world),
        "petition": _petition(aurora, brenta),
        "product": Product.objects.filter(vendor=nordic).first(),
        "order": order,
        "despatch": DespatchAdvice.objects.filter(seller=aurora, buyer=brenta).first(),
        "receipt": ReceiptAdvice.objects.filter(seller=aurora, buyer=brenta).first(),
        "invoice": Invoice.objects.filter(seller=aurora, buyer=brenta).first(),
        "interchange": Interchange.objects.filter(organisation=brenta).first(),
        "connection": Connection.objects.filter(organisation=brenta).first(),
    }


def _draft(world: Any) -> Deal:
    from tests.deals.factories import DraftFactory

    edge = Partnership.objects.get(vendor=world.orgs["aurora"], partner=world.orgs["brenta"])
    return DraftFactory(partnership=edge)


def _petition(vendor: Organisation, partner: Organisation) -> Petition:
    deal = Deal.objects.filter(vendor=vendor, partner=partner, state="approved").first()
    return Petition.objects.create(deal=deal, vendor=vendor, partner=partner, kind="extension", reason="More time.")


def _invitation(world: Any) -> Invitation:
    from tests.partners.factories import InvitationFactory

    return InvitationFactory(organisation=world.orgs["brenta"])
