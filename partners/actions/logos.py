"""The logo of an organisation: put up, replaced, taken away."""

from typing import IO

from django.db import transaction

from core.audit import record
from partners.access import require
from partners.actions.organisations import lock_organisation
from partners.actors import Actor
from partners.logos import Drawn, drawn
from partners.models import Logo, Organisation
from partners.permissions import may_manage_organisation

COLUMNS = ["logo_code", "logo_width", "logo_height"]


def set_logo(*, actor: Actor, upload: IO[bytes]) -> Organisation:
    """Take a picture (PNG, JPEG or WebP, by its content) for the logo; the one before stays in letters that were sent.

    Raises DomainError for what makes no logo.
    """
    require(may_manage_organisation(actor))
    picture = drawn(upload)  # a second of work, perhaps: before anything is locked
    return _keep(actor, picture)


@transaction.atomic
def _keep(actor: Actor, picture: Drawn) -> Organisation:
    organisation = lock_organisation(actor)
    before, code = organisation.logo_code, picture.code_for(organisation.pk)
    if before == code:
        return organisation
    put_up(organisation, picture, code, actor)
    record(
        actor=actor,
        verb="organisation.logo_set",
        target=organisation,
        before={"logo_code": before},
        after={"logo_code": code},
    )
    return organisation


def put_up(organisation: Organisation, picture: Drawn, code: str, actor: Actor | None = None) -> None:
    """Write a logo down as the one of today. Without the trail: for `set_logo` and the demo."""
    rows = Logo.objects.filter(organisation=organisation)
    rows.filter(code=code).delete()  # it was the logo before, and is the newest again
    Logo.objects.create(organisation=organisation, code=code, png=picture.png, added_by=actor.user if actor else None)
    rows.filter(pk__in=rows.values_list("pk", flat=True)[Logo.KEPT :]).delete()
    organisation.logo_code, organisation.logo_width, organisation.logo_height = code, picture.width, picture.height
    organisation.save(update_fields=COLUMNS)


@transaction.atomic
def remove_logo(*, actor: Actor) -> Organisation:
    """Take the logo away, and with it all that it replaced: letters that were sent show the name instead."""
    organisation = lock_organisation(actor)
    require(may_manage_organisation(actor))
    before = organisation.logo_code
    if not before:
        return organisation
    Logo.objects.filter(organisation=organisation).delete()
    organisation.logo_code, organisation.logo_width, organisation.logo_height = "", 0, 0
    organisation.save(update_fields=COLUMNS)
    record(
        actor=actor,
        verb="organisation.logo_removed",
        target=organisation,
        before={"logo_code": before},
        after={"logo_code": ""},
    )
    return organisation
