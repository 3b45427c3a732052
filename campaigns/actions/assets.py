"""Letters, flyers and the landing page: written once, used by everybody under its own name."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from audiences.actions import write_mailing
from audiences.models import Mailing
from campaigns import writing
from campaigns.actions.landing import ORIGIN, follow_forms
from campaigns.actions.locking import locked, must_be_open, readers
from campaigns.branding import values_of
from campaigns.models import Asset, AssetVersion, Campaign, Participant
from campaigns.permissions import may_answer, may_manage
from core.audit import record
from core.errors import DomainError, InvalidTransition
from partners.access import require
from partners.actors import Actor

MOST = 40


@transaction.atomic
def save_asset(
    *,
    actor: Actor,
    campaign: Campaign,
    fields: Mapping[str, Any],
    asset: Asset | None = None,
    number: int | None = None,
) -> Asset:
    """Write an asset, or change one: the former text stays. `fields`: title, body and, for a new one, kind.

    Raises DomainError for a field that nobody fills in and a second landing page, and where somebody else wrote since
    version `number`.
    """
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    new = asset is None
    if asset is None:
        asset = _new(campaign, fields)
    else:
        asset = campaign.assets.select_for_update(of=("self",)).get(pk=asset.pk)
        _keep(asset, fields, number)
    asset.title, asset.body = _tidy(asset, fields)
    asset.written_at, asset.written_by = now(), actor.user
    asset.save()
    if asset.kind == Asset.Kind.PAGE:
        follow_forms(campaign)
    verb = "campaign_asset.added" if new else "campaign_asset.changed"
    record(actor=actor, verb=verb, target=campaign, parties=readers(campaign), asset=asset.title, number=asset.number)
    return asset


def _new(campaign: Campaign, fields: Mapping[str, Any]) -> Asset:
    kind = fields.get("kind", Asset.Kind.LETTER)
    if kind not in Asset.Kind.values:
        raise DomainError(_("Choose a kind."), field="kind")
    if campaign.assets.count() >= MOST:
        raise DomainError(_("A campaign has %(n)d assets at most.") % {"n": MOST})
    if kind == Asset.Kind.PAGE and campaign.assets.filter(kind=kind).exists():
        raise DomainError(_("There is a landing page already. Change that one."), field="kind")
    return Asset(campaign=campaign, kind=kind)


def _keep(asset: Asset, fields: Mapping[str, Any], number: int | None) -> None:
    if number is not None and number != asset.number:
        raise DomainError(_("Somebody changed this text in the meantime. Reload, look, and write yours again."))
    if (fields.get("title", asset.title), fields.get("body", asset.body)) == (asset.title, asset.body):
        return
    AssetVersion.objects.create(
        asset=asset, number=asset.number, title=asset.title, body=asset.body, written_at=asset.written_at,
        written_by=asset.written_by,
    )  # fmt: skip
    asset.number += 1


def _tidy(asset: Asset, fields: Mapping[str, Any]) -> tuple[str, str]:
    title = " ".join(str(fields.get("title", asset.title)).replace("\x00", "").split())
    body = str(fields.get("body", asset.body)).replace("\x00", "").strip()
    letter = asset.kind == Asset.Kind.LETTER
    for name, text, most in (("title", title, 150), ("body", body, 20_000)):
        if not text:
            raise DomainError(_("This cannot stay empty."), field=name)
        if len(text) > most:
            raise DomainError(_("That is too long."), field=name)
        writing.check(text, letter=letter, where=name)
    return title, body


@transaction.atomic
def delete_asset(*, actor: Actor, campaign: Campaign, asset: Asset) -> None:
    """Take an asset away. Letters that were made of it stay; a landing page closes."""
    campaign = locked(actor, campaign)
    require(may_manage(actor, campaign))
    must_be_open(campaign)
    found = campaign.assets.select_for_update().get(pk=asset.pk)
    record(actor=actor, verb="campaign_asset.deleted", target=campaign, parties=readers(campaign), asset=found.title)
    found.delete()
    if found.kind == Asset.Kind.PAGE:
        follow_forms(campaign)


@transaction.atomic
def use_letter(*, actor: Actor, campaign: Campaign, asset: Asset) -> Mailing:
    """Make a draft of a mailing to one's own contacts from a letter, with one's own name and page in it.

    Raises DomainError for an asset that is no letter, InvalidTransition for who does not take part (any more).
    """
    campaign = locked(actor, campaign)
    asset = campaign.assets.get(pk=asset.pk)
    if asset.kind != Asset.Kind.LETTER:
        raise DomainError(_("Only an e-mail can be sent. Print the others, or give the address of the page away."))
    rows = Participant.objects.visible_to(actor).filter(campaign=campaign, organisation=actor.organisation)
    seat = rows.select_related("organisation", "form").first()
    if seat is None or seat.state != Participant.State.ACTIVE or not campaign.is_live:
        raise InvalidTransition(_("Only who takes part in a campaign that is planned or running can send its letters."))
    require(may_answer(actor, seat) if not seat.is_owner else may_manage(actor, campaign))
    values = values_of(seat, asset)
    mailing = write_mailing(
        actor=actor,
        fields={
            "subject": writing.filled(asset.title, values, markdown=False)[:150],
            "body": writing.filled(asset.body, values),
            "sender_name": str(seat.organisation)[:80],
            "reply_to": seat.email,
            "source": ORIGIN,
            "source_id": campaign.pk,
        },
    )
    record(actor=actor, verb="campaign_asset.used", target=campaign, parties=(), asset=asset.title)
    return mailing
