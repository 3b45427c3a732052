"""How what happens to people, roles, machines and partnerships reads in timelines, rooms and the trail."""

from django.utils.translation import gettext_lazy as _

from core.audit import describe

PEOPLE = "members.manage"
NETWORK = "partnerships.view"

describe("organisation.founded", _("%(actor)s founded %(title)s here"), tone="good")
describe("organisation.changed", _("%(actor)s changed the details of the organisation"))
describe("organisation.logo_set", _("%(actor)s put up a logo"))
describe("organisation.logo_removed", _("%(actor)s took the logo away"))
describe("organisation.policy_changed", _("%(actor)s changed the sign-in policy"), tone="warn")
describe("programme.changed", _("%(actor)s changed the partner programme"), capability=NETWORK)

describe("member.invited", _("%(actor)s invited %(title)s as %(roles)s"), tone="info", capability=PEOPLE)
describe("member.joined", _("%(title)s joined the organisation"), tone="good")
describe("member.roles_changed", _("%(actor)s gave %(title)s the roles %(roles)s"))
describe("member.closed", _("%(actor)s closed the membership of %(title)s"), tone="warn", capability=PEOPLE)
describe("member.reopened", _("%(actor)s opened the membership of %(title)s again"), tone="good", capability=PEOPLE)
describe("invitation.resent", _("%(actor)s sent the invitation of %(title)s again"), capability=PEOPLE)
describe("invitation.revoked", _("%(actor)s took back the invitation of %(title)s"), capability=PEOPLE)

describe("role.created", _("%(actor)s made the role %(title)s"), capability=PEOPLE)
describe("role.renamed", _("%(actor)s renamed the role %(before)s to %(after)s"), capability=PEOPLE)
describe("role.deleted", _("%(actor)s deleted the role %(title)s"), tone="warn", capability=PEOPLE)
describe("role.granted", _("%(actor)s gave the role %(title)s “%(capability)s”"), capability=PEOPLE)
describe("role.withdrawn", _("%(actor)s took “%(capability)s” from the role %(title)s"), capability=PEOPLE)

MACHINES = "integration.manage"
describe("service_account.created", _("%(actor)s made the service account %(title)s"), capability=MACHINES)
describe("service_account.changed", _("%(actor)s changed the service account %(title)s"), capability=MACHINES)
describe("service_account.closed", _("%(actor)s switched %(title)s off"), tone="warn", capability=MACHINES)
describe("service_account.opened", _("%(actor)s switched %(title)s on"), tone="good", capability=MACHINES)
describe("service_key.created", _("%(actor)s made the key %(prefix)s… for %(title)s"), capability=MACHINES)
describe(
    "service_key.revoked", _("%(actor)s revoked the key %(prefix)s… of %(title)s"), tone="warn", capability=MACHINES
)

describe("partnership.invited", _("%(actor)s invited %(company)s to become a partner"), tone="info", capability=NETWORK)
describe("partnership.accepted", _("%(organisation)s accepted the invitation"), tone="good", capability=NETWORK)
describe("partnership.applied", _("%(organisation)s applied to become a partner"), tone="info", capability=NETWORK)
describe("partnership.reviewed", _("%(actor)s began the review"), tone="info", capability=NETWORK)
describe("partnership.activated", _("The partnership is active"), tone="good", capability=NETWORK)
describe("partnership.suspended", _("%(actor)s suspended the partnership: %(reason)s"), tone="warn", capability=NETWORK)
describe("partnership.resumed", _("%(actor)s resumed the partnership"), tone="good", capability=NETWORK)
describe("partnership.ended", _("%(actor)s ended the partnership: %(reason)s"), tone="bad", capability=NETWORK)
describe("partnership.declined", _("%(actor)s declined: %(reason)s"), tone="still", capability=NETWORK)
describe("partnership.terms_changed", _("%(actor)s changed the terms"), capability=NETWORK)
describe("agreement.published", _("%(organisation)s published %(title)s"), tone="info", capability=NETWORK)
describe("agreement.accepted", _("%(actor)s accepted %(agreement)s"), tone="good", capability=NETWORK)
