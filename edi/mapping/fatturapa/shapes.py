"""Shapes of FatturaPA 1.2 (Specifiche tecniche, Agenzia delle Entrate): parties, general data, lines, payment."""

from typing import Any

from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import DATE, NUMBER, TEXT, UPPER, Kind, coded
from edi.mapping.xml.out import Out
from edi.mapping.xml.shape import Entry, Into, Joined, Leaf, Record, Records, Shape, Texts, Within
from orders.documents import (
    AllowanceDocument,
    Identifier,
    InvoiceLineDocument,
    PartyDocument,
    Scheme,
    TaxDocument,
    TotalsDocument,
)

FISCAL_CODE = "0210"  # Codice fiscale, in the EAS list of Peppol

# TipoDocumento.
KIND = coded(
    {"TD01": "invoice", "TD02": "prepayment", "TD03": "prepayment", "TD04": "credit_note", "TD05": "debit_note"}
    | dict.fromkeys(("TD06", "TD24", "TD25", "TD26"), "invoice")
    | dict.fromkeys(("TD16", "TD17", "TD18", "TD19", "TD20", "TD21", "TD22", "TD23", "TD27", "TD28"), "self_billed")
)
# ModalitaPagamento → UN/EDIFACT 4461: cash, cheque, credit transfer, card, direct debit.
_MEANS = coded({"MP01": "10", "MP02": "20", "MP05": "30", "MP08": "48", "MP19": "59", "MP20": "59", "MP21": "59"})
# Natura → UN/EDIFACT 5305.
_CATEGORY = {"N1": "O", "N2": "O", "N3.1": "G", "N3.2": "K", "N3": "Z", "N4": "E", "N5": "E", "N6": "AE", "N7": "O"}


def category_of(nature: str) -> str:
    """The tax category of a Natura; an operation without one is at the standard rate."""
    return "S" if not nature else _CATEGORY.get(nature, _CATEGORY.get(nature.partition(".")[0], "E"))


class Read(Entry):
    """An entry that is only read: FatturaPA is not written here."""

    __slots__ = ()

    def write(self, out: Out, parent: Element, record: Any) -> None:
        return


def text(name: str, field: str, kind: Kind = TEXT) -> Leaf:
    """A text."""
    return Leaf(name, field, kind)


def number(name: str, field: str) -> Leaf:
    """A decimal number."""
    return Leaf(name, field, NUMBER)


def day(name: str, field: str) -> Leaf:
    """A date."""
    return Leaf(name, field, DATE)


# -- parties ----------------------------------------------------------------------------------------------------------

_PARTY = Shape(
    Within(
        "DatiAnagrafici",
        Within("IdFiscaleIVA", text("IdPaese", "vat_country", UPPER), text("IdCodice", "vat_code")),
        text("CodiceFiscale", "fiscal_code", UPPER),
        Within("Anagrafica", text("Denominazione", "name"), text("Nome", "first_name"), text("Cognome", "last_name")),
    ),
    Within(
        "Sede",
        Joined("Indirizzo", "street"),
        Joined("NumeroCivico", "street", " "),
        text("CAP", "postcode"),
        text("Comune", "city"),
        text("Provincia", "region"),
        text("Nazione", "country", UPPER),
    ),
    Within("Contatti", text("Telefono", "phone"), text("Email", "email")),
)


def make_party(work: Work, draft: XmlDraft, node: Element) -> PartyDocument:
    """A party by its VAT number and its fiscal code; a person is named by first and last name."""
    values = draft.values
    country, code = values.pop("vat_country", ""), values.pop("vat_code", "")
    fiscal = values.pop("fiscal_code", "")
    person = " ".join(filter(None, (values.pop("first_name", ""), values.pop("last_name", ""))))
    values.setdefault("name", person)
    identifiers = (
        *((Identifier(country + code, Scheme.VAT, "VAT"),) if code else ()),
        *((Identifier(fiscal, Scheme.OTHER, FISCAL_CODE),) if fiscal and fiscal != code else ()),
    )
    party: PartyDocument = draft.make(PartyDocument, identifiers=identifiers)
    return party


HEADER = Shape(
    Within(
        "DatiTrasmissione",
        Within("IdTrasmittente", text("IdPaese", "sender_country"), text("IdCodice", "sender_code")),
        text("ProgressivoInvio", "sequence"),
        text("FormatoTrasmissione", "format"),
        text("CodiceDestinatario", "recipient"),
    ),
    Record("CedentePrestatore", "seller", _PARTY, make_party),
    Record("CessionarioCommittente", "buyer", _PARTY, make_party),
)

# -- the body ---------------------------------------------------------------------------------------------------------


class Discount(Read):
    """<ScontoMaggiorazione>: a discount (SC) or surcharge (MG). Of a line it is per unit, and multiplied later."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("ScontoMaggiorazione", "allowances")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        kind = (node.findtext("Tipo") or "").strip()
        amount = NUMBER.parse((node.findtext("Importo") or "").strip())
        percent = NUMBER.parse((node.findtext("Percentuale") or "").strip())
        if amount is not None or percent is not None:
            found = AllowanceDocument(kind == "MG", amount, percent)
            draft.add("allowances", found, str(amount or percent), node, at + self.step)
        else:
            draft.keep(node)


_KNOWN = frozenset({"RiferimentoNumeroLinea", "NumItem", "CodiceCIG", "CodiceCUP", "CodiceCommessaConvenzione"})


class Document(Read):
    """A document that is referred to (DatiOrdineAcquisto, DatiDDT …): for the whole invoice, or for the lines named by
    RiferimentoNumeroLinea. What stands beside (CIG, CUP) becomes references too."""

    __slots__ = ("number",)

    def __init__(self, tag: str, number: str = "IdDocumento") -> None:
        super().__init__(tag)
        self.number = number

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        found = {str(child.tag): (child.text or "").strip() for child in node}
        lines = tuple((child.text or "").strip() for child in node.iterfind("RiferimentoNumeroLinea"))
        value = found.get(self.number, "")
        if value:
            entry = (self.tag, value, lines, found.get("NumItem", ""))
            draft.add("documents", entry, value, node, f"{at}{self.step}/{self.number}")
        for name, kind in (("CodiceCIG", "CIG"), ("CodiceCUP", "CUP"), ("CodiceCommessaConvenzione", "commessa")):
            pair = (kind, found.get(name, ""))
            if pair[1] and pair not in draft.values.get("references", ()):
                draft.add("references", pair, pair[1], node, f"{at}{self.step}/{name}")
        known = {
            self.number,
            "RiferimentoNumeroLinea",
            "NumItem",
            "CodiceCIG",
            "CodiceCUP",
            "CodiceCommessaConvenzione",
        }
        for child in node:
            if child.tag not in known:
                draft.keep(child)


class Fund(Read):
    """<DatiCassaPrevidenziale>: a contribution to a pension fund, a charge of the invoice."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("DatiCassaPrevidenziale", "allowances")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        amount = NUMBER.parse((node.findtext("ImportoContributoCassa") or "").strip())
        percent = NUMBER.parse((node.findtext("AlCassa") or "").strip())
        code = (node.findtext("TipoCassa") or "").strip()
        found = AllowanceDocument(True, amount, percent, code=code)
        draft.add("allowances", found, str(amount), node, at + self.step)


class ItemCode(Read):
    """<CodiceArticolo>: EAN and GTIN are the item's number, other kinds are references; the first is the seller's."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("CodiceArticolo", "seller_sku")

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        kind = (node.findtext("CodiceTipo") or "").strip()
        value = (node.findtext("CodiceValore") or "").strip()
        place = f"{at}{self.step}/CodiceValore"
        if not value:
            return
        if kind.upper() in ("EAN", "GTIN", "EAN13", "UPC") and value.isdigit():
            draft.take("gtin", value, value, node, place)
        elif not draft.take("seller_sku", value, value, node, place):
            draft.add("references", (kind, value), value, node, place)


def make_tax(work: Work, draft: XmlDraft, node: Element) -> TaxDocument:
    """A tax by its rate or its Natura, which is kept with the reason."""
    nature = draft.values.pop("nature", "")
    reason = " ".join(filter(None, (nature, draft.values.pop("reason", ""))))
    tax: TaxDocument = draft.make(TaxDocument, category=category_of(nature), reason=reason)
    return tax


def make_line(work: Work, draft: XmlDraft, node: Element) -> InvoiceLineDocument:
    """One line. A quantity that is not given is one; discounts are per unit (Specifiche tecniche, 2.2.1.10)."""
    values = draft.values
    rate, nature = values.pop("rate", None), values.pop("nature", "")
    quantity = values.get("quantity", 1)
    if rate is not None:
        values["tax"] = TaxDocument(category=category_of(nature), rate=rate, reason=nature)
    values["allowances"] = [
        AllowanceDocument(each.charge, None if each.amount is None else each.amount * quantity, each.percent)
        for each in values.get("allowances", ())
    ]
    values.setdefault("quantity", NUMBER.parse("1"))
    line: InvoiceLineDocument = draft.whole(InvoiceLineDocument, number="", place=draft.path)
    return line


_LINE = Shape(
    text("NumeroLinea", "number"),
    ItemCode(),
    text("Descrizione", "description"),
    number("Quantita", "quantity"),
    text("UnitaMisura", "unit"),
    number("PrezzoUnitario", "unit_price"),
    Discount(),
    number("PrezzoTotale", "amount"),
    number("AliquotaIVA", "rate"),
    text("Natura", "nature"),
    text("RiferimentoAmministrazione", "note"),
)
_TAX = Shape(
    number("AliquotaIVA", "rate"),
    text("Natura", "nature"),
    number("ImponibileImporto", "taxable"),
    number("Imposta", "amount"),
    text("RiferimentoNormativo", "reason"),
)


class Payment(Read):
    """<DettaglioPagamento>: how, when and where to pay; instalments add up to what is due."""

    __slots__ = ("_shape",)

    def __init__(self) -> None:
        super().__init__("DettaglioPagamento")
        self._shape = Shape(
            text("ModalitaPagamento", "payment_means", _MEANS),
            day("DataScadenzaPagamento", "due_date"),
            Texts("IBAN", "accounts"),
        )

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        amount = node.find("ImportoPagamento")
        value = NUMBER.parse((amount.text or "").strip()) if amount is not None else None
        if amount is not None and value is not None:
            draft.values["payable"] = draft.values.get("payable", 0) + value
            node.remove(amount)
        self._shape.fill(work, node, draft, at + self.step)


BODY = Shape(
    Within(
        "DatiGenerali",
        Within(
            "DatiGeneraliDocumento",
            text("TipoDocumento", "kind", KIND),
            text("Divisa", "currency", UPPER),
            day("Data", "issued_on"),
            text("Numero", "number"),
            Fund(),
            Discount(),
            Into("totals", TotalsDocument, number("ImportoTotaleDocumento", "total")),
            Into("totals", TotalsDocument, number("Arrotondamento", "rounding")),
            Texts("Causale", "notes"),
        ),
        Document("DatiOrdineAcquisto"),
        Document("DatiContratto"),
        Document("DatiConvenzione"),
        Document("DatiRicezione"),
        Document("DatiFattureCollegate"),
        Document("DatiDDT", "NumeroDDT"),
        Within("DatiTrasporto", day("DataOraConsegna", "delivered_on")),
    ),
    Within(
        "DatiBeniServizi",
        Records("DettaglioLinee", "lines", _LINE, make_line, lines=True),
        Records("DatiRiepilogo", "taxes", _TAX, make_tax),
    ),
    Within("DatiPagamento", Payment(), repeats=True),
)
