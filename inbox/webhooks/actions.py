"""Setting up webhooks, trying them, and sending again. Each needs `integration.manage`."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.outbound import is_public
from core.vault import seal, unseal
from inbox.webhooks import signing
from inbox.webhooks.catalogue import TEST, eyes_of, unknown_of
from inbox.webhooks.models import OVERLAP, WebhookDelivery, WebhookEndpoint
from inbox.webhooks.payload import test_payload
from inbox.webhooks.permissions import may_manage_webhooks
from inbox.webhooks.sending import loopback_allowed
from inbox.webhooks.subscribers import wake
from partners.access import require
from partners.actors import Actor
from partners.models import ServiceAccount
from partners.permissions import may_pass_on

MOST_ENDPOINTS = 20
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
FIELDS = ("url", "description", "account", "events")


def _locked(actor: Actor, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("organisation", "account__role", "account__organisation").get(pk=endpoint.pk)


def checked_url(url: str) -> str:
    """The address, if it may be called: https, a public server, no password in it. Raises DomainError otherwise.

    In the demo and while developing, http://localhost is allowed too. Names are judged again at each request.
    """
    try:
        parts = urlsplit(url.strip())
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError as error:
        raise DomainError(_("That is no address of a server."), field="url") from error
    host = (parts.hostname or "").rstrip(".")
    if loopback_allowed() and host in LOCAL and parts.scheme in {"http", "https"}:
        return url.strip()
    if parts.scheme != "https" or not host or not port_is_fine:
        raise DomainError(_("The address begins with https:// and names a server."), field="url")
    if parts.username is not None or parts.password is not None:
        raise DomainError(_("Leave the password out of the address: the signature proves who posts."), field="url")
    if _is_private(host):
        raise DomainError(_("That is an address of a private network, which is not called."), field="url")
    if len(url) > 500 or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url.strip()):
        raise DomainError(_("The address holds spaces or letters that must be escaped, or is too long."), field="url")
    return url.strip()


def _is_private(host: str) -> bool:
    if host in LOCAL or host.endswith(PRIVATE_ENDINGS) or "." not in host.strip("[]").replace(":", "."):
        return True
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name: judged when it is called


def _fits(actor: Actor, endpoint: WebhookEndpoint) -> None:
    """Raise what stands against an endpoint as it is now."""
    account = endpoint.account
    if not ServiceAccount.objects.visible_to(actor).filter(pk=account.pk).exists():
        raise DomainError(_("Choose one of your service accounts."), field="account")
    require(may_pass_on(actor, account.capabilities()))
    endpoint.url = checked_url(endpoint.url)
    endpoint.description = endpoint.description.strip()[:120]
    if not endpoint.description:
        raise DomainError(_("Say what listens there, such as “our CRM”."), field="description")
    endpoint.events = sorted(set(endpoint.events))
    if not endpoint.events:
        raise DomainError(_("Choose at least one event."), field="events")
    eyes = eyes_of(endpoint)
    if eyes is None:
        raise DomainError(_("That service account is switched off."), field="account")
    if strange := unknown_of(eyes, endpoint.events):
        raise DomainError(
            _("The account “%(account)s” may not know of: %(events)s.")
            % {"account": account, "events": ", ".join(strange[:5])},
            field="events",
        )


@transaction.atomic
def make_endpoint(
    *, actor: Actor, url: str, description: str, account: ServiceAccount, events: list[str]
) -> tuple[WebhookEndpoint, str]:
    """Set up an endpoint: the row, and its signing secret, which is shown this once.

    `events` are verbs or whole groups ("deal.*"). Raises DomainError for an address that is not called, an account of
    others and events that the account may not know.
    """
    require(may_manage_webhooks(actor))
    if WebhookEndpoint.objects.visible_to(actor).count() >= MOST_ENDPOINTS:
        raise DomainError(_("You have %(n)d webhooks, which is the most. Remove one first.") % {"n": MOST_ENDPOINTS})
    endpoint = WebhookEndpoint(
        organisation=actor.organisation,
        account=account,
        description=description,
        url=url,
        events=list(events),
        made_by=actor.user,
    )
    _fits(actor, endpoint)
    secret = signing.new_secret()
    endpoint.sealed = seal({"secret": secret})
    endpoint.save()
    record(actor=actor, verb="webhook.made", target=endpoint, url=endpoint.url, events=endpoint.events)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    actor: Actor,
    endpoint: WebhookEndpoint,
    url: str | None = None,
    description: str | None = None,
    account: ServiceAccount | None = None,
    events: list[str] | None = None,
) -> WebhookEndpoint:
    """Change what is given; refuses as `make_endpoint` does. What is owed already goes to the new address."""
    endpoint = _locked(actor, endpoint)
    require(may_manage_webhooks(actor))
    before = {"url": endpoint.url, "events": endpoint.events}
    given = {"url": url, "description": description, "account": account, "events": events}
    for name, value in given.items():
        if value is not None:
            setattr(endpoint, name, value)
    _fits(actor, endpoint)
    endpoint.rests_until, endpoint.unreachable = None, 0
    endpoint.save(update_fields=[*FIELDS, "rests_until", "unreachable"])
    after = {"url": endpoint.url, "events": endpoint.events}
    record(actor=actor, verb="webhook.changed", target=endpoint, before=before, after=after)
    return endpoint


@transaction.atomic
def set_endpoint_active(*, actor: Actor, endpoint: WebhookEndpoint, active: bool) -> WebhookEndpoint:
    """Switch on, or off: then nothing more is owed to it, and what was owed is given up. Harmless when repeated."""
    endpoint = _locked(actor, endpoint)
    require(may_manage_webhooks(actor))
    if endpoint.active == active:
        return endpoint
    if active:
        _fits(actor, endpoint)
    endpoint.active, endpoint.off_because, endpoint.failing_since = active, "", None
    endpoint.unreachable, endpoint.rests_until = 0, None
    endpoint.save(update_fields=["active", "off_because", "failing_since", "unreachable", "rests_until"])
    if not active:
        endpoint.deliveries.open().update(state=WebhookDelivery.State.GIVEN_UP)
    record(actor=actor, verb="webhook.switched_on" if active else "webhook.paused", target=endpoint)
    return endpoint


@transaction.atomic
def rotate_secret(*, actor: Actor, endpoint: WebhookEndpoint) -> tuple[WebhookEndpoint, str]:
    """A new signing secret, shown this once. For a day both sign, so that the receiver can change over in peace."""
    endpoint = _locked(actor, endpoint)
    require(may_manage_webhooks(actor))
    secret, before = signing.new_secret(), unseal(endpoint.sealed).get("secret", "")
    endpoint.sealed = seal({"secret": secret, "previous": before})
    endpoint.previous_until = now() + OVERLAP
    endpoint.save(update_fields=["sealed", "previous_until"])
    record(actor=actor, verb="webhook.secret_made", target=endpoint)
    return endpoint, secret


@transaction.atomic
def remove_endpoint(*, actor: Actor, endpoint: WebhookEndpoint) -> None:
    """Remove an endpoint with all that it was owed."""
    endpoint = _locked(actor, endpoint)
    require(may_manage_webhooks(actor))
    record(actor=actor, verb="webhook.removed", target=endpoint, url=endpoint.url)
    endpoint.delete()


@transaction.atomic
def send_test(*, actor: Actor, endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Owe the endpoint a test, which says nothing but that it is one. Raises InvalidTransition while it is off."""
    endpoint = _locked(actor, endpoint)
    require(may_manage_webhooks(actor))
    _must_be_on(endpoint)
    _wake_up(endpoint)
    delivery = WebhookDelivery.objects.create(
        organisation=endpoint.organisation, endpoint=endpoint, verb=TEST, payload=test_payload(endpoint)
    )
    wake([endpoint.pk])
    return delivery


@transaction.atomic
def send_again(*, actor: Actor, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send once more what was sent, given up or dropped, under the same webhook-id and with all its tries.

    Raises InvalidTransition while it is still being tried, and while the endpoint is off.
    """
    delivery = WebhookDelivery.objects.visible_to(actor).select_related("endpoint").get(pk=delivery.pk)
    require(may_manage_webhooks(actor))
    endpoint = _locked(actor, delivery.endpoint)
    delivery = WebhookDelivery.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=delivery.pk)
    _must_be_on(endpoint)
    if delivery.state in WebhookDelivery.OPEN and delivery.next_at <= now():
        raise InvalidTransition(_("It is on its way already."))
    _wake_up(endpoint)
    delivery.state, delivery.tries, delivery.next_at = WebhookDelivery.State.PENDING, 0, now()
    delivery.save(update_fields=["state", "tries", "next_at"])
    record(actor=actor, verb="webhook.resent", target=endpoint, message=delivery.message_id)
    wake([endpoint.pk])
    return delivery


def _must_be_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.active:
        raise InvalidTransition(_("This webhook is off. Switch it on first."))


def _wake_up(endpoint: WebhookEndpoint) -> None:
    """Whoever sends by hand has mended something: no rest any more."""
    endpoint.rests_until = None
    endpoint.save(update_fields=["rests_until"])
