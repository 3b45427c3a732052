"""What a UBL document kind is: its root, its shape, and how the frozen document is made of a draft and back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from edi.mapping.ubl.notation import ignored
from edi.mapping.xml.draft import Work, XmlDraft
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Shape
from orders.documents import Document

Pair = tuple[str, str]


def same(out: Out, document: Any) -> Any:
    """The document as it is."""
    return document


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One root element. `make` freezes the draft; `lay_out` gives the object whose attributes the shape writes;
    `required` are (path, what it is) that the schema makes mandatory; `said` are fields that `lay_out` says otherwise;
    `customization` and `profile` are those of Peppol."""

    name: str
    shape: Shape
    make: Callable[[Work, XmlDraft], Document]
    required: tuple[Pair, ...] = ()
    lay_out: Callable[[Out, Any], Any] = same
    said: frozenset[str] = frozenset()
    customization: str = ""
    profile: str = ""


# What the envelope reads at the head of every document, in the order of the schemas.
ENVELOPE: tuple[Entry, ...] = ignored(
    "UBLVersionID", "CustomizationID", "ProfileID", "ProfileExecutionID", "UUID", "IssueTime"
)
ID = ("cbc:ID", "number")
ISSUE_DATE = ("cbc:IssueDate", "date of issue")
BUYER = ("cac:BuyerCustomerParty", "buyer")
SELLER = ("cac:SellerSupplierParty", "seller")
