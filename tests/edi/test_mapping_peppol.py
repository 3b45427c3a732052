"""PEPPOL-T01 rules on our own order: each broken rule is told once, as an error only where Peppol is claimed."""

import pytest

from edi.mapping import read
from tests.edi.fixtures import UBL_ORDER, codes, finding

BROKEN = [
    ("R001", "<cbc:ID>2<", "<cbc:ID>1<"),
    ("R003", 'LineExtensionAmount currencyID="EUR">218', 'LineExtensionAmount currencyID="USD">218'),
    ("R004", ">250<", ">-250<"),
    ("R005", 'EUR">87.5', 'EUR">-87.5'),
    ("R006", 'PayableAmount currencyID="EUR">', 'PayableAmount currencyID="EUR">-'),
    ("R007", 'EUR">1453.25</cbc:Line', 'EUR">-1453.25</cbc:Line'),
    ("R008", 'EUR">1453.25</cbc:Line', 'EUR">1453.26</cbc:Line'),
    (
        "R009",
        "<cbc:PayableAmount",
        '<cbc:AllowanceTotalAmount currencyID="EUR">5</cbc:AllowanceTotalAmount><cbc:PayableAmount',
    ),
    (
        "R010",
        "<cbc:PayableAmount",
        '<cbc:ChargeTotalAmount currencyID="EUR">5</cbc:ChargeTotalAmount><cbc:PayableAmount',
    ),
    (
        "R011",
        "<cbc:PayableAmount",
        '<cbc:TaxExclusiveAmount currencyID="EUR">5</cbc:TaxExclusiveAmount><cbc:PayableAmount',
    ),
    (
        "R016",
        "<cbc:PayableAmount",
        '<cbc:TaxInclusiveAmount currencyID="EUR">5</cbc:TaxInclusiveAmount><cbc:PayableAmount',
    ),
    ("R024", "218.75", "219.75"),
    ("R025", ">100</cbc:BaseQuantity", ">0</cbc:BaseQuantity"),
    ("R026", "IT01234567890", "01234567890"),
    ("R028", "218.75", "218.7501"),
    ("R031", "bis:ordering:3", "bis:mlr:3"),
]


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_a_broken_rule_refuses_a_peppol_order(rule, old, new):
    assert old in UBL_ORDER
    fault = finding(UBL_ORDER.replace(old, new), f"PEPPOL-T01-{rule}")
    assert fault.severity == "error"
    assert fault.place.xpath.startswith("/Order")


@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_the_same_is_a_warning_in_another_transaction_of_peppol(rule, old, new):
    own = "urn:fdc:peppol.eu:poacc:trns:order_agreement:3"
    text = UBL_ORDER.replace(old, new).replace("urn:fdc:peppol.eu:poacc:trns:order:3", own)
    assert finding(text, f"PEPPOL-T01-{rule}").severity == "warning"


@pytest.mark.parametrize("own", ["urn:example:own", ""])
@pytest.mark.parametrize(("rule", "old", "new"), BROKEN)
def test_who_never_claimed_peppol_is_not_judged_by_it(rule, old, new, own):
    text = UBL_ORDER.replace(old, new).replace("urn:fdc:peppol.eu:poacc:trns:order:3", own)
    assert not [code for code in codes(text) if code.startswith("PEPPOL")]


def with_allowance(content: str) -> str:
    return UBL_ORDER.replace(
        "<cac:AnticipatedMonetaryTotal>",
        f"<cac:AllowanceCharge>{content}</cac:AllowanceCharge><cac:AnticipatedMonetaryTotal>",
    )


ALLOWANCE = "<cbc:ChargeIndicator>false</cbc:ChargeIndicator>"


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("R020", ALLOWANCE + "<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>"),
        ("R021", ALLOWANCE + "<cbc:BaseAmount>5</cbc:BaseAmount>"),
        (
            "R022",
            ALLOWANCE
            + "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
            + "<cbc:Amount>5</cbc:Amount><cbc:BaseAmount>100</cbc:BaseAmount>",
        ),
        ("R023", ALLOWANCE + "<cbc:Amount>0</cbc:Amount>"),
        ("R032", ALLOWANCE + "<cbc:Amount>-1</cbc:Amount>"),
        ("CL001", ALLOWANCE + "<cbc:AllowanceChargeReasonCode>40</cbc:AllowanceChargeReasonCode>"),
        ("R029", ALLOWANCE + "<cac:TaxCategory><cbc:ID>S</cbc:ID></cac:TaxCategory>"),
        ("R030", ALLOWANCE + "<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>0</cbc:Percent></cac:TaxCategory>"),
    ],
)
def test_rules_on_allowances(rule, content):
    assert f"PEPPOL-T01-{rule}" in codes(with_allowance(content))


def test_rules_on_gross_prices_totals_and_originator():
    def priced(content: str) -> set[str]:
        allowance = f"<cac:AllowanceCharge>{ALLOWANCE}{content}</cac:AllowanceCharge>"
        return codes(UBL_ORDER.replace("123.45</cbc:PriceAmount>", "123.45</cbc:PriceAmount>" + allowance))

    assert "PEPPOL-T01-R019" in priced("<cbc:Amount>1</cbc:Amount><cbc:BaseAmount>125</cbc:BaseAmount>")
    assert "PEPPOL-T01-R027" in priced("<cbc:BaseAmount>-1</cbc:BaseAmount>")
    assert "PEPPOL-T01-R033" in priced("<cbc:Amount>-1</cbc:Amount>")
    assert "PEPPOL-T01-R019" not in priced("<cbc:Amount>1</cbc:Amount><cbc:BaseAmount>124.45</cbc:BaseAmount>")
    originator = "<cac:OriginatorCustomerParty><cac:Party/></cac:OriginatorCustomerParty><cac:Delivery>"
    assert "PEPPOL-T01-R014" in codes(UBL_ORDER.replace("<cac:Delivery>", originator, 1))
    with_tax = UBL_ORDER.replace(
        "<cac:AnticipatedMonetaryTotal>",
        "<cac:TaxTotal><cbc:TaxAmount>10</cbc:TaxAmount></cac:TaxTotal><cac:AnticipatedMonetaryTotal>",
    ).replace("<cbc:PayableAmount", "<cbc:TaxInclusiveAmount>1453.25</cbc:TaxInclusiveAmount><cbc:PayableAmount")
    assert "PEPPOL-T01-R017" in codes(with_tax)
    charge = ALLOWANCE.replace("false", "true") + "<cbc:AllowanceChargeReasonCode>AAB</cbc:AllowanceChargeReasonCode>"
    assert "PEPPOL-T01-CL002" in codes(with_allowance(charge))


def test_a_missing_quantity_is_only_flagged():
    text = UBL_ORDER.replace('<cbc:Quantity unitCode="C62">250</cbc:Quantity>', "")
    assert finding(text, "PEPPOL-T01-R013").severity == "warning"
    assert not codes(UBL_ORDER)
    assert not read(UBL_ORDER.encode()).rejected
