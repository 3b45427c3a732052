"""The browsers in which a person asked to be notified."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.outbound import OutboundFault
from inbox.models import PushDevice
from inbox.push import sending
from partners.access import person_of
from partners.actors import Actor

AT_MOST = 20


@transaction.atomic
def add_device(*, actor: Actor, endpoint: str, public_key: str, secret: str, name: str) -> PushDevice:
    """Note a browser's subscription (keys in base64url, as PushSubscription.toJSON gives them).

    The same endpoint again is renewed, and is the person's who asked last. Raises DomainError for what is no
    subscription, and for more than twenty devices.
    """
    user = person_of(actor)
    try:
        sending.check(endpoint, public_key, secret)
    except (OutboundFault, ValueError) as fault:
        raise DomainError(_("This browser's subscription cannot be used. Try again, or use another one.")) from fault
    key = hashlib.sha256(endpoint.encode()).hexdigest()
    if PushDevice.objects.filter(user=user).exclude(endpoint_key=key).count() >= AT_MOST:
        raise DomainError(_("You have %(many)s devices already. Remove one first.") % {"many": AT_MOST})
    kept = {"user": user, "endpoint": endpoint, "public_key": public_key, "secret": secret, "name": name[:80]}
    return PushDevice.objects.update_or_create(endpoint_key=key, defaults=kept)[0]


@transaction.atomic
def remove_device(*, actor: Actor, device: PushDevice) -> None:
    """Send nothing to that browser any more."""
    PushDevice.objects.filter(pk=device.pk, user=person_of(actor)).delete()
