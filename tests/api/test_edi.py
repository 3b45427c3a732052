"""The exchange over HTTP: posting, acknowledgements, collecting, confirming, and who may not."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client

from core.models import TrailEntry
from edi.actions import mark_overdue
from edi.exchange import MAX_BYTES
from edi.models import Interchange, Transmission
from orders.actions import respond_to_order
from orders.models import Order
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, connect, edifact, erp_of, orders_message, pair, ubl, x12
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
INBOUND, OUTBOUND = "/api/v1/edi/inbound/", "/api/v1/edi/outbound/"
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "external entity": '<!DOCTYPE o [<!ENTITY e SYSTEM "file:///etc/passwd">]><Order>&e;</Order>',
    "parameter entity": '<!DOCTYPE o [<!ENTITY % e SYSTEM "http://127.0.0.1:1/x.dtd"> %e;]><Order/>',
    "laughs": f'<!DOCTYPE o [<!ENTITY e0 "ha">{BOMB}]><Order>&e9;</Order>',
    "deep": "<a>" * 5000 + "</a>" * 5000,
    "release flood": edifact().replace("Booster", "?" * 200_000),
    "count of many digits": edifact().replace("UNZ+1+", f"UNZ+{'9' * 5000}+"),
    "many empty segments": edifact() + "'" * 200_000,
    "unterminated": "UNB+UNOC:3+" + "A" * 300_000,
    "nul bytes": edifact().replace("Booster", "\x00\x1a"),
    "line break in the sender": edifact(sender="8023456000006\r\nX-Evil: 1"),
}


def first(answer) -> dict:
    return answer.json()["interchanges"][0]


@pytest.mark.parametrize(
    ("document", "number", "kind", "answer_kind", "start"),
    [
        (edifact(), "PO-1", "ORDERS", "application/edifact", "UN"),
        (x12(), "PO-2", "850", "application/edi-x12", "ISA"),
        (ubl(), "PO-3", "Order", "application/xml", "<?xml"),
    ],
    ids=["edifact", "x12", "ubl"],
)
def test_the_answer_tells_what_was_made_of_a_document(document, number, kind, answer_kind, start):
    couple = pair()
    answer = couple.post(document)
    told, order = first(answer), Order.objects.get()
    assert answer.status_code == 201 and answer["Content-Type"] == "application/json"
    assert (told["state"], told["duplicate"], told["findings"]) == ("valid", False, [])
    [message] = told["messages"]
    assert (message["kind"], message["state"]) == (kind, "applied")
    assert message["order"] == {
        "id": order.pk,
        "number": number,
        "state": "received",
        "url": f"/orders/{order.pk}/",
    }
    assert told["acknowledgement"]["content_type"] == answer_kind
    assert told["acknowledgement"]["text"].startswith(start)


@pytest.mark.parametrize(
    ("document", "accept", "marks"),
    [
        (edifact(), "application/edifact", [b"UCI+4711+", b"+7'"]),
        (x12(), "application/edi-x12", [b"AK1*PO*905", b"AK9*A*1*1*1"]),
        (ubl(), "application/xml", [b"ApplicationResponse", b"PO-3"]),
    ],
    ids=["edifact", "x12", "ubl"],
)
def test_accept_gives_the_bare_acknowledgement_of_the_standard(document, accept, marks):
    answer = pair().post(document, accept=accept)
    assert answer.status_code == 201 and answer["Content-Type"] == accept
    assert [mark for mark in marks if mark not in answer.content] == []


@pytest.mark.parametrize(
    ("document", "accept", "mark"),
    [
        (edifact(orders_message(quantity="none")), "application/edifact", b"UCM+1+ORDERS:D:96A:UN+4"),
        (edifact(count=5), "application/edifact", b"+4+29"),
        (edifact(sender="999"), "application/edifact", b"+4+23"),
        (edifact(receiver="999"), "application/edifact", b"+4+7"),
        (x12(count=2), "application/edi-x12", b"AK5*R*4"),
        (x12(sender="STRANGER"), "application/edi-x12", b"*R*006"),
        (ubl(seller="999"), "application/xml", b">RE<"),
    ],
)
def test_a_refusal_says_so_in_the_senders_standard(document, accept, mark):
    answer = pair().post(document, accept=accept)
    assert answer.status_code == 422 and mark in answer.content, answer.content
    assert not Order.objects.exists()


def test_a_business_refusal_is_in_the_acknowledgement_too():
    couple = pair()
    couple.post(edifact())
    again = couple.post(edifact(control="4712"))
    told = first(again)
    assert again.status_code == 422 and told["messages"][0]["state"] == "refused"
    assert [finding["code"] for finding in told["messages"][0]["findings"]] == ["duplicate-order"]
    assert "UCM+1+ORDERS:D:96A:UN+4" in told["acknowledgement"]["text"]


def test_the_same_bytes_give_the_same_acknowledgement_and_nothing_else():
    couple = pair()
    one, two = couple.post(edifact()), couple.post(edifact())
    assert (one.status_code, two.status_code) == (201, 200)
    assert first(two)["duplicate"] is True and first(one)["id"] == first(two)["id"]
    assert first(one)["acknowledgement"] == first(two)["acknowledgement"]
    assert Order.objects.count() == 1 and Interchange.objects.count() == 2


def test_other_bytes_under_a_used_number_are_rejected():
    couple = pair()
    couple.post(edifact())
    answer = couple.post(edifact(orders_message(number="PO-7")), accept="application/edifact")
    assert answer.status_code == 422 and b"+4+26" in answer.content
    couple.post(x12())
    answer = couple.post(x12(number="PO-8"), accept="application/edi-x12")
    assert answer.status_code == 422 and b"TA1*000000905*261114*0912*R*025" in answer.content
    assert Order.objects.count() == 2


def test_a_second_order_under_a_used_number_is_rejected_in_ubl():
    couple = pair()
    couple.post(ubl())
    answer = couple.post(ubl(quantity="5"))
    assert answer.status_code == 422 and first(answer)["messages"][0]["findings"][0]["code"] == "duplicate-order"
    assert Order.objects.get().lines.first().quantity == 4


@pytest.mark.parametrize("accept", ["application/json", "application/edifact", "text/html", "*/*", ""])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00garbage", b"UNB", b"ISA*00*"])
def test_garbage_is_answered_with_what_is_wrong(data, accept):
    answer = pair().post(data, accept=accept)
    assert answer.status_code == 422
    if answer["Content-Type"] == "application/json":
        assert first(answer)["state"] == "invalid" and first(answer)["findings"][0]["message"]
    assert bytes(Transmission.objects.get(inbound=True).raw) == data


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_documents_are_refused_or_read_but_never_harm(text):
    answer = pair().post(text)
    assert answer.status_code in {201, 422}
    assert b"root:x" not in answer.content and "X-Evil" not in answer.headers


def test_more_than_twenty_megabytes_are_refused_before_they_are_read():
    answer = pair().post(b"A" * (MAX_BYTES + 1))
    assert answer.status_code == 413 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "too_large" and not Transmission.objects.exists()


def test_a_form_is_told_how_to_post():
    couple = pair()
    upload = SimpleUploadedFile("order.edi", edifact().encode())
    answer = Client().post(INBOUND, {"file": upload}, headers=couple.bearer)
    assert answer.status_code == 415 and "--data-binary" in answer.json()["detail"]


def test_curls_own_content_type_is_no_obstacle():
    answer = pair().post(edifact(), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 201


def test_bytes_outside_the_declared_character_set_are_kept(db):
    couple = pair()
    text = edifact().replace("Booster pump", "Pompa di sollevamento è")
    assert couple.post(text.encode("latin-1")).status_code == 201
    assert Order.objects.get().lines.first().description == "Pompa di sollevamento è"


# --- who may ---------------------------------------------------------------------------------------------------------


def test_without_a_key_nothing_is_read():
    answer = Client().generic("POST", INBOUND, edifact(), content_type="text/plain")
    assert answer.status_code == 401 and not Transmission.objects.exists()


def test_a_key_without_the_capability_is_refused_with_a_sentence():
    answer = pair(capabilities=("edi.view", "orders.send")).post(edifact())
    assert answer.status_code == 403 and "Exchange documents" in answer.json()["detail"]


def test_a_signed_in_person_may_post(sign_in):
    couple = pair()
    client = sign_in(couple.buyer, "edi.send", "orders.send")
    answer = client.generic("POST", INBOUND, edifact(), content_type="text/plain")
    assert answer.status_code == 201 and Order.objects.exists()


def test_a_signed_in_person_needs_the_token(sign_in):
    couple = pair()
    person = sign_in(couple.buyer, "edi.send", "orders.send").user
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.generic("POST", INBOUND, edifact(), content_type="text/plain").status_code == 403
    assert not Order.objects.exists()


def test_a_stranger_cannot_send_in_anothers_name():
    couple = pair()
    stranger = OrganisationFactory(name="Mallory")
    PartnershipFactory(vendor=couple.seller, partner=stranger)
    couple.account, couple.key = erp_of(stranger, "edi.send", "orders.send")
    answer = couple.post(edifact())
    assert answer.status_code == 422 and first(answer)["findings"][0]["code"] == "sender-not-yours"
    assert not Order.objects.exists()


def test_an_idempotency_key_gives_the_first_answer_again():
    couple = pair()
    one = couple.post(edifact(), **{"Idempotency-Key": "k1"})
    two = couple.post(edifact(), **{"Idempotency-Key": "k1"})
    assert one.content == two.content and two["Idempotency-Replayed"] == "true"
    assert couple.post(x12(), **{"Idempotency-Key": "k1"}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_the_same_file_posted_at_once_by_many_is_taken_once():
    couple, answers = pair(), []

    def post():
        try:
            answers.append(couple.post(edifact()))
        finally:
            database.close()

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({first(answer)["acknowledgement"]["text"] for answer in answers}) == 1
    assert Order.objects.count() == 1 and Transmission.objects.get(inbound=True).times_received == 4
    assert TrailEntry.objects.filter(verb="edi.received").count() == 1


# --- answers to collect ----------------------------------------------------------------------------------------------


def answered(couple, act_for, document, number="PO-1"):
    """The buyer's order and the seller's answer to it, delivered on commit."""
    couple.post(document)
    order = Order.objects.get(number=number)
    respond_to_order(actor=act_for(couple.seller, "orders.respond"), order=order)
    return order


@pytest.mark.parametrize(
    ("document", "number", "kind", "marks"),
    [
        (edifact(), "PO-1", "ORDRSP", [b"ORDRSP:D:96A", b"RFF+ON:PO-1", BUYER_GLN.encode()]),
        (x12(), "PO-2", "855", [b"ST*855*", b"PO-2", b"ACK*IA"]),
        (ubl(), "PO-3", "OrderResponse", [b"OrderResponse", b"PO-3", b">AP<"]),
    ],
    ids=["edifact", "x12", "ubl"],
)
def test_the_sellers_answer_is_collected_in_the_buyers_standard(
    act_for, django_capture_on_commit_callbacks, document, number, kind, marks
):
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, document, number)
    [listed] = couple.get(OUTBOUND, delivery="pending").json()["results"]
    assert (listed["kinds"], listed["orders"], listed["acknowledgement"]) == (kind, [number], "waiting")
    content = couple.get(listed["content_url"])
    assert content.status_code == 200 and content["Content-Type"] == listed["content_type"]
    assert [mark for mark in marks if mark not in content.content] == [], content.content
    row = Interchange.objects.get(pk=listed["id"])
    assert row.delivery == "sent" and couple.get(OUTBOUND, delivery="pending").json()["results"] == []
    confirmed = Client().post(f"{OUTBOUND}{row.pk}/confirm/", headers=couple.bearer)
    assert confirmed.status_code == 200 and confirmed.json()["delivery"] == "delivered"
    assert couple.get(listed["content_url"]).content == content.content
    verbs = list(TrailEntry.objects.filter(target_id=row.pk, target="edi.interchange").values_list("verb", flat=True))
    assert verbs == ["edi.sent", "edi.fetched", "edi.confirmed"]


def test_an_order_from_elsewhere_is_answered_over_the_buyers_connection(act_for, django_capture_on_commit_callbacks):
    from orders.actions import receive_order
    from tests.orders.factories import document

    couple = pair()
    connect(couple.buyer, couple.seller, format="x12:004010")
    with django_capture_on_commit_callbacks(execute=True):
        actor = act_for(couple.buyer, "orders.send")
        order = receive_order(actor=actor, document=document(), buyer=couple.buyer, seller=couple.seller, source="web")
        respond_to_order(actor=act_for(couple.seller, "orders.respond"), order=order)
    [listed] = couple.get(OUTBOUND).json()["results"]
    assert listed["kinds"] == "855"


def test_without_a_system_nothing_is_written(act_for, django_capture_on_commit_callbacks):
    from tests.orders.factories import place

    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        order = place(act_for, seller=couple.seller, buyer=couple.buyer, source="web")
        respond_to_order(actor=act_for(couple.seller, "orders.respond"), order=order)
    assert not Interchange.objects.exists()


def test_outbound_documents_are_the_receivers_alone(act_for, django_capture_on_commit_callbacks):
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, edifact())
    row = Interchange.objects.get(kinds="ORDRSP")
    for organisation in (couple.seller, OrganisationFactory()):
        couple.account, couple.key = erp_of(organisation, "edi.send", "edi.view")
        missing = couple.get(f"{OUTBOUND}999999999/content/")
        assert couple.get(OUTBOUND).json()["results"] == []
        for path in ("", "content/"):
            answer = couple.get(f"{OUTBOUND}{row.pk}/{path}")
            assert answer.status_code == 404 and answer.content == missing.content
        assert Client().post(f"{OUTBOUND}{row.pk}/confirm/", headers=couple.bearer).status_code == 404
    row.refresh_from_db()
    assert row.delivery == "pending"


def test_what_nobody_collected_stands_first(act_for, django_capture_on_commit_callbacks):
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, edifact())
        answered(couple, act_for, edifact(orders_message(number="PO-5"), control="5"), "PO-5")
    newest = couple.get(OUTBOUND).json()["results"][0]
    couple.get(newest["content_url"])
    listed = couple.get(OUTBOUND).json()["results"]
    assert [each["orders"] for each in listed] == [["PO-1"], ["PO-5"]]
    assert [each["delivery"] for each in listed] == ["pending", "sent"]


def contrl(number: str, action: str, control="900") -> str:
    return (
        f"UNB+UNOC:3+{BUYER_GLN}:14+{SELLER_GLN}:14+261114:1200+{control}'UNH+1+CONTRL:D:3:UN'"
        f"UCI+{number}+{SELLER_GLN}:14+{BUYER_GLN}:14+{action}'UNT+3+1'UNZ+1+{control}'"
    )


def fa(number: str, status: str) -> str:
    blank = " " * 10
    return (
        f"ISA*00*{blank}*00*{blank}*ZZ*{BUYER_GLN:<15}*ZZ*{SELLER_GLN:<15}*261114*1200*U*00401*000000077*0*P*:~"
        f"GS*FA*A*B*20261114*1200*77*X*004010~ST*997*0001~AK1*PR*{number}~AK9*{status}*1*1*1~SE*4*0001~GE*1*77~IEA*1*000000077~"
    )


def application_response(number: str, code: str) -> str:
    names = "urn:oasis:names:specification:ubl:schema:xsd:"

    def party(role: str, gln: str) -> str:
        return f'<cac:{role}><cbc:EndpointID schemeID="0088">{gln}</cbc:EndpointID></cac:{role}>'

    return (
        f'<ApplicationResponse xmlns="{names}ApplicationResponse-2" xmlns:cac="{names}CommonAggregateComponents-2" '
        f'xmlns:cbc="{names}CommonBasicComponents-2"><cbc:ID>AR-1</cbc:ID><cbc:IssueDate>2026-11-14</cbc:IssueDate>'
        f"{party('SenderParty', BUYER_GLN)}{party('ReceiverParty', SELLER_GLN)}"
        f"<cac:DocumentResponse><cac:Response><cbc:ResponseCode>{code}</cbc:ResponseCode></cac:Response>"
        f"<cac:DocumentReference><cbc:ID>{number}</cbc:ID></cac:DocumentReference></cac:DocumentResponse>"
        "</ApplicationResponse>"
    )


@pytest.mark.parametrize(
    ("document", "number", "reply", "status"),
    [
        (ubl(), "PO-3", lambda own: application_response(own, "AP"), "accepted"),
        (ubl(), "PO-3", lambda own: application_response(own, "RE"), "rejected"),
        (edifact(), "PO-1", lambda own: contrl(own, "7"), "accepted"),
        (edifact(), "PO-1", lambda own: contrl(own, "4"), "rejected"),
        (edifact(), "PO-1", lambda own: contrl(own, "8"), "waiting"),
        (x12(), "PO-2", lambda own: fa(own, "A"), "accepted"),
        (x12(), "PO-2", lambda own: fa(own, "E"), "accepted_with_errors"),
        (x12(), "PO-2", lambda own: fa(own, "R"), "rejected"),
    ],
)
def test_their_acknowledgement_settles_ours(
    act_for, django_capture_on_commit_callbacks, document, number, reply, status
):
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, document, number)
    ours = Interchange.objects.get(content="response")
    answer = couple.post(reply(ours.control_number))
    assert answer.status_code == 201, answer.content
    told = first(answer)
    assert told["acknowledgement"] is None, "an acknowledgement is never acknowledged"
    ours.refresh_from_db()
    assert ours.acknowledgement == status
    assert TrailEntry.objects.filter(verb="edi.acknowledged").count() == (status != "waiting")


def test_an_acknowledgement_of_nothing_is_noted():
    answer = pair().post(contrl("31337", "7"))
    codes = [finding["code"] for finding in first(answer)["messages"][0]["findings"]]
    assert answer.status_code == 201 and "answers-nothing" in codes


def test_a_stranger_cannot_settle_our_documents(act_for, django_capture_on_commit_callbacks):
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, edifact())
    ours = Interchange.objects.get(content="response")
    mallory = OrganisationFactory(gln="5412345000013")
    PartnershipFactory(vendor=couple.seller, partner=mallory)
    couple.account, couple.key = erp_of(mallory, "edi.send")
    couple.post(contrl(ours.control_number, "4").replace(BUYER_GLN, "5412345000013"))
    ours.refresh_from_db()
    assert ours.acknowledgement == "waiting"


def test_a_late_acknowledgement_is_told_once(act_for, django_capture_on_commit_callbacks, time_machine):
    time_machine.move_to("2026-11-14T09:00:00Z")
    couple = pair()
    with django_capture_on_commit_callbacks(execute=True):
        answered(couple, act_for, edifact())
    ours = Interchange.objects.get(content="response")
    assert mark_overdue() == 0
    time_machine.move_to("2026-11-15T09:10:00Z")
    assert (mark_overdue(), mark_overdue()) == (1, 0)
    ours.refresh_from_db()
    assert ours.acknowledgement == "overdue" and TrailEntry.objects.filter(verb="edi.overdue").count() == 1
    couple.post(contrl(ours.control_number, "7"))
    ours.refresh_from_db()
    assert ours.acknowledgement == "accepted"


def test_the_schema_describes_the_exchange():
    text = Client().get("/api/schema/", headers={"Accept": "application/json"}).content.decode()
    assert "/api/v1/edi/inbound/" in text and "/api/v1/edi/outbound/{id}/confirm/" in text
