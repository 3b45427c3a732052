"""Companies: founding one, its details, its sign-in policy."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.utils.translation import override

from core.audit import record
from core.realtime import control
from partners.access import require
from partners.actors import Actor, acting
from partners.capabilities import PRESETS, preset_codes
from partners.models import Membership, Organisation, Role, User
from partners.permissions import may_manage_organisation, may_require_second_factor

EDITABLE = ("name", "legal_name", "country", "city", "vat_id", "gln", "duns", "currency", "website")


@transaction.atomic
def found_organisation(*, user: User, name: str, country: str, currency: str = "EUR") -> Membership:
    """Create a company with all preset roles; who founds it becomes its administrator."""
    organisation = Organisation.objects.create(name=name, country=country, currency=currency)
    roles = give_preset_roles(organisation, language=user.language)
    membership = Membership.objects.create(user=user, organisation=organisation)
    membership.roles.set([roles[Role.ADMINISTRATOR]])
    record(actor=acting(membership, "web"), verb="organisation.founded", target=organisation)
    return membership


def give_preset_roles(organisation: Organisation, *, language: str) -> dict[str, Role]:
    """The preset roles of a new company, by preset, named in the founder's language."""
    with override(language):
        roles = [
            Role(organisation=organisation, name=str(label), preset=preset, capabilities=preset_codes(preset))
            for preset, label in PRESETS.items()
        ]
    return {role.preset: role for role in Role.objects.bulk_create(roles)}


def lock_organisation(actor: Actor) -> Organisation:
    """The actor's organisation under lock: changes of who may do what in it happen one after the other."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=actor.organisation.pk)


@transaction.atomic
def update_organisation(*, actor: Actor, **changes: Any) -> Organisation:
    """Change names, identifiers, currency; the trail keeps what was and what is."""
    organisation = lock_organisation(actor)
    require(may_manage_organisation(actor))
    before = {name: getattr(organisation, name) for name in EDITABLE if name in changes}
    changed = {name: value for name, value in before.items() if value != changes[name]}
    if not changed:
        return organisation
    for name in changed:
        setattr(organisation, name, changes[name])
    organisation.save(update_fields=list(changed))
    after = {name: changes[name] for name in changed}
    record(actor=actor, verb="organisation.changed", target=organisation, before=changed, after=after)
    return organisation


@transaction.atomic
def change_sign_in_policy(*, actor: Actor, requires_second_factor: bool) -> Organisation:
    """Ask every member for a second factor, or no longer; it holds from the next request, open sockets included."""
    organisation = lock_organisation(actor)
    has_one = actor.user is not None and is_mfa_enabled(actor.user)
    require(may_require_second_factor(actor, has_one=has_one or not requires_second_factor))
    if organisation.requires_second_factor == requires_second_factor:
        return organisation
    organisation.requires_second_factor = requires_second_factor
    organisation.save(update_fields=["requires_second_factor"])
    record(
        actor=actor,
        verb="organisation.policy_changed",
        target=organisation,
        before={"requires_second_factor": not requires_second_factor},
        after={"requires_second_factor": requires_second_factor},
    )
    control(f"organisation.{organisation.pk}", do="recheck")
    return organisation
