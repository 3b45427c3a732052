"""How an organisation writes to its contacts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audiences.models import AudienceSettings
from audiences.permissions import may_steer
from core.audit import record
from core.errors import DomainError
from partners.access import require
from partners.actors import Actor

MOST_PER_MINUTE = 100_000


@transaction.atomic
def save_settings(*, actor: Actor, fields: Mapping[str, Any]) -> AudienceSettings:
    """Change tracking, four_eyes and per_minute (e-mails, 1 to 100,000). Raises DomainError for another number."""
    require(may_steer(actor))
    AudienceSettings.objects.get_or_create(organisation=actor.organisation)
    row = AudienceSettings.objects.select_for_update(of=("self",)).get(organisation=actor.organisation)
    for name in ("tracking", "four_eyes", "per_minute"):
        if name in fields:
            setattr(row, name, fields[name])
    if not 1 <= row.per_minute <= MOST_PER_MINUTE:
        raise DomainError(_("Between 1 and 100,000 e-mails a minute."), field="per_minute")
    row.updated_by = actor.user
    row.save()
    record(actor=actor, verb="audience.settings", target=row)
    return row
