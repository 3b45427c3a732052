"""The demo's funds: one for Brenta Impianti, one for every partner in Italy, with requests and claims on their way."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from funds import actions
from funds.models import Claim, Fund, FundRequest, proof_needed
from partners.actors import Actor
from partners.models import Partnership

OF_BRENTA = "Growth fund {}"
OF_ITALY = "Italy, fairs and events {}"
# Title, activity, days from today until it starts, how long it takes, its cost, what is asked.
PLANS = (
    ("Open day in the new showroom", "event", 12, 1, 6_400, 3_200),
    ("Stand at the water fair in Bologna", "fair", -20, 4, 14_000, 7_000),
    ("Advertisements in the installers' journal", "advert", -45, 40, 4_800, 2_400),
    ("Course on variable speed drives", "training", 25, 2, 3_000, 1_500),
    ("Autumn mailing to hotels", "mailing", -30, 10, 2_200, 1_100),
    ("Demonstration booster set", "demo", 8, 60, 9_000, 4_500),
    ("Search campaign for fire pumps", "online", -15, 30, 3_600, 1_800),
    ("Breakfast for consulting engineers", "event", -60, 1, 1_900, 950),
)


def fill(world: Any) -> None:
    """Write the funds of Aurora with what was asked and claimed."""
    vendor = world.orgs["aurora"]
    edges = {
        world.key_of(edge.partner): edge
        for edge in world.partnerships
        if edge.vendor_id == vendor.pk and edge.state == Partnership.State.ACTIVE
    }
    stage = Stage(world, vendor, edges)
    year = world.now.year
    own = stage.open(OF_BRENTA.format(year), 40_000, reach="partner", partnership=edges["brenta"])
    italy = stage.open(OF_ITALY.format(year), 60_000, reach="country", country="IT")
    for at, (fund, step) in enumerate(zip((own, italy) * 4, stage.steps(), strict=True)):
        step(stage.draft("brenta", fund, PLANS[at]))
    for key in sorted(edges):
        if edges[key].partner.country == "IT" and key != "brenta":
            stage.paid(stage.granted(stage.submitted(stage.draft(key, italy, PLANS[1]))))


class Stage:
    """Who acts in the demo of funds, and the steps they take through the same actions as everybody."""

    def __init__(self, world: Any, vendor: Any, edges: dict[str, Partnership]) -> None:
        self.world, self.vendor, self.edges = world, vendor, edges
        self.manager = world.actor("aurora", "channel_manager")
        payer = self._other_than(self.manager)
        self.payer = Actor(vendor, frozenset({"funds.view", "funds.finance"}), "web", user=payer.user, membership=payer)
        self.files = 0

    def _other_than(self, actor: Actor) -> Any:
        """A colleague in finance, or any other: four eyes need two people."""
        found = self.world.membership("aurora", "finance")
        others = (each for each in self.world.members["aurora"] if each.user_id != actor.user.pk)  # type: ignore[union-attr]
        return found if found.user_id != actor.user.pk else next(others)  # type: ignore[union-attr]

    def steps(self) -> list[Callable[[FundRequest], object]]:
        """One story for each plan."""
        return [
            self.submitted,
            lambda row: self.claimed(self.granted(self.submitted(row))),
            lambda row: self.paid(self.granted(self.submitted(row))),
            self.returned,
            lambda row: self.earned(self.granted(self.submitted(row))),
            lambda row: self.reviewed(self.submitted(row)),
            lambda row: self.granted(self.submitted(row)),
            lambda row: row,
        ]

    def asker(self, key: str) -> Actor:
        """Somebody of a partner who may ask."""
        actor: Actor = self.world.actor(key, "sales")
        return Actor(actor.organisation, actor.capabilities | {"funds.request"}, "web", actor.user, actor.membership)

    def open(self, name: str, amount: int, **reach: Any) -> Fund:
        """A fund that runs since spring."""
        today = localdate()
        fields = {"name": name, "currency": "EUR", "claim_days": 60, **reach}
        fields |= {"starts": today - timedelta(days=200), "ends": today + timedelta(days=120)}
        fields["terms"] = "Half of what an activity costs. Our name and yours are shown together."
        return actions.open_fund(actor=self.manager, fields=fields, amount=Decimal(amount))

    def draft(self, key: str, fund: Fund, plan: tuple[str, str, int, int, int, int]) -> FundRequest:
        """A request with one activity."""
        title, activity, begins, takes, cost, asked = plan
        starts = localdate() + timedelta(days=begins)
        line = actions.LineInput(
            activity=activity, title=title, starts=starts, ends=starts + timedelta(days=takes), cost=Decimal(cost),
            asked=Decimal(asked), own_share=Decimal(cost - asked), audience="Installers, planners", expected_leads=15,
        )  # fmt: skip
        return actions.draft_request(
            actor=self.asker(key), fund=fund, partnership=self.edges[key], title=title, lines=[line]
        )

    def submitted(self, row: FundRequest) -> FundRequest:
        """Handed to the vendor."""
        return actions.submit_request(actor=self.asker(self.world.key_of(row.partner)), request=row)

    def returned(self, row: FundRequest) -> FundRequest:
        """Given back with a question."""
        told = [actions.LineDecision(1, "returned", None, "Who teaches, and for how many people?")]
        return actions.review_request(actor=self.manager, request=self.submitted(row), decisions=told)

    def reviewed(self, row: FundRequest) -> FundRequest:
        """Decided, a little less than was asked; it waits for finance."""
        less = (row.lines.get().asked * Decimal("0.8")).quantize(Decimal(1))
        told = [actions.LineDecision(1, "changed", less, "We pay for the pump, not for the van.")]
        return actions.review_request(actor=self.manager, request=row, decisions=told)

    def granted(self, row: FundRequest) -> FundRequest:
        """Accepted and released."""
        told = [actions.LineDecision(1, "accepted")]
        row = actions.review_request(actor=self.manager, request=row, decisions=told)
        row = actions.release_request(actor=self.payer, request=row)
        actions.follow_clock(request=row)
        return row

    def claimed(self, row: FundRequest) -> Claim:
        """Claimed in part, with the proof that the activity needs."""
        asker, line = self.asker(self.world.key_of(row.partner)), row.lines.get()
        asked = (line.asked * Decimal("0.6")).quantize(Decimal(1))
        fields = {
            "line": line, "supplier": "Fiere e Stampa S.r.l.", "invoice_number": f"FS {row.pk}/{self.world.now.year}",
            "invoice_day": localdate() - timedelta(days=3), "cost": asked * 2, "asked": asked,
            "results": "46 visitors, 11 of them asked for an offer.",
        }  # fmt: skip
        claim = actions.draft_claim(actor=asker, request=row, fields=fields)
        for kind, name in proof_needed(line.activity):
            self.files += 1
            upload = SimpleUploadedFile(f"{kind}.txt", f"{name}, {claim.number}, {self.files}".encode())
            actions.add_proof(actor=asker, claim=claim, upload=upload, kind=kind)
        return actions.submit_claim(actor=asker, claim=claim)

    def earned(self, row: FundRequest) -> Claim:
        """Claimed and approved; finance pays next."""
        claim = self.claimed(row)
        return actions.decide_claim(actor=self.manager, claim=claim, approved=claim.asked)

    def paid(self, row: FundRequest) -> None:
        """Claimed, approved and paid, the second instalment by credit note."""
        claim = self.earned(row)
        half = (claim.asked / 2).quantize(Decimal(1))
        for way, amount, reference in (("payment", half, "TRN 20417"), ("credit_note", claim.asked - half, "CN 388")):
            actions.settle_claim(actor=self.payer, claim=claim, way=way, amount=amount, reference=reference)
