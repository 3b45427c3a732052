"""What comes in by the exchange: kept, proven, applied message by message, refused with a finding."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.models import TrailEntry
from edi.exchange import MAX_BYTES, TooLarge, receive
from edi.models import Connection, Interchange, Message, Transmission
from orders.models import Order
from partners.models import Partnership
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, connect, edifact, erp_of, orders_message, pair, ubl, x12
from tests.factories import OrganisationFactory, PartnershipFactory

XXE = b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY e SYSTEM "file:///etc/passwd">]><Order>&e;</Order>'
pytestmark = pytest.mark.django_db


def take(couple, text, content_type="text/plain"):
    data = text if isinstance(text, bytes) else text.encode()
    return receive(actor=couple.actor, data=data, content_type=content_type)


def codes(row):
    return list(row.findings.filter(severity="error").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("document", "number", "standard"),
    [(edifact(), "PO-1", "edifact"), (x12(), "PO-2", "x12"), (ubl(), "PO-3", "ubl")],
    ids=["edifact", "x12", "ubl"],
)
def test_an_order_of_any_standard_becomes_the_same_order(document, number, standard):
    couple = pair()
    [row] = take(couple, document).interchanges
    assert (row.validation, row.standard, row.counterpart, codes(row)) == ("valid", standard, couple.seller, [])
    order = Order.objects.get()
    assert (order.number, order.buyer, order.seller, order.currency) == (number, couple.buyer, couple.seller, "EUR")
    assert order.source == Order.Source.EDI
    lines = [(line.quantity, line.unit_price, line.seller_sku) for line in order.lines.all()]
    assert lines == [(Decimal(4), Decimal("120.5"), "AP-100"), (Decimal(10), Decimal("8.125"), "AP-200")]
    assert row.messages.get().order == order
    assert bytes(row.transmission.raw) == document.encode()


def test_the_trail_tells_both_companies():
    couple = pair()
    [row] = take(couple, edifact()).interchanges
    entry = TrailEntry.objects.get(verb="edi.received")
    assert entry.target_id == row.pk and entry.via == "edi" and entry.service_account == couple.account
    assert set(entry.readers.values_list("organisation", flat=True)) == {couple.buyer.pk, couple.seller.pk}


def test_the_same_file_twice_changes_nothing():
    couple = pair()
    first = take(couple, edifact())
    events = TrailEntry.objects.count()
    second = take(couple, edifact())
    assert [row.pk for row in second.interchanges] == [row.pk for row in first.interchanges]
    assert second.repeated == {first.interchanges[0].pk} and not first.repeated
    assert Order.objects.count() == 1 and TrailEntry.objects.count() == events
    assert Transmission.objects.get(inbound=True).times_received == 2


def test_the_same_interchange_inside_another_file_is_a_repetition():
    couple = pair()
    [first] = take(couple, edifact()).interchanges
    receipt = take(couple, edifact() + "\n" + edifact(orders_message(number="PO-9"), control="4712"))
    assert [row.control_number for row in receipt.interchanges] == ["4711", "4712"]
    assert receipt.repeated == {first.pk}
    assert sorted(Order.objects.values_list("number", flat=True)) == ["PO-1", "PO-9"]


def test_a_control_number_used_for_other_bytes_is_refused():
    couple = pair()
    take(couple, edifact())
    [row] = take(couple, edifact(orders_message(number="PO-8"))).interchanges
    assert row.validation == "invalid" and codes(row) == ["duplicate-control-number"]
    assert row.findings.get(severity="error").syntax_error == "26"
    assert list(Order.objects.values_list("number", flat=True)) == ["PO-1"]


def test_a_refused_document_may_come_again_corrected_under_its_number():
    couple = pair()
    take(couple, edifact(count=7))
    [row] = take(couple, edifact()).interchanges
    assert row.validation == "valid" and Order.objects.count() == 1


def test_a_refused_document_is_read_again_when_it_is_posted_again():
    couple = pair(connection={"state": Connection.State.PAUSED})
    [first] = take(couple, edifact()).interchanges
    assert codes(first) == ["connection-paused"]
    couple.connection.state = Connection.State.ACTIVE
    couple.connection.save()
    receipt = take(couple, edifact())
    [again] = receipt.interchanges
    assert again.pk == first.pk and again.validation == "valid" and not receipt.repeated
    assert Order.objects.count() == 1 and not again.findings.filter(code="connection-paused").exists()


def test_a_refusal_repeated_is_no_new_event():
    couple = pair()
    take(couple, edifact(sender="999"))
    before = (TrailEntry.objects.count(), Interchange.objects.count())
    take(couple, edifact(sender="999"))
    assert (TrailEntry.objects.count(), Interchange.objects.count()) == before


def test_only_ones_own_identifiers_may_send():
    couple = pair()
    stranger = OrganisationFactory(gln="5412345000013")
    PartnershipFactory(vendor=couple.seller, partner=stranger)
    [row] = take(couple, edifact(sender="5412345000013")).interchanges
    assert row.validation == "invalid" and codes(row) == ["sender-not-yours"]
    assert row.counterpart is None, "the seller must not see what somebody sent under a stolen name"
    assert not Order.objects.exists()


def test_the_buyer_in_the_order_must_be_the_one_who_sends_it():
    couple = pair()
    other = OrganisationFactory(name="Dolomiti Acque", gln="5412345000013")
    PartnershipFactory(vendor=other, partner=couple.buyer)
    [row] = take(couple, edifact(orders_message(buyer="5412345000013"))).interchanges
    assert codes(row) == ["buyer-not-sender"] and not Order.objects.exists()


def test_the_seller_in_the_order_must_be_the_one_it_is_addressed_to():
    couple = pair()
    other = OrganisationFactory(name="Nordic Valves", gln="5412345000013")
    PartnershipFactory(vendor=other, partner=couple.buyer)
    [row] = take(couple, edifact(orders_message(seller="5412345000013"))).interchanges
    assert codes(row) == ["seller-not-receiver"] and not Order.objects.exists()


def test_parties_that_nobody_knows_are_taken_from_the_envelope_with_a_note():
    couple = pair()
    [row] = take(couple, edifact(orders_message(buyer="STORE17", seller="V-22"))).interchanges
    assert row.validation == "valid"
    notes = set(row.findings.filter(severity="note").values_list("code", flat=True))
    assert {"buyer-from-envelope", "seller-from-envelope"} <= notes
    assert (Order.objects.get().buyer, Order.objects.get().seller) == (couple.buyer, couple.seller)


def test_a_receiver_that_is_no_partner_and_one_that_does_not_exist_look_the_same():
    couple = pair()
    OrganisationFactory(name="Stranger", gln="5412345000013")
    [stranger] = take(couple, edifact(receiver="5412345000013")).interchanges
    [nobody] = take(couple, edifact(receiver="5412345000020")).interchanges
    assert codes(stranger) == codes(nobody) == ["receiver-unknown"]
    texts = [row.findings.get(severity="error").text for row in (stranger, nobody)]
    assert texts[0].replace("5412345000013", "X") == texts[1].replace("5412345000020", "X")


def test_an_identifier_that_two_partners_claim_is_not_guessed():
    couple = pair()
    rival = OrganisationFactory(name="Rival", gln=SELLER_GLN)
    PartnershipFactory(vendor=rival, partner=couple.buyer)
    [row] = take(couple, edifact()).interchanges
    assert codes(row) == ["receiver-ambiguous"] and not Order.objects.exists()
    connect(couple.buyer, couple.seller)
    [row] = take(couple, edifact()).interchanges
    assert row.validation == "valid" and Order.objects.get().seller == couple.seller


def test_an_ended_partnership_refuses_and_shows_the_other_side_nothing():
    couple = pair()
    Partnership.objects.update(state=Partnership.State.ENDED)
    [row] = take(couple, edifact()).interchanges
    assert codes(row) == ["no-partnership"] and row.counterpart is None and not Order.objects.exists()


def test_a_number_that_was_ordered_already_is_refused_as_a_message():
    couple = pair()
    take(couple, edifact())
    [row] = take(couple, edifact(control="4712")).interchanges
    assert row.validation == "invalid" and codes(row) == ["duplicate-order"]
    assert row.messages.get().state == Message.State.REFUSED and Order.objects.count() == 1


@pytest.mark.parametrize("document", [edifact(test=True), x12(usage="T")], ids=["edifact", "x12"])
def test_a_test_flag_never_makes_an_order(document):
    [row] = take(pair(), document).interchanges
    assert row.validation == "valid" and row.test
    assert row.messages.get().state == Message.State.CHECKED and not Order.objects.exists()
    assert row.findings.filter(code="test-only").exists()


def test_a_connection_in_test_mode_never_makes_an_order():
    [row] = take(pair(connection={"mode": Connection.Mode.TEST}), edifact()).interchanges
    assert row.messages.get().state == Message.State.CHECKED and not Order.objects.exists()


def test_one_bad_message_among_good_ones():
    messages = [orders_message("1"), orders_message("2", "PO-2", quantity="none"), orders_message("3", "PO-3")]
    [row] = take(pair(), edifact(*messages)).interchanges
    assert row.validation == "partly"
    assert [message.state for message in row.messages.all()] == ["applied", "refused", "applied"]
    assert sorted(Order.objects.values_list("number", flat=True)) == ["PO-1", "PO-3"]


def test_one_bad_interchange_among_good_ones():
    text = edifact(count=3) + edifact(orders_message(number="PO-2"), control="4712")
    first, second = take(pair(), text).interchanges
    assert (first.validation, second.validation) == ("invalid", "valid")
    assert Order.objects.get().number == "PO-2"


def test_a_failure_of_the_portal_on_one_message_spares_the_others(monkeypatch, caplog):
    from edi import consequences
    from orders.documents import OrderDocument

    def fails_once(**given):
        if given["document"].number == "PO-1":
            raise RuntimeError("disk on fire")
        return real(**given)

    real = consequences.CONSEQUENCES[OrderDocument][1]
    monkeypatch.setitem(consequences.CONSEQUENCES, OrderDocument, ("order", fails_once))
    [row] = take(pair(), edifact(orders_message("1"), orders_message("2", "PO-2"))).interchanges
    assert row.validation == "partly" and codes(row) == ["portal-fault"]
    assert Order.objects.get().number == "PO-2"
    assert "disk on fire" in caplog.text and "disk on fire" not in row.findings.get(code="portal-fault").text


def test_work_that_was_cut_off_goes_on_where_it_stopped(monkeypatch):
    from edi import exchange

    def dies(setting, position, message):
        if position == 2:
            raise SystemExit
        return real(setting, position, message)

    real = exchange.settle
    couple, text = pair(), edifact(orders_message("1"), orders_message("2", "PO-2"))
    monkeypatch.setattr(exchange, "settle", dies)
    with pytest.raises(SystemExit):
        take(couple, text)
    assert Interchange.objects.get().validation == "processing" and Order.objects.count() == 1
    monkeypatch.setattr(exchange, "settle", real)
    [row] = take(couple, text).interchanges
    assert row.validation == "valid" and Order.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"\x00\xff" * 50, "unknown-standard"),
        (b"Dear supplier, please send 4 pumps.", "unknown-standard"),
        (b"UNB+UNOC:3+1:14", "missing-unz"),
        (
            b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY e SYSTEM "file:///etc/passwd">]><Order>&e;</Order>',
            "doctype-refused",
        ),
        (b"<Order>", "xml-malformed"),
    ],
)
def test_what_cannot_be_read_is_kept_and_told(data, code):
    couple = pair()
    [row] = take(couple, data).interchanges
    assert row.validation == "invalid" and code in codes(row)
    assert bytes(row.transmission.raw) == data and row.counterpart is None
    assert "root:" not in str(list(row.findings.values()))


def test_too_much_is_refused_before_anything_is_kept():
    with pytest.raises(TooLarge):
        take(pair(), b" " * (MAX_BYTES + 1))
    assert not Transmission.objects.exists()


def test_an_actor_without_the_capability_is_refused():
    couple = pair(capabilities=("edi.view", "orders.send"))
    with pytest.raises(PermissionDenied):
        take(couple, edifact())
    assert not Transmission.objects.exists()


def test_an_actor_who_may_not_order_gets_a_finding():
    [row] = take(pair(capabilities=("edi.send",)), edifact()).interchanges
    assert codes(row) == ["not-allowed"] and not Order.objects.exists()


def test_vat_numbers_name_a_company_with_and_without_their_country():
    couple = pair()
    couple.seller.vat_id = "IT03456780240"
    couple.seller.save()
    for number, receiver in enumerate(("IT03456780240", "03456780240", "it 0345 6780 240"), 1):
        text = edifact(orders_message(number=f"PO-{number}"), control=str(number), receiver=receiver)
        assert take(couple, text).interchanges[0].counterpart == couple.seller


def test_codes_of_a_connection_name_the_companies():
    couple = pair(("BRENTA", "B-PLANT2"), ("AURORA", "V-0047"), connection={"format": Connection.Format.X12_4010})
    text = x12(sender="B-PLANT2", receiver="V-0047")
    [row] = take(couple, text).interchanges
    assert row.connection == couple.connection and row.validation == "valid"


def test_a_third_company_sees_nothing(act_for):
    couple = pair()
    take(couple, edifact())
    third = OrganisationFactory()
    PartnershipFactory(vendor=couple.seller, partner=third)
    assert not Interchange.objects.visible_to(act_for(third, "edi.view")).exists()
    assert Interchange.objects.visible_to(act_for(couple.seller, "edi.view")).filter(content="order").count() == 1


def test_the_machine_of_the_seller_cannot_order_in_the_buyers_name():
    couple = pair()
    couple.account, couple.key = erp_of(couple.seller, "edi.send", "orders.send")
    couple.buyer, couple.seller = couple.seller, couple.buyer
    [row] = take(couple, edifact()).interchanges
    assert codes(row) == ["sender-not-yours"]
    assert BUYER_GLN in row.findings.get(severity="error").text


@pytest.mark.parametrize("where", ["sender", "control", "order", "message"])
def test_nul_bytes_reach_no_column(where):
    """PostgreSQL holds no NUL in a text column; the raw bytes keep theirs."""
    couple = pair()
    text = {
        "sender": edifact(sender=f"{BUYER_GLN}\x00"),
        "control": edifact(control="47\x0011"),
        "order": edifact(orders_message(number="PO\x001")),
        "message": edifact(orders_message(reference="1\x00")),
    }[where]
    [row] = take(couple, text).interchanges
    stored = [*Interchange.objects.values_list(), *Message.objects.values_list(), *row.findings.values_list()]
    assert "\\x00" not in repr(stored) and "\\u0000" not in repr(stored)
    assert b"\x00" in bytes(row.transmission.raw)
    assert "\x00" not in "".join(Order.objects.values_list("number", flat=True))
