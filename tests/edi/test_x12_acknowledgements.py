"""997 and 999 in detail: which groups and sets they answer, where they point, and what they copy."""

from edi.mapping import Finding, Place, Severity, acknowledge
from tests.edi import x12_sets as sets
from tests.edi.fixtures import NOW, only
from tests.edi.x12_sets import interchange

REFUSED = Finding(Severity.ERROR, "unknown-buyer", "The buyer is not known here.", Place())


def rows(text: str, **options) -> list[str]:
    data = acknowledge(only(text), control_number="900", prepared_at=NOW, **options)
    return [] if data is None else [row.strip() for row in data.decode().split("~")]


def twice(text: str, second: str) -> str:
    """`text` with its group again, as another group; both number their sets from 0001."""
    group = text[text.index("GS*") : text.index("IEA*")]
    return text.replace(
        "IEA*1*", f"{group.replace('*77*X*', f'*{second}*X*').replace('GE*1*77', f'GE*1*{second}')}IEA*2*"
    )


def test_999():
    text = interchange("850", sets.ORDER.replace("PO1*2*10*LB*3.5", "PO1*2*10*LB*three"), "005010")
    got = rows(text, functional="999")
    assert [row for row in got if row.startswith(("GS", "ST"))] == [
        "GS*FA*AURORA*BRENTA*20260302*1430*900*X*005010",
        "ST*999*0001*005010",
    ]
    start = got.index("AK1*PO*77*005010")
    assert got[start + 1] == "AK2*850*0001"
    assert got[got.index("IK3*PO1*29**8") + 1 :][:2] == ["CTX*PO101>2", "IK4*4*212*6*three"]
    assert got[got.index("IK5*R*5") + 1 :][:2] == ["AK9*R*1*1*0", "SE*11*0001"]


def test_positions_count_from_the_header_of_the_set():
    """AK302: ST is 1, whatever stands before it."""
    text = twice(interchange("850", sets.ORDER), "78")
    text = text.replace("PO1*2*10*LB*3.5", "PO1*2*10*LB*three")
    assert [row for row in rows(text) if row.startswith("AK3*PO1")] == ["AK3*PO1*29**8"] * 2


def test_a_copy_that_holds_a_separator_is_left_out():
    text = interchange("850", sets.ORDER.replace("PO1*2*10*LB*3.5", "PO1*2*10*LB*3>5"))
    assert [row for row in rows(text) if row.startswith("AK4*4")] == ["AK4*4*212*6"]


def test_sets_of_one_number_in_two_groups_are_told_apart():
    text = twice(interchange("850", sets.ORDER), "78")
    got = rows(text, extra={("78", "0001"): (REFUSED,)})
    assert [row[:9] for row in got if row.startswith(("AK1", "AK9"))] == [
        "AK1*PO*77",
        "AK9*A*1*1",
        "AK1*PO*78",
        "AK9*R*1*1",
    ]
    both = rows(text, extra={"0001": (REFUSED,)})
    assert [row for row in both if row.startswith("AK9")] == ["AK9*R*1*1*0"] * 2


def test_two_groups_of_one_number():
    got = rows(twice(interchange("850", sets.ORDER), "77"))
    assert [row for row in got if row.startswith("AK9")] == ["AK9*A*1*2*2", "AK9*R*1*0*0*6"]


def test_a_set_that_has_no_guide_is_refused_all_the_same():
    text = interchange("850", "BQT*00*Q-1*20260302").replace("ST*850", "ST*840").replace("GS*PO", "GS*RQ")
    got = rows(text)
    assert got[got.index("AK1*RQ*77") + 1 :][:3] == ["AK2*840*0001", "AK5*R*1", "AK9*R*1*1*0"]
    assert "IK5*R*1" in rows(text, functional="999")


def test_every_kind_of_business_set_is_answered_and_no_acknowledgement():
    kinds = {
        "810": sets.INVOICE,
        "820": sets.PAYMENT,
        "832": sets.CATALOGUE,
        "846": sets.STOCK,
        "855": sets.RESPONSE,
        "856": sets.DESPATCH,
        "860": sets.CHANGE,
        "864": sets.TEXT,
        "865": sets.CHANGE_RESPONSE,
    }
    for kind, body in kinds.items():
        got = rows(interchange(kind, body))
        assert f"AK2*{kind}*0001" in got
        assert any(row.startswith("AK5*A") for row in got), kind
    for kind, body in {"824": sets.ADVICE, "997": sets.FUNCTIONAL, "999": sets.IMPLEMENTATION}.items():
        assert rows(interchange(kind, body)) == []


def test_orders_beside_an_acknowledgement_are_answered_alone():
    text = interchange("850", sets.ORDER)
    notice = interchange("997", sets.FUNCTIONAL)
    group = notice[notice.index("GS*") : notice.index("IEA*")].replace("*77*X*", "*5*X*").replace("GE*1*77", "GE*1*5")
    got = rows(text.replace("IEA*1*", f"{group}IEA*2*"))
    assert [row for row in got if row.startswith("AK1")] == ["AK1*PO*77"]


def test_repeated_reference_within_a_group():
    text = interchange("850", sets.ORDER)
    body = text[text.index("ST*") : text.index("GE*")]
    got = rows(text.replace("GE*1*", f"{body}GE*2*"))
    assert [row for row in got if row.startswith(("AK5", "AK9"))] == ["AK5*A", "AK5*R*23", "AK9*P*2*2*1"]
