"""May I? For quotes: which side one is on, what one's role allows, and where the quote stands."""

from django.utils.translation import gettext as _

from core.states import can_move
from orders.models import Quote
from partners.access import Verdict, holds, no
from partners.actors import Actor


def may_write(actor: Actor) -> Verdict:
    """Whether the actor may ask for and offer quotes at all."""
    return holds(actor, "quotes.write")


def may_edit(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may still change, send or throw away this version."""
    if actor.organisation.pk != quote.author_side_id:
        return no(_("Only its author's company changes a quote."))
    if quote.state != Quote.State.DRAFT:
        return no(_("A quote that was sent is not changed. Make the next version."))
    return may_write(actor)


def may_approve(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may approve its discounts or hand it back: a second person of the author's company."""
    if actor.organisation.pk != quote.author_side_id or not can_move(quote, "approve"):
        return no(_("There is nothing to approve: this quote is %(state)s.") % _state(quote))
    verdict = holds(actor, "quotes.approve")
    if verdict and (actor.user is None or actor.user.pk == quote.author_id):
        return no(_("Nobody approves their own discount. Ask a colleague."))
    return verdict


def may_withdraw(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may take the quote back."""
    if actor.organisation.pk != quote.author_side_id:
        return no(_("Only its author's company withdraws a quote."))
    return may_write(actor) if can_move(quote, "withdraw") else _not_now(quote)


def may_decline(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may say no to it."""
    if actor.organisation.pk != quote.reader_side_id:
        return no(_("Only the company to which it was sent declines a quote."))
    return may_write(actor) if can_move(quote, "decline") else _not_now(quote)


def may_accept(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may accept it, which makes an order."""
    if actor.organisation.pk != quote.partner_id:
        return no(_("Only the partner accepts an offer."))
    if quote.asks:
        return no(_("This asks for an offer. It is accepted once %(vendor)s has made one.") % {"vendor": quote.vendor})
    return holds(actor, "orders.send") if can_move(quote, "accept") else _not_now(quote)


def may_revise(actor: Actor, quote: Quote) -> Verdict:
    """Whether the actor may make the next version of one that was sent; whether it is the last is asked under lock."""
    if quote.state not in Quote.REVISABLE:
        return _not_now(quote)
    return may_write(actor)


def may_set_limits(actor: Actor) -> Verdict:
    """Whether the actor may say how much discount each role gives alone."""
    return holds(actor, "quotes.approve")


def _not_now(quote: Quote) -> Verdict:
    return no(_("That is not possible now: this quote is %(state)s.") % _state(quote))


def _state(quote: Quote) -> dict[str, str]:
    return {"state": str(quote.get_state_display()).lower()}
