"""The pages of transports and tables, as each of their visitors sees them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.vault import unseal
from edi.mapping.tables import ColumnMapping
from edi.models import Connection, Interchange, TableMapping, Transport
from edi.tables import mapping_of
from edi.transports.fetching import fetch_all
from edi.transports.ways import way_of
from orders.models import Order
from tests.edi.as2_peers import certificate, pem
from tests.edi.traffic import pair
from tests.edi.transport_peers import as2_of, outgoing, transport_of, web_server
from tests.factories import OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
CSV = (
    "Ordine n.;Data ordine;Codice articolo;Q.tà;U.M.;Prezzo unitario;Reparto\n"
    "BR-1;14/11/2026;AP-100;4;pz;120,50;A\nBR-1;14/11/2026;AP-200;10;pz;8,125;B\n"
).encode("cp1252")


@pytest.fixture
def couple(db, settings):
    settings.EDI_PRIVATE_ADDRESSES = True
    return pair(connection={})


@pytest.fixture
def client(couple, sign_in):
    return sign_in(couple.buyer, "integration.manage", "edi.view", "edi.send", "orders.view", "orders.send")


def url(name, couple, query=""):
    return reverse(f"edi:{name}", args=[couple.connection.pk]) + query


def http(couple, **changed):
    values = {
        "kind": "http",
        "url": "https://erp.brenta.example/edi",
        "proof": "bearer",
        "secret": "s3cret",
        "account": couple.account.pk,
        "state": "active",
        "version": 0,
    }
    return {**values, **changed}


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["transport", "table", "transport_certificate"])
def test_strangers_sign_in_and_others_get_nothing(couple, sign_in, name):
    assert Client().get(url(name, couple)).status_code == 302
    assert sign_in(couple.buyer, "edi.view").get(url(name, couple)).status_code == 403
    third = OrganisationFactory()
    PartnershipFactory(vendor=couple.seller, partner=third)
    for organisation in (third, couple.seller):
        visitor = sign_in(organisation, "integration.manage", "edi.view", "edi.send")
        assert visitor.get(url(name, couple)).status_code == 404
        assert visitor.post(url("transport", couple), http(couple)).status_code == 404
        assert visitor.post(url("transport_remove", couple)).status_code == 404
        assert visitor.post(url("transport_test", couple)).status_code == 404
    assert not Transport.objects.exists()


def test_wrong_methods(client, couple):
    assert client.get(url("transport_test", couple)).status_code == 405
    assert client.get(url("transport_remove", couple)).status_code == 405
    assert client.delete(url("transport", couple)).status_code == 405


# Transports -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["http", "sftp", "as2", "folder", "nonsense"])
def test_each_way_has_its_form(client, couple, kind):
    page = client.get(url("transport", couple, f"?kind={kind}"))
    assert page.status_code == 200 and b"Documents come in as" in page.content


def test_a_way_is_saved_and_its_secret_is_never_shown(client, couple):
    assert client.post(url("transport", couple), http(couple)).status_code == 302
    row = Transport.objects.get()
    assert row.setting("url") == "https://erp.brenta.example/edi" and unseal(row.sealed) == {"secret": "s3cret"}
    assert "s3cret" not in client.get(url("transport", couple)).content.decode()
    assert client.post(url("transport", couple), http(couple, secret="", proof="hmac", version=1)).status_code == 302
    row.refresh_from_db()
    assert unseal(row.sealed) == {"secret": "s3cret"} and row.version == 2


def test_a_secret_does_not_follow_to_another_server(client, couple):
    client.post(url("transport", couple), http(couple))
    client.post(url("transport", couple), http(couple, url="https://evil.example/", secret="", version=1))
    assert unseal(Transport.objects.get().sealed) == {}


def test_what_is_stale_or_wrong_is_not_saved(client, couple):
    client.post(url("transport", couple), http(couple))
    for wrong in (
        http(couple, version=0),
        http(couple, version=1, url="ftp://x.example/"),
        http(couple, version=1, account=""),
        http(couple, version=1, proof="x"),
    ):
        assert client.post(url("transport", couple), wrong).status_code == 422
    assert Transport.objects.get().version == 1


def test_the_account_is_ones_own_and_may_exchange(client, couple):
    other = pair(connection={}, buyer_ids=("8099999000006",))
    assert client.post(url("transport", couple), http(couple, account=other.account.pk)).status_code == 422
    couple.account.role.capabilities = ["edi.view"]
    couple.account.role.save()
    answer = client.post(url("transport", couple), http(couple))
    assert answer.status_code == 422 and b"may not exchange documents" in answer.content


def test_as2_makes_a_certificate_and_changes_it(client, couple):
    values = http(
        couple,
        kind="as2",
        own_name="Aurora",
        their_name="BRENTA",
        their_certificates=pem(certificate("brenta")[0]),
        digest="sha256",
        cipher="aes128_cbc",
        receipt="sync",
        signed_receipt="on",
    )
    assert client.post(url("transport", couple), values).status_code == 302
    row = Transport.objects.get()
    [first] = row.settings["own_certificates"]
    assert set(unseal(row.sealed)) == {"key0"}
    page = client.get(url("transport", couple)).content.decode()
    assert "PRIVATE KEY" not in page and "/as2/" in page
    assert client.get(url("transport_certificate", couple)).content.decode() == first
    assert client.post(url("transport", couple), {**values, "version": 1}).status_code == 302
    row.refresh_from_db()
    assert row.settings["own_certificates"] == [first]
    client.post(url("transport", couple), {**values, "version": 2, "new_certificate": "on"})
    row.refresh_from_db()
    second, old = row.settings["own_certificates"]
    assert old == first != second and set(unseal(row.sealed)) == {"key0", "key1"}


@pytest.mark.parametrize(
    "wrong", [{"their_certificates": "nonsense"}, {"own_name": "Ü"}, {"their_name": "a\nb"}, {"url": "x"}]
)
def test_as2_that_cannot_work_is_not_saved(client, couple, wrong):
    values = http(couple, kind="as2", own_name="A", their_name="B", their_certificates=pem(certificate("brenta")[0]))
    assert client.post(url("transport", couple), {**values, **wrong}).status_code == 422


def test_two_connections_cannot_share_as2_names(client, couple):
    other = pair(connection={}, buyer_ids=("8099999000006",))
    as2_of(other)
    values = http(
        couple,
        kind="as2",
        own_name="Aurora AS2",
        their_name="BRENTA",
        their_certificates=pem(certificate("brenta")[0]),
    )
    answer = client.post(url("transport", couple), values)
    assert answer.status_code == 422 and b"in use already" in answer.content


def test_the_connection_is_tested_in_plain_words(client, couple):
    assert client.post(url("transport_test", couple)).status_code == 404
    with web_server() as server:
        transport_of(couple, "http", url=server.url, proof="none")
        assert b"was reached, and answered 200" in client.post(url("transport_test", couple)).content
        server.answers = [(401, {}, b"")]
        assert b"does not accept the proof" in client.post(url("transport_test", couple)).content
        assert {method for method, *_rest in server.seen} == {"OPTIONS"}
    assert b"refused the connection" in client.post(url("transport_test", couple)).content


def test_a_way_is_removed(client, couple):
    transport_of(couple, "http", url="https://x.example/", proof="none")
    assert client.post(url("transport_remove", couple)).status_code == 302
    assert not Transport.objects.exists()


def test_the_tries_stand_on_the_page_of_the_document(client, couple):
    row = outgoing(couple)
    row.attempts.create(kind="http", outcome="failed", text="The server answered 503.")
    page = client.get(reverse("edi:interchange", args=[row.pk])).content.decode()
    assert "The server answered 503." in page


def test_a_password_does_not_travel_in_the_open(client, couple, settings):
    settings.EDI_PRIVATE_ADDRESSES = False
    assert client.post(url("transport", couple), http(couple, url="http://x.example/")).status_code == 422
    assert client.post(url("transport", couple), http(couple, url="http://x.example/", proof="hmac")).status_code == 302


# Tables ---------------------------------------------------------------------------------------------------------------


def sample(data=CSV, name="orders.csv", **values):
    return {"file": SimpleUploadedFile(name, data), "kind": "order", "decimal_mark": ".", **values}


def chosen(page: str) -> dict[str, str]:
    """What the page's boxes hold: the mapping that it proposes."""
    import re

    found = {"seen": re.search(r'name="seen" value="([^"]+)"', page)[1]}
    for number, box in re.findall(r'name="column-(\d+)">(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'value="([^"]+)" selected', box)
        found[f"column-{number}"] = selected[1] if selected else ""
    for name in ("date_format", "decimal_mark"):
        box = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)[0]
        found[name] = re.search(r'value="([^"]*)" selected', box)[1]
    if box := re.search(r'name="sheet"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="sheet"', page):
        found["sheet"] = box[1] or box[2]
    return found


def proposed(client, couple, **values) -> dict[str, str]:
    page = client.post(url("table", couple), sample(**values), headers={"HX-Request": "true"})
    assert page.status_code == 200
    return chosen(page.content.decode())


def test_a_sample_is_shown_with_a_proposal(client, couple):
    assert client.get(url("table", couple)).status_code == 200
    boxes = proposed(client, couple)
    assert [boxes[f"column-{at}"] for at in range(1, 8)] == [
        "number",
        "issued_on",
        "line.seller_sku",
        "line.quantity",
        "line.unit",
        "line.unit_price",
        "",
    ]
    assert (boxes["date_format"], boxes["decimal_mark"]) == ("DD/MM/YYYY", ",")
    assert not TableMapping.objects.exists() and not Interchange.objects.exists()


def test_changing_a_box_changes_the_preview(client, couple):
    boxes = proposed(client, couple)
    page = client.post(url("table", couple), sample(**{**boxes, "column-4": ""}), headers={"HX-Request": "true"})
    assert b"Still needed" in page.content and b"Line: quantity" in page.content
    page = client.post(url("table", couple), sample(**{**boxes, "decimal_mark": "."}), headers={"HX-Request": "true"})
    assert b"is not a number" in page.content


def test_it_is_saved_and_the_file_taken_in(client, couple):
    boxes = proposed(client, couple)
    assert client.post(url("table", couple), sample(**boxes, do="save")).status_code == 302
    mapping = mapping_of(couple.connection)
    assert isinstance(mapping, ColumnMapping) and mapping.columns["line.quantity"] == "Q.tà"
    assert not Interchange.objects.exists()
    answer = client.post(url("table", couple), sample(**boxes, do="import"))
    row = Interchange.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    order = Order.objects.get()
    assert (order.number, order.buyer, order.seller) == ("BR-1", couple.buyer, couple.seller)
    assert bytes(row.transmission.raw) == CSV and row.standard == "table"
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200 and b"AP-200" in page.content
    client.post(url("table", couple), sample(**boxes, do="import"))
    assert Order.objects.count() == 1 and Interchange.objects.count() == 1


def test_an_incomplete_mapping_is_not_saved(client, couple):
    boxes = {**proposed(client, couple), "column-4": ""}
    assert client.post(url("table", couple), sample(**boxes, do="save")).status_code == 422
    assert not TableMapping.objects.exists()


def test_a_mapping_chosen_for_another_file_is_not_applied_to_this_one(client, couple):
    boxes = proposed(client, couple)
    other = b"Qty;SKU;PO number\n1;AP-100;X-1\n"
    page = client.post(url("table", couple), sample(other, **boxes, do="import"))
    assert page.status_code == 200 and not Interchange.objects.exists()
    assert chosen(page.content.decode())["column-1"] == "line.quantity"


def test_without_the_right_to_send_a_file_is_not_taken_in(couple, sign_in):
    visitor = sign_in(couple.buyer, "integration.manage")
    boxes = proposed(visitor, couple)
    assert visitor.post(url("table", couple), sample(**boxes, do="import")).status_code == 403
    assert not Interchange.objects.exists() and not TableMapping.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04nonsense", b"<html></html>", b'"'])
def test_files_that_are_no_tables_are_told_of(client, couple, data):
    page = client.post(url("table", couple), sample(data), headers={"HX-Request": "true"})
    assert page.status_code in {200, 422}
    assert not Interchange.objects.exists()


def test_markup_in_a_file_is_text_on_the_page(client, couple):
    data = b"SKU;<script>alert(1)</script>\n<b>x</b>;2\n"
    page = client.post(url("table", couple), sample(data), headers={"HX-Request": "true"}).content
    assert b"<script>alert" not in page and b"<b>x</b>" not in page


def test_a_workbook(client, couple):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for cells in (["PO number", "SKU", "Qty"], ["X-1", "AP-100", 4]):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    boxes = proposed(client, couple, data=out.getvalue(), name="o.xlsx")
    assert client.post(url("table", couple), sample(out.getvalue(), "o.xlsx", **boxes, do="import")).status_code == 302
    assert Order.objects.get().number == "X-1"


def test_a_table_that_comes_by_itself_is_read_with_the_saved_mapping(client, couple, settings, tmp_path):
    import os

    settings.EDI_FOLDER_ROOT = str(tmp_path)
    client.post(url("table", couple), sample(**proposed(client, couple), do="save"))
    way_of("folder").check(transport_of(couple, "folder"))
    path = tmp_path / str(couple.buyer.pk) / str(couple.connection.pk) / "inbox" / "orders.csv"
    path.write_bytes(CSV)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert fetch_all() == 1
    assert Order.objects.get().number == "BR-1"


def test_the_mapping_of_another_company_reads_nothing(client, couple):
    client.post(url("table", couple), sample(**proposed(client, couple), do="save"))
    other = pair(connection={}, buyer_ids=("8099999000006",))
    kind = f"text/x-filiera-table; connection={couple.connection.pk}"
    assert other.post(CSV, content_type=kind).status_code in {200, 400, 409, 422}
    assert not Order.objects.exists()
    assert Connection.objects.count() == 2
