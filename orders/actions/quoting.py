"""Quotes: written, sent, approved, revised, accepted into an order."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from chat.actions import open_room
from core.audit import record
from core.errors import DomainError, StaleObject
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from orders.actions.placing import save_draft, send_order
from orders.models import DiscountLimit, Quote, QuoteLine
from orders.quote_documents import order_of
from orders.quote_permissions import (
    may_accept,
    may_approve,
    may_decline,
    may_edit,
    may_revise,
    may_set_limits,
    may_withdraw,
    may_write,
)
from orders.quoting import QuoteContent, content_of, over_limit, price_content
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import Partnership, Role

STANDS_FOR = timedelta(days=30)


def _family(actor: Actor, quote: Quote) -> tuple[Quote, list[Quote]]:
    """The version as it is now and all versions of its number, locked in order; DoesNotExist for strangers."""
    seen = Quote.objects.visible_to(actor).get(pk=quote.pk)
    rows = Quote.objects.filter(vendor=seen.vendor_id, number=seen.number).order_by("pk")
    related = ("vendor", "partner", "partnership__tier", "root", "author", "deal")
    locked = list(rows.select_for_update(of=("self",)).select_related(*related))
    return next(row for row in locked if row.pk == seen.pk), locked


def _facts(quote: Quote, **more: Any) -> dict[str, Any]:
    """What the trail notes of a quote, and the deal's room hears once it was sent."""
    told = quote.deal_id is not None and quote.sent_at is not None
    related = {"related": [["deals.deal", quote.deal_id]]} if told else {}
    return {"number": str(quote), "total": str(quote.total), "currency": quote.currency, **related, **more}


@transaction.atomic
def save_quote(
    *,
    actor: Actor,
    content: QuoteContent,
    partnership: Partnership | None = None,
    quote: Quote | None = None,
    version: int | None = None,
) -> Quote:
    """Keep a draft: a new one over an active partnership of the actor's, which the partner's side asks for and the
    vendor's offers, or `quote` again. Raises DomainError for what cannot be quoted, StaleObject."""
    require(may_write(actor))
    if quote is not None:
        row, _all = _family(actor, quote)
        require(may_edit(actor, row))
        if version is not None and version != row.version:
            raise StaleObject
    else:
        row = _begun(actor, partnership)
    _write(row, content)
    record(actor=actor, verb="quote.drafted", target=row, number=str(row))
    return row


def _begun(actor: Actor, partnership: Partnership | None) -> Quote:
    if partnership is None or partnership.state != Partnership.State.ACTIVE:
        raise DomainError(_("Quotes need an active partnership."), field="partnership")
    edge = Partnership.objects.visible_to(actor).select_related("vendor", "partner", "tier").get(pk=partnership.pk)
    number = with_check_digit("Q-", next_number(f"quotes.{edge.vendor_id}"))
    row = Quote(vendor=edge.vendor, partner=edge.partner, partnership=edge, number=number, author=actor.user)
    row.asks = actor.organisation.pk == edge.partner_id
    row.version = 0
    return row


def _write(row: Quote, content: QuoteContent) -> list[QuoteLine]:
    """Price a draft as of today and put it down anew."""
    priced = price_content(row, content, localdate())
    row.title, row.note, row.valid_until = content.title.strip()[:120], content.note.strip()[:4000], content.valid_until
    row.codes, row.deal, row.refusals = list(content.codes)[:20], content.deal, priced.refusals
    row.currency, row.total = priced.currency, priced.total
    row.version += 1
    row.save()
    QuoteLine.objects.filter(quote=row).delete()
    for line in priced.lines:
        line.quote = row
    QuoteLine.objects.bulk_create(priced.lines)
    return priced.lines


@transaction.atomic
def send_quote(*, actor: Actor, quote: Quote) -> Quote:
    """Send a draft, priced as the catalogue stands today; a discount over the sender's limit goes to approval first."""
    row, family = _family(actor, quote)
    require(may_edit(actor, row))
    _check_open(row, family)
    lines = _write(row, content_of(row))
    row.author = actor.user or row.author
    if over_limit(actor, row, lines):
        move(row, "submit")
        row.save(update_fields=["state", "author"])
        record(actor=actor, verb="quote.submitted", target=row, **_facts(row))
        return row
    return _deliver(actor, row, family, "send")


def _check_open(row: Quote, family: list[Quote]) -> None:
    if any(each.state == Quote.State.ACCEPTED for each in family):
        raise DomainError(_("A version of this quote was accepted already: make a new quote."))
    if row.partnership.state != Partnership.State.ACTIVE:
        raise DomainError(_("The partnership is not active, so nothing can be quoted."))


def _deliver(actor: Actor, row: Quote, family: list[Quote], step: str) -> Quote:
    """The other side has it: the version before is replaced, the room is open, both are told."""
    for each in family:
        if each.pk != row.pk and each.state == Quote.State.SENT:
            move(each, "replace")
            each.save(update_fields=["state"])
    if any(each.revision > row.revision and each.sent_at for each in family):  # the other side's was quicker
        row.revision = max(each.revision for each in family) + 1
    move(row, step)
    row.sent_at = now()
    row.version += 1
    row.save(update_fields=["state", "sent_at", "revision", "author", "approver", "version"])
    title = f"{row.number} {row.title}"
    open_room(actor=actor, record=row.first, title=title, organisations=[row.vendor, row.partner])
    record(actor=actor, verb="quote.asked" if row.asks else "quote.sent", target=row, **_facts(row))
    return row


@transaction.atomic
def approve_quote(*, actor: Actor, quote: Quote) -> Quote:
    """Approve the discounts; the quote is sent with it. Nobody approves what they wrote."""
    row, family = _family(actor, quote)
    require(may_approve(actor, row))
    _check_open(row, family)
    if row.valid_until < localdate():
        raise DomainError(_("Its last day is over. Hand it back to be dated anew."))
    row.approver = actor.user
    record(actor=actor, verb="quote.approved", target=row, **_facts(row))
    return _deliver(actor, row, family, "approve")


@transaction.atomic
def hand_back_quote(*, actor: Actor, quote: Quote, note: str) -> Quote:
    """Refuse the discounts: the quote is a draft again, with a note that says why."""
    row, _all = _family(actor, quote)
    require(may_approve(actor, row))
    if not note.strip():
        raise DomainError(_("Say what should be different."), field="note")
    move(row, "hand_back")
    return _close(actor, row, "quote.handed_back", note)


@transaction.atomic
def withdraw_quote(*, actor: Actor, quote: Quote, reason: str = "") -> Quote:
    """Take a quote back that nobody accepted yet."""
    row, _all = _family(actor, quote)
    require(may_withdraw(actor, row))
    move(row, "withdraw")
    return _close(actor, row, "quote.withdrawn", reason)


@transaction.atomic
def decline_quote(*, actor: Actor, quote: Quote, reason: str = "") -> Quote:
    """Say no to what the other side asked for or offered."""
    row, _all = _family(actor, quote)
    require(may_decline(actor, row))
    move(row, "decline")
    row.decided_at = now()
    return _close(actor, row, "quote.declined", reason)


def _close(actor: Actor, row: Quote, verb: str, reason: str) -> Quote:
    row.reason = reason.strip()[:500]
    row.version += 1
    row.save(update_fields=["state", "reason", "decided_at", "version"])
    record(actor=actor, verb=verb, target=row, **_facts(row, reason=row.reason))
    return row


@transaction.atomic
def delete_quote(*, actor: Actor, quote: Quote) -> None:
    """Throw a draft away; versions that were sent stay."""
    row, _all = _family(actor, quote)
    require(may_edit(actor, row))
    record(actor=actor, verb="quote.deleted", target=row, number=str(row))
    row.delete()


@transaction.atomic
def revise_quote(*, actor: Actor, quote: Quote) -> Quote:
    """Make the next version as a draft of the actor's side, or give the one that is open already. The version before
    stands until the next is sent. Raises DomainError once one was accepted."""
    row, family = _family(actor, quote)
    require(may_revise(actor, row))
    _check_open(row, family)
    asks = actor.organisation.pk == row.partner_id
    kept_inside = [each for each in family if each.state in Quote.KEPT_INSIDE and each.asks == asks]
    if kept_inside:
        return kept_inside[-1]
    following = Quote(vendor=row.vendor, partner=row.partner, partnership=row.partnership, number=row.number)
    following.root, following.author, following.asks = row.first, actor.user, asks
    following.revision, following.version = family[-1].revision + 1, 0
    content = content_of(row)
    fresh = max(row.valid_until, localdate() + STANDS_FOR)
    again = QuoteContent(content.title, fresh, content.lines, content.note, content.codes, content.deal)
    _write(following, again)
    record(actor=actor, verb="quote.drafted", target=following, number=str(following))
    return following


@transaction.atomic
def accept_quote(*, actor: Actor, quote: Quote, number: str = "", send: bool = False) -> Quote:
    """Accept an offer: the partner's order is made from it with its prices, deal and codes, as a draft or `send` at
    once; `number` is the partner's own for the order. Exactly one order, however often and at once it is accepted."""
    row, _all = _family(actor, quote)
    require(may_accept(actor, row))
    if row.valid_until < localdate():
        raise DomainError(_("Its last day is over. Ask %(vendor)s for a new version.") % {"vendor": row.vendor})
    move(row, "accept")
    row.decided_at = now()
    row.version += 1
    row.save(update_fields=["state", "decided_at", "version"])
    order = save_draft(actor=actor, document=order_of(row, number), seller=row.vendor)
    row.order = send_order(actor=actor, order=order) if send else order
    row.save(update_fields=["order"])
    record(actor=actor, verb="quote.accepted", target=row, **_facts(row))
    return row


@transaction.atomic
def expire_quote(*, quote: Quote) -> Quote:
    """Close a quote whose last day is over; harmless when somebody was quicker."""
    rows = Quote.objects.select_for_update(of=("self",)).select_related("vendor", "partner", "root")
    row = rows.get(pk=quote.pk)
    if row.state != Quote.State.SENT or row.valid_until >= localdate():
        return row
    move(row, "expire")
    row.version += 1
    row.save(update_fields=["state", "version"])
    actor = system_actor(row.partner if row.asks else row.vendor)
    record(actor=actor, verb="quote.expired", target=row, **_facts(row))
    return row


@transaction.atomic
def set_discount_limits(*, actor: Actor, limits: Mapping[Role | None, Decimal | None]) -> None:
    """Say how much discount in percent people of each role give alone; under None stands what holds for everybody
    else. None as a limit takes it away."""
    require(may_set_limits(actor))
    DiscountLimit.objects.filter(vendor=actor.organisation).delete()
    for role, percent in limits.items():
        if percent is None:
            continue
        if role is not None and role.organisation_id != actor.organisation.pk:
            raise DomainError(_("That role is not one of yours."))
        if not (percent.is_finite() and 0 <= percent <= 100 and percent == round(percent, 2)):
            raise DomainError(_("The limit is 0 to 100 percent, with two decimals at most."))
        DiscountLimit.objects.create(vendor=actor.organisation, role=role, percent=percent)
    record(actor=actor, verb="quote.limits_set", target=actor.organisation, parties=())
