"""Orders of our own in the three standards, and small helpers to damage them."""

from datetime import datetime
from textwrap import dedent

from edi.mapping import Envelope, Interchange, PartyRef, Reading, read

NOW = datetime(2026, 3, 2, 14, 30)

# GLNs and GTINs carry right check digits.
BUYER_GLN, SELLER_GLN, DOCK_GLN = "8033661230013", "8024670010017", "8033661230020"

ORDERS_D96A = dedent("""\
    UNA:+.? '
    UNB+UNOC:3+8033661230013:14+8024670010017:14+260302:1415+4711++ORDERS++1'
    UNH+M1+ORDERS:D:96A:UN:EAN008'
    BGM+220+BR-2026-0815+9'
    DTM+137:20260302:102'
    DTM+2:20260320:102'
    FTX+AAI+++Ring at gate 3?: ask for Ms. O?'Hara'
    RFF+CT:FRAME-7'
    RFF+PD:D-2026-00042-7'
    NAD+BY+8033661230013::9++Brenta Impianti S.r.l.+Via Roma 1+Padova++35100+IT'
    RFF+VA:IT01234567890'
    CTA+OC+:Anna Rossi'
    COM+anna.rossi@brenta.example:EM'
    COM+?+390491234567:TE'
    NAD+SU+8024670010017::9++Aurora Pumps'
    NAD+DP+8033661230020::9++Brenta warehouse+Zona Industriale 5+Vicenza++36100+IT'
    CUX+2:EUR:9'
    TOD+6++CPT'
    ALC+A++++:::Spring campaign'
    PCD+1:2'
    LIN+1++8024670010024:EN'
    PIA+1+AP-100:SA+4711-A:IN'
    IMD+F++:::Centrifugal pump 2.2 kW'
    QTY+21:10:PCE'
    MOA+203:1234.5'
    PRI+AAA:123.45'
    LIN+2++8024670010031:EN'
    PIA+1+AP-200:SA'
    IMD+F++:::Seal kit'
    QTY+21:250:PCE'
    DTM+2:20260401:102'
    FTX+AAI+++Pack in tens'
    PRI+AAA:87.5:::100:PCE'
    UNS+S'
    MOA+86:1424.19'
    CNT+2:2'
    UNT+35+M1'
    UNZ+1+4711'
    """)

ORDERS_D01B = (
    ORDERS_D96A.replace("D:96A:UN:EAN008", "D:01B:UN:EAN010")
    .replace(":EN'", ":SRV'")
    .replace("BR-2026-0815", "BR-2026-0816")
)

PURCHASE_ORDER = dedent("""\
    ISA*00*          *00*          *ZZ*BRENTA         *ZZ*AURORA         *260302*1415*U*00401*000004711*1*P*>~
    GS*PO*BRENTA*AURORA*20260302*1415*77*X*004010~
    ST*850*0001~
    BEG*00*SA*BR-2026-0817**20260302~
    CUR*BY*USD~
    REF*CT*FRAME-7~
    REF*PD*D-2026-00042-7~
    SAC*C*G830***1250*******06***Freight~
    ITD*01*3*****30~
    DTM*002*20260320~
    N1*BY*Brenta Impianti*UL*8033661230013~
    N3*Via Roma 1~
    N4*Padova*PD*35100*IT~
    PER*OC*Anna Rossi*TE*390491234567*EM*anna.rossi@brenta.example~
    N1*SU*Aurora Pumps*92*V-100~
    N1*ST*Brenta warehouse*UL*8033661230020~
    PO1*1*10*EA*123.45**EN*8024670010024*VN*AP-100*BP*4711-A~
    PID*F****Centrifugal pump 2.2 kW~
    PO1*2*250*EA*87.5*HP*EN*8024670010031*VN*AP-200~
    PID*F****Seal kit~
    DTM*002*20260401~
    CTT*2*260~
    AMT*TT*1453.25~
    SE*22*0001~
    GE*1*77~
    IEA*1*000004711~
    """)

UBL_ORDER = dedent("""\
    <?xml version="1.0" encoding="UTF-8"?>
    <Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
      xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
      xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
      <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order:3</cbc:CustomizationID>
      <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:ordering:3</cbc:ProfileID>
      <cbc:ID>BR-2026-0818</cbc:ID>
      <cbc:IssueDate>2026-03-02</cbc:IssueDate>
      <cbc:IssueTime>14:15:00</cbc:IssueTime>
      <cbc:Note>Ring at gate 3</cbc:Note>
      <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
      <cac:Contract><cbc:ID>FRAME-7</cbc:ID></cac:Contract>
      <cac:BuyerCustomerParty><cac:Party>
        <cbc:EndpointID schemeID="0088">8033661230013</cbc:EndpointID>
        <cac:PartyName><cbc:Name>Brenta Impianti</cbc:Name></cac:PartyName>
        <cac:PartyTaxScheme><cbc:CompanyID>IT01234567890</cbc:CompanyID>
          <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
      </cac:Party></cac:BuyerCustomerParty>
      <cac:SellerSupplierParty><cac:Party>
        <cbc:EndpointID schemeID="0211">IT09876543210</cbc:EndpointID>
        <cac:PartyLegalEntity><cbc:RegistrationName>Aurora Pumps</cbc:RegistrationName></cac:PartyLegalEntity>
      </cac:Party></cac:SellerSupplierParty>
      <cac:Delivery>
        <cac:RequestedDeliveryPeriod><cbc:StartDate>2026-03-20</cbc:StartDate></cac:RequestedDeliveryPeriod>
      </cac:Delivery>
      <cac:AnticipatedMonetaryTotal>
        <cbc:LineExtensionAmount currencyID="EUR">1453.25</cbc:LineExtensionAmount>
        <cbc:PayableAmount currencyID="EUR">1453.25</cbc:PayableAmount>
      </cac:AnticipatedMonetaryTotal>
      <cac:OrderLine><cac:LineItem>
        <cbc:ID>1</cbc:ID>
        <cbc:Quantity unitCode="C62">10</cbc:Quantity>
        <cbc:LineExtensionAmount currencyID="EUR">1234.50</cbc:LineExtensionAmount>
        <cac:Price><cbc:PriceAmount currencyID="EUR">123.45</cbc:PriceAmount></cac:Price>
        <cac:Item><cbc:Name>Centrifugal pump 2.2 kW</cbc:Name>
          <cac:BuyersItemIdentification><cbc:ID>4711-A</cbc:ID></cac:BuyersItemIdentification>
          <cac:SellersItemIdentification><cbc:ID>AP-100</cbc:ID></cac:SellersItemIdentification>
          <cac:StandardItemIdentification>
            <cbc:ID schemeID="0160">8024670010024</cbc:ID>
          </cac:StandardItemIdentification>
        </cac:Item>
      </cac:LineItem></cac:OrderLine>
      <cac:OrderLine><cbc:Note>Pack in tens</cbc:Note><cac:LineItem>
        <cbc:ID>2</cbc:ID>
        <cbc:Quantity unitCode="C62">250</cbc:Quantity>
        <cbc:LineExtensionAmount currencyID="EUR">218.75</cbc:LineExtensionAmount>
        <cac:Price><cbc:PriceAmount currencyID="EUR">87.5</cbc:PriceAmount>
          <cbc:BaseQuantity unitCode="C62">100</cbc:BaseQuantity></cac:Price>
        <cac:Item><cbc:Name>Seal kit</cbc:Name></cac:Item>
      </cac:LineItem></cac:OrderLine>
    </Order>
    """)

GOOD = {"orders-d96a": ORDERS_D96A, "orders-d01b": ORDERS_D01B, "850": PURCHASE_ORDER, "ubl": UBL_ORDER}


def read_text(text: str) -> Reading:
    """Read `text` as a file in ISO 8859-1 (XML: UTF-8)."""
    return read(text.encode("utf-8" if text.lstrip().startswith("<") else "latin-1"))


def only(text: str) -> Interchange:
    """The single interchange of `text`."""
    (interchange,) = read_text(text).interchanges
    return interchange


def codes(text: str) -> set[str]:
    """The codes of all findings of `text`."""
    return {finding.code for finding in read_text(text).all_findings}


def errors(text: str) -> set[str]:
    """The codes of all errors of `text`."""
    return {finding.code for finding in read_text(text).all_findings if finding.severity == "error"}


def finding(text: str, code: str):
    """The first finding of `text` with `code`; fails when there is none."""
    return next(item for item in read_text(text).all_findings if item.code == code)


def without(text: str, *tags: str) -> str:
    """`text` without its segments of `tags`, and with the counts of UNT or SE put right."""
    separator = "+" if text.startswith("UNA") else "*"
    lines = [line for line in text.splitlines() if line.split(separator)[0] not in tags]
    return recount("\n".join(lines) + "\n")


def recount(text: str) -> str:
    """`text` with UNT or SE stating the real number of segments."""
    separator, header, trailer = ("+", "UNH", "UNT") if text.startswith("UNA") else ("*", "ST", "SE")
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(header + separator))
    for i, line in enumerate(lines):
        if line.startswith(trailer + separator):
            parts = line.split(separator)
            parts[1] = str(i - start + 1)
            lines[i] = separator.join(parts)
    return "\n".join(lines) + "\n"


def envelope(qualifier: str = "14", **changes) -> Envelope:
    """An envelope from Brenta to Aurora."""
    parties = {"sender": PartyRef(BUYER_GLN, qualifier), "receiver": PartyRef(SELLER_GLN, qualifier)}
    return Envelope(**({"control_number": "99", "prepared_at": NOW} | parties | changes))
