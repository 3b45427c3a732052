"""X12: what is written is read again as the same document, in both releases; and no set of segments, whatever is in
them, makes a reader fail."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.mapping import acknowledge, read, write
from edi.mapping.x12.sets import READERS
from orders.documents import (
    DespatchDocument,
    Document,
    Identifier,
    OrderChangeDocument,
    OrderResponseDocument,
    RemittanceDocument,
    RemittanceLineDocument,
    TextDocument,
)
from tests.edi import strategies
from tests.edi.fixtures import NOW, envelope

remittances = st.builds(
    RemittanceDocument,
    number=strategies.codes,
    issued_on=strategies.days,
    buyer=strategies.parties(),
    seller=strategies.parties(),
    currency=st.sampled_from(["EUR", "USD"]),
    amount=strategies.amounts,
    paid_on=strategies.days,
    method=st.sampled_from(["ACH", "CHK", "NON"]),
    lines=st.lists(
        st.builds(
            RemittanceLineDocument,
            invoice=strategies.codes,
            paid=strategies.amounts,
            invoiced=st.none() | strategies.amounts,
            discount=st.none() | strategies.amounts,
            invoiced_on=st.none() | strategies.days,
            reason=st.sampled_from(["", "Two pumps came late"]),
        ),
        max_size=3,
    ).map(tuple),
)
texts = st.builds(
    TextDocument,
    number=strategies.codes,
    issued_on=strategies.days,
    subject=st.sampled_from(["", "Closed in August"]),
    notes=st.lists(st.sampled_from(["One line", "Two\nlines", "word " * 100 + "end"]), min_size=1, max_size=2).map(
        tuple
    ),
)
KINDS = {
    "850": strategies.orders(),
    "860": strategies.changes(),
    "855": strategies.responses(),
    "865": strategies.responses().map(lambda response: replace(response, change="3")),
    "856": strategies.despatches(),
    "810": strategies.invoices(),
    "832": strategies.catalogues(),
    "846": strategies.stocks(),
    "824": strategies.notices(),
    "820": remittances,
    "864": texts,
}


def same(value: Any) -> Any:
    """`value` without what X12 has no two ways to say: the qualifier it chooses for an identifier, the code of an
    allowance, a city beyond thirty characters."""
    if isinstance(value, tuple):
        return tuple(same(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kept = {field.name: same(getattr(value, field.name)) for field in fields(value) if field.compare}
    if isinstance(value, Identifier):
        kept["raw_scheme"] = ""
    for name in ("code",) if "charge" in kept else ():
        kept[name] = ""
    if "city" in kept:
        kept["city"] = kept["city"][:30].strip()
    return kept


def settled(document: Document) -> Any:
    """What is compared: without what a set must state although the document does not, and packages by their SSCC."""
    if isinstance(document, OrderResponseDocument | OrderChangeDocument):
        document = replace(document, order=replace(document.order, issued_on=None))
    if isinstance(document, OrderResponseDocument):  # a PO1 has one price: the one that is confirmed
        lines = tuple(replace(line, ordered=_plain(line.ordered)) for line in document.lines)
        document = replace(document, lines=lines)
    if isinstance(document, DespatchDocument):
        names = {package.id: package.sscc for package in document.packages}
        packages = tuple(
            replace(package, id=package.sscc, parent=names.get(package.parent, "")) for package in document.packages
        )
        lines = tuple(
            sorted(
                (replace(line, package=names[line.package]) for line in document.lines), key=lambda line: line.number
            )
        )
        one = {line.order_number for line in lines} | {document.order_number}
        number = document.order_number if len(one) == 1 else ""
        document = replace(document, packages=packages, lines=lines, order_number=number)
    return same(document)


def _plain(ordered):
    kept = tuple(pair for pair in ordered.references if pair[0] != "change")
    return replace(ordered, unit_price=None, references=kept)


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_is_read_again(kind, version, data):
    document = data.draw(KINDS[kind])
    written = write([document], standard="x12", envelope=envelope("ZZ", version=version))
    assert not written.rejected
    reading = read(written.data)
    (interchange,) = reading.interchanges
    (message,) = interchange.messages
    assert (message.kind, message.version, message.rejected) == (kind, version, False)
    structure = {"segment-out-of-place", "segment-not-allowed", "missing-segment", "too-many-segments", "condition"}
    assert not structure & {item.code for item in reading.all_findings}
    assert settled(message.document) == settled(document)


PLAIN = (
    "|1|2|3|S|O|T|P|I|A|C|TT|EA|CA|20260302|20261399|-1|1.5|ST|BY|SE|UL|92|8033661230013|VN|EN|IA|IR|AI|GM|F|L1|CT"
    "|ZZ|01|1:2|^|N|002|010|17|UCP|X|TA|RD|AC|HP|CS"
)
WORDS = st.sampled_from([*PLAIN.split("|"), "x" * 90, "9" * 40])
TAGS = sorted({tag for reader in READERS.values() for tag in reader.handlers} - {"ST", "SE"})
SEGMENTS = st.lists(st.tuples(st.sampled_from(TAGS), st.lists(WORDS, max_size=12)), max_size=30)


@pytest.mark.parametrize("kind", sorted(READERS))
@given(segments=SEGMENTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_segments_make_a_reader_fail(kind, segments):
    body = "".join("*".join([tag, *elements]) + "~" for tag, elements in segments)
    text = (
        "ISA*00*          *00*          *ZZ*BRENTA         *ZZ*AURORA         *260302*1415*U*00401*000004711*1*P*:~"
        f"GS*XX*BRENTA*AURORA*20260302*1415*77*X*004010~ST*{kind}*0001~{body}SE*{len(segments) + 2}*0001~GE*1*77~"
        "IEA*1*000004711~"
    )
    (interchange,) = read(text.encode()).interchanges
    (message,) = [message for message in interchange.messages if message.kind == kind]
    assert message.document is not None
    acknowledge(interchange, control_number="1", prepared_at=NOW)
    acknowledge(interchange, control_number="1", prepared_at=NOW, functional="999")
    written = write([message.document], standard="x12", envelope=envelope("ZZ"))
    assert written.data or written.rejected
