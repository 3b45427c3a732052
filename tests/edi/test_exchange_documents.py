"""What follows an order by EDI: applied to the right order, parked without one, forwarded in the other's format."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.errors import DomainError
from core.models import TrailEntry
from edi.actions import mark_overdue
from edi.cases import assign, settle_cases
from edi.exchange import receive
from edi.mapping import Finding, Severity
from edi.mapping.writing import Written
from edi.models import Case, Connection, Interchange, Message, RecordedFinding, Transmission
from edi.parking import link_message
from edi.resending import offer_again, send_as_new
from edi.resuming import resume_cut_off
from edi.sending import forward
from orders.documents import (
    AcknowledgementDocument,
    DespatchDocument,
    DespatchLineDocument,
    Identifier,
    InvoiceDocument,
    InvoiceLineDocument,
    NoticeError,
    NoticeVerdict,
    OrderChangeDocument,
    OrderDocument,
    OrderResponseDocument,
    PartyDocument,
    Scheme,
    StockDocument,
)
from orders.models import DespatchAdvice, Invoice, Order
from partners.actors import Actor
from tests.edi.carrying import Carrier, carrier
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, Pair, connect, edifact, erp_of, orders_message, pair
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, RoleFactory

__all__ = ["carrier"]
pytestmark = pytest.mark.django_db
SELLING = ("edi.view", "edi.send", "orders.view", "orders.respond", "orders.invoice")


@dataclass
class Trade:
    """A buyer with an ERP, a seller with an ERP, and an order between them."""

    couple: Pair
    carrier: Carrier
    selling: Actor
    count: int = 0

    @property
    def buying(self) -> Actor:
        return self.couple.actor

    @property
    def order(self) -> Order:
        return Order.objects.get(number="PO-1")

    def seller_posts(self, *documents, **more) -> Interchange:
        return self._post(self.selling, SELLER_GLN, BUYER_GLN, documents, more)

    def buyer_posts(self, *documents, **more) -> Interchange:
        return self._post(self.buying, BUYER_GLN, SELLER_GLN, documents, more)

    def _post(self, actor, sender, receiver, documents, more) -> Interchange:
        self.count += 1
        control = more.pop("control", f"T{self.count}")
        data = self.carrier.file(*documents, sender=sender, receiver=receiver, control=control, **more)
        return receive(actor=actor, data=data).interchanges[0]


@pytest.fixture
def trade(carrier) -> Trade:
    couple = pair()
    account, _key = erp_of(couple.seller, *SELLING)
    receive(actor=couple.actor, data=edifact().encode())
    return Trade(couple, carrier, Actor(couple.seller, account.capabilities(), "api", service_account=account))


def despatch(number="D-1", order="PO-1", *, first="4", second="10", **more) -> DespatchDocument:
    lines = tuple(
        DespatchLineDocument(number=at, quantity=Decimal(many), order_line=at)
        for at, many in (("1", first), ("2", second))
    )
    return DespatchDocument(number=number, order_number=order, issued_on=date(2026, 11, 20), lines=lines, **more)


def invoice(number="I-1", order="PO-1", **more) -> InvoiceDocument:
    lines = (InvoiceLineDocument(number="1", quantity=Decimal(4), unit_price=Decimal("120.5"), order_line="1"),)
    return InvoiceDocument(
        number=number, order_number=order, currency="EUR", issued_on=date(2026, 11, 21), lines=lines, **more
    )


def response(answer="accepted", number="PO-1") -> OrderResponseDocument:
    return OrderResponseDocument(number="OR-1", answer=answer, order=OrderDocument(number=number))


def party(gln: str) -> PartyDocument:
    return PartyDocument((Identifier(gln, Scheme.GLN),))


def codes(row: Interchange) -> set[str]:
    return set(row.findings.values_list("code", flat=True))


# --- applied ---


def test_the_whole_flow_reaches_the_order(trade):
    trade.seller_posts(response())
    assert trade.order.state == "accepted"
    trade.seller_posts(despatch(second="5"))
    assert trade.order.state == "partly_shipped"
    sent = trade.seller_posts(despatch("D-2", first="0", second="5"), invoice())
    assert trade.order.state == "shipped" and sent.validation == "valid" and sent.content == "despatch"
    first, second = sent.messages.all()
    assert (first.despatch.number, second.invoice.number) == ("D-2", "I-1")
    assert (first.order, second.order, first.order_number) == (trade.order, trade.order, "PO-1")


def test_a_change_and_a_cancellation_by_the_buyers_system(trade):
    row = trade.buyer_posts(
        OrderChangeDocument(number="C-1", function="change", order=OrderDocument(number="PO-1", terms="30 days"))
    )
    assert row.messages.get().state == "applied" and trade.order.terms == "30 days"
    trade.buyer_posts(OrderChangeDocument(number="C-2", function="cancel", order=OrderDocument(number="PO-1")))
    assert trade.order.state == "cancelled"


def test_the_buyer_cannot_send_what_is_the_sellers(trade):
    row = trade.buyer_posts(invoice(seller=party(SELLER_GLN)), response())
    assert [message.state for message in row.messages.all()] == ["refused", "parked"], "it sold nothing to the other"
    assert codes(row) >= {"seller-not-sender"} and not Invoice.objects.exists() and trade.order.state == "received"


def test_the_parties_of_a_document_must_be_those_of_the_envelope(trade):
    rival = OrganisationFactory(name="Rival", gln="5412345000013")
    PartnershipFactory(vendor=trade.couple.seller, partner=rival)
    row = trade.seller_posts(invoice(buyer=party("5412345000013")))
    assert codes(row) == {"buyer-not-receiver"} and not Invoice.objects.exists()


def test_a_self_billed_invoice_is_the_buyers_to_send(trade):
    actor = Actor(trade.couple.buyer, frozenset({"edi.send", "orders.invoice"}), "api", trade.couple.account and None)
    data = trade.carrier.file(invoice(kind="self_billed"), sender=BUYER_GLN, receiver=SELLER_GLN, control="S")
    [row] = receive(actor=actor, data=data).interchanges
    assert row.validation == "valid" and Invoice.objects.get().kind == "self_billed"


def test_the_same_invoice_in_another_file_is_refused_as_a_message(trade):
    trade.seller_posts(invoice())
    row = trade.seller_posts(invoice(), invoice("I-2"))
    assert row.validation == "partly" and "duplicate-document" in codes(row)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["I-1", "I-2"]


def test_a_test_changes_nothing(trade):
    row = trade.seller_posts(despatch(), invoice(), test=True)
    assert {message.state for message in row.messages.all()} == {"checked"}
    assert not DespatchAdvice.objects.exists() and not Invoice.objects.exists()


def test_reports_are_noted_and_apply_to_nothing(trade):
    row = trade.seller_posts(StockDocument(number="ST-1"))
    assert row.validation == "valid" and row.messages.get().state == "noted"


# --- parked ---


def test_a_document_about_an_order_that_is_not_here_waits(trade):
    row = trade.seller_posts(invoice(order="WRONG"), despatch())
    assert row.validation == "valid" and row.parked == 1 and row.get_state_display() == "Waits for its order"
    assert codes(row) == {"unknown-order"} and row in Interchange.objects.exceptions()
    assert trade.order.state == "shipped", "the other message was applied"
    assert row.answered_by.count() == 1, "the file is sound, so it is acknowledged"


@pytest.mark.parametrize("side", ["selling", "buying"])
def test_a_person_of_either_side_names_the_order(trade, act_for, side):
    row = trade.seller_posts(invoice(order="WRONG"))
    organisation = getattr(trade, side).organisation
    person = act_for(organisation, "edi.view", "edi.send", "orders.view", "orders.invoice")
    message = link_message(actor=person, message=row.messages.get(), order=trade.order)
    assert (message.state, message.order) == ("applied", trade.order)
    row.refresh_from_db()
    assert row.parked == 0 and row not in Interchange.objects.exceptions() and codes(row) == set()
    assert Invoice.objects.get().orders.get() == trade.order
    assert TrailEntry.objects.get(verb="edi.linked").user == person.user
    with pytest.raises(PermissionDenied):
        link_message(actor=person, message=message, order=trade.order)
    assert Invoice.objects.count() == 1


def test_linking_takes_the_capability_the_parties_and_an_order_of_theirs(trade, act_for):
    row = trade.seller_posts(invoice(order="WRONG"))
    message = row.messages.get()
    with pytest.raises(PermissionDenied):
        link_message(actor=act_for(trade.couple.buyer, "edi.view"), message=message, order=trade.order)
    stranger = OrganisationFactory()
    PartnershipFactory(vendor=trade.couple.seller, partner=stranger)
    with pytest.raises(Interchange.DoesNotExist):
        link_message(actor=act_for(stranger, "edi.send"), message=message, order=trade.order)
    other = pair(("8055555000008",), ("8066666000009",))
    receive(
        actor=other.actor,
        data=edifact(
            orders_message(number="PO-77", buyer="8055555000008", seller="8066666000009"),
            sender="8055555000008",
            receiver="8066666000009",
        ).encode(),
    )
    with pytest.raises(DomainError):
        link_message(actor=trade.selling, message=message, order=Order.objects.get(number="PO-77"))
    assert not Invoice.objects.exists()


def test_what_came_before_its_order_is_applied_when_the_order_comes(trade, django_capture_on_commit_callbacks):
    row = trade.seller_posts(despatch(order="PO-9"))
    with django_capture_on_commit_callbacks(execute=True):
        receive(actor=trade.buying, data=edifact(orders_message(number="PO-9"), control="99").encode())
    row.refresh_from_db()
    assert row.parked == 0 and row.messages.get().state == "applied"
    assert Order.objects.get(number="PO-9").state == "shipped"


# --- forwarded ---


def outbound(organisation, content=None):
    rows = Interchange.objects.filter(direction="out", organisation=organisation).exclude(content="acknowledgement")
    return list(rows.filter(content=content) if content else rows)


def written_as_told(monkeypatch) -> list:
    """Let the core write one byte of everything, and say what it was asked for."""
    told = []

    def write(documents, **more):
        told.append((documents, more))
        return Written(b"X")

    monkeypatch.setattr("edi.sending.mapping.write", write)
    return told


def test_an_order_reaches_the_sellers_system_in_its_own_format(carrier, django_capture_on_commit_callbacks):
    couple = pair()
    connect(couple.seller, couple.buyer, [SELLER_GLN], [BUYER_GLN], format=Connection.Format.X12_4010)
    with django_capture_on_commit_callbacks(execute=True):
        receive(actor=couple.actor, data=edifact().encode())
    [row] = outbound(couple.seller)
    assert (row.standard, row.kinds, row.content, row.keywords) == ("x12", "850", "order", "PO-1")
    assert (row.delivery, row.acknowledgement, row.counterpart) == ("pending", "waiting", couple.buyer)
    assert b"ST*850*" in row.raw and b"BEG*00*SA*PO-1" in row.raw and row.sender_id == BUYER_GLN
    assert row.messages.get().order == Order.objects.get()


def test_without_a_connection_nothing_is_forwarded(trade, django_capture_on_commit_callbacks):
    connect(trade.couple.seller, trade.couple.buyer, [SELLER_GLN], [BUYER_GLN], mode=Connection.Mode.TEST)
    with django_capture_on_commit_callbacks(execute=True):
        receive(actor=trade.buying, data=edifact(orders_message(number="PO-2"), control="2").encode())
    assert outbound(trade.couple.seller) == []


@pytest.mark.parametrize("post", [despatch, invoice, response])
def test_what_the_seller_sends_goes_to_the_buyer_back_the_way_its_order_came(
    trade, django_capture_on_commit_callbacks, monkeypatch, post
):
    told = []
    monkeypatch.setattr(
        "edi.sending.mapping.write", lambda documents, **more: told.append((documents, more)) or Written(b"X")
    )
    document = post()
    with django_capture_on_commit_callbacks(execute=True):
        trade.seller_posts(document)
    [row] = outbound(trade.couple.buyer)
    [([written], given)] = told
    assert type(written) is type(document) and given["standard"] == "edifact"
    assert {identifier.value for identifier in written.buyer.identifiers} == {BUYER_GLN}
    assert row.messages.get().order == trade.order and row.acknowledgement == "waiting"


def test_a_change_and_a_cancellation_reach_the_sellers_system(trade, django_capture_on_commit_callbacks, monkeypatch):
    connect(trade.couple.seller, trade.couple.buyer, [SELLER_GLN], [BUYER_GLN])
    told = written_as_told(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        receive(
            actor=trade.buying, data=edifact(orders_message(quantity="6").replace("+9'", "+5'"), control="7").encode()
        )
    with django_capture_on_commit_callbacks(execute=True):
        trade.buyer_posts(OrderChangeDocument(number="C", function="cancel", order=OrderDocument(number="PO-1")))
    change, cancellation = [each for [each], _more in told if isinstance(each, OrderChangeDocument)]
    assert [(each.line.number, each.change, each.line.quantity) for each in change.lines] == [
        ("1", "changed", Decimal(6)),
        ("2", "unchanged", Decimal(10)),
    ]
    assert (cancellation.function, cancellation.order.number) == ("cancel", "PO-1")
    assert [row.content for row in outbound(trade.couple.seller)] == ["change", "change", "order"]


def test_what_a_standard_cannot_say_is_kept_with_what_went_out(trade, django_capture_on_commit_callbacks, monkeypatch):
    remark = Finding(Severity.WARNING, "not-expressible", "The tracking number has no place.", value="1Z9")
    monkeypatch.setattr("edi.sending.mapping.write", lambda *given, **more: Written(b"X", (remark,)))
    with django_capture_on_commit_callbacks(execute=True):
        trade.seller_posts(despatch())
    [row] = outbound(trade.couple.buyer)
    assert row.delivery == "pending" and codes(row) == {"not-expressible"}


@pytest.mark.parametrize("fails", [True, False])
def test_what_cannot_be_written_is_an_exception_to_see(trade, django_capture_on_commit_callbacks, monkeypatch, fails):
    refused = Written(b"half", (Finding(Severity.ERROR, "cannot-be-written", "There is no such form."),))

    def write(*given, **more):
        if fails:
            raise RuntimeError("disk on fire")
        return refused

    monkeypatch.setattr("edi.sending.mapping.write", write)
    with django_capture_on_commit_callbacks(execute=True):
        trade.seller_posts(despatch())
    [row] = outbound(trade.couple.buyer)
    assert (row.delivery, row.acknowledgement, row.raw) == ("failed", "none", b"")
    assert codes(row) == {"portal-fault" if fails else "cannot-be-written"} and row in Interchange.objects.exceptions()
    with pytest.raises(PermissionDenied):
        offer_again(actor=trade.buying, interchange=row)


# --- acknowledged, overdue, sent again ---


@pytest.fixture
def answered(trade, monkeypatch, django_capture_on_commit_callbacks):
    """An answer that went out to the buyer's system and waits to be acknowledged."""
    written_as_told(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        trade.seller_posts(response())
    [row] = outbound(trade.couple.buyer)
    return row


def acknowledgement(number, verdict="accepted", *inside: NoticeVerdict, **more) -> AcknowledgementDocument:
    whole = NoticeVerdict("interchange", number, verdict, **more)
    return AcknowledgementDocument(number="A", interchange=number, verdicts=(whole, *inside))


def test_an_acknowledgement_sets_the_status_of_what_we_sent_and_of_its_message(trade, answered):
    errors = (NoticeError("12", "value not supported", "BGM 2", "X"),)
    inside = NoticeVerdict("message", "1", "rejected", errors=errors)
    trade.buyer_posts(acknowledgement(answered.control_number, "accepted", inside))
    answered.refresh_from_db()
    assert answered.acknowledgement == "accepted_with_errors" and answered.acknowledged_at
    assert answered.messages.get().acknowledgement == "rejected"
    told = answered.findings.get(code="reported-by-receiver")
    assert "value not supported" in told.text and told.message == answered.messages.get()


def test_acknowledgements_are_never_acknowledged_and_answer_only_ones_own(trade, answered, act_for):
    row = trade.buyer_posts(acknowledgement(answered.control_number))
    assert not row.answered_by.exists() and row.answers == answered
    late = trade.seller_posts(acknowledgement(answered.control_number, "rejected"))
    answered.refresh_from_db()
    assert answered.acknowledgement == "accepted" and codes(late) == {"answers-nothing"}


def test_a_receipt_alone_is_no_verdict(trade, answered):
    trade.buyer_posts(acknowledgement(answered.control_number, "received"))
    answered.refresh_from_db()
    assert answered.acknowledgement == "waiting"


def test_a_late_acknowledgement_is_an_alert_and_comes_after_all(trade, answered, django_capture_on_commit_callbacks):
    Interchange.objects.filter(pk=answered.pk).update(acknowledge_by=now() - timedelta(minutes=1))
    assert mark_overdue() == 1 and mark_overdue() == 0
    answered.refresh_from_db()
    assert answered.acknowledgement == "overdue" and answered in Interchange.objects.exceptions()
    assert TrailEntry.objects.filter(verb="edi.overdue", target_id=answered.pk).count() == 1
    trade.buyer_posts(acknowledgement(answered.control_number))
    answered.refresh_from_db()
    assert answered.acknowledgement == "accepted"


def test_the_same_bytes_are_offered_again_with_a_new_clock(trade, answered):
    raw, number = answered.raw, answered.control_number
    Interchange.objects.filter(pk=answered.pk).update(delivery="sent", acknowledgement="overdue")
    again = offer_again(actor=trade.selling, interchange=answered)
    assert (again.delivery, again.acknowledgement, again.control_number, again.raw) == (
        "pending",
        "waiting",
        number,
        raw,
    )
    assert again.acknowledge_by > now()


def test_the_same_document_is_sent_again_under_a_new_number(trade, django_capture_on_commit_callbacks):
    connect(trade.couple.seller, trade.couple.buyer, [SELLER_GLN], [BUYER_GLN])
    with django_capture_on_commit_callbacks(execute=True):
        receive(actor=trade.buying, data=edifact(orders_message(number="PO-2"), control="2").encode())
    [sent] = [row for row in outbound(trade.couple.seller) if row.keywords == "PO-2"]
    fresh = send_as_new(actor=trade.selling, interchange=sent)
    sent.refresh_from_db()
    assert fresh.resends == sent and int(fresh.control_number) == int(sent.control_number) + 1
    assert fresh.raw != sent.raw and b"PO-2" in fresh.raw and fresh.messages.get().order.number == "PO-2"
    assert (sent.acknowledgement, sent.delivery) == ("none", "failed"), "nobody waits for the first any more"


def test_sending_again_is_for_the_two_companies_and_for_what_went_out(trade, answered, act_for):
    with pytest.raises(PermissionDenied):
        offer_again(actor=act_for(trade.couple.seller, "edi.view"), interchange=answered)
    with pytest.raises(Interchange.DoesNotExist):
        offer_again(actor=act_for(OrganisationFactory(), "edi.send"), interchange=answered)
    came = Interchange.objects.filter(direction="in").first()
    with pytest.raises(PermissionDenied):
        send_as_new(actor=trade.buying, interchange=came)


def test_an_event_told_twice_is_sent_once(trade, answered):
    entry = TrailEntry.objects.get(verb="order.accepted")
    assert entry.fanned_out_at is not None
    from core.audit import fan_out

    fan_out.call(entry.pk)
    assert len(outbound(trade.couple.buyer)) == 1
    assert forward(entry).control_number != answered.control_number, "only the mark on the entry keeps it once"


# --- the queue of exceptions ---


def test_each_side_keeps_its_own_queue(trade, act_for):
    row = trade.seller_posts(invoice(order="WRONG"))
    ours = act_for(trade.couple.seller, "edi.view", "edi.send")
    assert assign(actor=ours, interchanges=[row], to=ours.membership) == 1
    assert assign(actor=ours, interchanges=[row], to=ours.membership) == 0
    assert settle_cases(actor=ours, interchanges=[row]) == 1
    case = Case.objects.get()
    assert (case.organisation, case.assignee) == (trade.couple.seller, ours.membership) and case.settled_at
    assert not Case.objects.visible_to(act_for(trade.couple.buyer, "edi.view")).exists()
    assert settle_cases(actor=ours, interchanges=[row], settled=False) == 1


def test_an_exception_is_given_to_ones_own_people_by_those_who_may(trade, act_for):
    row = trade.seller_posts(invoice(order="WRONG"))
    ours = act_for(trade.couple.seller, "edi.view", "edi.send")
    stranger = MembershipFactory(organisation=trade.couple.buyer, roles=[RoleFactory(organisation=trade.couple.buyer)])
    with pytest.raises(DomainError):
        assign(actor=ours, interchanges=[row], to=stranger)
    with pytest.raises(PermissionDenied):
        settle_cases(actor=act_for(trade.couple.seller, "edi.view"), interchanges=[row])
    outsider = act_for(OrganisationFactory(), "edi.send")
    assert settle_cases(actor=outsider, interchanges=[row]) == 0 and not Case.objects.exists()


# --- what a crash cut off ---


def test_the_timetable_goes_on_with_what_was_cut_off(trade, monkeypatch):
    from edi import exchange

    def dies(setting, position, message):
        raise SystemExit

    real = exchange.settle
    monkeypatch.setattr(exchange, "settle", dies)
    with pytest.raises(SystemExit):
        receive(actor=trade.buying, data=edifact(orders_message(number="PO-2"), control="2").encode())
    monkeypatch.setattr(exchange, "settle", real)
    assert resume_cut_off() == 0, "whoever posted it may still be at it"
    Transmission.objects.update(last_received_at=now() - timedelta(minutes=5))
    assert resume_cut_off() == 1 and resume_cut_off() == 0
    row = Interchange.objects.get(control_number="2", direction="in")
    assert row.validation == "valid" and Order.objects.filter(number="PO-2").exists()
    assert Transmission.objects.get(pk=row.transmission_id).times_received == 1


def test_what_its_sender_may_no_longer_do_is_not_gone_on_with(trade, monkeypatch):
    from edi import exchange

    monkeypatch.setattr(exchange, "_take_in", lambda *given: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        receive(actor=trade.buying, data=edifact(orders_message(number="PO-2"), control="2").encode())
    monkeypatch.undo()
    Transmission.objects.update(last_received_at=now() - timedelta(minutes=5))
    trade.couple.account.active = False
    trade.couple.account.save()
    assert resume_cut_off() == 0 and not Order.objects.filter(number="PO-2").exists()


def test_every_finding_of_a_message_stands_with_it(trade):
    row = trade.seller_posts(invoice(order="WRONG"))
    assert RecordedFinding.objects.get(interchange=row, code="unknown-order").message == Message.objects.get(
        interchange=row
    )
