"""Documents into bytes, in any of the standards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edi.mapping import cxml, edifact, tables, ubl, x12
from edi.mapping.model import Envelope, has_error
from edi.syntax.findings import Finding, Findings
from orders.documents import Document, OrderDocument, OrderResponseDocument

WrittenStandard = Literal["edifact", "x12", "ubl", "cxml", "table"]

_WRITERS = {"edifact": edifact.write, "x12": x12.write, "ubl": ubl.write, "cxml": cxml.write, "table": tables.write}


@dataclass(frozen=True, slots=True)
class Written:
    """One interchange (or one XML document), and what of the documents could not be said in it. An error means that
    `data` is not fit to be sent."""

    data: bytes
    findings: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the bytes must not be sent."""
        return has_error(self.findings)


def write(documents: Sequence[Document], *, standard: WrittenStandard, envelope: Envelope) -> Written:
    """All `documents` as one interchange of `standard`. Never raises for what is in them: what the standard cannot say
    is a finding. XML holds one document a file; more of them are an error."""
    findings = Findings()
    data = _WRITERS[standard](documents, envelope, findings)
    return Written(data, findings.freeze())


def write_order(order: OrderDocument, *, standard: WrittenStandard, envelope: Envelope) -> bytes:
    """`order` as ORDERS (D.96A, or D.01B by `envelope.version`), 850 (004010) or UBL 2.1 Order."""
    return write([order], standard=standard, envelope=envelope).data


def write_response(response: OrderResponseDocument, *, standard: WrittenStandard, envelope: Envelope) -> bytes:
    """`response` as ORDRSP (D.96A, or D.01B by `envelope.version`), 855 (004010) or UBL 2.1 OrderResponse."""
    return write([response], standard=standard, envelope=envelope).data
