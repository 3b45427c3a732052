"""What is written as EDIFACT is read again as the same document, without a finding, in both directories."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.mapping import read, write
from orders.documents import Identifier, Scheme
from tests.edi import strategies
from tests.edi.fixtures import envelope

VERSIONS = ("D.96A", "D.01B")
# The documents of the strategies are not checked for sense: dates may be in any order, figures need not add up.
OF_NO_SENSE = {"delivery-before-order", "due-before-issue", "line-amount-mismatch", "total-mismatch"} | {
    "tax-mismatch",
    "tax-total-mismatch",
    "taxable-mismatch",
    "lines-total-mismatch",
    "payable-mismatch",
}


def back(document, version):
    """`document` written in `version` and read again."""
    written = write([document], standard="edifact", envelope=replace(envelope("14"), version=version))
    assert written.findings == ()
    (interchange,) = read(written.data).interchanges
    (message,) = interchange.messages
    assert {item.code for item in interchange.all_findings} <= OF_NO_SENSE, interchange.all_findings
    assert message.document.extras == ()
    return uncounted(strategies.bare(message.document))


def uncounted(document):
    """`document` without the count of its lines: PRICAT, INVRPT and SLSRPT have no control totals."""
    if getattr(document, "stated_line_count", None) is not None:
        return replace(document, stated_line_count=None)
    if getattr(document, "order", None) is not None:
        return replace(document, order=replace(document.order, stated_line_count=None))
    return document


@pytest.mark.parametrize("version", VERSIONS)
@given(document=strategies.orders())
@settings(max_examples=20, deadline=None)
def test_orders(document, version):
    assert back(document, version) == uncounted(document)


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_order_lines_with_schedules_taxes_and_allowances(data):
    document = data.draw(strategies.orders())
    line = replace(
        document.lines[0],
        schedule=(data.draw(strategies.schedules), data.draw(strategies.schedules)),
        tax=data.draw(strategies.taxes()),
        allowances=(data.draw(strategies.allowances()),),
        note=data.draw(strategies.words),
    )
    document = replace(document, lines=(line, *document.lines[1:]))
    assert back(document, "D.96A") == uncounted(document)


@pytest.mark.parametrize("version", VERSIONS)
@given(document=strategies.changes())
@settings(max_examples=20, deadline=None)
def test_changes(document, version):
    document = replace(document, sequence="2", reason="Dock is closed")
    assert back(document, version) == document


# APERAK and SLSRPT have no place for the tax number of a party.
PLAIN = strategies.parties(identifiers=st.just((Identifier("4006381333931", Scheme.GLN),)))
DOCUMENTS = {
    "ORDRSP": strategies.responses(),
    "DESADV": strategies.despatches(),
    "RECADV": strategies.receipts(),
    "INVOIC": strategies.invoices(),
    "PRICAT": strategies.catalogues(),
    "INVRPT": strategies.stocks(),
    "SLSRPT": strategies.sales(buyer=PLAIN, seller=PLAIN),
    "APERAK": strategies.notices(buyer=PLAIN, seller=PLAIN),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_other_messages(kind, data):
    document = data.draw(DOCUMENTS[kind])
    version = data.draw(st.sampled_from(VERSIONS))
    assert back(document, version) == uncounted(document)
