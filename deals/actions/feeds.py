"""A member's calendar feed: its address, made and revoked."""

from django.core import signing
from django.db import transaction

from deals.models import CalendarFeed
from partners.access import membership_of
from partners.actors import Actor, actor_for
from partners.models import Membership

SALT = "deals.calendar"


@transaction.atomic
def open_feed(*, actor: Actor) -> CalendarFeed:
    """Give the member an address; the one given before stops to work."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership_of(actor).pk)
    CalendarFeed.objects.filter(membership=membership).delete()
    return CalendarFeed.objects.create(membership=membership)


@transaction.atomic
def close_feed(*, actor: Actor) -> None:
    """No address works any more."""
    CalendarFeed.objects.filter(membership=membership_of(actor)).delete()


def token_of(feed: CalendarFeed) -> str:
    """What the address carries."""
    return signing.dumps([feed.membership_id, feed.nonce], salt=SALT)


def reader_of(token: str) -> Actor | None:
    """The member whose feed a token opens; None for one that is forged, revoked, or whose member may see no deals."""
    try:
        membership_id, nonce = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = CalendarFeed.objects.filter(membership=membership_id, nonce=nonce, membership__active=True)
    feed = rows.select_related("membership__user").first()
    if feed is None:
        return None
    member = feed.membership
    actor = actor_for(member.user, member.organisation_id, "web")
    return actor if actor and actor.membership == member and actor.can("deals.view") else None
