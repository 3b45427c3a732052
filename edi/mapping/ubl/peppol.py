"""Rules of Peppol BIS Order transaction 3 (PEPPOL-T01) that need arithmetic or code lists, in Python.

Written from the published rule texts. They are asked only of a document that names Peppol in its CustomizationID. A
rule counts as an error when it claims to be this very transaction, else (another one of Peppol's) as a warning; rules
that Peppol itself only flags stay warnings.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import cast

from lxml import etree

from edi.mapping.ubl.notation import NS, text_of
from edi.syntax.findings import Findings, Severity
from edi.syntax.numbers import parse_xml_decimal
from edi.syntax.xml import XmlDocument

Element = etree._Element
Fault = tuple[str, Element, str]

_PEPPOL = ":poacc:"  # Post-Award Coordinating Community: in the CustomizationID of all that follows Peppol
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"
_PROFILES = ("urn:fdc:peppol.eu:poacc:bis:order_only:3", "urn:fdc:peppol.eu:poacc:bis:ordering:3")
_SLACK = Decimal("0.02")
_ZERO = Decimal(0)
_FLAGGED = frozenset({"R002", "R013"})  # Peppol marks these as warnings

# ISO 3166-1 alpha-2 prefixes of VAT numbers; Greece uses EL.
_VAT_PREFIX = re.compile(
    r"A[DEFGILMNOQRSTUWXZ]|B[ABDEFGHILJMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHLRST]|F[IJKMOR]"
    r"|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]"
    r"|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIJKLMNORSTVXYZ]"
    r"|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|Y[ET]|Z[AMW]|XI"
)


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALLOWANCE_REASONS = _codes("41 42 60 62 63 64 65 66 67 68 70 71 88 95 100 102 103 104 105")  # UNCL 5189
CHARGE_REASONS = _codes(  # UNCL 7161
    "AA AAA AAC AAD AAE AAF AAH AAI AAS AAT AAV AAY AAZ ABA ABB ABC ABD ABF ABK ABL ABN ABR ABS ABT ABU ACF ACG ACH"
    " ACI ACJ ACK ACL ACM ACS ADC ADE ADJ ADK ADL ADM ADN ADO ADP ADQ ADR ADT ADW ADY ADZ AEA AEB AEC AED AEF AEH AEI"
    " AEJ AEK AEL AEM AEN AEO AEP AES AET AEU AEV AEW AEX AEY AEZ AJ AU CA CAB CAD CAE CAF CAI CAJ CAK CAL CAM CAN CAO"
    " CAP CAQ CAR CAS CAT CAU CAV CAW CD CG CS CT DAB DAD DL EG EP ER FAA FAB FAC FC FH FI GAA HAA HD HH IAA IAB ID IF"
    " IR IS KO L1 LA LAA LAB LF MAE MI ML NAA OA PA PAA PC PL RAB RAC RAD RAF RE RF RH RV SA SAA SAD SAE SAI SG SH SM"
    " SU TAB TAC TT TV V1 V2 WH XAA YY ZZZ"
)


def check_peppol(document: XmlDocument, findings: Findings) -> None:
    """Add a finding with code PEPPOL-T01-… for every rule that `document` breaks, at each place it does; none when it
    never claimed to follow Peppol."""
    root = document.root
    customization = text_of(root, "cbc:CustomizationID")
    if _PEPPOL not in customization:
        return
    claims = customization.startswith(CUSTOMIZATION)
    for rules in (_document, _amounts, _totals, _allowances, _tax, _lines, _prices):
        for rule, element, text in rules(root):
            is_fatal = claims and rule not in _FLAGGED
            severity = Severity.ERROR if is_fatal else Severity.WARNING
            place = document.place(element)
            findings.add(severity, f"PEPPOL-T01-{rule}", text, place, value=(element.text or "").strip())


def _decimal(element: Element | None, path: str) -> Decimal | None:
    return parse_xml_decimal(text_of(element, path))


def _or_zero(element: Element | None, path: str) -> Decimal:
    return _decimal(element, path) or _ZERO


# What may break a rule, found in C: of a long order next to nothing is left to look at with exact numbers. Each selects
# too much rather than too little; what is no number is selected too.
_SUSPICION = "[@currencyID != $currency or string-length(substring-after(normalize-space(.), '.')) > 2]"
_SUSPECT_AMOUNTS = etree.XPath(
    " | ".join(
        f"//cbc:{name}{_SUSPICION}"
        for name in ("Amount", "TaxAmount", "LineExtensionAmount", "PriceAmount", "BaseAmount")
    )
    + f" | cac:AnticipatedMonetaryTotal/cbc:*{_SUSPICION}",
    namespaces=NS,
)
_LINE_ALLOWANCES = etree.XPath("cac:OrderLine/cac:LineItem/cac:AllowanceCharge", namespaces=NS)
_GROSS = "cbc:LineExtensionAmount - cbc:Quantity * cac:Price/cbc:PriceAmount"
_SUSPECT_LINES = etree.XPath(
    "cac:OrderLine/cac:LineItem[not(cbc:Quantity >= 0 and not(cac:AllowanceCharge) and ("
    f"(not(cac:Price/cbc:BaseQuantity) and {_GROSS} < 0.019 and {_GROSS} > -0.019) or (cac:Price/cbc:BaseQuantity > 0"
    f" and {_GROSS} div cac:Price/cbc:BaseQuantity < 0.019 and {_GROSS} div cac:Price/cbc:BaseQuantity > -0.019)))]",
    namespaces=NS,
)
_LINE_NUMBERS = etree.XPath("cac:OrderLine/cac:LineItem/cbc:ID/text()", namespaces=NS, smart_strings=False)
_SUM_OF_LINES = etree.XPath("sum(cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount)", namespaces=NS)
_SUSPECT_PRICES = etree.XPath("//cac:Price[cac:AllowanceCharge or not(cbc:PriceAmount >= 0)]", namespaces=NS)
_SUSPECT_TAXES = etree.XPath(
    "//cac:TaxCategory[not(cbc:Percent > 0)] | //cac:ClassifiedTaxCategory[not(cbc:Percent > 0)]", namespaces=NS
)


def _selected(select: etree.XPath, root: Element, **variables: str) -> list[Element]:
    return cast("list[Element]", select(root, **variables))


def _document(root: Element) -> Iterator[Fault]:
    profile = root.find("cbc:ProfileID", NS)
    if profile is not None and (profile.text or "").strip() not in _PROFILES:
        yield "R031", profile, "The order must use the Peppol profile order_only or ordering (ProfileID)."
    for scheme in root.iterfind(".//cac:PartyTaxScheme", NS):
        number = text_of(scheme, "cbc:CompanyID")
        if text_of(scheme, "cac:TaxScheme/cbc:ID") == "VAT" and not _VAT_PREFIX.match(number):
            yield "R026", scheme, f"The VAT number {number!r} must begin with the code of its country."
    for party in root.iterfind("cac:OriginatorCustomerParty", NS):
        named = text_of(party, "cac:Party/cac:PartyName/cbc:Name")
        if not named and not text_of(party, "cac:Party/cac:PartyIdentification/cbc:ID"):
            yield "R014", party, "The originator must have a name or an identifier."


def _amounts(root: Element) -> Iterator[Fault]:
    currency = text_of(root, "cbc:DocumentCurrencyCode")
    for element in _selected(_SUSPECT_AMOUNTS, root, currency=currency):
        name = etree.QName(element).localname
        stated = element.get("currencyID")
        if stated is not None and stated != currency:
            yield "R003", element, f"{name} is in {stated}, but the order is in {currency or 'no stated currency'}."
        decimals = (element.text or "").strip().partition(".")[2]
        if len(decimals) > 2 and not any(etree.QName(up).localname == "Price" for up in element.iterancestors()):
            yield "R028", element, f"{name} has more than two decimals; only unit prices may."


def _totals(root: Element) -> Iterator[Fault]:
    total = root.find("cac:AnticipatedMonetaryTotal", NS)
    if total is None:
        return
    stated = total.find("cbc:LineExtensionAmount", NS)
    lines = _decimal(total, "cbc:LineExtensionAmount")
    allowance, charge = _or_zero(total, "cbc:AllowanceTotalAmount"), _or_zero(total, "cbc:ChargeTotalAmount")
    computed = _sum_of_lines(root, lines)
    if stated is not None and lines is not None:
        if lines < 0:
            yield "R007", stated, f"The total of line amounts ({lines}) must not be negative."
        if lines != computed:
            yield "R008", stated, f"The total of line amounts is stated as {lines}, but the lines add up to {computed}."
    for rule, name, value, is_charge in (("R009", "Allowance", allowance, False), ("R010", "Charge", charge, True)):
        expected = _sum_allowances(root, is_charge)
        if value != expected:
            text = f"{name}TotalAmount is {value}, but the document level amounts add up to {expected}."
            yield rule, total, text
    yield from _grand_totals(root, total, (lines, allowance, charge))


def _grand_totals(root: Element, total: Element, parts: tuple[Decimal | None, Decimal, Decimal]) -> Iterator[Fault]:
    lines, allowance, charge = parts
    exclusive = _decimal(total, "cbc:TaxExclusiveAmount")
    expected = lines - allowance + charge if lines is not None else None
    if exclusive is not None and expected is not None and exclusive != expected:
        yield "R011", total, f"The total without VAT is {exclusive}, but lines, allowances and charges give {expected}."
    net = exclusive if exclusive is not None else expected
    inclusive, payable = _decimal(total, "cbc:TaxInclusiveAmount"), _decimal(total, "cbc:PayableAmount")
    if payable is not None and payable < 0:
        yield "R006", total, f"The amount to pay ({payable}) must not be negative."
    if inclusive is None:
        return
    due = inclusive - _or_zero(total, "cbc:PrepaidAmount") + _or_zero(total, "cbc:PayableRoundingAmount")
    if payable is not None and payable != due:
        yield "R016", total, f"The amount to pay is {payable}, but total, prepayment and rounding give {due}."
    tax = root.find("cac:TaxTotal", NS)
    if tax is not None and net is not None and inclusive != net + _or_zero(tax, "cbc:TaxAmount"):
        with_tax = net + _or_zero(tax, "cbc:TaxAmount")
        yield "R017", total, f"The total with VAT is {inclusive}, but the total without it and the VAT give {with_tax}."


def _allowances(root: Element) -> Iterator[Fault]:
    outer = root.findall("cac:AllowanceCharge", NS)
    inner = _selected(_LINE_ALLOWANCES, root)
    for node in (*outer, *inner):
        amount, base = _decimal(node, "cbc:Amount"), _decimal(node, "cbc:BaseAmount")
        percent = _decimal(node, "cbc:MultiplierFactorNumeric")
        if percent is not None and base is None:
            yield "R020", node, "An allowance or charge with a percentage must state its base amount."
        if base is not None and percent is None:
            yield "R021", node, "An allowance or charge with a base amount must state its percentage."
        if base is not None and percent is not None and amount is not None:
            expected = base * percent / 100
            if abs(amount - expected) > _SLACK:
                yield "R022", node, f"The allowance or charge is {amount}, but {percent} % of {base} is {expected}."
        if amount is not None and amount < 0:
            yield "R032", node, f"An allowance or charge must not be negative ({amount})."
        if (
            node.find("cbc:AllowanceChargeReason", NS) is None
            and node.find("cbc:AllowanceChargeReasonCode", NS) is None
        ):
            yield "R023", node, "An allowance or charge must state its reason, as text or as code."
    yield from _reason_codes(root)


def _reason_codes(root: Element) -> Iterator[Fault]:
    for node in root.iterfind(".//cac:AllowanceCharge", NS):
        is_charge = text_of(node, "cbc:ChargeIndicator") == "true"
        rule, codes = ("CL002", CHARGE_REASONS) if is_charge else ("CL001", ALLOWANCE_REASONS)
        for code in node.findall("cbc:AllowanceChargeReasonCode", NS):
            if (code.text or "").strip() not in codes:
                name = "charge (UNCL 7161)" if is_charge else "allowance (UNCL 5189)"
                yield rule, code, f"{(code.text or '').strip()!r} is not a reason code of a {name}."


def _tax(root: Element) -> Iterator[Fault]:
    for category in _selected(_SUSPECT_TAXES, root):
        code, percent = text_of(category, "cbc:ID"), category.find("cbc:Percent", NS)
        if percent is None and code != "O":
            yield "R029", category, f"VAT category {code or '(none)'} must state its rate."
        if code == "S" and percent is not None and (parse_xml_decimal(percent.text or "") or _ZERO) <= 0:
            yield "R030", category, "The rate of VAT category S must be greater than zero."


def _lines(root: Element) -> Iterator[Fault]:
    numbers = Counter(number.strip() for number in cast("list[str]", _LINE_NUMBERS(root)))
    repeated = any(count > 1 for count in numbers.values())
    items = root.findall("cac:OrderLine/cac:LineItem", NS) if repeated else _selected(_SUSPECT_LINES, root)
    for item in items:
        number = text_of(item, "cbc:ID")
        if numbers[number] > 1:
            yield "R001", item, f"Line number {number!r} is used more than once."
        quantity = _decimal(item, "cbc:Quantity")
        if item.find("cbc:Quantity", NS) is None:
            yield "R013", item, f"Line {number} should have a quantity."
        elif quantity is not None and quantity < 0:
            yield "R004", item, f"Line {number} orders a negative quantity ({quantity})."
        yield from _line_amount(item, number, quantity)


def _line_amount(item: Element, number: str, quantity: Decimal | None) -> Iterator[Fault]:
    base = _decimal(item, "cac:Price/cbc:BaseQuantity")
    if base is not None and base <= 0:
        yield "R025", item, f"Line {number}: the base quantity of the price must be more than zero ({base})."
    if item.find("cbc:LineExtensionAmount", NS) is None:
        return
    gross = (quantity if quantity is not None else Decimal(1)) * _or_zero(item, "cac:Price/cbc:PriceAmount")
    expected = gross / (base or Decimal(1)) + _sum_allowances(item, True) - _sum_allowances(item, False)
    stated = _or_zero(item, "cbc:LineExtensionAmount")
    if abs(stated - expected) > _SLACK:
        yield (
            "R024",
            item,
            f"Line {number} states {stated}, but quantity, price, charges and allowances give {expected}.",
        )


def _prices(root: Element) -> Iterator[Fault]:
    for price in _selected(_SUSPECT_PRICES, root):
        net = _decimal(price, "cbc:PriceAmount")
        if net is not None and net < 0:
            yield "R005", price, f"The price must not be negative ({net})."
        for node in price.findall("cac:AllowanceCharge", NS):
            gross, amount = _decimal(node, "cbc:BaseAmount"), _decimal(node, "cbc:Amount")
            if gross is not None and gross < 0:
                yield "R027", node, f"The gross price must not be negative ({gross})."
            if amount is not None and amount < 0:
                yield "R033", node, f"An allowance on the price must not be negative ({amount})."
            if gross is not None and net is not None and net != gross - (amount or _ZERO):
                yield (
                    "R019",
                    node,
                    f"The net price is {net}, but gross price less allowance is {gross - (amount or _ZERO)}.",
                )


def _sum_of_lines(root: Element, stated: Decimal | None) -> Decimal:
    """The sum of the line amounts; exact numbers are only added up when it may not be what is stated."""
    if stated is not None and stated == round(stated, 2):
        found = cast("float", _SUM_OF_LINES(root))
        if abs(found - float(stated)) < 0.001 and abs(found) < 1e10:
            return stated
    return _sum(root.iterfind("cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount", NS))


def _sum(elements: Iterator[Element]) -> Decimal:
    """The sum of amounts, rounded to two decimals as XPath rounds: halves up."""
    total = sum((parse_xml_decimal(element.text or "") or _ZERO for element in elements), _ZERO)
    return (total * 100 + Decimal("0.5")).to_integral_value(ROUND_FLOOR) / 100


def _sum_allowances(element: Element, is_charge: bool) -> Decimal:
    wanted = "true" if is_charge else "false"
    nodes = (n for n in element.iterfind("cac:AllowanceCharge", NS) if text_of(n, "cbc:ChargeIndicator") == wanted)
    return _sum(amount for node in nodes for amount in node.iterfind("cbc:Amount", NS))
