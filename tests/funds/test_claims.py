"""Claims: proof, invoices, decisions, instalments; and never more than was reserved."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.errors import DomainError, InvalidTransition
from funds import actions
from funds.models import Claim, EntrySet, Proof
from funds.purses import balances_by_fund, reserved_for
from tests.funds.factories import Scene, somebody

pytestmark = pytest.mark.django_db


def test_the_whole_way_of_the_money(scene, held):
    request = scene.granted()
    claim = scene.claimed(request, 1000)
    claim = actions.take_claim(actor=scene.reviewer, claim=claim)
    claim = actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(1000))
    assert (claim.state, held()["claimed"]) == ("approved", 1_000)
    pay = {"actor": scene.finance, "claim": claim, "way": "payment"}
    actions.settle_claim(**pay, amount=Decimal(400), reference="TX-1")
    claim.refresh_from_db()
    assert claim.state == "settling"
    actions.settle_claim(**pay | {"way": "offset"}, amount=Decimal(600), reference="INV-9")
    claim.refresh_from_db()
    assert claim.state == "settled"
    actions.claw_back(actor=scene.finance, claim=claim, amount=Decimal(250), reference="Audit 3")
    assert held() == {"source": -10_000, "available": 9_250, "reserved": 0, "claimed": 0, "paid": 750}
    assert [made.verb for made in EntrySet.objects.order_by("pk")] == [
        "allocate",
        "reserve",
        "earn",
        "pay",
        "pay",
        "claw_back",
    ]


def test_partner_and_vendor_see_the_same_numbers(scene, held):
    request = scene.granted()
    scene.earned(request, 400)
    theirs = held(scene.asker)
    assert theirs == {kind: amount for kind, amount in held().items() if kind != "source"}
    assert held(Scene().asker) == {}


def test_a_partner_of_a_shared_fund_sees_its_own_share_alone(scene):
    fund = scene.open(reach="country", country=scene.partner.country)
    rival = Scene(vendor=scene.vendor, partner__country=scene.partner.country)
    scene.granted(fund=fund)
    rival.asker, rival.edge = rival.asker, rival.edge
    rival.granted(fund=fund)
    assert balances_by_fund(scene.asker, [fund])[fund.pk] == {"reserved": 1_000}
    assert balances_by_fund(scene.manager, [fund])[fund.pk]["reserved"] == 2_000
    assert {made.partner for made in EntrySet.objects.visible_to(scene.asker).filter(purse=fund.purse)} == {
        scene.partner
    }


def test_proof_is_asked_for_by_the_kind_of_activity(scene):
    request = scene.granted(scene.line(activity="event"))
    claim = scene.claim(request)
    scene.proof(claim)
    with pytest.raises(DomainError, match="List of those who came") as refused:
        actions.submit_claim(actor=scene.asker, claim=claim)
    assert refused.value.field == "evidence"
    scene.proof(claim, kind="attendance")
    assert actions.submit_claim(actor=scene.asker, claim=claim).state == "submitted"


def test_a_file_proves_once_at_a_vendor(scene):
    request = scene.granted()
    first, second = scene.claim(request, 100), scene.claim(request, 100)
    proof = scene.proof(first, content=b"The one invoice")
    with pytest.raises(DomainError, match="proof of a claim already"):
        scene.proof(second, content=b"The one invoice")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.create(
            vendor=scene.vendor, claim=second, kind="invoice", file="x", name="x", size=1, sha256=proof.sha256
        )
    elsewhere = Scene()
    elsewhere.proof(elsewhere.claim(elsewhere.granted()), content=b"The one invoice")


def test_a_rival_cannot_reuse_anothers_proof(scene):
    scene.proof(scene.claim(scene.granted()), content=b"The one invoice")
    rival = Scene(vendor=scene.vendor)
    with pytest.raises(DomainError, match="proof of a claim already"):
        rival.proof(rival.claim(rival.granted()), content=b"The one invoice")


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.txt", b"")])
def test_files_are_what_they_say(scene, name, content):
    claim = scene.claim(scene.granted())
    with pytest.raises(DomainError):
        actions.add_proof(actor=scene.asker, claim=claim, upload=SimpleUploadedFile(name, content), kind="invoice")
    with pytest.raises(DomainError):
        scene.proof(claim, kind="rumour")


def test_proof_is_taken_off_a_draft_and_may_prove_again(scene):
    request = scene.granted()
    claim = scene.claim(request, 100)
    proof = scene.proof(claim, content=b"The one invoice")
    actions.remove_proof(actor=scene.asker, claim=claim, proof_id=proof.pk)
    scene.proof(scene.claim(request, 100), content=b"The one invoice")


def test_an_invoice_is_claimed_once(scene):
    request = scene.granted()
    scene.claim(request, invoice_number="RE 2026/17")
    with pytest.raises(DomainError, match="CL-") as refused:
        scene.claim(request, invoice_number="re-2026-17")
    assert refused.value.field == "invoice_number"
    rival = Scene(vendor=scene.vendor)
    rival.claim(rival.granted(), invoice_number="RE 2026/17")


def test_what_was_denied_may_be_claimed_again(scene):
    request = scene.granted()
    claim = scene.claimed(request, 100, invoice_number="RE 17")
    claim = actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(0), reason="Wrong year")
    assert claim.state == "denied" and reserved_for(request) == 1_000
    scene.claim(request, 100, invoice_number="RE 17")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"asked": Decimal(500)}, "asked"),
        ({"cost": Decimal(-1)}, "cost"),
        ({"invoice_number": "--"}, "invoice_number"),
        ({"supplier": ""}, "supplier"),
    ],
)
def test_what_makes_no_claim_is_refused(scene, fields, field):
    with pytest.raises(DomainError) as refused:
        scene.claim(scene.granted(), **{"cost": Decimal(400), **fields})
    assert refused.value.field == field


def test_a_claim_is_for_an_activity_of_its_request_that_was_granted(scene):
    request, other = scene.granted(), scene.granted()
    with pytest.raises(DomainError) as refused:
        scene.claim(request, line=other.lines.get())
    assert refused.value.field == "line"
    with pytest.raises(InvalidTransition):
        scene.claim(scene.reviewed())


def test_no_more_is_claimed_or_granted_than_is_left(scene):
    request = scene.granted()
    scene.earned(request, 700)
    claim = scene.claim(request, 400)
    scene.proof(claim)
    with pytest.raises(DomainError, match="left of this activity"):
        actions.submit_claim(actor=scene.asker, claim=claim)
    claim = actions.change_claim(actor=scene.asker, claim=claim, fields={"asked": Decimal(300)})
    claim = actions.submit_claim(actor=scene.asker, claim=claim)
    with pytest.raises(DomainError, match=r"€300\.00"):
        actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(301))


def test_less_than_was_claimed_says_why(scene):
    claim = scene.claimed(scene.granted(), 400)
    with pytest.raises(DomainError) as refused:
        actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(399))
    assert refused.value.field == "reason"
    claim = actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(399), reason="VAT")
    assert claim.state == "partly"
    with pytest.raises(InvalidTransition):
        actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(400))


def test_who_may_not_decide_or_pay(scene):
    claim = scene.claimed(scene.granted(), 400)
    for wrong in (scene.asker, scene.finance):
        with pytest.raises(PermissionDenied):
            actions.decide_claim(actor=wrong, claim=claim, approved=Decimal(400))
    both = somebody(scene.vendor, "funds.decide", "funds.finance")
    claim = actions.decide_claim(actor=both, claim=claim, approved=Decimal(400))
    for wrong in (scene.asker, scene.reviewer, both):
        with pytest.raises(PermissionDenied):
            actions.settle_claim(actor=wrong, claim=claim, way="payment", amount=Decimal(400), reference="TX")
    with pytest.raises(Claim.DoesNotExist):
        actions.settle_claim(actor=Scene().finance, claim=claim, way="payment", amount=Decimal(1), reference="TX")


def test_a_payment_is_booked_once_and_never_too_high(scene, held):
    claim = scene.earned(scene.granted(), 400)
    pay = {"actor": scene.finance, "claim": claim, "way": "payment", "reference": "TX-1"}
    first = actions.settle_claim(**pay, amount=Decimal(400))
    assert actions.settle_claim(**pay, amount=Decimal(400)) == first
    with pytest.raises(DomainError, match="another amount"):
        actions.settle_claim(**pay, amount=Decimal(1))
    with pytest.raises(InvalidTransition):
        actions.settle_claim(**pay | {"reference": "TX-2"}, amount=Decimal(1))
    with pytest.raises(DomainError, match=r"€400\.00"):
        actions.claw_back(actor=scene.finance, claim=claim, amount=Decimal(401), reference="A")
    assert held()["paid"] == 400


@pytest.mark.parametrize("amount", ["0", "-1", "401", "0.001"])
def test_an_instalment_is_within_what_is_owed(scene, amount):
    claim = scene.earned(scene.granted(), 400)
    with pytest.raises(DomainError) as refused:
        actions.settle_claim(actor=scene.finance, claim=claim, way="payment", amount=Decimal(amount), reference="TX")
    assert refused.value.field == "amount"


def test_after_the_last_day_nothing_is_claimed_but_a_returned_claim_is_corrected(scene, pass_days):
    request = scene.granted()
    claim = scene.claimed(request, 300)
    pass_days(40)
    claim = actions.return_claim(actor=scene.reviewer, claim=claim, reason="The date is missing")
    with pytest.raises(InvalidTransition, match="last day"):
        scene.claim(request, 100)
    assert actions.submit_claim(actor=scene.asker, claim=claim).state == "submitted"


class NeverMore(TestCase):
    """Whatever is claimed, granted, paid, taken back and released: approved never exceeds reserved."""

    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.tuples(st.integers(1, 1200), st.integers(0, 1200), st.integers(0, 1200)), max_size=6))
    def test_approved_never_exceeds_reserved(self, stories):
        scene = Scene(1500)
        request = scene.granted(scene.line(1000))
        for asked, approved, paid in stories:
            claim = scene.claim(request, asked)
            scene.proof(claim)
            try:
                claim = actions.submit_claim(actor=scene.asker, claim=claim)
                claim = actions.decide_claim(
                    actor=scene.reviewer, claim=claim, approved=Decimal(approved), reason="So be it"
                )
                actions.settle_claim(
                    actor=scene.finance, claim=claim, way="payment", amount=Decimal(paid), reference="TX"
                )
            except DomainError:
                pass
            held = balances_by_fund(scene.manager, [scene.fund])[scene.fund.pk]
            granted = sum(each.approved or 0 for each in Claim.objects.all())
            assert granted <= 1000
            assert held["reserved"] == 1000 - granted == reserved_for(request)
            assert sum(held.values()) == 0
            assert all(amount >= 0 for kind, amount in held.items() if kind != "source")


@pytest.mark.django_db(transaction=True)
def test_decided_at_once_no_more_is_granted_than_is_reserved():
    scene = Scene()
    request = scene.granted(scene.line(1000))
    claims = [scene.claimed(request, 400) for _number in range(4)]
    came = []

    def decide(claim):
        try:
            actions.decide_claim(actor=scene.reviewer, claim=claim, approved=Decimal(400))
            came.append("granted")
        except DomainError:
            came.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(claim,)) for claim in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["granted", "granted", "refused", "refused"]
    assert reserved_for(request) == 200
