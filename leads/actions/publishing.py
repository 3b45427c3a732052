"""Forms that a vendor publishes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError
from leads.models import LeadForm
from leads.permissions import may_set_rules
from partners.access import require
from partners.actors import Actor
from partners.models import Organisation

MOST_FORMS = 50
FIELDS = ("name", "title", "intro", "asked", "product_lines", "campaign", "consent_text", "thanks")


@transaction.atomic
def save_form(*, actor: Actor, fields: Mapping[str, Any], form: LeadForm | None = None) -> LeadForm:
    """Write a form. Another text of consent is another version, which each lead keeps.

    `fields` may hold any of FIELDS. Raises DomainError for no text of consent, and for too many forms.
    """
    require(may_set_rules(actor))
    if form is None:
        if LeadForm.objects.visible_to(actor).filter(origin="").count() >= MOST_FORMS:
            raise DomainError(_("There may be %(n)d forms at most.") % {"n": MOST_FORMS})
        form = LeadForm(vendor=actor.organisation)
    else:
        form = LeadForm.objects.visible_to(actor).select_for_update().get(pk=form.pk)
    consent = form.consent_text
    for name in FIELDS:
        if name in fields:
            setattr(form, name, fields[name])
    if not form.consent_text.strip():
        raise DomainError(_("Say to what people agree when they write to you."), field="consent_text")
    form.asked = [name for name in LeadForm.OPTIONAL if name in form.asked]
    if form.pk and form.consent_text != consent:
        form.consent_version += 1
    form.save()
    record(actor=actor, verb="lead_form.changed", target=form, parties=(), version=form.consent_version)
    return form


@transaction.atomic
def lend_form(
    *, organisation: Organisation, origin: str, origin_id: int, fields: Mapping[str, Any], open_: bool
) -> LeadForm:
    """The form that something of the portal (`origin` and its key, such as a campaign) publishes for an organisation.

    Made the first time, from `fields` (any of FIELDS); later its name, campaign and whether it takes leads follow, and
    what the organisation itself wrote into it stays. Called by the action that decides over the origin.
    """
    rows = LeadForm.objects.select_for_update(of=("self",))
    form = rows.filter(vendor=organisation, origin=origin, origin_id=origin_id).first()
    if form is None:
        asked = {name: fields[name] for name in FIELDS if name in fields}
        form = LeadForm(vendor=organisation, origin=origin, origin_id=origin_id, **asked)
    form.name, form.campaign, form.open = fields["name"], fields["campaign"], open_
    form.save()
    return form


@transaction.atomic
def switch_form(*, actor: Actor, form: LeadForm, open_: bool) -> LeadForm:
    """Let a form take leads, or take none any more. Its address stays the same.

    Raises DomainError for one that follows its campaign.
    """
    require(may_set_rules(actor))
    form = LeadForm.objects.visible_to(actor).select_for_update().get(pk=form.pk)
    if form.origin:
        raise DomainError(_("This form opens and closes with what it belongs to: %(name)s.") % {"name": form.campaign})
    if form.open != open_:
        form.open = open_
        form.save(update_fields=["open"])
        record(actor=actor, verb="lead_form.opened" if open_ else "lead_form.shut", target=form, parties=())
    return form
