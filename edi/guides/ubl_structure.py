"""UBL 2.1 documents (OASIS): which have a guide, and the comparison of a document with it.

Documents of 2.0 are valid against 2.1; elements that 2.2 and later added are only noted. The order of the elements,
what is missing, too much or does not belong is told with path and line; values are the mapping's.
"""

from functools import cache
from importlib import import_module
from itertools import chain

from lxml import etree

from edi.guides.ubl_aggregates import AGGREGATES
from edi.guides.ubl_transport import TRANSPORT
from edi.guides.xml_structure import Shape, Shapes, StructureCheck, XmlGuide
from edi.syntax.findings import Findings
from edi.syntax.xml import XmlDocument

PREFIX = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = f"{PREFIX}CommonAggregateComponents-2"
CBC = f"{PREFIX}CommonBasicComponents-2"
EXT = f"{PREFIX}CommonExtensionComponents-2"
VERSION = "2.1"

# Root elements that have a guide, and the module it stands in.
KINDS = {
    "Order": "ubl_order",
    "OrderResponse": "ubl_order_response",
    "OrderResponseSimple": "ubl_order_response_simple",
    "OrderChange": "ubl_order_change",
    "OrderCancellation": "ubl_order_cancellation",
    "DespatchAdvice": "ubl_despatch_advice",
    "ReceiptAdvice": "ubl_receipt_advice",
    "Invoice": "ubl_invoice",
    "CreditNote": "ubl_credit_note",
    "ApplicationResponse": "ubl_application_response",
    "Catalogue": "ubl_catalogue",
}

# The last word of a name says what values it has (UBL Naming and Design Rules: the representation term).
_TERMS = {
    "Date": "date",
    "Time": "time",
    "Indicator": "true or false",
    "Numeric": "number",
    "Percent": "number",
    "Rate": "number",
    "Amount": "amount",
    "Quantity": "quantity",
    "Measure": "quantity",
    "Code": "code",
    "ID": "identifier",
    "URI": "identifier",
    "Object": "binary",
}


def value_type(name: str) -> str:
    """What values a basic component has, by its name: "IssueDate" is a date, "PayableAmount" an amount; else text."""
    return next((kind for term, kind in _TERMS.items() if name.endswith(term)), "text")


def _tag(name: str, holds: bool) -> str:
    if name == "UBLExtensions":
        return f"{{{EXT}}}{name}"
    return f"{{{CAC if holds else CBC}}}{name}"


@cache
def _shapes() -> Shapes:
    notations = dict(chain(_lines(AGGREGATES), _lines(TRANSPORT)))
    return Shapes(notations, _tag)


def _lines(text: str) -> list[tuple[str, str]]:
    """ "Country: IdentificationCode Name", each type from the start of a line."""
    found = [block.replace("\n", " ").split(":", 1) for block in text.strip().replace("\n    ", " ").split("\n")]
    return [(name.strip(), notation.strip()) for name, notation in found]


def ubl_guide(kind: str, title: str, notation: str) -> XmlGuide:
    """The guide of one document. Raises ValueError when the notation is not well formed."""
    shapes = _shapes()
    return XmlGuide("ubl", "UBL", kind, VERSION, title, shapes.shape(kind, notation), shapes)


@cache
def find_ubl(kind: str) -> XmlGuide | None:
    """The guide of a document by its root element, loaded when first asked for; None where there is none."""
    if kind not in KINDS:
        return None
    guide: XmlGuide = import_module(f"edi.guides.{KINDS[kind]}").GUIDE
    return guide


def aggregate(name: str) -> Shape | None:
    """A type that documents share ("Party", "OrderLine"); None where there is none."""
    return _shapes().get(name)


def check_ubl(document: XmlDocument, findings: Findings, told: frozenset[str] = frozenset()) -> None:
    """Compare a whole document with its guide, if it has one; the absence of `told` children is told by the caller."""
    guide = find_ubl(etree.QName(document.root).localname)
    if guide:
        StructureCheck(guide, document.place, findings, told).document(document.root)
