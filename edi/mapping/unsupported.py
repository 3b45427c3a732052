"""Messages that are recognised by their envelope but have no document here."""

from edi.mapping.model import ACKNOWLEDGEMENTS
from edi.syntax.findings import Findings, Place

_NAMES = {
    "INVOIC": "invoice",
    "810": "invoice",
    "Invoice": "invoice",
    "CreditNote": "credit note",
    "DESADV": "despatch advice",
    "856": "despatch advice",
    "DespatchAdvice": "despatch advice",
    "ORDRSP": "order response",
    "855": "order response",
    "OrderResponse": "order response",
    "ORDCHG": "order change",
    "860": "order change",
    "OrderChange": "order change",
    "OrderCancellation": "order cancellation",
    "PRICAT": "price catalogue",
    "832": "price catalogue",
    "Catalogue": "catalogue",
}


def report_unsupported(kind: str, findings: Findings, place: Place, syntax_error: str = "") -> None:
    """Say that no document is made of this message. For an acknowledgement that is only a note."""
    if kind in ACKNOWLEDGEMENTS:
        text = f"The message is an acknowledgement ({kind}); it is noted and not answered."
        findings.note("unsupported-message", text, place, value=kind)
        return
    name = _NAMES.get(kind, "not known here")
    text = f"The message is of type {kind or '(none)'} ({name}), which is not read here."
    findings.error("unsupported-message", text, place, value=kind, syntax_error=syntax_error)
