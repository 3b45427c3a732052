"""Who may agree to a step: the people of a vendor with their absences and limits, read once. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet
from django.utils.timezone import localdate

from core.money import format_money
from deals.models import Absence, ApproverLimit, Deal, Who
from partners.actors import Actor
from partners.models import Membership, User

APPROVE = "deals.approve"
NOBODY = User.objects.none()


def colleagues(actor: Actor) -> QuerySet[User]:
    """The people with an open membership in one's own organisation."""
    mine = Membership.objects.visible_to(actor).filter(active=True, user__is_active=True)
    return User.objects.filter(pk__in=mine.values("user")).order_by("name", "pk")


class Asks(Protocol):
    """What a step, running or planned, says of whom it asks."""

    who: str
    second_id: int | None


@dataclass(frozen=True, slots=True)
class Approver:
    """A person who may answer a step now, in their own name or for somebody who is away."""

    user: User
    stands_for: User | None = None

    def __str__(self) -> str:
        return str(self.user)


class Cast:
    """The people of one vendor who may approve, who of them is away today, and up to what value each may go.

    Five queries, however many people and steps are asked about.
    """

    def __init__(self, vendor_id: int) -> None:
        live = Membership.objects.filter(organisation=vendor_id).live().order_by("user__name", "pk")
        members = [member for member in live if APPROVE in member.capabilities()]
        self.able: dict[int, User] = {member.user_id: member.user for member in members}
        self.administrators = [member for member in live if any(role.fixed for role in member.roles.all())]
        self.members = {member.user_id: member for member in live}
        today = localdate()
        away = Absence.objects.filter(organisation=vendor_id).touching(today, today)
        self.away: dict[int, int | None] = dict(away.values_list("user", "delegate"))
        self.limits = {row.user_id: row for row in ApproverLimit.objects.filter(vendor=vendor_id)}

    def named(self, asks: Asks, person_ids: Iterable[int], deal: Deal) -> list[int]:
        """The users whom a step names, whatever keeps them from answering."""
        if asks.who == Who.MANAGER:
            manager = deal.partnership.channel_manager_id
            return [manager] if manager else []
        return list(self.able) if asks.who == Who.HOLDERS else list(person_ids)

    def seats(self, wanted: Iterable[int], deal: Deal, barred: set[int]) -> dict[int, Approver | None]:
        """Each of the users who may answer for this deal, and who does so today: themselves, a delegate, or nobody.

        `barred` holds who may not: the submitter, who started it, who answered before.
        """
        found: dict[int, Approver | None] = {}
        taken: set[int] = set()
        entitled = [pk for pk in dict.fromkeys(wanted) if pk in self.able and self._within_limit(pk, deal)]
        for pk in sorted(entitled, key=lambda each: each in self.away):  # who is there takes the own seat first
            stand_in = self._stand_in(pk)
            if pk in barred:
                continue
            if stand_in is None or stand_in in barred or stand_in in taken:
                found[pk] = None
                continue
            taken.add(stand_in)
            found[pk] = Approver(self.able[stand_in], None if stand_in == pk else self.able[pk])
        return found

    def _stand_in(self, user_id: int) -> int | None:
        """Who answers for the person today, along the delegates; None when nobody does."""
        seen: set[int] = set()
        at: int | None = user_id
        while at is not None and at in self.away:
            if at in seen:
                return None
            seen.add(at)
            at = self.away[at]
        return at if at in self.able else None

    def _within_limit(self, user_id: int, deal: Deal) -> bool:
        limit = self.limits.get(user_id)
        return limit is None or (limit.currency == deal.currency and deal.amount <= limit.amount)

    def limit_of(self, user_id: int) -> str:
        """Up to what value the person may approve, in words; empty for no limit."""
        limit = self.limits.get(user_id)
        return format_money(limit.amount, limit.currency) if limit else ""


def lacking(needs: list[tuple[int, set[int]]]) -> int | None:
    """The first of several steps (how many it needs, whom it may ask) for which no person is left over when nobody may
    answer twice; None when all can be filled. Augmenting paths over persons and seats."""
    holder: dict[int, tuple[int, int]] = {}
    for step, (needed, _people) in enumerate(needs):
        for seat in range(needed):
            if not _seated((step, seat), needs, holder, set()):
                return step
    return None


def _seated(
    seat: tuple[int, int], needs: list[tuple[int, set[int]]], holder: dict[int, tuple[int, int]], tried: set[int]
) -> bool:
    for person in sorted(needs[seat[0]][1] - tried):
        tried.add(person)
        if person not in holder or _seated(holder[person], needs, holder, tried):
            holder[person] = seat
            return True
    return False
