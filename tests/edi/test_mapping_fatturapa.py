"""FatturaPA: one invoice for each body, out of signed envelopes too."""

import base64
from datetime import date
from decimal import Decimal

import pytest

from edi.mapping import acknowledge, read
from edi.syntax.cades import unwrapped
from orders.documents import AllowanceDocument, Identifier, Scheme, TaxDocument
from tests.edi.fixtures import NOW
from tests.paths import EDI_SAMPLES

BODY = """<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento>
<Divisa>EUR</Divisa><Data>2026-04-01</Data><Numero>{0}</Numero>
<ImportoTotaleDocumento>1098.00</ImportoTotaleDocumento><Causale>Fornitura ricambi</Causale></DatiGeneraliDocumento>
<DatiOrdineAcquisto><RiferimentoNumeroLinea>2</RiferimentoNumeroLinea><IdDocumento>PO-2</IdDocumento>
<NumItem>7</NumItem><CodiceCIG>ZB98B4A235</CodiceCIG></DatiOrdineAcquisto>
<DatiOrdineAcquisto><IdDocumento>PO-1</IdDocumento></DatiOrdineAcquisto>
<DatiDDT><NumeroDDT>D-9</NumeroDDT><DataDDT>2026-03-20</DataDDT></DatiDDT></DatiGenerali>
<DatiBeniServizi><DettaglioLinee><NumeroLinea>1</NumeroLinea><CodiceArticolo><CodiceTipo>EAN</CodiceTipo>
<CodiceValore>8024670010024</CodiceValore></CodiceArticolo><CodiceArticolo><CodiceTipo>INT</CodiceTipo>
<CodiceValore>AP-100</CodiceValore></CodiceArticolo><Descrizione>Pompa più grande</Descrizione>
<Quantita>10.00</Quantita><UnitaMisura>PZ</UnitaMisura><PrezzoUnitario>100.00000000</PrezzoUnitario>
<ScontoMaggiorazione><Tipo>SC</Tipo><Percentuale>10.00</Percentuale><Importo>10.00</Importo></ScontoMaggiorazione>
<PrezzoTotale>900.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
<DettaglioLinee><NumeroLinea>2</NumeroLinea><Descrizione>Trasporto esente</Descrizione>
<PrezzoUnitario>0.00</PrezzoUnitario><PrezzoTotale>0.00</PrezzoTotale><AliquotaIVA>0.00</AliquotaIVA>
<Natura>N4</Natura></DettaglioLinee>
<DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>900.00</ImponibileImporto>
<Imposta>198.00</Imposta></DatiRiepilogo>
<DatiRiepilogo><AliquotaIVA>0.00</AliquotaIVA><Natura>N4</Natura><ImponibileImporto>0.00</ImponibileImporto>
<Imposta>0.00</Imposta><RiferimentoNormativo>Art. 10</RiferimentoNormativo></DatiRiepilogo></DatiBeniServizi>
<DatiPagamento><CondizioniPagamento>TP01</CondizioniPagamento><DettaglioPagamento>
<ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-05-31</DataScadenzaPagamento>
<ImportoPagamento>1000.00</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento>
<DettaglioPagamento><ModalitaPagamento>MP05</ModalitaPagamento>
<DataScadenzaPagamento>2026-06-30</DataScadenzaPagamento><ImportoPagamento>98.00</ImportoPagamento>
</DettaglioPagamento></DatiPagamento></FatturaElettronicaBody>"""
INVOICE = (
    """<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
<FatturaElettronicaHeader><DatiTrasmissione><IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234567890</IdCodice>
</IdTrasmittente><ProgressivoInvio>00042</ProgressivoInvio><FormatoTrasmissione>FPR12</FormatoTrasmissione>
<CodiceDestinatario>ABCDEF1</CodiceDestinatario></DatiTrasmissione>
<CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>09876543217</IdCodice></IdFiscaleIVA>
<Anagrafica><Denominazione>Aurora Pumps</Denominazione></Anagrafica><RegimeFiscale>RF01</RegimeFiscale>
</DatiAnagrafici><Sede><Indirizzo>Via Roma</Indirizzo><NumeroCivico>1</NumeroCivico><CAP>35100</CAP>
<Comune>Padova</Comune><Provincia>PD</Provincia><Nazione>IT</Nazione></Sede></CedentePrestatore>
<CessionarioCommittente><DatiAnagrafici><CodiceFiscale>RSSNNA80A41G224X</CodiceFiscale><Anagrafica><Nome>Anna</Nome>
<Cognome>Rossi</Cognome></Anagrafica></DatiAnagrafici><Sede><Indirizzo>Via Po 2</Indirizzo><CAP>36100</CAP>
<Comune>Vicenza</Comune><Nazione>IT</Nazione></Sede></CessionarioCommittente></FatturaElettronicaHeader>
"""
    + BODY.format("F-1")
    + "</p:FatturaElettronica>"
)


def invoice_of(data: bytes):
    (interchange,) = read(data).interchanges
    return interchange.messages[0].document


def test_an_invoice():
    (interchange,) = read(INVOICE.encode()).interchanges
    (message,) = interchange.messages
    assert interchange.all_findings == ()
    assert (interchange.standard, interchange.version, interchange.control_number) == ("fatturapa", "FPR12", "00042")
    assert (interchange.sender.id, interchange.receiver.id) == ("IT09876543217", "RSSNNA80A41G224X")
    assert interchange.details == {"recipient": "ABCDEF1", "format": "FPR12"}
    invoice = message.document
    assert (message.reference, invoice.kind, invoice.currency) == ("F-1", "invoice", "EUR")
    assert (invoice.issued_on, invoice.due_date) == (date(2026, 4, 1), date(2026, 5, 31))
    assert invoice.seller.identifiers == (Identifier("IT09876543217", Scheme.VAT, "VAT"),)
    assert (invoice.seller.street, invoice.seller.city, invoice.seller.region) == ("Via Roma 1", "Padova", "PD")
    assert (invoice.buyer.name, invoice.buyer.identifiers[0].raw_scheme) == ("Anna Rossi", "0210")
    assert (invoice.order_number, invoice.despatch_number) == ("PO-1", "D-9")
    assert invoice.references == (("CIG", "ZB98B4A235"),)
    assert (invoice.totals.total, invoice.totals.payable) == (1098, 1098)
    assert invoice.taxes == (
        TaxDocument("VAT", "S", Decimal(22), Decimal(900), Decimal(198)),
        TaxDocument("VAT", "E", Decimal(0), Decimal(0), Decimal(0), "N4 Art. 10"),
    )
    assert (invoice.payment_means, invoice.accounts) == ("30", ("IT60X0542811101000000123456",))
    first, second = invoice.lines
    assert (first.number, first.gtin, first.seller_sku, first.quantity) == ("1", "8024670010024", "AP-100", 10)
    assert (first.unit_price, first.amount, first.description) == (100, 900, "Pompa più grande")
    assert first.allowances == (AllowanceDocument(False, Decimal(100), Decimal(10)),)  # 10 a piece, of ten pieces
    assert (second.order_number, second.order_line, second.quantity, second.tax.category) == ("PO-2", "7", 1, "E")
    assert ("DatiGenerali/DatiDDT/DataDDT", "2026-03-20") in invoice.extras
    assert acknowledge(interchange, control_number="1", prepared_at=NOW) is None  # SdI answers, not we


def test_several_bodies_are_several_messages():
    text = INVOICE.replace("</p:Fatt", BODY.format("F-2").replace(">22.00<", ">x<", 1) + "</p:Fatt")
    (interchange,) = read(text.encode()).interchanges
    assert [message.document.number for message in interchange.messages] == ["F-1", "F-2"]
    assert [message.document.number for message in interchange.applicable][:1] == ["F-1"] or interchange.messages[
        0
    ].rejected  # the structure of a file is told with its first invoice
    assert "invalid-number" in {item.code for item in interchange.messages[1].findings}


@pytest.mark.parametrize("encoding", ["windows-1252", "iso-8859-15", "utf-16"])
def test_encodings(encoding):
    data = INVOICE.replace("UTF-8", encoding).encode(encoding)
    assert invoice_of(data).lines[0].description == "Pompa più grande"


def enveloped(content: bytes) -> bytes:
    from asn1crypto import cms

    signed = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data", "content": content},
        "signer_infos": [],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()


def test_signed_envelopes_are_opened():
    pytest.importorskip("asn1crypto")
    plain = INVOICE.encode()
    once = enveloped(plain)
    for data in (once, base64.encodebytes(once), enveloped(once)):
        assert unwrapped(data) == plain
        assert invoice_of(data).number == "F-1"


def test_damaged_and_hostile_envelopes_stay_closed():
    pytest.importorskip("asn1crypto")
    once = enveloped(INVOICE.encode())
    for data in (once[: len(once) // 2], once[:40], b"MII" + b"A" * 1000, enveloped(b""), b"0" * 500):
        assert unwrapped(data) == data
        assert read(data).rejected
    deep = INVOICE.encode()
    for _ in range(6):
        deep = enveloped(deep)
    assert read(deep).rejected


@pytest.mark.skipif(EDI_SAMPLES is None, reason="the sample files are not here")
@pytest.mark.parametrize(
    ("name", "number", "kind", "total", "lines"),
    [
        ("gobl-fatturapa__invoice-b2g", "SAMPLE-002", "invoice", "265.00", 2),
        ("gobl-fatturapa__invoice-credit-note", "CN-001", "credit_note", "1388.40", 2),
        ("gobl-fatturapa__invoice-despatch", "SAMPLE-002", "invoice", "976.00", 2),
        ("gobl-fatturapa__invoice-reverse-charge", "SAMPLE-010", "invoice", "2300.00", 2),
        ("fatturaelettronica-net__IT02182030391_32", "3", "invoice", "174.80", 2),
    ],
)
def test_real_invoices(name, number, kind, total, lines):
    (interchange,) = read((EDI_SAMPLES / "fatturapa" / f"{name}.xml").read_bytes()).interchanges
    invoice = interchange.messages[0].document
    assert not interchange.messages[0].rejected
    assert (invoice.number, invoice.kind, invoice.totals.total, len(invoice.lines)) == (
        number,
        kind,
        Decimal(total),
        lines,
    )


def test_a_simplified_invoice_is_named():
    text = INVOICE.replace("FatturaElettronica ", "FatturaElettronicaSemplificata ").replace(
        "</p:FatturaElettronica>", "</p:FatturaElettronicaSemplificata>"
    )
    assert {item.code for item in read(text.encode()).all_findings} == {"unsupported-message"}
