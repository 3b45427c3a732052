"""Which events there are to hear of, and what an endpoint may know of them."""

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.audit import DESCRIPTIONS, may_know
from core.models import TrailEntry, TrailReader
from core.scoping import ScopedModel
from inbox.webhooks.models import WebhookEndpoint
from partners.actors import Actor

TEST = "webhook.test"
OWN = "webhook"  # an endpoint is never told of endpoints: one that fails would tell itself so for ever
GROUPS: dict[str, str | Promise] = {
    "deal": _("Deals"),
    "lead": _("Leads"),
    "customer": _("End customers"),
    "order": _("Orders"),
    "despatch": _("Despatches"),
    "receipt": _("Receipts"),
    "invoice": _("Invoices"),
    "product": _("Products"),
    "price": _("Prices"),
    "edi": _("Exchange"),
    "partnership": _("Partnerships"),
    "agreement": _("Agreements"),
    "member": _("People"),
    "invitation": _("Invitations"),
    "role": _("Roles"),
    "room": _("Rooms"),
    "message": _("Messages"),
    "call": _("Calls"),
    "organisation": _("Organisation"),
}
OUTRIGHT: dict[str, None] = {}  # events that are told without being entries of the trail, in order


def offer(*verbs: str) -> None:
    """Offer events that an app owes by itself (`inbox.webhooks.outright`). Whoever sees their record may know them."""
    OUTRIGHT.update(dict.fromkeys(verbs))


@dataclass(frozen=True, slots=True)
class EventGroup:
    """The verbs of one noun."""

    code: str
    label: str
    verbs: tuple[tuple[str, str], ...]


def groups_for(actor: Actor) -> list[EventGroup]:
    """The events of which this actor may know, by noun: the known nouns first, each with its verbs in order."""
    verbs: dict[str, list[tuple[str, str]]] = {}
    for verb in [*OUTRIGHT, *DESCRIPTIONS]:
        noun, _dot, step = verb.partition(".")
        if noun != OWN and may_know(actor, verb):
            verbs.setdefault(noun, []).append((verb, step.replace("_", " ")))
    order = [*(noun for noun in GROUPS if noun in verbs), *sorted(noun for noun in verbs if noun not in GROUPS)]
    named = {noun: str(GROUPS.get(noun, noun.replace("_", " ").capitalize())) for noun in order}
    return [EventGroup(noun, named[noun], tuple(verbs[noun])) for noun in order]


def unknown_of(actor: Actor, events: list[str]) -> list[str]:
    """Those of the chosen events that are not on offer: no verb, no whole group, or not this actor's to know."""
    groups = groups_for(actor)
    offered = {verb for group in groups for verb, _label in group.verbs} | {f"{group.code}.*" for group in groups}
    return [event for event in events if event not in offered]


def eyes_of(endpoint: WebhookEndpoint) -> Actor | None:
    """With what rights an endpoint hears, today; None when its account was switched off or belongs to others."""
    account = endpoint.account
    if not account.active or account.organisation_id != endpoint.organisation_id:
        return None
    return Actor(account.organisation, account.capabilities(), "system", service_account=account)


def may_hear(endpoint: WebhookEndpoint, entry: TrailEntry) -> bool:
    """Chosen, addressed to the organisation, within the account's capabilities, and about a record that it sees (or
    that is gone)."""
    eyes = eyes_of(endpoint)
    if eyes is None or not endpoint.hears(entry.verb) or entry.verb.startswith(f"{OWN}."):
        return False
    if not may_know(eyes, entry.verb):
        return False
    if not TrailReader.objects.filter(entry=entry, organisation=endpoint.organisation_id).exists():
        return False
    return _sees_record(eyes, entry)


def still_hears(endpoint: WebhookEndpoint, verb: str, target: str, target_id: int) -> bool:
    """The same of an event that is no entry of the trail, before it is sent: its record is still seen."""
    eyes = eyes_of(endpoint)
    return eyes is not None and endpoint.hears(verb) and _sees(eyes, target, target_id)


def _sees_record(eyes: Actor, entry: TrailEntry) -> bool:
    return _sees(eyes, entry.target, entry.target_id)


def _sees(eyes: Actor, target: str, target_id: int) -> bool:
    model = apps.get_model(target)
    if not issubclass(model, ScopedModel):
        return True
    if model.objects.visible_to(eyes).filter(pk=target_id).exists():
        return True
    return not model._base_manager.filter(pk=target_id).exists()
