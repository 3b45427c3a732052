"""From the partner's desk to the vendor's queue."""

import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from chat.actions import open_room
from core.audit import record
from core.errors import DomainError
from core.numbers import format_day, with_check_digit
from core.sequences import next_number
from core.states import move
from deals import asked as asks
from deals import offers, working_time
from deals.actions import automatic, probing
from deals.actions.checking import check, own_duplicate, own_lapsed
from deals.actions.conflicts import after_check
from deals.actions.drafting import CUSTOMER_FIELDS, FIELDS, LineInput, change_fields, replace_lines
from deals.actions.history import note_changes
from deals.actions.locking import locked, write
from deals.fields import CUSTOMER_LABELS, MUST_BE_FILLED, RETURNABLE, columns_of, returnable
from deals.history import snapshot
from deals.models import ConflictCheck, Deal, EndCustomer
from deals.permissions import may_submit
from partners.access import require
from partners.actors import Actor, system_actor

PREFIX = "D-"


class OwnDuplicate(DomainError):
    """The partner itself has registered this customer and product line already; `deal` is the earlier one."""

    code = "duplicate"

    def __init__(self, deal: Deal) -> None:
        super().__init__(
            _("You registered this customer for these products already, as %(number)s. Nothing was submitted.")
            % {"number": deal.number}
        )
        self.deal = deal


def submit_deal(*, actor: Actor, deal: Deal, terms: bool, version: int | None = None) -> Deal:
    """Submit a draft: number, receipt, conflict check, review clock, room.

    Raises DomainError for what is missing, for terms not accepted and when the tier's capacity is used up; TooOften
    beyond the vendor's limit; OwnDuplicate for a second registration of one's own; InvalidTransition for anything but a
    draft.
    """
    try:
        with transaction.atomic():
            return _submitted(actor, deal, terms, version)
    except OwnDuplicate:
        probing.note_retry(deal)  # counted although nothing was submitted
        raise


def _submitted(actor: Actor, deal: Deal, terms: bool, version: int | None) -> Deal:
    deal = locked(actor, deal, version)
    require(may_submit(actor, deal))
    move(deal, "submit")
    if not terms:
        raise DomainError(_("Accept the terms of registration first."), field="terms")
    _settle_type(deal)
    require_complete(deal)
    _require_capacity(deal)
    probing.require_room(deal)
    if duplicate := own_duplicate(deal):
        raise OwnDuplicate(duplicate)
    _require_cooled_off(deal)
    moment = now()
    deal.number = with_check_digit(PREFIX, next_number("deal"))
    deal.submitter = actor.user
    deal.seller = deal.seller or actor.user
    deal.submitted_at = deal.priority_at = moment
    calendar = working_time.calendar_of(deal.vendor_id)
    deal.sla_due_at = working_time.add_minutes(moment, deal.terms.review_hours * 60, calendar)
    deal.customer = remember_customer(actor, deal)
    deal.receipt_sha256 = receipt_of(deal, moment)
    write(
        deal,
        "state",
        "number",
        "submitter",
        "seller",
        "submitted_at",
        "priority_at",
        "sla_due_at",
        "customer",
        "receipt_sha256",
        "type_version",
        "values",
    )
    open_deal_room(actor, deal)
    promised = deal.type.review_hours * 60  # business minutes; the terms may change, what was promised then does not
    probing.note_submission(deal)
    record(actor=actor, verb="deal.submitted", target=deal, receipt=deal.receipt_sha256, promised=promised)
    _check_for_vendor(deal)
    return deal


@transaction.atomic
def resubmit_deal(
    *,
    actor: Actor,
    deal: Deal,
    fields: dict | None = None,
    lines: list[LineInput] | None = None,
    version: int | None = None,
) -> Deal:
    """Send a returned deal back with what was asked for; other fields stay as they were.

    The place in the queue is kept for the type's number of business days, then it counts from now.
    """
    deal = locked(actor, deal, version)
    require(may_submit(actor, deal))
    move(deal, "resubmit")
    asked, before, moment = set(deal.returned_fields), snapshot(deal), now()
    _correct(deal, asked, fields or {}, lines)
    _require_asked(deal, asked)
    require_complete(deal)
    if duplicate := own_duplicate(deal):
        raise OwnDuplicate(duplicate)
    _queue_again(deal, moment)
    deal.customer = remember_customer(actor, deal)
    deal.receipt_sha256 = receipt_of(deal, moment)
    write(
        deal,
        *FIELDS,
        "customer_name_key",
        "probability",
        "state",
        "priority_at",
        "sla_due_at",
        "sla_minutes_left",
        "returned_fields",
        "returned_reason",
        "receipt_sha256",
    )
    changed = note_changes(actor=actor, deal=deal, before=before)
    record(actor=actor, verb="deal.resubmitted", target=deal, receipt=deal.receipt_sha256, changed=changed)
    _check_for_vendor(deal)
    return deal


def _correct(deal: Deal, asked: set[str], fields: dict, lines: list[LineInput] | None) -> None:
    """Take over what was asked for, and nothing else of what was sent."""
    allowed = [column for name in returnable(deal) if name in asked for column in columns_of(name)]
    own = {name.removeprefix(asks.OWN) for name in asked if name.startswith(asks.OWN)}
    values = {key: value for key, value in (fields.get("values") or {}).items() if key in own}
    change_fields(deal, {**fields, "values": values}, [*allowed, "values"])
    if lines is not None and "lines" in asked:
        replace_lines(deal, lines)


def _queue_again(deal: Deal, moment: datetime) -> None:
    """Its place in the queue and the reviewer's time, as they stood or, after too long, from now."""
    calendar = working_time.calendar_of(deal.vendor_id)
    keeps = deal.terms.keeps_priority_days
    if deal.returned_at and moment > working_time.add_days(deal.returned_at, keeps, calendar):
        deal.priority_at = moment
    deal.sla_due_at = working_time.add_minutes(moment, max(deal.sla_minutes_left or 0, 60), calendar)
    deal.sla_minutes_left = None
    deal.returned_fields, deal.returned_reason = [], ""


def open_deal_room(actor: Actor, deal: Deal) -> None:
    """Give the deal its room, with both sides seated."""
    open_room(actor=actor, kind="record", record=deal, title=str(deal), organisations=[deal.vendor, deal.partner])


def require_complete(deal: Deal) -> None:
    """Raise DomainError, naming the field, for the first thing that a registration lacks."""
    lines = list(deal.lines.all())
    missing = (
        ("title", not deal.title.strip(), _("Name the project.")),
        ("customer_name", not deal.customer_name_key, _("Name the end customer.")),
        ("lines", not lines, _("Add at least one product.")),
        ("amount", not deal.amount, _("Write what the deal is worth.")),
        ("decision_date", deal.decision_date is None, _("Say when the customer decides.")),
        (
            "decision_date",
            deal.decision_date is not None and deal.decision_date < localdate(),
            _("The day of decision is past. Write the day that is expected now."),
        ),
        (
            "evidence",
            deal.terms.needs_evidence and not deal.evidence.exists(),
            _("%(who)s asks for a file as evidence. Add one.") % {"who": deal.vendor},
        ),
    )
    for field, lacking, sentence in missing:
        if lacking:
            raise DomainError(sentence, field=field)
    _require_of_type(deal)


def _require_of_type(deal: Deal) -> None:
    """What this type asks for on top of the common form."""
    terms = deal.terms
    for name in asks.OPTIONAL:
        if name in terms.required and not str(getattr(deal, name)).strip():
            label = RETURNABLE.get(name) or CUSTOMER_LABELS[name]
            raise DomainError(_("“%(label)s” is asked for. Fill it in.") % {"label": label}, field=name)
    if terms.tender and deal.tender_published_on is None:
        raise DomainError(_("Say when the tender was published."), field="tender_published_on")
    files = Counter(deal.evidence.values_list("kind", flat=True))
    if lacking := asks.lacking(terms, deal.values, files):
        raise DomainError(lacking[1], field=lacking[0])


def _settle_type(deal: Deal) -> None:
    """From now on the deal stands under the version of its type that is current today."""
    if not offers.is_offered(deal.type, deal.partnership):
        sentence = _("%(who)s does not offer this type of registration any more. Choose another one.")
        raise DomainError(sentence % {"who": deal.vendor}, field="type")
    deal.type_version = deal.type.current()
    deal.values = asks.clean_values(deal.terms, deal.values)


def _require_asked(deal: Deal, asked: set[str]) -> None:
    """Raise DomainError for the first part that the reviewer asked for and that is still empty."""
    for name in returnable(deal):
        if name in asked & MUST_BE_FILLED and not getattr(deal, name).strip():
            raise DomainError(_("%(who)s asked for this. Fill it in.") % {"who": deal.vendor}, field=name)
        if name.startswith(asks.OWN) and name in asked and deal.values.get(name.removeprefix(asks.OWN)) is None:
            raise DomainError(_("%(who)s asked for this. Fill it in.") % {"who": deal.vendor}, field=name)
    added = set(deal.evidence.filter(created__gte=deal.returned_at or deal.created).values_list("kind", flat=True))
    for name in sorted(asked):
        kind = name.removeprefix(asks.EVIDENCE) if name.startswith(asks.EVIDENCE) else ""
        if (kind and kind not in added) or (name == "evidence" and not added):
            raise DomainError(_("%(who)s asked for a file. Add one.") % {"who": deal.vendor}, field=name)


def _require_cooled_off(deal: Deal) -> None:
    """A protection that has just ended is not taken up again at once by registering the same thing anew."""
    if lapsed := own_lapsed(deal):
        again = (lapsed.protected_until or localdate()) + timedelta(days=lapsed.terms.cool_off_days + 1)
        raise DomainError(
            _("The protection of %(number)s has just ended. You can register this customer again from %(day)s.")
            % {"number": lapsed.number, "day": format_day(again)}
        )


def _require_capacity(deal: Deal) -> None:
    tier = deal.partnership.tier
    if tier is None:
        return
    pending = Deal.objects.open().filter(partnership=deal.partnership_id).exclude(pk=deal.pk).count()
    if pending >= tier.open_deals:
        raise DomainError(
            _("Your tier allows %(n)d open registrations, and so many are open. Close one, or ask %(who)s.")
            % {"n": tier.open_deals, "who": deal.vendor}
        )


def remember_customer(actor: Actor, deal: Deal) -> EndCustomer:
    """The partner's own record of the end customer: the chosen one, one of the same name, or a new one."""
    mine = EndCustomer.objects.visible_to(actor)
    if deal.customer is not None:
        return deal.customer
    known = mine.filter(name_key=deal.customer_name_key, country=deal.customer_country).first()
    if known:
        return known
    values = {name.removeprefix("customer_"): getattr(deal, name) for name in CUSTOMER_FIELDS if name != "customer"}
    return EndCustomer.objects.create(organisation=actor.organisation, **values)


def receipt_of(deal: Deal, moment: datetime) -> str:
    """SHA-256 over the registration as submitted: the partner can prove what it said, and when."""
    said = {name: getattr(deal, name) for name in (*FIELDS, "number") if name != "customer"}
    lines = deal.lines.values_list("product_text", "sku", "quantity", "list_price", "asked_price")
    said |= {"vendor": deal.vendor_id, "partner": deal.partner_id, "at": moment, "lines": list(lines)}
    return hashlib.sha256(json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


def _check_for_vendor(deal: Deal) -> None:
    """Check for conflicts, and note a hit in the trail of the vendor alone."""
    found = check(deal)
    after_check(deal, found)
    if found.verdict != ConflictCheck.Verdict.CLEAR:
        verb = "deal.queued" if found.queued else "deal.matched"
        record(actor=system_actor(deal.vendor), verb=verb, target=deal, parties=())
    automatic.decide(deal, found)
