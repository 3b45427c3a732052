"""The neutral room of a conflict case: one private talk with each partner, none of which names anybody else."""

from django.db import transaction
from django.utils.translation import gettext as _

from chat.actions import open_room, post_message
from chat.models import Message, Room
from core.audit import record
from core.errors import DomainError
from core.states import move
from deals.actions.conflicts import changed, locked_case
from deals.actions.judging import require_names_nobody
from deals.actions.locking import locked
from deals.models import ConflictCase, Deal, ReviewTalk
from deals.permissions import may_talk
from partners.access import require
from partners.actors import Actor


@transaction.atomic
def open_talk(*, actor: Actor, deal: Deal, message: str = "") -> ReviewTalk:
    """Open the private talk of the vendor with a partner about its registration, with a first message if there is one.

    Any registration may be talked over, so that being asked says nothing about why. Opening it again adds the message.
    """
    deal = locked(actor, deal)
    require(may_talk(actor, deal))
    talk, new = ReviewTalk.objects.get_or_create(
        deal=deal, defaults={"vendor_id": deal.vendor_id, "partner_id": deal.partner_id}
    )
    if new:
        title = _("Review of %(number)s") % {"number": deal.number}
        open_room(actor=actor, record=talk, title=title, organisations=[deal.vendor, deal.partner])
        record(actor=actor, verb="deal.talk_opened", target=deal)
    if message.strip():
        post_message(actor=actor, room=room_of(talk), body=message)
    return talk


@transaction.atomic
def open_neutral_room(*, actor: Actor, case: ConflictCase, message: str, version: int | None = None) -> ConflictCase:
    """Ask every partner of a case the same, each in a talk of its own. Raises DomainError for a message that names one
    of them, for none, and for a case that is decided."""
    deals = [side.deal for side in _open_sides(case, actor)]
    case = locked_case(actor, case, version)
    move(case, "talk")
    if not message.strip():
        raise DomainError(_("Write what you would like to know."), field="message")
    for deal in deals:
        require_names_nobody(message, deal, deals, "message")
    for deal in deals:
        open_talk(actor=actor, deal=deal, message=message)
    changed(actor, case, "case.talked", "state", deals=deals)
    return case


@transaction.atomic
def say_to_side(*, actor: Actor, case: ConflictCase, deal: Deal, message: str) -> Message:
    """Write to one partner of a case in its talk, which opens with it. Raises DomainError where the other is named."""
    deals = [side.deal for side in _open_sides(case, actor)]
    chosen = next((each for each in deals if each.pk == deal.pk), None)
    if chosen is None:
        raise Deal.DoesNotExist
    if not message.strip():
        raise DomainError(_("Write a message first."), field="message")
    require_names_nobody(message, chosen, deals, "message")
    talk = open_talk(actor=actor, deal=chosen)
    return post_message(actor=actor, room=room_of(talk), body=message)


def room_of(talk: ReviewTalk) -> Room:
    """The room that belongs to a talk."""
    return Room.objects.for_record(talk).get()


def _open_sides(case: ConflictCase, actor: Actor) -> list:
    """The sides whose registration still waits for something, in the order of their deals."""
    own = ConflictCase.objects.visible_to(actor).get(pk=case.pk)
    rows = own.sides.filter(deal__state__in=Deal.OPEN).select_related("deal__partner", "deal__vendor")
    return list(rows.order_by("deal"))
