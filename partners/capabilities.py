"""Capabilities: one verb on one noun each. Every app lists its own in `capabilities.py`; roles are sets of them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Capability:
    """What a role may hold. `excludes` lists capabilities that nobody may use while holding this one."""

    code: str
    group: Text
    label: Text
    help: Text
    presets: frozenset[str]
    excludes: frozenset[str] = frozenset()


PRESETS: dict[str, Text] = {
    "administrator": _("Administrator"),
    "channel_manager": _("Channel manager"),
    "approver": _("Approver"),
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "order_desk": _("Order desk"),
    "finance": _("Finance"),
    "support": _("Support"),
    "integration": _("Integration"),
    "reader": _("Reader"),
}
EVERYONE = frozenset(PRESETS)
REGISTRY: dict[str, Capability] = {}


def register(
    code: str,
    group: Text,
    label: Text,
    help: Text,
    presets: set[str] | frozenset[str],
    excludes: frozenset[str] = frozenset(),
) -> None:
    """Add a capability to the registry; the administrator preset holds all but those that exclude others."""
    held = frozenset(presets) if excludes else frozenset(presets) | {"administrator"}
    REGISTRY[code] = Capability(code, group, label, help, held, excludes)


def preset_codes(preset: str) -> list[str]:
    """The capabilities that a role made from a preset starts with."""
    return sorted(code for code, capability in REGISTRY.items() if preset in capability.presets)


def effective(codes: set[str]) -> frozenset[str]:
    """What several roles together give: known capabilities, less those that another held one excludes."""
    known = {code for code in codes if code in REGISTRY}
    barred = {code for held in known for code in REGISTRY[held].excludes}
    return frozenset(known - barred)


def label_of(code: str) -> str:
    """The label of a capability, for sentences."""
    return str(REGISTRY[code].label) if code in REGISTRY else code


NETWORK = _("Organisation and network")
register(
    "organisation.manage",
    NETWORK,
    _("Edit the organisation"),
    _("Change name, logo, identifiers, currency and sign-in policy."),
    set(),
)
register(
    "members.manage",
    NETWORK,
    _("Manage people"),
    _("Invite colleagues, give and take roles, close memberships."),
    set(),
)
register("roles.manage", NETWORK, _("Edit roles"), _("Change which capabilities a role holds."), set())
register(
    "partnerships.view",
    NETWORK,
    _("See partnerships"),
    _("See with whom the organisation works and on what terms."),
    EVERYONE,
)
register(
    "partnerships.manage",
    NETWORK,
    _("Manage partnerships"),
    _("Invite, review, suspend and end partnerships; set tiers; accept agreements."),
    {"channel_manager"},
)
register(
    "integration.manage",
    NETWORK,
    _("Manage integration"),
    _("Create service accounts and keys; set up EDI connections."),
    {"integration"},
)
register(
    "trail.view",
    NETWORK,
    _("Read the trail"),
    _("See and export everything that happened in the organisation."),
    {"channel_manager", "finance"},
)
