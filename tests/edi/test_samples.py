"""Real files of many senders: every sound order is read as a person reads it, every broken one is told what is wrong.

The expectations were taken from the files by eye and by a plain text search, not from what the reader says.
"""

import csv
from decimal import Decimal

import pytest
from lxml import etree

from edi.mapping import Message, Reading, acknowledge, read, segments
from orders.documents import OrderDocument
from tests.edi.fixtures import NOW
from tests.paths import EDI_SAMPLES

pytestmark = pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")

# file: (order number, buyer, seller, [quantity × price], …); a party is its first identifier, else its name
SOUND = {
    "edifact/underware-edifact__D93A_ORDERS.txt": (
        "168677",
        "4399902033213",
        "8590309000006",
        "5×456.6 3×815.3 1×587 5×847.7 1×815.3 2×456.6 1×456.6 3×1090.3 3×980.6 3×564.7 2×878.6 2×941.6 2×753.2"
        " 10×844.4 2×690.1 2×468.6 2×351.5",
    ),
    "x12/node-x12__850.edi": ("08292233294", "", "", "120×9.25 220×13.79 126×10.99 76×4.35 72×7.5 696×9.55"),
    "x12/node-x12__850_2.edi": ("08292233294", "", "", "120×9.25 220×13.79 126×10.99 76×4.35 72×7.5 696×9.55"),
    "x12/node-x12__850_fat.edi": ("08292233294", "", "", "120×9.25 220×13.79 126×10.99 76×4.35 72×7.5 696×9.55"),
    "x12/x12-types__004010_850.edi": (
        "A99999-01",
        "",
        "",
        "16×12.34 13×12.34 32×12.34 51×12.34 9×12.34 85×12.34 1×12.34",
    ),
    "x12/module-ballerina-edi__x12-sender.edi": ("PO-2026-001", "", "", "10×25.00"),
    "x12/x12parser__Example2_Adobe_TLP.txt": ("TLP-X12", "ID Number", "", "1×665"),
    "x12/x12parser__Example3_Adobe_CLP.txt": ("ANSI-X12-CLP", "Sold To ID", "", "1×157.50 1×160"),
    "x12/x12parser__Example4_Adobe_ShrinkWrapped.txt": ("MH80312", "038181483", "", "11×1499.95"),
    "x12/staedi__invoice810_po850_dual.edi": ("S115921858", "999999999", "", "150×None 50×None 25×None 25×None"),
    "peppol/poacc-upgrade-3__UC2_Order.xml": ("1", "7300010000001", "7300010000001", "10×40 50×6"),
    "peppol/poacc-upgrade-3__UC3_Order.xml": ("5", "7300010000001", "987654325", "1×400"),
    "peppol/poacc-upgrade-3__UC4_Order.xml": ("5", "5541277710", "987654325", "50×1"),
    "peppol/poacc-upgrade-3__UC5_Order.xml": ("5", "5541277710", "5546577791", "10×4 5×6 15×3"),
    "peppol/poacc-upgrade-3__UC6_Order.xml": ("1", "7300010000001", "987654325", "10×40"),
    "cxml/cxml-php__order_request.xml": (
        "myorder-1",
        "inbound@prominate-platform.com",
        "supplier@supplier.com",
        "3×763.20 5×226.20",
    ),
    "cxml/cxml-php__2_order_request.xml": ("acme-1-1", "AN00000123", "AN00000456", "1×10.00"),
    "cxml/cxml__order_request.xml": ("3309", "kasdflkjasdf", "development@officeluv.com", "1×8.1 9×9.29"),
    "cxml/cxml__purchase_order_request_200.xml": ("6112", "dell", "128293714", "1×1505.0 2×1505.0"),
}
_NSO = "peppol/nso/phive-rules__"
_THREE = "25×4.72500 20×5.93600 15×5.63600"
_CLEANING = "1×38.51000 1×81.29000 1×538.97000"
SOUND |= {
    f"{_NSO}{name}.xml": (number, "ABCDEF", seller, lines)
    for name, number, seller, lines in (
        ("Caso_d_uso_1_-_Ordine_di_fornitura_con_articoli_numerati", "2018/10478348", "IT02188520544", _THREE),
        (
            "Caso_d_uso_2_-_Ordine_di_fornitura_di_articoli_in_testo_libero",
            "2018/10478348",
            "IT02188520544",
            "25×4.72500 20×5.93600",
        ),
        ("Caso_d_uso_3_-_Ordine_di_fornitura_con_servizi", "2018/10478348", "IT02188520544", "1×100.00"),
        ("Esempio_Ordine_Collegato_di_Regolazione", "2018/10478579", "IT02188520544", "1×18000.00"),
        ("Esempio_Ordine_Revisionato_a_Budget", "2018/10478624", "IT02188520544", "1×20000.00"),
        ("Esempio_Ordine_di_Acquisto_con_Arrotondamento", "2018/10021125", "IT02188520544", "25×4.72500"),
        ("Esempio_Ordine_di_Acquisto_con_Gestione_CIG_Esenzione_Riga", "2018/10021125", "IT02188520544", _CLEANING),
        ("Esempio_Ordine_di_Acquisto_con_Gestione_CIG_Riga", "2018/10021125", "IT02188520544", _CLEANING),
        ("Esempio_Ordine_di_Acquisto_per_Fornitore_Estero", "2018/10021125", "BE0848934496", "25×4.72500"),
        ("Esempio_Ordine_di_Consegna_Cancellato_senza_Righe", "2018/2100", "IT02188520544", "0×None"),
        ("Esempio_Ordine_di_Consegna_con_Gestione_CIG_Esenzione_Testata", "2018/10021125", "IT02188520544", _CLEANING),
        ("Esempio_Ordine_di_Consegna_con_Gestione_CIG_Testata", "2018/10021125", "IT02188520544", _CLEANING),
        ("Esempio_Ordine_di_Consegna_con_Gestione_Codice_GTIN", "2018/10021125", "IT02188520544", "1000×2.50000"),
        (
            "Esempio_Ordine_di_Consegna_per_Comodato_d_uso_gratuito_con_Kit_02",
            "2018/10021125",
            "IT02188520544",
            "10×10.00000",
        ),
        (
            "Esempio_Ordine_di_Consegna_per_Conto_Deposito_con_Confezione",
            "2018/10021125",
            "IT02188520544",
            "10×50.00",
        ),
        (
            "Esempio_Ordine_di_Consegna_per_Conto_Deposito_con_Lotto_e_Seriale",
            "2018/10021125",
            "IT02188520544",
            "10×50.00",
        ),
        ("Esempio_Ordine_di_Convalida", "2020/10478123", "IT02188520544", _THREE),
        ("Esempio_Ordine_di_Fatturazione_e_Reintegro_di_un_DM.", "2018/10021125", "IT02188520544", "100×0.10000"),
    )
}

# file: codes of findings that name what is wrong with it; all of these refuse the order
BROKEN = {
    "edifact/pydifact__order2.edi": {"missing-unz"},
    "edifact/pydifact__wikipedia_de.edi": {"unz-reference"},
    "edifact/edifact-rs__d11a_malformed.edi": {
        "missing-unb",
        "segment-outside-message",
        "unt-count",
        "order-number-missing",
    },
    "edifact/edifact-rs__d11a_malformed_component.edi": {"missing-unb", "missing-element", "no-lines"},
    "edifact/staedi__orders-with-group.edi": {"unt-count"},
    "edifact/edifact-rails__seperate_lines.edi": {"unt-count"},
    "edifact/edifact-rails__seperate_lines_different_special_characters.edi": {"unt-count"},
    "edifact/cpiedifact__sample-orders.edifact": {"missing-unz", "unt-count", "segment-not-allowed"},
    "edifact/module-ballerina-edi__2_order-batch.edi": {"unt-count", "order-number-missing", "no-lines"},
    "edifact/module-ballerina-edi__edifact-acme.edi": {"unt-count"},
    "x12/edi-net__x12.810.mandatory-conditions.edi": {"isa-width", "iea-reference", "se-count", "missing-segment"},
    "x12/edi-net__x12.850.edi": {"isa-width", "iea-reference"},
    "x12/edi-net__x12.850a.edi": {"isa-width", "iea-reference"},
}
# Sound enough to be taken, but not without a word.
REMARKED = {
    "x12/x12parser__Example2_Adobe_TLP.txt": {"total-mismatch"},
    "x12/x12parser__Example3_Adobe_CLP.txt": {"isa-width", "total-mismatch"},
    "x12/x12parser__Example4_Adobe_ShrinkWrapped.txt": {"isa-width", "total-mismatch"},
    "x12/node-x12__850_fat.edi": {"duplicate-interchange"},
    "x12/x12-types__004010_850.edi": {"line-number-assigned"},
    "edifact/underware-edifact__D93A_ORDERS.txt": {"wrapped-lines"},
    "peppol/poacc-upgrade-3__UC4_Order.xml": {"gtin-check-digit"},
}


def sample(name: str) -> Reading:
    return read((EDI_SAMPLES / name).read_bytes())


def order_messages(reading: Reading) -> list[Message]:
    return [m for i in reading.interchanges for m in i.messages if m.kind in ("ORDERS", "850", "Order", "OrderRequest")]


def party(document) -> str:
    return document.identifiers[0].value if document.identifiers else document.name


@pytest.mark.parametrize("name", SOUND)
def test_sound_orders(name):
    number, buyer, seller, lines = SOUND[name]
    message = order_messages(sample(name))[0]
    order = message.document
    assert not message.rejected
    assert order.number == number
    assert (party(order.buyer), party(order.seller)) == (buyer, seller)
    assert " ".join(f"{line.quantity}×{line.unit_price}" for line in order.lines) == lines


def test_the_sound_message_of_a_batch_is_taken():
    (interchange,) = sample("edifact/module-ballerina-edi__order-batch.edi").interchanges
    assert [message.document.number for message in interchange.applicable] == ["PO20001", "PO20002"]
    refused = interchange.messages[2]
    assert {"order-number-missing", "no-lines"} <= {item.code for item in refused.findings}
    first, second = interchange.applicable
    assert [(line.seller_sku, line.quantity) for line in first.document.lines] == [("ITEM-A", Decimal(100))]
    assert [(line.seller_sku, line.quantity) for line in second.document.lines] == [("ITEM-B", Decimal(40))]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_orders(name):
    reading = sample(name)
    assert BROKEN[name] <= {item.code for item in reading.all_findings}
    assert not [message for interchange in reading.interchanges for message in interchange.applicable]
    for item in reading.all_findings:
        assert item.message.endswith(".")
        assert item.place.line > 0


@pytest.mark.parametrize("name", REMARKED)
def test_remarks(name):
    reading = sample(name)
    assert REMARKED[name] <= {item.code for item in reading.all_findings}
    assert any(interchange.applicable for interchange in reading.interchanges)


def test_details_of_a_real_order():
    order = order_messages(sample("edifact/underware-edifact__D93A_ORDERS.txt"))[0].document
    assert (order.currency, str(order.issued_on), str(order.delivery_date)) == ("CZK", "2019-03-11", "2019-03-18")
    assert order.stated_total == Decimal("36257.5")
    assert order.buyer.name == "OBI 029 PLZEN II. OBI CESKA REPUBLIKA S.R.O"
    assert order.buyer.identifiers[1].value == "CZ60470968"
    assert order.bill_to.city == "PRAHA 4"
    line = order.lines[13]
    assert (line.gtin, line.seller_sku, line.buyer_sku, line.unit) == ("8590309039457", "96713,0", "5290390", "PCE")


def test_escaped_characters_of_a_real_order():
    name = "edifact/edifact-rails__seperate_lines_different_special_characters.edi"
    order = order_messages(sample(name))[0].document
    assert order.lines[0].note == "Here's a string with some escaped special characters: !^\\~"
    assert [line.quantity for line in order.lines] == [25, 25, 16, 10]


def test_a_real_deal_number():
    order = order_messages(sample("x12/x12parser__Example3_Adobe_CLP.txt"))[0].document
    assert ("promotion", "DEALREG1234") in order.references
    assert order.ship_to.name == "SHIP TO SHIPTO NAMEII"
    assert order.ship_to.email == "john@doe.com"


def test_every_order_of_the_collection_has_its_expectation():
    with (EDI_SAMPLES / "MANIFEST.tsv").open() as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    kinds = [(row["file"], row["message_type"]) for row in rows]
    orders = {file for file, kind in kinds if kind.startswith("ORDERS") or "850" in kind or kind == "Order"}
    missing = {file for file in orders if (EDI_SAMPLES / file).exists()} - SOUND.keys() - BROKEN.keys()
    assert missing <= {"edifact/module-ballerina-edi__order-batch.edi"}
    assert len(orders) >= 40


def all_files() -> list[str]:
    if EDI_SAMPLES is None:
        return []
    return sorted(str(path.relative_to(EDI_SAMPLES)) for path in EDI_SAMPLES.rglob("*.*") if path.is_file())


@pytest.mark.parametrize("name", all_files())
def test_no_sample_raises_and_none_passes_for_an_order_that_is_none(name):
    data = (EDI_SAMPLES / name).read_bytes()
    reading = read(data)
    segments(data)
    for interchange in reading.interchanges:
        acknowledge(interchange, control_number="1", prepared_at=NOW)
    if any(isinstance(m.document, OrderDocument) for i in reading.interchanges for m in i.applicable):
        assert name in SOUND or name == "edifact/module-ballerina-edi__order-batch.edi"


def test_what_the_manifest_calls_bad_is_told():
    with (EDI_SAMPLES / "MANIFEST.tsv").open() as lines:
        bad = [row["file"] for row in csv.DictReader(lines, delimiter="\t") if row["bad"]]
    silent = [name for name in bad if (EDI_SAMPLES / name).exists() and not sample(name).all_findings]
    assert silent == []


# -- the unit tests of Peppol itself ----------------------------------------------------------------------------------

VEFA = "{http://difi.no/xsd/vefa/validator/1.0}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"


def peppol_cases() -> list[tuple[str, int]]:
    if EDI_SAMPLES is None:
        return []
    cases = []
    for path in sorted((EDI_SAMPLES / "peppol" / "unit").glob("*PEPPOL-T01-*.xml")):
        tests = etree.parse(path).getroot().findall(f"{VEFA}test")
        cases += [(path.name, index) for index in range(len(tests))]
    return cases


@pytest.mark.parametrize(("name", "index"), peppol_cases())
def test_peppol_unit_tests(name, index):
    """Each holds a fragment of an order and says whether one rule is broken, and how often. Most leave out that they
    follow Peppol."""
    test = etree.parse(EDI_SAMPLES / "peppol" / "unit" / name).getroot().findall(f"{VEFA}test")[index]
    fragment = next(node for node in test if etree.QName(node).localname == "Order")
    verdict = next(iter(test.find(f"{VEFA}assert")))
    rule = verdict.text.strip()
    if fragment.find(f"{CBC}CustomizationID") is None:
        etree.SubElement(fragment, f"{CBC}CustomizationID").text = CUSTOMIZATION
    found = [item for item in read(etree.tostring(fragment)).all_findings if item.code == rule]
    expected = 0 if verdict.tag == f"{VEFA}success" else int(verdict.get("number", "1"))
    assert len(found) == expected


def test_there_are_enough_peppol_unit_tests():
    assert len(peppol_cases()) > 60
