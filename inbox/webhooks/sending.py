"""Posting what is owed: claim, commit, post, note. No transaction stays open while somebody's server answers.

At least once, always under the same webhook-id: a try that a vanished worker began is begun again once its lease is
over. The events of one record go in their order; one that fails holds up those of its record alone, and an endpoint
that does not answer at all rests, so that it costs nobody else's time.
"""

import logging
import random
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from core import outbound
from core.audit import record
from core.vault import unseal
from inbox.webhooks import signing
from inbox.webhooks.catalogue import may_hear, still_hears
from inbox.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from partners.actors import system_actor

log = logging.getLogger("filiera.webhooks")
# How long to wait after the first, second … failed try: eight tries within a day.
WAITS = [timedelta(seconds=30), *(timedelta(minutes=each) for each in (2, 10, 30, 120, 360, 900))]
TRIES = len(WAITS) + 1
LEASE = timedelta(minutes=2)
LIMITS = outbound.Limits(connect=5, total=10, at_most=2_048, cut=True)
OFF_AFTER = timedelta(days=5)
AT_ONCE, AT_MOST_SECONDS = 200, 20.0
BUSY = frozenset({429, 503})  # the server asks for time, which is meant for every delivery
GONE = 410
State = WebhookDelivery.State


def loopback_allowed() -> bool:
    """Whether receivers on this very machine may be called, over plain HTTP too: in the demo and while developing."""
    return bool(settings.DEMO or settings.DEBUG)


def send_due(endpoint_id: int) -> bool:
    """Send what one endpoint is owed now, at most for some seconds; whether more is left that could go at once."""
    began = monotonic()
    for _each in range(AT_ONCE):
        delivery = _claim(endpoint_id)
        if delivery is None:
            return False
        _send(delivery)
        if monotonic() - began > AT_MOST_SECONDS:
            break
    return WebhookDelivery.objects.due().filter(endpoint=endpoint_id).exists()


def _claim(endpoint_id: int) -> WebhookDelivery | None:
    """Take the next one that is due, by compare-and-set: of two workers only one gets it."""
    rows = WebhookDelivery.objects.due().filter(endpoint=endpoint_id)
    for pk, seen in list(rows.values_list("pk", "next_at")[:10]):
        with transaction.atomic():
            mine = WebhookDelivery.objects.open().filter(pk=pk, next_at=seen)
            if mine.update(next_at=now() + LEASE, tries=F("tries") + 1):
                found = WebhookDelivery.objects.select_related("entry__organisation", "endpoint__account__role")
                return found.get(pk=pk)
    return None


def _send(delivery: WebhookDelivery) -> None:
    endpoint = delivery.endpoint
    if not _may_still(endpoint, delivery):
        WebhookDelivery.objects.filter(pk=delivery.pk).update(state=State.DROPPED)
        return
    attempt = WebhookAttempt.objects.create(delivery=delivery)
    began = monotonic()
    try:
        answer = post(endpoint, delivery)
    except outbound.OutboundFault as fault:
        attempt.fault = str(fault)[:300]
        _end(attempt, began)
        _failed(delivery, attempt, reached=False)
    except Exception:
        log.exception("webhook %s could not be sent", delivery.pk)
        attempt.fault = "The portal failed while sending. The operators were told."
        _end(attempt, began)
        _failed(delivery, attempt, reached=True)
    else:
        attempt.status = answer.status
        attempt.answer = answer.body.decode("utf-8", "replace").replace("\x00", "�")
        _end(attempt, began)
        if 200 <= answer.status < 300:
            _sent(delivery)
        else:
            _failed(delivery, attempt, reached=True, wait=_asked_wait(answer))


def _may_still(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> bool:
    """Rights are asked again at each try; a test says nothing that could be hidden."""
    if delivery.entry is not None:
        return may_hear(endpoint, delivery.entry)
    if delivery.target_id is None:
        return True
    return still_hears(endpoint, delivery.verb, delivery.target, delivery.target_id)


def _end(attempt: WebhookAttempt, began: float) -> None:
    attempt.milliseconds = round((monotonic() - began) * 1000)
    attempt.save(update_fields=["status", "answer", "fault", "milliseconds"])


def post(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> outbound.Answer:
    """One signed request. Raises OutboundFault when there is no answer, and for an address that is not called."""
    if not endpoint.url.startswith("https://") and not loopback_allowed():
        raise outbound.OutboundFault("The address must begin with https://.", final=True)
    body, stamp = delivery.payload.encode(), int(now().timestamp())
    headers = {"Content-Type": "application/json", "User-Agent": "Filiera-Webhooks/1"}
    headers |= signing.headers(live_secrets(endpoint), delivery.message_id, stamp, body)
    return outbound.request("POST", endpoint.url, body, headers, limits=LIMITS, loopback=loopback_allowed())


def live_secrets(endpoint: WebhookEndpoint) -> list[str]:
    """The secrets that sign now: the current one, and for a day the one before it."""
    kept = unseal(endpoint.sealed)
    if "secret" not in kept:
        raise outbound.OutboundFault("The signing secret cannot be opened any more; make a new one.", final=True)
    old = endpoint.previous_until is not None and endpoint.previous_until > now() and "previous" in kept
    return [kept["secret"], kept["previous"]] if old else [kept["secret"]]


def _asked_wait(answer: outbound.Answer) -> timedelta | None:
    """How long a busy server asks to be left alone (Retry-After in seconds, RFC 9110, 10.2.3): at most an hour."""
    if answer.status not in BUSY:
        return None
    text = answer.headers.get("retry-after", "")
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 60
    return timedelta(seconds=min(3600, max(1, seconds)))


def _sent(delivery: WebhookDelivery) -> None:
    moment = now()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=State.SENT, sent_at=moment)
    mine = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    mine.update(sent_at=moment, failing_since=None, unreachable=0, rests_until=None)


@transaction.atomic
def _failed(
    delivery: WebhookDelivery, attempt: WebhookAttempt, *, reached: bool, wait: timedelta | None = None
) -> None:
    """Put the next try off, longer each time, or give up; let the endpoint rest that did not answer; after days of
    failures, or when it says that it is gone, switch it off."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=delivery.endpoint_id)
    moment = now()
    row = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state == State.SENT:  # another worker, after this one's lease, had more luck
        return
    gone = attempt.status == GONE
    row.state = State.GIVEN_UP if row.tries >= TRIES or gone else State.FAILED
    row.next_at = moment + max(_wait_after(row.tries), wait or timedelta(0))
    row.save(update_fields=["state", "next_at"])
    endpoint.failing_since = endpoint.failing_since or moment
    if not reached or wait:
        endpoint.unreachable = min(endpoint.unreachable + 1, 100)
        endpoint.rests_until = moment + (wait or _wait_after(endpoint.unreachable))
    endpoint.save(update_fields=["failing_since", "unreachable", "rests_until"])
    if endpoint.active and (gone or endpoint.failing_since < moment - OFF_AFTER):
        switch_off(endpoint, moment, "It answered that it is gone." if gone else "It failed for five days.")


def _wait_after(tries: int) -> timedelta:
    """With a fifth of chance in it, so that what failed together does not come back together."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311


def switch_off(endpoint: WebhookEndpoint, moment: datetime, why: str) -> None:
    """The portal switches a locked endpoint off, gives up what it was owed, and tells who manages integration."""
    endpoint.active, endpoint.off_because = False, why
    endpoint.save(update_fields=["active", "off_because"])
    endpoint.deliveries.open().update(state=State.GIVEN_UP)
    actor = system_actor(endpoint.organisation)
    record(actor=actor, verb="webhook.switched_off", target=endpoint, parties=(), reason=why, since=moment.isoformat())
