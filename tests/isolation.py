"""The isolation table: every route that names a record, and whose record it is in the demo world.

Each row is route → (method, kind of record, further arguments). The kinds are made by `records`: one that Aurora and
Brenta share, or one of a single organisation. `SHARED` kinds must be unseen by a stranger and by a rival partner of the
same vendor; `PRIVATE` ones also by the other side of the partnership.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, now

from chat.models import Attachment, Call, Hold, Room, TalkExport
from core.models import TrailEntry
from core.saved_views import save_view
from deals.models import (
    Absence,
    Activity,
    ApprovalPolicy,
    ApprovalStep,
    ApproverLimit,
    ConflictCase,
    Contact,
    CustomerCluster,
    Deal,
    DealFile,
    EndCustomer,
    FieldChange,
    NamedAccount,
    Note,
    Petition,
    RegistrationType,
    ReviewTalk,
)
from deals.models.aside import beside
from edi.models import Connection, Interchange
from forums.models import Article, Survey
from inbox.models import Notification, PushDevice, Subject, WebhookDelivery, WebhookEndpoint
from leads.models import Lead, LeadForm, LeadImport, LeadOffer, RoutingRule
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
    "inbox:earlier": row("get", "subject"),
    "inbox:read_subject": row("post", "subject"),
    "inbox:unread_subject": row("post", "subject"),
    "inbox:snooze": row("post", "subject"),
    "inbox:wake": row("post", "subject"),
    "inbox:device_remove": row("post", "device"),
    "webhooks:detail": row("get", "webhook"),
    "webhooks:edit": row("get", "webhook"),
    "webhooks:switch": row("post", "webhook"),
    "webhooks:rotate": row("post", "webhook"),
    "webhooks:test": row("post", "webhook"),
    "webhooks:remove": row("post", "webhook"),
    "webhooks:deliveries": row("get", "webhook"),
    "webhooks:delivery": row("get", "delivery"),
    "webhooks:again": row("post", "delivery"),
    "insights:scorecard": row("get", "partnership"),
    "insights:promise": row("get", "partnership"),
    "chat:file": row("get", "file"),
    "chat:room": row("get", "room"),
    "chat:call": row("get", "room"),
    "chat:call_start": row("post", "room"),
    "chat:call_bar": row("get", "room"),
    "calls:show": row("get", "call"),
    "calls:join": row("post", "call"),
    "calls:leave": row("post", "call"),
    "calls:decline": row("post", "call"),
    "calls:ring": row("post", "call"),
    "chat:sheet": row("get", "room"),
    "chat:earlier": row("get", "room"),
    "chat:later": row("get", "room"),
    "chat:around": row("get", "room"),
    "chat:preview": row("post", "room"),
    "chat:offers": row("get", "room"),
    "chat:people": row("get", "room"),
    "chat:find": row("get", "room"),
    "chat:post": row("post", "room"),
    "chat:read": row("post", "room"),
    "chat:seats": row("get", "room"),
    "chat:seat_add": row("post", "room"),
    "chat:seat_remove": row("post", "room", seat_pk=1),
    "chat:rename": row("post", "room"),
    "chat:edit": row("post", "room", seq=1),
    "chat:delete": row("post", "room", seq=1),
    "chat:react": row("post", "room", seq=1),
    "chat:file_page": row("get", "file"),
    "chat:join": row("post", "room"),
    "chat:leave": row("post", "room"),
    "chat:archive": row("post", "room"),
    "chat:reopen": row("post", "room"),
    "chat:settings": row("post", "room"),
    "chat:lift": row("post", "hold"),
    "chat:export_download": row("get", "talk_export"),
    "chat:mute": row("post", "room"),
    "chat:pins": row("get", "room"),
    "chat:thread": row("get", "room", seq=1),
    "chat:about": row("get", "room", seq=1),
    "chat:pin": row("post", "room", seq=1),
    "chat:save": row("post", "room", seq=1),
    "deals:customer": row("get", "customer"),
    "deals:customer_delete": row("post", "customer"),
    "deals:customer_merge": row("post", "customer"),
    "deals:customer_part": row("post", "customer", entry_pk=1),
    "deals:account": row("get", "account"),
    "deals:account_delete": row("post", "account"),
    "deals:recheck": row("post", "deal"),
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
    "deals:revise": row("post", "deal"),
    "deals:changes": row("get", "deal"),
    "deals:activity_new": row("post", "deal"),
    "deals:note_new": row("post", "deal"),
    "deals:file_new": row("post", "deal"),
    "deals:contact_new": row("post", "deal"),
    "deals:contact_tell": row("post", "deal", contact_pk=1),
    "deals:customer_contact_new": row("get", "customer"),
    "deals:contact": row("get", "contact"),
    "deals:contact_delete": row("post", "contact"),
    "deals:activity_edit": row("get", "activity"),
    "deals:activity_done": row("post", "activity"),
    "deals:activity_reopen": row("post", "activity"),
    "deals:activity_snooze": row("post", "activity"),
    "deals:activity_delete": row("post", "activity"),
    "deals:note_edit": row("post", "note"),
    "deals:note_pin": row("post", "note"),
    "deals:file": row("get", "dealfile"),
    "deals:file_remove": row("post", "dealfile"),
    "deals:ask": row("post", "deal", kind="extension"),
    "deals:recall": row("post", "deal"),
    "deals:answer": row("post", "deal", answer="agree"),
    "deals:policy": row("get", "policy"),
    "deals:policy_delete": row("post", "policy"),
    "deals:limit_remove": row("post", "limit"),
    "deals:absence_end": row("post", "absence"),
    "api:approval-detail": row("get", "step"),
    "api:approval-approve": row("post", "step"),
    "api:approval-refuse": row("post", "step"),
    "api:approval-hand-back": row("post", "step"),
    "api:absence-detail": row("get", "absence"),
    "deals:petition_grant": row("post", "deal", petition_pk=1),
    "deals:petition_refuse": row("post", "deal", petition_pk=1),
    "deals:petition_drop": row("post", "deal", petition_pk=1),
    "leads:detail": row("get", "lead"),
    "leads:edit": row("get", "lead"),
    "leads:route": row("post", "lead"),
    "leads:offer_to": row("post", "lead"),
    "leads:recall": row("post", "lead"),
    "leads:close": row("post", "lead"),
    "leads:register": row("post", "lead"),
    "leads:reopen": row("post", "lead"),
    "leads:bin": row("post", "lead"),
    "leads:restore": row("post", "lead"),
    "leads:offer": row("get", "lead_offer"),
    "leads:accept": row("post", "lead_offer"),
    "leads:decline": row("post", "lead_offer"),
    "leads:reconsider": row("post", "lead_offer"),
    "leads:touch": row("post", "lead_offer"),
    "leads:convert": row("post", "lead_offer"),
    "leads:finish": row("post", "lead_offer"),
    "leads:rule": row("get", "lead_rule"),
    "leads:rule_move": row("post", "lead_rule"),
    "leads:rule_delete": row("post", "lead_rule"),
    "leads:intake": row("get", "own_partner"),
    "leads:form": row("get", "lead_form"),
    "leads:form_switch": row("post", "lead_form"),
    "leads:import": row("get", "lead_import"),
    "leads:import_report": row("get", "lead_import"),
    "leads:import_undo": row("post", "lead_import"),
    "forums:board": row("get", "board"),
    "forums:board_edit": row("get", "board"),
    "forums:board_archive": row("post", "board"),
    "forums:board_follow": row("post", "board"),
    "forums:board_read": row("post", "board"),
    "forums:board_people": row("get", "board"),
    "forums:board_draft": row("post", "board"),
    "forums:topic_new": row("get", "board"),
    "forums:topic": row("get", "topic"),
    "forums:topic_edit": row("get", "topic"),
    "forums:topic_answer": row("post", "topic"),
    "forums:topic_draft": row("post", "topic"),
    "forums:topic_read": row("post", "topic"),
    "forums:topic_follow": row("post", "topic"),
    "forums:topic_accept": row("post", "topic"),
    "forums:topic_acknowledge": row("post", "topic"),
    "forums:topic_readers": row("get", "topic"),
    "forums:topic_step": row("post", "topic", name="plan"),
    "forums:post": row("get", "post"),
    "forums:post_edit": row("get", "post"),
    "forums:post_delete": row("post", "post"),
    "forums:post_vote": row("post", "post"),
    "forums:post_history": row("get", "post"),
    "forums:topic_pin": row("post", "topic"),
    "forums:topic_lock": row("post", "topic"),
    "forums:topic_hide": row("get", "topic"),
    "forums:topic_show": row("post", "topic"),
    "forums:topic_move": row("get", "topic"),
    "forums:topic_merge": row("get", "topic"),
    "forums:topic_split": row("get", "topic"),
    "forums:topic_release": row("post", "topic"),
    "forums:topic_refuse": row("get", "topic"),
    "forums:poll_new": row("get", "topic"),
    "forums:article_from": row("post", "topic"),
    "forums:post_report": row("post", "post"),
    "forums:post_hide": row("get", "post"),
    "forums:post_show": row("post", "post"),
    "forums:post_warn": row("get", "post"),
    "forums:post_settle": row("post", "post"),
    "forums:post_release": row("post", "post"),
    "forums:post_refuse": row("get", "post"),
    "forums:survey": row("get", "survey"),
    "forums:survey_edit": row("get", "survey"),
    "forums:survey_answer": row("post", "survey"),
    "forums:survey_step": row("post", "survey"),
    "forums:article": row("get", "article"),
    "forums:article_edit": row("get", "article"),
    "forums:article_publish": row("post", "article"),
    "forums:file": row("get", "postfile"),
    "forums:person": row("get", "writer"),
    "forums:person_mark": row("post", "writer"),
    "deals:hand_over": row("post", "deal"),
    "deals:type": row("get", "type"),
    "deals:type_asks": row("get", "type"),
    "deals:type_rules": row("get", "type"),
    "deals:type_preview": row("get", "type"),
    "deals:type_versions": row("get", "type"),
    "deals:type_step": row("post", "type", name="archive"),
    "deals:evidence_view": row("get", "deal", file_pk=1),
    "deals:case": row("get", "case"),
    "deals:case_decide": row("post", "case"),
    "deals:case_dismiss": row("post", "case"),
    "deals:case_reopen": row("post", "case"),
    "deals:case_assign": row("post", "case"),
    "deals:case_note": row("post", "case"),
    "deals:case_add": row("post", "case"),
    "deals:case_talk": row("post", "case"),
    "deals:case_remove": row("post", "case", deal_pk=1),
    "deals:case_say": row("post", "case", deal_pk=1),
    "deals:case_open": row("post", "deal"),
    "deals:talk": row("get", "talk"),
    "deals:cluster": row("get", "cluster"),
    "deals:cluster_merge": row("post", "cluster"),
    "deals:cluster_split": row("post", "cluster"),
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
    "api:customer-merges": row("get", "customer"),
    "api:customer-merge-undo": row("post", "customer", entry_pk=1),
    "api:account-detail": row("get", "account"),
    "api:case-detail": row("get", "case"),
    "api:case-decide": row("post", "case"),
    "api:case-dismiss": row("post", "case"),
    "api:case-reopen": row("post", "case"),
    "api:case-assign": row("post", "case"),
    "api:case-note": row("post", "case"),
    "api:deal-detail": row("get", "deal"),
    "api:deal-approve": row("post", "deal"),
    "api:deal-reject": row("post", "deal"),
    "api:deal-resubmit": row("post", "deal"),
    "api:deal-return": row("post", "deal"),
    "api:deal-submit": row("post", "deal"),
    "api:deal-take": row("post", "deal"),
    "api:deal-withdraw": row("post", "deal"),
    "api:deal-release": row("post", "deal"),
    "api:deal-stage": row("post", "deal"),
    "api:deal-revise": row("post", "deal"),
    "api:deal-recall": row("post", "deal"),
    "api:deal-lose": row("post", "deal"),
    "api:deal-win": row("post", "deal"),
    "api:deal-evidence": row("get", "deal"),
    "api:deal-evidence-file": row("get", "deal", file_pk=1),
    "api:deal-external-id": row("put", "deal", system="crm"),
    "api:webhook-detail": row("get", "webhook"),
    "api:webhook-switch": row("post", "webhook"),
    "api:webhook-secret": row("post", "webhook"),
    "api:webhook-test": row("post", "webhook"),
    "api:webhook-delivery-detail": row("get", "delivery"),
    "api:webhook-delivery-again": row("post", "delivery"),
    "api:deal-hand-over": row("post", "deal"),
    "api:registration-type-detail": row("get", "type"),
    "api:registration-type-archive": row("post", "type"),
    "api:registration-type-restore": row("post", "type"),
    "api:activity-detail": row("get", "activity"),
    "api:activity-done": row("post", "activity"),
    "api:activity-reopen": row("post", "activity"),
    "api:activity-snooze": row("post", "activity"),
    "api:note-detail": row("get", "note"),
    "api:deal-file-detail": row("get", "dealfile"),
    "api:deal-file-content": row("get", "dealfile"),
    "api:contact-detail": row("get", "contact"),
    "api:field-change-detail": row("get", "fieldchange"),
    "api:request-detail": row("get", "petition"),
    "api:request-grant": row("post", "petition"),
    "api:request-refuse": row("post", "petition"),
    "api:request-drop": row("post", "petition"),
    "api:lead-detail": row("get", "lead"),
    "api:lead-route": row("post", "lead"),
    "api:lead-offer": row("post", "lead"),
    "api:lead-recall": row("post", "lead"),
    "api:lead-close": row("post", "lead"),
    "api:lead-register": row("post", "lead"),
    "api:lead-rule-detail": row("get", "lead_rule"),
    "api:lead-rule-move": row("post", "lead_rule"),
    "api:lead-form-detail": row("get", "lead_form"),
    "api:lead-form-switch": row("post", "lead_form"),
    "api:lead-import-detail": row("get", "lead_import"),
    "api:lead-import-start": row("post", "lead_import"),
    "api:lead-import-lines": row("get", "lead_import"),
    "api:lead-import-undo": row("post", "lead_import"),
    "api:lead-offer-detail": row("get", "lead_offer"),
    "api:lead-offer-accept": row("post", "lead_offer"),
    "api:lead-offer-decline": row("post", "lead_offer"),
    "api:lead-offer-reconsider": row("post", "lead_offer"),
    "api:lead-offer-touch": row("post", "lead_offer"),
    "api:lead-offer-convert": row("post", "lead_offer"),
    "api:edi-outbound-detail": row("get", "interchange"),
    "api:edi-outbound-confirm": row("post", "interchange"),
    "api:edi-outbound-content": row("get", "interchange"),
    "api:room-detail": row("get", "room"),
    "api:room-messages": row("get", "room"),
    "api:room-read": row("post", "room"),
    "api:room-message": row("get", "room", seq=1),
    "api:room-reactions": row("post", "room", seq=1),
    "api:room-seats": row("get", "room"),
    "api:room-seat": row("delete", "room", seat_pk=1),
    "api:room-file": row("get", "room", file_pk=1),
    "api:board-detail": row("get", "board"),
    "api:topic-detail": row("get", "topic"),
    "api:topic-posts": row("get", "topic"),
    "api:topic-accept": row("post", "topic"),
    "api:topic-vote": row("post", "topic", seq=1),
    "api:notification-detail": row("get", "notification"),
    "api:notification-read": row("post", "notification"),
    "api:notification-unread": row("post", "notification"),
}

# Routes that carry an argument but no record of an organisation, and why they are safe without a row above.
WITHOUT_RECORD = {
    "api:deal-by-external-id": "one's own key of a deal; tested with the deals of a CRM",
    "edi:guide": "names a message of a public standard",
    "edi:guide_schema": "names a message of a public standard",
    "edi:guide_sample": "names a message of a public standard",
    "partners:join": "the token is the proof; it is tested with the invitations",
    "partners:apply": "the code of a vendor's programme, which it gives to whom it likes",
    "logos:show": "128 bits that nobody guesses; a logo is shown to everybody who gets a letter",
    "leads_public:form": "the code of a form that a vendor publishes; it shows nothing but the form",
    "forums_public:board": "public boards alone; tested with the public pages",
    "forums_public:topic": "topics of public boards alone; tested with the public pages",
    "deals:feed": "the token is the proof; it is tested with the dates",
    "inbox:prefer": "names one's own preference",
    "inbox:unsubscribe": "the token is the proof; it is tested with the letters",
    "demo:answer": "mail of the demo alone",
    "demo:letter": "mail of the demo alone",
    "demo:letter_html": "mail of the demo alone",
}

PRIVATE = {
    "account",
    "view",
    "person",
    "invitation",
    "role",
    "service",
    "notification",
    "subject",
    "device",
    "absence",
    "customer",
    "type",
    "contact",
    "activity",
    "note",
    "dealfile",
    "fieldchange",
    "draft",
    "aside",
    "connection",
    "entry",
    "webhook",
    "delivery",
    "lead",
    "lead_rule",
    "lead_form",
    "lead_import",
    "own_partner",
    "hold",
    "talk_export",
}


# The rooms of the market keep their rows beside their tests: ROUTES, PRIVATE, WITHOUT_RECORD and records(world).
BESIDE = [
    import_module(f"tests.{app}.isolation")
    for app in ("orders", "promotions", "funds", "rebates", "programmes", "audiences", "campaigns", "automation")
    if find_spec(f"tests.{app}.isolation")
]
BESIDE.append(import_module("tests.insights.isolation"))
for each in BESIDE:
    ROUTES |= each.ROUTES
    PRIVATE |= each.PRIVATE
    WITHOUT_RECORD |= each.WITHOUT_RECORD


def _export(organisation: Organisation, user: Any) -> TalkExport:
    """An export that can be downloaded."""
    made = TalkExport(organisation=organisation, user=user, state="ready")
    made.file.save("talk.zip", ContentFile(b"PK"))
    return made


def _device(world: Any) -> PushDevice:
    person = world.actor("brenta", "sales").user
    return PushDevice.objects.create(user=person, endpoint="https://push.example/1", endpoint_key="1", name="Phone")


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
        "subject": Subject.objects.filter(membership__organisation=brenta).first(),
        "device": _device(world),
        "room": room,
        "call": Call.objects.create(room=room),
        "hold": Hold.objects.create(organisation=brenta, reason="Kept to ourselves"),
        "talk_export": _export(brenta, view.user),
        "file": Attachment.objects.filter(message__room=room).first(),
        "account": NamedAccount.objects.create(vendor=brenta, name="Kept to ourselves"),
        "customer": EndCustomer.objects.filter(organisation=brenta).first(),
        "deal": deal,
        "policy": ApprovalPolicy.objects.filter(vendor=aurora).first(),
        "limit": ApproverLimit.objects.filter(vendor=aurora).first(),
        "step": ApprovalStep.objects.filter(vendor=aurora).first(),
        "absence": _absence(brenta),
        "type": RegistrationType.objects.default_of(brenta.pk),
        "draft": _draft(world),
        **_beside(world, deal),
        "petition": _petition(aurora, brenta),
        "talk": ReviewTalk.objects.get_or_create(deal=deal, vendor=aurora, partner=brenta)[0],
        # the rival that knocks is a party of the case, and still learns nothing
        "case": ConflictCase.objects.filter(vendor=aurora, sides__deal__partner=world.orgs["dolomiti"]).first(),
        "cluster": CustomerCluster.objects.filter(vendor=aurora).first(),
        "product": Product.objects.filter(vendor=nordic).first(),
        "order": order,
        "despatch": DespatchAdvice.objects.filter(seller=aurora, buyer=brenta).first(),
        "receipt": ReceiptAdvice.objects.filter(seller=aurora, buyer=brenta).first(),
        "invoice": Invoice.objects.filter(seller=aurora, buyer=brenta).first(),
        "interchange": Interchange.objects.filter(organisation=brenta).first(),
        "connection": Connection.objects.filter(organisation=brenta).first(),
        "webhook": WebhookEndpoint.objects.filter(organisation=brenta).first(),
        "delivery": WebhookDelivery.objects.filter(organisation=brenta, state="given_up").first(),
        "lead_offer": LeadOffer.objects.filter(vendor=aurora, partner=brenta, state="accepted").first(),
        **_leads_of(brenta),
        **_forum_of(brenta, nordic),
        **{kind: record for each in BESIDE for kind, record in each.records(world).items()},
    }


def _forum_of(owner: Organisation, invited: Organisation) -> dict[str, Any]:
    """A board of one company to which another is invited, and what somebody wrote there."""
    from partners.actors import acting
    from tests.factories import MembershipFactory, RoleFactory
    from tests.forums.factories import MODERATOR, board_of, topic_by

    role = RoleFactory(organisation=owner, capabilities=list(MODERATOR))
    writer = MembershipFactory(organisation=owner, roles=[role])
    board = board_of(owner, name="Between us", audience="invited", invited=[invited])
    kept = SimpleUploadedFile("kept.txt", b"kept")
    topic = topic_by(acting(writer, "web"), board, kind="idea", title="Kept between us", files=[kept])
    post = topic.posts.get()
    survey = Survey.objects.create(board=board, title="Kept", state="open", author=writer.user)
    article = Article.objects.create(board=board, title="Kept", body="x", state="published", author=writer.user)
    made = {"board": board, "topic": topic, "post": post, "postfile": post.files.get(), "writer": writer}
    return {**made, "survey": survey, "article": article}


def _leads_of(vendor: Organisation) -> dict[str, Any]:
    """Leads of a company that passes its own on, with all that belongs to them."""
    from tests.factories import PartnershipFactory
    from tests.leads.factories import LeadFactory, LeadFormFactory, RuleFactory

    imported = LeadImport(vendor=vendor, name="leads.csv", encoding="utf-8-sig", separator=",")
    imported.file.save("leads.csv", ContentFile(b"company,need\nA,B\n"), save=False)
    imported.save()
    made: dict[str, Lead | LeadForm | RoutingRule | LeadImport | Partnership] = {
        "lead": LeadFactory(vendor=vendor),
        "lead_form": LeadFormFactory(vendor=vendor),
        "lead_rule": RuleFactory(vendor=vendor),
        "lead_import": imported,
        "own_partner": PartnershipFactory(vendor=vendor),
    }
    return made


def _draft(world: Any) -> Deal:
    from tests.deals.factories import DraftFactory

    edge = Partnership.objects.get(vendor=world.orgs["aurora"], partner=world.orgs["brenta"])
    return DraftFactory(partnership=edge)


def _absence(organisation: Organisation) -> Absence:
    user = Membership.objects.filter(organisation=organisation).first().user
    return Absence.objects.create(organisation=organisation, user=user, start=localdate(), end=localdate())


def _beside(world: Any, deal: Deal) -> dict[str, Any]:
    """What Brenta keeps to itself beside the deal."""
    brenta, placed = world.orgs["brenta"], beside(deal, world.orgs["brenta"], False)
    customer = EndCustomer.objects.filter(organisation=brenta).first()
    kept = DealFile(**placed, name="kept.txt", content_type="text/plain", size=4, sha256="0" * 64)
    kept.file.save("kept", ContentFile(b"kept"))
    return {
        "contact": Contact.objects.create(organisation=brenta, customer=customer, name="Giulia Ferri"),
        "activity": Activity.objects.create(**placed, subject="Call the plant manager", due_at=now()),
        "note": Note.objects.create(**placed, text="Their budget is small"),
        "dealfile": kept,
        "fieldchange": FieldChange.objects.create(**placed, field="title", before="A", after="B", who="Marta"),
    }


def _petition(vendor: Organisation, partner: Organisation) -> Petition:
    deal = Deal.objects.filter(vendor=vendor, partner=partner, state="approved").first()
    return Petition.objects.create(deal=deal, vendor=vendor, partner=partner, kind="extension", reason="More time.")


def _invitation(world: Any) -> Invitation:
    from tests.partners.factories import InvitationFactory

    return InvitationFactory(organisation=world.orgs["brenta"])
