"""An example invoice in FatturaPA 1.2."""

_NAMESPACE = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"


def _party(role: str, name: str, vat: str, regime: str = "") -> str:
    return f"""
    <{role}>
      <DatiAnagrafici>
        <IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>{vat}</IdCodice></IdFiscaleIVA>
        <Anagrafica><Denominazione>{name}</Denominazione></Anagrafica>{regime}
      </DatiAnagrafici>
      <Sede>
        <Indirizzo>Via Roma 1</Indirizzo><CAP>20121</CAP><Comune>Milano</Comune><Provincia>MI</Provincia>
        <Nazione>IT</Nazione>
      </Sede>
    </{role}>"""


def _line(number: int, part: str, name: str, quantity: str, price: str, amount: str) -> str:
    return f"""
      <DettaglioLinee>
        <NumeroLinea>{number}</NumeroLinea>
        <CodiceArticolo><CodiceTipo>Fornitore</CodiceTipo><CodiceValore>{part}</CodiceValore></CodiceArticolo>
        <Descrizione>{name}</Descrizione><Quantita>{quantity}</Quantita><UnitaMisura>PZ</UnitaMisura>
        <PrezzoUnitario>{price}</PrezzoUnitario><PrezzoTotale>{amount}</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA>
      </DettaglioLinee>"""


_SELLER = _party(
    "CedentePrestatore", "Esempio Alimentari srl", "01234560108", "\n        <RegimeFiscale>RF01</RegimeFiscale>"
)
_BUYER = _party("CessionarioCommittente", "Esempio Negozi spa", "09876540106")

EXAMPLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica xmlns:p="{_NAMESPACE}" versione="FPR12">
  <FatturaElettronicaHeader>
    <DatiTrasmissione>
      <IdTrasmittente><IdPaese>IT</IdPaese><IdCodice>01234560108</IdCodice></IdTrasmittente>
      <ProgressivoInvio>00001</ProgressivoInvio><FormatoTrasmissione>FPR12</FormatoTrasmissione>
      <CodiceDestinatario>0000000</CodiceDestinatario>
    </DatiTrasmissione>{_SELLER}{_BUYER}
  </FatturaElettronicaHeader>
  <FatturaElettronicaBody>
    <DatiGenerali>
      <DatiGeneraliDocumento>
        <TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2026-03-17</Data><Numero>RE-2026-0815</Numero>
        <ImportoTotaleDocumento>816.18</ImportoTotaleDocumento>
      </DatiGeneraliDocumento>
      <DatiOrdineAcquisto><IdDocumento>4500001234</IdDocumento><Data>2026-03-02</Data></DatiOrdineAcquisto>
    </DatiGenerali>
    <DatiBeniServizi>{_line(1, "10-4711", "Olio di oliva 0,75 l", "120.00", "4.50", "540.00")}{
    _line(2, "10-4712", "Aceto di vino rosso 0,5 l", "60.00", "2.15", "129.00")
}
      <DatiRiepilogo>
        <AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>669.00</ImponibileImporto><Imposta>147.18</Imposta>
        <EsigibilitaIVA>I</EsigibilitaIVA>
      </DatiRiepilogo>
    </DatiBeniServizi>
    <DatiPagamento>
      <CondizioniPagamento>TP02</CondizioniPagamento>
      <DettaglioPagamento>
        <ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-04-16</DataScadenzaPagamento>
        <ImportoPagamento>816.18</ImportoPagamento>
      </DettaglioPagamento>
    </DatiPagamento>
  </FatturaElettronicaBody>
</p:FatturaElettronica>
"""
