"""Funds in a whole neighbourhood: a vendor with a partner, money, requests and claims in any state."""

import itertools
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from funds import actions
from partners.actors import acting
from tests.factories import MembershipFactory, PartnershipFactory, RoleFactory

MONEY = Decimal(10_000)
_serial = itertools.count(1)


def somebody(organisation, *capabilities):
    """A new colleague with these capabilities, through the web."""
    role = RoleFactory(organisation=organisation, capabilities=["funds.view", *capabilities])
    return acting(MembershipFactory(organisation=organisation, roles=[role]), "web")


class Scene:
    """A vendor, its partner and a fund for that partner, with everybody who has a hand in it."""

    def __init__(self, amount=MONEY, **edge):
        self.edge = PartnershipFactory(**edge)
        self.vendor, self.partner = self.edge.vendor, self.edge.partner
        self.manager = somebody(self.vendor, "funds.manage")
        self.reviewer = somebody(self.vendor, "funds.decide")
        self.finance = somebody(self.vendor, "funds.finance")
        self.asker = somebody(self.partner, "funds.request")
        self.fund = self.open(amount)

    def open(self, amount=MONEY, **fields):
        reach = {} if "reach" in fields else {"reach": "partner", "partnership": self.edge}
        period = {"starts": localdate() - timedelta(days=30), "ends": localdate() + timedelta(days=60)}
        given = {"name": "Spring fund", "currency": "EUR", "claim_days": 30, **period, **reach, **fields}
        return actions.open_fund(actor=self.manager, fields=given, amount=Decimal(amount))

    def line(self, asked=1000, **fields):
        start = localdate() - timedelta(days=5)
        given = {"activity": "other", "title": "Open day", "starts": start, "ends": start + timedelta(days=2)}
        given |= {"cost": Decimal(asked) * 2, "own_share": Decimal(asked), "asked": Decimal(asked), **fields}
        return actions.LineInput(**given)

    def draft(self, *lines, fund=None):
        made = lines or (self.line(),)
        return actions.draft_request(
            actor=self.asker, fund=fund or self.fund, partnership=self.edge, title="Open day in Padova", lines=made
        )

    def submitted(self, *lines, fund=None):
        return actions.submit_request(actor=self.asker, request=self.draft(*lines, fund=fund))

    def reviewed(self, *lines, fund=None):
        request = self.submitted(*lines, fund=fund)
        told = [actions.LineDecision(line.position, "accepted") for line in request.lines.all()]
        return actions.review_request(actor=self.reviewer, request=request, decisions=told)

    def granted(self, *lines, fund=None):
        return actions.release_request(actor=self.finance, request=self.reviewed(*lines, fund=fund))

    def claim_fields(self, request, asked=400, **fields):
        number = f"RE-{next(_serial)}"
        given = {"line": request.lines.first(), "supplier": "Sala Verdi", "invoice_number": number, "results": ""}
        return given | {"invoice_day": localdate(), "cost": Decimal(asked), "asked": Decimal(asked), **fields}

    def claim(self, request, asked=400, **fields):
        return actions.draft_claim(
            actor=self.asker, request=request, fields=self.claim_fields(request, asked, **fields)
        )

    def proof(self, claim, kind="invoice", content=None):
        text = content or f"Invoice {next(_serial)}".encode()
        return actions.add_proof(
            actor=self.asker, claim=claim, upload=SimpleUploadedFile("invoice.txt", text), kind=kind
        )

    def claimed(self, request, asked=400, **fields):
        claim = self.claim(request, asked, **fields)
        self.proof(claim)
        return actions.submit_claim(actor=self.asker, claim=claim)

    def earned(self, request, asked=400, approved=None):
        claim = self.claimed(request, asked)
        said = Decimal(asked if approved is None else approved)
        return actions.decide_claim(actor=self.reviewer, claim=claim, approved=said, reason="As agreed")
