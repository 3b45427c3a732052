"""Files of about ten megabytes, made here: orders as a wholesaler sends them, many to an interchange."""

from collections.abc import Iterator

SIZE = 10_000_000
LINES = 50  # of an order

_EDIFACT_HEAD = (
    "BGM+220+PO{n}+9'\nDTM+137:20261102:102'\nDTM+2:20261120:102'\nFTX+AAI+++Ring at gate 3?: ask for Ms. O?'Hara'\n"
    "RFF+CT:FRAME-7'\nNAD+BY+8023456000005::9++Brenta Impianti+Via Roma 1+Padova++35100+IT'\n"
    "NAD+SU+8012345000008::9++Aurora Pumps'\nNAD+DP+8023456000012::9++Warehouse+Zona 5+Vicenza++36100+IT'\n"
    "CUX+2:EUR:9'\n"
)
_EDIFACT_LINE = (
    "LIN+{i}++8024670010024:EN'\nPIA+1+AP-{i}:SA+4711-A:IN'\nIMD+F++:::Pump part {i}'\nQTY+21:{quantity}:PCE'\n"
    "MOA+203:{amount}'\nPRI+AAA:12.5'\n"
)
_X12_HEAD = (
    "BEG*00*SA*PO{n}**20261102~\nCUR*BY*EUR~\nREF*CT*FRAME-7~\nDTM*002*20261120~\n"
    "N1*BY*Brenta Impianti*UL*8023456000005~\nN1*SU*Aurora Pumps*UL*8012345000008~\n"
    "N1*ST*Warehouse*UL*8023456000012~\nN3*Zona 5~\nN4*Vicenza**36100*IT~\n"
)
_X12_LINE = "PO1*{i}*{quantity}*EA*12.5**EN*8024670010024*VP*AP-{i}*IN*4711-A~\nPID*F****Pump part {i}~\n"
_UBL_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>PO1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BuyerCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">8023456000005</cbc:EndpointID>
<cac:PartyName><cbc:Name>Brenta Impianti</cbc:Name></cac:PartyName></cac:Party></cac:BuyerCustomerParty>
<cac:SellerSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">8012345000008</cbc:EndpointID>
<cac:PartyName><cbc:Name>Aurora Pumps</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
"""
_UBL_LINE = """<cac:OrderLine><cac:LineItem><cbc:ID>{i}</cbc:ID><cbc:Quantity unitCode="EA">{quantity}</cbc:Quantity>
<cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>
<cac:Price><cbc:PriceAmount currencyID="EUR">12.5</cbc:PriceAmount></cac:Price>
<cac:Item><cbc:Name>Pump part {i}</cbc:Name>
<cac:SellersItemIdentification><cbc:ID>AP-{i}</cbc:ID></cac:SellersItemIdentification>
<cac:StandardItemIdentification><cbc:ID schemeID="0160">8024670010024</cbc:ID></cac:StandardItemIdentification>
</cac:Item></cac:LineItem></cac:OrderLine>
"""


def _lines(form: str, count: int, first: int = 1) -> str:
    def line(i: int) -> str:
        quantity = i % 90 + 1
        return form.format(i=i, quantity=quantity, amount=f"{quantity * 12.5:.2f}")

    return "".join(line(i) for i in range(first, first + count))


def edifact_parts(size: int = SIZE) -> Iterator[bytes]:
    """One interchange of ORDERS D.96A, about `size` bytes, message by message."""
    yield b"UNA:+.? '\nUNB+UNOC:3+8023456000005:14+8012345000008:14+261102:0900+4711++ORDERS'\n"
    body = _lines(_EDIFACT_LINE, LINES)
    written = n = 0
    while written < size:
        n += 1
        count = 9 + 6 * LINES + 4
        part = f"UNH+M{n}+ORDERS:D:96A:UN:EAN008'\n{_EDIFACT_HEAD.format(n=n)}{body}UNS+S'\nCNT+2:{LINES}'\n"
        part += f"UNT+{count}+M{n}'\n"
        written += len(part)
        yield part.encode()
    yield f"UNZ+{n}+4711'\n".encode()


def x12_parts(size: int = SIZE) -> Iterator[bytes]:
    """One interchange of 850 in version 004010, about `size` bytes, set by set."""
    isa = "ISA*00*          *00*          *14*8023456000005  *14*8012345000008  *261102*0900*U*00401*000004711*0*P*>~\n"
    yield (isa + "GS*PO*8023456000005*8012345000008*20261102*0900*77*X*004010~\n").encode()
    body = _lines(_X12_LINE, LINES)
    written = n = 0
    while written < size:
        n += 1
        part = f"ST*850*{n:04}~\n{_X12_HEAD.format(n=n)}{body}CTT*{LINES}~\nSE*{9 + 2 * LINES + 3}*{n:04}~\n"
        written += len(part)
        yield part.encode()
    yield f"GE*{n}*77~\nIEA*1*000004711~\n".encode()


def ubl(size: int = SIZE) -> bytes:
    """One UBL 2.1 Order of about `size` bytes."""
    count = size // len(_lines(_UBL_LINE, 1, 10_000))
    return (_UBL_HEAD + _lines(_UBL_LINE, count) + "</Order>\n").encode()
