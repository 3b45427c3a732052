"""The pages of the exchange, as each of their visitors sees them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from edi.exchange import receive
from edi.models import Connection, Interchange, Transmission
from orders.actions import Answer, respond_to_order
from orders.documents import LineAnswer
from orders.models import Order
from tests.edi.traffic import BUYER_GLN, SELLER_GLN, connect, edifact, orders_message, pair, shown, ubl, x12
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
ADDRESSES = ["traffic", "validate", "connections", "connection_new"]


@pytest.fixture
def couple(db):
    return pair()


def arrive(couple, text=None) -> Interchange:
    data = (text or edifact()).encode()
    return receive(actor=couple.actor, data=data).interchanges[0]


def page(client, name, *args, **query):
    response = client.get(reverse(f"edi:{name}", args=args), query)
    return response, response.content.decode()


@pytest.mark.parametrize("name", ADDRESSES)
def test_strangers_sign_in_first(name):
    response = Client().get(reverse(f"edi:{name}"))
    assert response.status_code == 302 and "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_colleague_without_the_capability_reads_what_is_missing(couple, sign_in, name):
    response = sign_in(couple.buyer, "orders.view").get(reverse(f"edi:{name}"))
    assert response.status_code == 403 and couple.buyer.name in response.content.decode()


def test_both_companies_see_the_document_and_nobody_else(couple, sign_in):
    row = arrive(couple)
    third = OrganisationFactory()
    PartnershipFactory(vendor=couple.seller, partner=third)
    stranger = sign_in(third, "edi.view", "edi.send", "integration.manage")
    for organisation in (couple.buyer, couple.seller):
        client = sign_in(organisation, "edi.view")
        assert "ORDERS 4711" in page(client, "traffic")[1]
        assert page(client, "interchange", row.pk)[0].status_code == 200
        assert page(client, "download", row.pk)[0].content == edifact().encode()
    assert "ORDERS 4711" not in page(stranger, "traffic", view="all")[1]
    missing = stranger.get(reverse("edi:interchange", args=[10**9]))
    for name in ("interchange", "download"):
        response = stranger.get(reverse(f"edi:{name}", args=[row.pk]))
        assert response.status_code == 404 == missing.status_code
    assert stranger.post(reverse("edi:again", args=[row.pk])).status_code == 404


def test_the_page_shows_the_order_its_segments_and_its_journey(couple, sign_in):
    row = arrive(couple)
    text = page(sign_in(couple.seller, "edi.view", "orders.view"), "interchange", row.pk)[1]
    order = Order.objects.get()
    for part in (reverse("orders:detail", args=[order.pk]), "Booster pump", "BGM+220+PO-1+9", "Received", "AP-200"):
        assert part in text


def test_findings_are_marked_at_their_place(couple, sign_in):
    row = arrive(couple, edifact(orders_message(quantity="none")))
    text = page(sign_in(couple.buyer, "edi.view"), "interchange", row.pk)[1]
    finding = row.findings.filter(severity="error", place__segment__gt=0).first()
    assert finding is not None
    assert 'class="found tone-bad"' in text and f'href="#segment-{finding.place["segment"]}"' in text


def test_findings_of_the_second_interchange_of_a_file_are_marked_in_it(couple, sign_in):
    text = edifact() + "\n" + edifact(orders_message(quantity="none"), control="4712")
    row = receive(actor=couple.actor, data=text.encode()).interchanges[1]
    shown = page(sign_in(couple.buyer, "edi.view"), "interchange", row.pk)[1]
    marked = shown.split('class="found tone-bad"')[1].split("</li>")[0]
    assert "LIN+" in marked and "quantity" in marked


@pytest.mark.parametrize("document", [x12(), ubl()], ids=["x12", "ubl"])
def test_other_standards_are_shown_too(couple, sign_in, document):
    row = arrive(couple, document)
    text = page(sign_in(couple.buyer, "edi.view"), "interchange", row.pk)[1]
    assert "AP-100" in text and row.control_number in text


def test_an_answer_is_shown_line_by_line(couple, sign_in, act_for, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        arrive(couple)
        answers = [Answer(2, LineAnswer.REJECTED, reason="No longer made")]
        respond_to_order(actor=act_for(couple.seller, "orders.respond"), order=Order.objects.get(), answers=answers)
    row = Interchange.objects.get(content="response")
    text = page(sign_in(couple.buyer, "edi.view", "orders.view"), "interchange", row.pk)[1]
    for part in ("No longer made", "Rejected", "Accepted", "To be collected", "RFF+ON:PO-1"):
        assert part in text


def test_hostile_text_is_shown_and_not_run(couple, sign_in):
    row = arrive(couple, edifact(orders_message(number="<script>alert(1)</script>")))
    client = sign_in(couple.buyer, "edi.view")
    for text in (page(client, "interchange", row.pk)[1], page(client, "traffic")[1]):
        assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_garbage_has_a_page(couple, sign_in):
    row = arrive(couple, "nothing of the kind \x00")
    response, text = page(sign_in(couple.buyer, "edi.view"), "interchange", row.pk)
    assert response.status_code == 200 and "neither EDIFACT" in text


def test_a_refused_document_offers_the_connection_it_lacked(couple, sign_in):
    row = arrive(couple, edifact(sender="MINE", receiver="THEIRS"))
    client = sign_in(couple.buyer, "edi.view", "edi.send", "integration.manage", "orders.send")
    text = page(client, "interchange", row.pk)[1]
    address = f"{reverse('edi:connection_new')}?document={row.pk}"
    assert address in text
    form = client.get(address).content.decode()
    assert 'value="MINE"' in form and 'value="THEIRS"' in form
    connect(couple.buyer, couple.seller, ["MINE"], ["THEIRS"])
    response = client.post(reverse("edi:again", args=[row.pk]))
    assert response["Location"] == row.get_absolute_url()
    row.refresh_from_db()
    assert row.validation == "valid" and Order.objects.count() == 1


def test_only_a_refused_document_is_read_again(couple, sign_in):
    row = arrive(couple)
    client = sign_in(couple.buyer, "edi.view", "edi.send")
    assert client.post(reverse("edi:again", args=[row.pk])).status_code == 403
    assert client.get(reverse("edi:again", args=[row.pk])).status_code == 405
    assert sign_in(couple.buyer, "edi.view").post(reverse("edi:again", args=[row.pk])).status_code == 403


def test_the_list_filters_and_finds(couple, sign_in):
    arrive(couple)
    arrive(couple, x12())
    arrive(couple, edifact(orders_message(number="PO-9"), control="9", count=4))
    client = sign_in(couple.buyer, "edi.view")
    assert {"ORDERS 4711", "850 000000905"} <= _shown(client)
    assert _shown(client, standard="x12") == {"850 000000905"}
    assert _shown(client, q="PO-1") == {"ORDERS 4711"}
    assert _shown(client, q="4711") == {"ORDERS 4711"}
    assert _shown(client, exceptions="1") == {"ORDERS 9"}
    assert _shown(client, partner=str(couple.seller.pk), standard="x12") == {"850 000000905"}
    assert _shown(client, partner=str(10**6)) == set()


def _shown(client, **query) -> set[str]:
    return shown(client.get(reverse("edi:traffic"), {"view": "all", "content": "order", **query}))


def test_the_list_asks_the_database_the_same_for_one_row_and_for_three(
    couple, sign_in, django_assert_max_num_queries, django_assert_num_queries
):
    client = sign_in(couple.buyer, "edi.view")
    arrive(couple)
    page(client, "traffic")  # what is remembered between requests
    with django_assert_max_num_queries(20) as first:
        page(client, "traffic")
    for number in ("5", "6"):
        arrive(couple, edifact(orders_message(number=f"PO-{number}"), control=number))
    with django_assert_num_queries(len(first)):
        page(client, "traffic")


def test_the_csv_guards_against_formulas(couple, sign_in):
    arrive(couple, edifact(orders_message(number="=cmd"), control="=1+1"))
    client = sign_in(couple.buyer, "edi.view")
    text = b"".join(client.get(reverse("edi:traffic"), {"format": "csv"}).streaming_content).decode()
    assert "'=cmd" in text and ",=cmd" not in text


# --- the validator ---------------------------------------------------------------------------------------------------


def test_checking_keeps_nothing(couple, sign_in):
    client = sign_in(couple.buyer, "edi.view")
    sound = client.post(reverse("edi:validate"), {"text": edifact()}).content.decode()
    assert "It is sound" in sound and "Booster pump" in sound
    broken = client.post(reverse("edi:validate"), {"text": edifact(count=3)}).content.decode()
    assert "it would be refused" in broken and 'class="found tone-bad"' in broken
    assert not Transmission.objects.exists() and not Order.objects.exists()


def test_a_file_is_checked_like_pasted_text(couple, sign_in):
    upload = SimpleUploadedFile("order.edi", edifact().encode())
    text = sign_in(couple.buyer, "edi.view").post(reverse("edi:validate"), {"file": upload}).content.decode()
    assert "It is sound" in text


@pytest.mark.parametrize("data", [{}, {"text": "   "}])
def test_nothing_to_check_is_said(couple, sign_in, data):
    response = sign_in(couple.buyer, "edi.view").post(reverse("edi:validate"), data)
    assert response.status_code == 422 and "choose a file" in response.content.decode()


def test_a_person_sends_in_what_was_checked(couple, sign_in):
    client = sign_in(couple.buyer, "edi.view", "edi.send", "orders.send")
    response = client.post(reverse("edi:validate"), {"text": edifact(), "send": "1"})
    row = Interchange.objects.get(content="order")
    assert response["Location"] == row.get_absolute_url() and Order.objects.count() == 1
    assert row.transmission.user == client.user
    client.post(reverse("edi:validate"), {"text": edifact(), "send": "1"})
    assert Order.objects.count() == 1


def test_sending_takes_the_capability(couple, sign_in):
    response = sign_in(couple.buyer, "edi.view").post(reverse("edi:validate"), {"text": edifact(), "send": "1"})
    assert response.status_code == 403 and not Transmission.objects.exists()


# --- connections -----------------------------------------------------------------------------------------------------

VALUES = {
    "format": "edifact:D.96A",
    "own_id": BUYER_GLN,
    "own_qualifier": "14",
    "their_id": SELLER_GLN,
    "their_qualifier": "14",
    "their_codes": "V-0047\n\n V-0047 \nAURORA",
    "mode": "live",
    "acknowledged_within": "24",
    "state": "active",
}


def test_a_connection_is_set_up_and_changed(couple, sign_in):
    client = sign_in(couple.buyer, "edi.view", "integration.manage")
    response = client.post(reverse("edi:connection_new"), {**VALUES, "counterpart": couple.seller.pk})
    row = Connection.objects.get()
    assert response["Location"] == row.get_absolute_url()
    assert (row.organisation, row.counterpart, row.their_codes) == (couple.buyer, couple.seller, ["V-0047", "AURORA"])
    assert "Aurora Pumps" in page(client, "connections")[1]
    text = page(client, "connection", row.pk)[1]
    assert "curl" in text and 'value="14"' in text
    changed = {**VALUES, "format": "x12:004010", "own_qualifier": "ZZ", "their_qualifier": "ZZ", "version": "1"}
    assert client.post(reverse("edi:connection", args=[row.pk]), changed).status_code == 302
    row.refresh_from_db()
    assert (row.format, row.version) == ("x12:004010", 2)
    stale = client.post(reverse("edi:connection", args=[row.pk]), {**changed, "own_id": "OTHER"})
    row.refresh_from_db()
    assert stale.status_code == 422 and row.own_id == BUYER_GLN


def test_a_second_connection_with_the_same_identifiers_is_refused(couple, sign_in):
    client = sign_in(couple.buyer, "integration.manage", "edi.view")
    for status in (302, 422):
        response = client.post(reverse("edi:connection_new"), {**VALUES, "counterpart": couple.seller.pk})
        assert response.status_code == status
    assert "already" in response.content.decode() and Connection.objects.count() == 1


def test_a_stranger_cannot_be_named_and_looks_like_nobody(couple, sign_in):
    client = sign_in(couple.buyer, "integration.manage", "edi.view")
    stranger = OrganisationFactory()
    answers = [
        client.post(reverse("edi:connection_new"), {**VALUES, "counterpart": pk}).context["form"].errors
        for pk in (stranger.pk, 10**6)
    ]
    assert answers[0] == answers[1] and "counterpart" in answers[0] and not Connection.objects.exists()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"own_id": "X" * 36}, "own_id"),
        ({"format": "x12:004010", "own_id": "X" * 16}, "own_id"),
        ({"format": "x12:004010", "their_qualifier": "ZZZ"}, "their_qualifier"),
        ({"own_id": ""}, "own_id"),
        ({"acknowledged_within": "-1"}, "acknowledged_within"),
        ({"their_codes": "\n".join(map(str, range(60)))}, "their_codes"),
        ({"format": "cxml"}, "format"),
    ],
)
def test_identifiers_that_do_not_fit_are_refused_at_their_field(couple, sign_in, values, wrong):
    client = sign_in(couple.buyer, "integration.manage", "edi.view")
    data = {**VALUES, "counterpart": couple.seller.pk, **values}
    response = client.post(reverse("edi:connection_new"), data)
    assert response.status_code == 422 and wrong in response.context["form"].errors


def test_a_connection_is_its_owners_alone(couple, sign_in):
    row = connect(couple.buyer, couple.seller)
    other = sign_in(couple.seller, "integration.manage", "edi.view")
    assert page(other, "connection", row.pk)[0].status_code == 404
    assert other.post(reverse("edi:connection", args=[row.pk]), VALUES).status_code == 404
    assert BUYER_GLN not in page(other, "connections")[1]
    reader = sign_in(couple.buyer, "edi.view")
    assert page(reader, "connection", row.pk)[0].status_code == 403
