"""Rooms with two organisations, and a third that could overhear."""

from dataclasses import dataclass

from chat.actions import open_room
from chat.models import Room
from partners.actors import Actor, actor_for
from partners.models import Membership, Organisation
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory


def member_of(organisation: Organisation, *capabilities: str, name: str = "") -> Membership:
    """A member with one role that holds these capabilities."""
    role = RoleFactory(organisation=organisation, capabilities=list(capabilities))
    extra = {"user__name": name} if name else {}
    return MembershipFactory(organisation=organisation, roles=[role], **extra)


def acting(membership: Membership, via: str = "web") -> Actor:
    """The actor of a membership."""
    actor = actor_for(membership.user, membership.organisation_id, via)
    assert actor is not None
    return actor


@dataclass
class Talk:
    """A shared room: vendor and partner talk, a stranger's organisation is partner of the same vendor."""

    room: Room
    vendor: Organisation
    partner: Organisation
    stranger: Organisation
    luca: Membership
    marta: Membership
    eva: Membership

    @property
    def side(self) -> Room:
        """The side thread of the vendor."""
        return self.room.sides.get(organisation=self.vendor)


def talk(capability: str = "") -> Talk:
    """Luca of the vendor and Marta of the partner share a room; Eva has nothing to do with it."""
    edge, other = PartnershipFactory(), None
    other = PartnershipFactory(vendor=edge.vendor)
    held = ["chat.post", "chat.manage", *([capability] if capability else [])]
    luca = member_of(edge.vendor, *held, name="Luca Conti")
    marta = member_of(edge.partner, *held, name="Marta Riva")
    eva = member_of(other.partner, *held, name="Eva Stahl")
    room = open_room(
        actor=acting(luca),
        kind=Room.Kind.PARTNERSHIP,
        title="Pumping station",
        organisations=[edge.vendor, edge.partner],
    )
    if capability:
        Room.objects.filter(pk=room.pk).update(capability=capability)
        room.sides.update(capability=capability)
        room.refresh_from_db()
    return Talk(room, edge.vendor, edge.partner, other.partner, luca, marta, eva)


__all__ = ["OrganisationFactory", "Talk", "acting", "member_of", "talk"]
