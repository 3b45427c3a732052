"""Two to five partners after the same customer, in any order of what they, the vendor and time do, by the real actions.

`explore` walks a tree of stories on one connection: each step runs inside a savepoint and is taken back afterwards, so
that stories share their beginnings, and each costs little more than its last step. `race` lets threads act at once,
each on a connection of its own (PostgreSQL). After every step of the first, and every race of the second, no two
exclusive protections may overlap.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.utils.timezone import now

from core.errors import DomainError
from deals import actions
from deals.models import Deal, Petition
from partners.actors import Actor, system_actor
from tests.deals.factories import DealFactory, DraftFactory
from tests.factories import OrganisationFactory, PartnershipFactory, UserFactory

START = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("Europe/Rome"))
EVERYTHING = frozenset({"deals.view", "deals.register", "deals.decide"})
BRANCHES = (1, 1, 1, 2, 3)  # some seventy stories of nine steps a stage
LINES = (("",), ("pumps",), ("valves",), ("pumps", "valves"), ("pumps", ""))
NAMES = count(1)
# What each state leaves somebody to do; what a guard refuses then is part of the story.
STEPS = {
    "draft": ("submit",),
    "submitted": ("take", "withdraw", "reject"),
    "in_review": ("approve", "approve", "approve", "return_", "release", "withdraw", "reject"),
    "returned": ("resubmit", "withdraw"),
    "approved": ("extend", "ask", "settle", "expire", "withdraw", "lose", "win", "revoke"),
    "expired": ("reinstate", "reinstate"),
    "rejected": ("appeal",),
}
OVERLAPS = """
    SELECT COUNT(*) FROM deals_protection one JOIN deals_protection other
      ON one.id < other.id AND one.vendor_id = other.vendor_id AND one.cluster_id = other.cluster_id
     AND (one.product_line = other.product_line OR one.product_line = '' OR other.product_line = '')
     AND one.start <= other."end" AND other.start <= one."end"
    WHERE one.exclusive AND other.exclusive AND one.vendor_id = %s
"""


def overlaps(vendor_id: int) -> int:
    """How many pairs of a vendor's exclusive protections overlap in customer, product line and days."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS, [vendor_id])
        return cursor.fetchone()[0]


class Stage:
    """A vendor with three people and two to five partners, each with a registration for the same customer."""

    def __init__(self, rng: random.Random, vendor=None) -> None:
        self.vendor = vendor or OrganisationFactory()
        self.first, self.second, self.third = (self.person(self.vendor) for _ in range(3))
        name = f"customer {next(NAMES)}"
        self.deals: list[int] = []
        self.partners: dict[int, Actor] = {}
        for number in range(rng.randint(2, 5)):
            made = DraftFactory if number > 2 else DealFactory
            edge = PartnershipFactory(vendor=self.vendor)
            lines = [{"product_line": line} for line in rng.choice(LINES)]
            state = {} if made is DraftFactory else {"state": "in_review"}
            deal = made(partnership=edge, customer_name=name, customer_name_key=name, lines=lines, **state)
            self.deals.append(deal.pk)
            self.partners[deal.pk] = self.person(edge.partner)

    @staticmethod
    def person(organisation) -> Actor:
        return Actor(organisation, EVERYTHING, "web", UserFactory())

    def run(self, pk: int, step: str) -> str:
        """Take the step; what came of it: done, or the name of the refusal."""
        try:
            with transaction.atomic():
                getattr(self, step)(Deal.objects.get(pk=pk), self.partners[pk])
        except (DomainError, PermissionDenied, Deal.DoesNotExist) as error:  # the vendor sees no draft
            return type(error).__name__
        return "done"

    def submit(self, deal, partner):
        actions.submit_deal(actor=partner, deal=deal, terms=True)

    def take(self, deal, partner):
        actions.take_deal(actor=self.first, deal=deal)

    def release(self, deal, partner):
        actions.release_deal(actor=self.first, deal=deal)

    def approve(self, deal, partner):
        actions.approve_deal(actor=self.first, deal=deal)

    def return_(self, deal, partner):
        actions.return_deal(actor=self.first, deal=deal, fields=["note"], reason="Why?")

    def resubmit(self, deal, partner):
        actions.resubmit_deal(actor=partner, deal=deal, fields={"note": "Because."})

    def reject(self, deal, partner):
        actions.reject_deal(actor=self.first, deal=deal, reason="no_fit", note="No.")

    def withdraw(self, deal, partner):
        actions.withdraw_deal(actor=partner, deal=deal)

    def lose(self, deal, partner):
        actions.lose_deal(actor=partner, deal=deal, reason="price")

    def win(self, deal, partner):
        actions.win_deal(actor=system_actor(self.vendor), deal=deal, order_number="PO-1")

    def expire(self, deal, partner):
        actions.expire_deal(deal=deal)

    def ask(self, deal, partner):
        actions.ask(actor=partner, deal=deal, kind="extension", reason="The tender moved.")

    def settle(self, deal, partner):
        for row in Petition.objects.filter(deal=deal, state="pending"):
            if row.pk % 2:
                actions.grant(actor=self.first, petition=row)
            else:
                actions.refuse(actor=self.first, petition=row, answer="No.")

    def extend(self, deal, partner):
        row = actions.ask(actor=partner, deal=deal, kind="extension", reason="The tender moved.")
        actions.grant(actor=self.first, petition=row)

    def reinstate(self, deal, partner):
        row = actions.ask(actor=partner, deal=deal, kind="reinstatement", reason="They came back.")
        actions.grant(actor=self.first, petition=row)

    def revoke(self, deal, partner):
        row = actions.ask(actor=self.first, deal=deal, kind="revocation", reason="Wrong customer.")
        actions.grant(actor=self.second, petition=row)

    def appeal(self, deal, partner):
        row = actions.ask(actor=partner, deal=deal, kind="appeal", reason="Look again.")
        actions.grant(actor=self.third, petition=row)

    def choices(self) -> list[tuple[int, str]]:
        """What may be tried now: a deal and a step each."""
        states = Deal.objects.filter(pk__in=self.deals).order_by("pk").values_list("pk", "state")
        return [(pk, step) for pk, state in states for step in STEPS.get(state, ())]


@dataclass
class Told:
    """What was explored: whole stories, the steps they took, and what came of each kind of step."""

    stories: int = 0
    steps: int = 0
    most_protected: int = 0
    came: Counter = field(default_factory=Counter)


def explore(rng: random.Random, stories: int, traveller, depth: int = 9) -> Told:
    """Walk that many stories. Raises AssertionError, with the story, on the first overlap. `traveller` moves the clock
    (time_machine): on any step some days may pass."""
    told = Told()
    while told.stories < stories:
        sid = transaction.savepoint()
        traveller.move_to(START)
        _branch(Stage(rng), rng, traveller, (depth, stories), told, ())
        _undo(sid)
    traveller.move_to(START)
    return told


def _branch(stage: Stage, rng, traveller, limits: tuple[int, int], told: Told, story: tuple) -> None:
    depth, stories = limits
    choices = stage.choices()
    if len(story) == depth or not choices:
        told.stories += 1
        return
    moment = now()
    for pk, step in rng.choices(choices, k=rng.choice(BRANCHES)):
        if told.stories >= stories:
            return
        days = 91 if step == "expire" and rng.random() < 0.7 else rng.choice((0, 0, 0, 1, 45))
        traveller.move_to(moment + timedelta(days=days))
        sid = transaction.savepoint()
        came = stage.run(pk, step)
        told.steps += 1
        told.came[step, came] += 1
        path = (*story, (pk, step, days, came))
        assert overlaps(stage.vendor.pk) == 0, path
        _branch(stage, rng, traveller, limits, told, path)
        _undo(sid)
        traveller.move_to(moment)


def _undo(sid: str) -> None:
    """Back to a savepoint. What was to be done on commit is forgotten too: nothing here commits, and each rollback
    within an action would look through all of it."""
    transaction.savepoint_rollback(sid)
    connection.run_on_commit.clear()


def race(rng: random.Random, races: int, threads: int) -> Counter:
    """Let the partners of one customer and the vendor act at once, that often, each on a connection of its own.

    Gives what came of the steps. Raises AssertionError on an overlap, and whatever no action may raise.
    """
    came: Counter = Counter()
    vendor = OrganisationFactory()
    for _race in range(races):
        stage = Stage(rng, vendor)
        faults: list[BaseException] = []
        gate = threading.Barrier(min(threads, len(stage.deals)))
        plans = [(pk, [rng.choice(SPRINT) for _ in range(4)]) for pk in stage.deals[: gate.parties]]
        running = [
            threading.Thread(target=_sprint, args=(stage, pk, ["approve", *steps], gate, came, faults))
            for pk, steps in plans
        ]
        for each in running:
            each.start()
        for each in running:
            each.join()
        assert not faults, faults
        assert overlaps(vendor.pk) == 0, plans
    return came


SPRINT = ("approve", "withdraw", "extend", "ask", "settle", "revoke", "take", "submit", "lose", "release")


def _sprint(stage: Stage, pk: int, steps: Iterable[str], gate, came: Counter, faults: list) -> None:
    try:
        gate.wait()
        for step in steps:
            came[step, stage.run(pk, step)] += 1
    except BaseException as fault:
        faults.append(fault)
    finally:
        connections.close_all()
