"""UBL 2.1 ApplicationResponse as Peppol Message Level Response 3: the whole document accepted (AB) or refused (RE)."""

from datetime import datetime

from lxml import etree

from edi.mapping.ack_common import Extra, errors_of
from edi.mapping.model import Interchange, PartyRef
from edi.mapping.ubl.notation import cac, cbc
from edi.mapping.ubl.parties import scheme_id
from edi.mapping.ubl.writing import new_root
from edi.mapping.xml.draft import Element
from edi.mapping.xml.out import dump, safe
from edi.syntax.findings import Finding

_ACKNOWLEDGED, _REFUSED = "AB", "RE"
_SYNTAX_VIOLATION, _RULE_VIOLATION = "SV", "BV"  # Peppol: OpenPEPPOL status reason codes
_LINES_AT_MOST = 200


class _Answer:
    """The document being written; empty values make no element."""

    def __init__(self) -> None:
        self.root = new_root("ApplicationResponse")

    @staticmethod
    def basic(parent: Element, name: str, value: str, **attributes: str) -> None:
        """Add cbc:`name` with `value`, unless that is empty."""
        if value:
            etree.SubElement(parent, cbc(name), {key: safe(text) for key, text in attributes.items()}).text = safe(
                value
            )

    @staticmethod
    def aggregate(parent: Element, name: str) -> Element:
        """Add cac:`name`."""
        return etree.SubElement(parent, cac(name))


def write_application_response(
    interchange: Interchange, control_number: str, prepared_at: datetime, extra: Extra
) -> bytes:
    """One ApplicationResponse for one document; for an unreadable one the reference is "NA"."""
    xml = _Answer()
    root = xml.root
    xml.basic(root, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:mlr:3")
    xml.basic(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:mlr:3")
    xml.basic(root, "ID", control_number)
    xml.basic(root, "IssueDate", prepared_at.date().isoformat())
    xml.basic(root, "IssueTime", prepared_at.strftime("%H:%M:%S"))
    _party(xml, "SenderParty", interchange.receiver)
    _party(xml, "ReceiverParty", interchange.sender)
    errors = [*errors_of(interchange, extra)]
    for message in interchange.messages:
        errors += errors_of(message, extra)
    answer = xml.aggregate(root, "DocumentResponse")
    response = xml.aggregate(answer, "Response")
    xml.basic(response, "ResponseCode", _REFUSED if errors else _ACKNOWLEDGED)
    if errors:
        count = len(errors)
        problems = "1 problem" if count == 1 else f"{count} problems"
        xml.basic(response, "Description", f"The document was refused because of {problems}: {errors[0].message}")
    reference = xml.aggregate(answer, "DocumentReference")
    xml.basic(reference, "ID", interchange.control_number or "NA")
    for error in errors[:_LINES_AT_MOST]:
        _line(xml, answer, error)
    return dump(root)


def _party(xml: _Answer, name: str, ref: PartyRef) -> None:
    party = xml.aggregate(xml.root, name)
    scheme = scheme_id(ref)
    xml.basic(party, "EndpointID", ref.id or "NA", **({"schemeID": scheme} if scheme else {}))


def _line(xml: _Answer, answer: Element, error: Finding) -> None:
    line = xml.aggregate(answer, "LineResponse")
    xml.basic(xml.aggregate(line, "LineReference"), "LineID", error.place.xpath or "NA")
    response = xml.aggregate(line, "Response")
    xml.basic(response, "ResponseCode", _REFUSED)
    xml.basic(response, "Description", f"[{error.code}] {error.message}")
    status = xml.aggregate(response, "Status")
    is_rule = error.code.startswith("PEPPOL-")
    xml.basic(status, "StatusReasonCode", _RULE_VIOLATION if is_rule else _SYNTAX_VIOLATION)
    xml.basic(status, "StatusReason", error.message)
