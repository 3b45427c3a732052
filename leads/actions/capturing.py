"""Leads come in: typed, through the API, a public form or a file. The same lead is kept once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from core.audit import record
from core.errors import DomainError, InvalidTransition
from core.numbers import with_check_digit
from core.sequences import next_number
from leads import keys
from leads.actions.locking import locked, write
from leads.models import Lead, LeadForm, RoutingRule
from leads.permissions import may_add, may_manage
from partners.access import require
from partners.actors import Actor, system_actor
from partners.models import Organisation

PREFIX = "L-"
REMEMBERED = timedelta(days=365)  # how long a lead counts as known
FIELDS = (
    "company",
    "contact",
    "email",
    "phone",
    "website",
    "country",
    "region",
    "city",
    "need",
    "message",
    "product_line",
    "size",
    "value",
    "currency",
    "campaign",
    "score",
    "consent_at",
    "consent_source",
)


class KnownLead(DomainError):
    """The vendor has this lead already: the same e-mail address, or the same company; `lead` is the earlier one."""

    code = "duplicate"

    def __init__(self, lead: Lead) -> None:
        super().__init__(_("This lead is known already, as %(lead)s. Nothing was added.") % {"lead": lead})
        self.lead = lead


@transaction.atomic
def add_lead(
    *, actor: Actor, fields: Mapping[str, Any], source: str = Lead.Source.HAND, route: bool = False, **more: Any
) -> Lead:
    """Add a lead to one's own; with `route`, the portal looks for a partner within a minute.

    `fields` may hold any of FIELDS. Raises KnownLead for one that is there, DomainError for what is missing.
    """
    require(may_add(actor))
    lead = build(actor.organisation, fields)
    if known := known_as(lead):
        raise KnownLead(known)
    return store(actor, lead, source, route, **more)


@transaction.atomic
def receive_lead(*, form: LeadForm, fields: Mapping[str, Any], once: str, spam: bool = False, detail: str = "") -> Lead:
    """Take in what somebody wrote into a public form. `once` names the submission: sent again, it is the same lead.

    A company that is known already makes no second lead: what it wrote is kept in the trail of the first. `detail`
    says which part of the form's origin brought it. A company without rules works on what its campaigns bring itself.
    """
    actor = system_actor(form.vendor)
    if earlier := Lead.objects.filter(vendor=form.vendor, once=once).first():
        return earlier
    lead = build(form.vendor, {**fields, "campaign": form.campaign})
    lead.form, lead.once = form, once
    lead.origin, lead.origin_id, lead.origin_detail = form.origin, form.origin_id, detail[:40]
    lead.consent_at, lead.consent_text = now(), form.consent_text
    lead.consent_source = _("Form “%(form)s”, version %(version)d") % {
        "form": form.name,
        "version": form.consent_version,
    }
    if spam:
        lead.state = Lead.State.SPAM
    elif known := known_as(lead):
        record(actor=actor, verb="lead.asked_again", target=known, note=f"{lead.need}\n{lead.message}".strip())
        return known
    routed = not form.origin or RoutingRule.objects.filter(vendor=form.vendor).exists()
    return store(actor, lead, Lead.Source.FORM, route=routed and not spam)


@transaction.atomic
def change_lead(*, actor: Actor, lead: Lead, fields: Mapping[str, Any], version: int | None = None) -> Lead:
    """Correct what is known of a lead. Raises InvalidTransition once it is registered or closed."""
    lead = locked(actor, lead, version)
    require(may_manage(actor, lead))
    if lead.state in {Lead.State.CONVERTED, Lead.State.CLOSED}:
        raise InvalidTransition(_("This lead is settled; it can no longer be changed."))
    names = [name for name in FIELDS if name in fields and getattr(lead, name) != fields[name]]
    for name in names:
        setattr(lead, name, fields[name])
    check(lead)
    if names:
        write(lead, *names)
        record(actor=actor, verb="lead.changed", target=lead, fields=names)
    return lead


def build(vendor: Organisation, fields: Mapping[str, Any]) -> Lead:
    """A lead of these fields, sound and not stored. Raises DomainError for what is missing or impossible."""
    lead = Lead(vendor=vendor, currency=vendor.currency, country=vendor.country)
    for name in FIELDS:
        if fields.get(name) not in (None, ""):
            setattr(lead, name, fields[name])
    check(lead)
    return lead


def check(lead: Lead) -> None:
    """Tidy the texts in place. Raises DomainError for a lead that nobody could work on."""
    for name in ("company", "contact", "need", "region", "city", "product_line", "campaign"):
        setattr(lead, name, " ".join(str(getattr(lead, name)).replace("\x00", "").split()))
    lead.message = lead.message.replace("\x00", "").strip()
    lead.email = keys.email_key(lead.email)
    for name, sentence in (("company", _("Name the company.")), ("need", _("Say what is needed."))):
        if not getattr(lead, name):
            raise DomainError(sentence, field=name)
    if not (lead.email or lead.phone or lead.website):
        raise DomainError(_("Give an e-mail address, a telephone number or a web site."), field="email")
    if lead.email:
        try:
            validate_email(lead.email)
        except ValidationError as error:
            raise DomainError(_("That is no e-mail address."), field="email") from error
    for field in lead._meta.fields:
        if field.name in FIELDS and field.max_length and len(str(getattr(lead, field.name) or "")) > field.max_length:
            raise DomainError(_("“%(field)s” is too long.") % {"field": field.verbose_name}, field=field.name)


def known_as(lead: Lead) -> Lead | None:
    """The lead that this one repeats: the same e-mail address, or the same name with the same domain or country.

    What was closed or put aside does not count, nor what is older than a year.
    """
    email, domain, name = keys.keys_of(lead.company, lead.email, lead.website)
    same = Q(pk__in=())
    if email:
        same |= Q(email_key=email)
    if name and domain:
        same |= Q(name_key=name, domain_key=domain)
    if name:
        # without a domain on either side the name and the country have to do
        same |= (
            Q(name_key=name, country=lead.country, domain_key="") if domain else Q(name_key=name, country=lead.country)
        )
    rows = Lead.objects.filter(same, vendor=lead.vendor_id, created__gte=now() - REMEMBERED)
    return rows.exclude(state__in=(Lead.State.CLOSED, Lead.State.SPAM)).order_by("pk").first()


def store(actor: Actor, lead: Lead, source: str, route: bool, **more: Any) -> Lead:
    """Number, keep and tell. `more` are further columns."""
    lead.number = with_check_digit(PREFIX, next_number("lead"))
    lead.source, lead.created_by = source, actor.user
    for name, value in more.items():
        setattr(lead, name, value)
    lead.route_at = now() if route else None
    lead.save()
    record(actor=actor, verb="lead.created", target=lead, source=source)
    return lead
