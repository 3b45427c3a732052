"""The rules of a connection judge its messages while they are read, and nobody else's."""

import io

from edi.guides.own_rules import RuleBook
from edi.mapping import PartyRef, Reading, read
from edi.mapping.own_rules import OwnRules
from edi.mapping.reading import stream
from edi.syntax.findings import Findings
from tests.edi.fixtures import BUYER_GLN, ORDERS_D96A, PURCHASE_ORDER

BOOK = RuleBook(
    {
        "ORDERS": [{"expect": "RFF", "group": "SG1", "element": "1", "is": ["ZZZ"], "text": "Give our campaign."}],
        "850": [{"segment": "FOB", "group": "message", "use": "required"}],
    }
)


def rules_of(wanted: str) -> OwnRules:
    """The rules apply to what comes from `wanted`."""
    return lambda sender, receiver: BOOK if sender.id.strip() == wanted else None


def errors(reading: Reading) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in reading.all_findings if each.severity == "error"]


def test_a_message_of_the_connection_is_judged_by_its_rules() -> None:
    reading = read(ORDERS_D96A.encode(), own_rules=rules_of(BUYER_GLN))
    assert errors(reading) == [("required-segment", "Give our campaign.")]
    document = reading.interchanges[0].messages[0].document
    assert document is not None, "it is read all the same"


def test_a_message_of_another_sender_is_not() -> None:
    assert errors(read(ORDERS_D96A.encode(), own_rules=rules_of("9999999999994"))) == []
    assert errors(read(ORDERS_D96A.encode())) == []


def test_x12_is_judged_the_same_way() -> None:
    plain = read(PURCHASE_ORDER.encode())
    sender: PartyRef = plain.interchanges[0].sender
    judged = read(PURCHASE_ORDER.encode(), own_rules=rules_of(sender.id.strip()))
    assert [each for each in errors(judged) if each not in errors(plain)] == [
        ("missing-segment", "Segment FOB is missing; it must stand before SAC.")
    ]


def test_a_stream_comes_to_the_same_judgement() -> None:
    events = list(stream(io.BytesIO(ORDERS_D96A.encode()), own_rules=rules_of(BUYER_GLN)))
    told = [
        finding.code for event in events for finding in getattr(event, "findings", ()) if finding.severity == "error"
    ]
    assert told == ["required-segment"]


def test_more_remarks_than_can_be_kept_are_no_error() -> None:
    findings = Findings(most=3)
    for _ in range(9):
        findings.warning("remark", "Remarkable.")
    assert [(str(each.severity), each.code) for each in findings][2:] == [
        ("warning", "remark"),
        ("warning", "too-many-findings"),
    ]
    findings.error("fault", "Wrong.")
    findings.error("fault", "Wrong.")
    assert [(str(each.severity), each.code) for each in findings][3:] == [
        ("warning", "too-many-findings"),
        ("error", "too-many-findings"),
    ]
