"""A sound file cut at any byte never passes silently: ten of our own at every byte, real ones at many."""

import pytest

from edi.mapping import read
from tests.edi.fixtures import ORDERS_D01B, ORDERS_D96A, PURCHASE_ORDER, UBL_ORDER
from tests.paths import EDI_SAMPLES

_BARE = ORDERS_D96A.replace("UNA:+.? '\n", "")
_UNG = "UNG+ORDERS+8033661230013:14+8024670010017:14+260302:1415+G1+UN+D:96A:EAN008'\n"
_NEWER = PURCHASE_ORDER.replace("*U*00401*", "*^*00501*").replace("*004010~", "*005010~")
SOUND = {
    "edifact": ORDERS_D96A,
    "edifact D.01B on one line": ORDERS_D01B.replace("\n", ""),
    "edifact without UNA": _BARE,
    "edifact in a group": ORDERS_D96A.replace("UNH+M1", _UNG + "UNH+M1").replace("UNZ+1", "UNE+1+G1'\nUNZ+1"),
    "edifact of version 4": ORDERS_D96A.replace("UNOC:3", "UNOY:4").replace("260302:1415", "20260302:1415"),
    "edifact in two messages": ORDERS_D96A.replace(
        "UNZ+1",
        ORDERS_D96A[ORDERS_D96A.index("UNH") : ORDERS_D96A.index("UNZ")].replace("M1", "M2") + "UNZ+2",
    ),
    "x12": PURCHASE_ORDER,
    "x12 by lines": PURCHASE_ORDER.replace("~\n", "\n"),
    "x12 of 005010": _NEWER.replace("\n", ""),
    "ubl": UBL_ORDER,
}


def silent(data: bytes, step: int = 1) -> list[int]:
    """Where `data` can be cut without a word."""
    data = data.rstrip()
    return [end for end in range(1, len(data), step) if not read(data[:end]).all_findings]


@pytest.mark.parametrize("name", SOUND)
def test_our_own_files(name):
    data = SOUND[name].encode()
    assert not [item for item in read(data).all_findings if item.severity == "error"]
    assert silent(data) == []


REAL = [
    "edifact/underware-edifact__D93A_ORDERS.txt",
    "edifact/staedi__invoic_d97b_una.edi",
    "x12/node-x12__850.edi",
    "x12/node-x12__856.edi",
    "x12/x12-types__004010_850.edi",
    "x12/bootstrap__inbound.edi",
    "peppol/poacc-upgrade-3__UC2_Order.xml",
]


@pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")
@pytest.mark.parametrize("name", REAL)
def test_real_files(name):
    data = (EDI_SAMPLES / name).read_bytes()
    assert silent(data, step=max(1, len(data) // 150)) == []
