"""FatturaPA 1.2, the Italian electronic invoice: its structure (Agenzia delle Entrate, technical specifications).

Names are those of the specification. Its children have no namespace, only the document element has one.
"""

from functools import cache

from lxml import etree

from edi.guides.xml_structure import Shapes, StructureCheck, XmlGuide
from edi.syntax.findings import Findings
from edi.syntax.xml import XmlDocument

KIND = "FatturaElettronica"
VERSION = "1.2"

_PERSON = "Denominazione Nome Cognome Titolo CodEORI"
SHAPES = {
    "FatturaElettronica": "FatturaElettronicaHeader<>! FatturaElettronicaBody<>+ …",
    "FatturaElettronicaHeader": (
        "DatiTrasmissione<>! CedentePrestatore<>! RappresentanteFiscale CessionarioCommittente<>!"
        " TerzoIntermediarioOSoggettoEmittente SoggettoEmittente"
    ),
    "DatiTrasmissione": (
        "IdTrasmittente<Identificativo>! ProgressivoInvio! FormatoTrasmissione! CodiceDestinatario!"
        " ContattiTrasmittente PECDestinatario"
    ),
    "Identificativo": "IdPaese! IdCodice!",
    "CedentePrestatore": (
        "DatiAnagrafici<Cedente>! Sede<Indirizzo>! StabileOrganizzazione<Indirizzo> IscrizioneREA Contatti"
        " RiferimentoAmministrazione"
    ),
    "Cedente": (
        "IdFiscaleIVA<Identificativo>! CodiceFiscale Anagrafica<>! AlboProfessionale ProvinciaAlbo"
        " NumeroIscrizioneAlbo DataIscrizioneAlbo RegimeFiscale!"
    ),
    "CessionarioCommittente": (
        "DatiAnagrafici<Cessionario>! Sede<Indirizzo>! StabileOrganizzazione<Indirizzo> RappresentanteFiscale"
    ),
    "Cessionario": "IdFiscaleIVA<Identificativo> CodiceFiscale Anagrafica<>!",
    "Anagrafica": _PERSON,
    "Indirizzo": "Indirizzo! NumeroCivico CAP! Comune! Provincia Nazione!",
    "FatturaElettronicaBody": "DatiGenerali<>! DatiBeniServizi<>! DatiVeicoli DatiPagamento<>* Allegati*",
    "DatiGenerali": (
        "DatiGeneraliDocumento<>! DatiOrdineAcquisto<Riferimento>* DatiContratto<Riferimento>*"
        " DatiConvenzione<Riferimento>* DatiRicezione<Riferimento>* DatiFattureCollegate<Riferimento>* DatiSAL*"
        " DatiDDT<>* DatiTrasporto FatturaPrincipale"
    ),
    "DatiGeneraliDocumento": (
        "TipoDocumento! Divisa! Data! Numero! DatiRitenuta* DatiBollo DatiCassaPrevidenziale*"
        " ScontoMaggiorazione<>* ImportoTotaleDocumento Arrotondamento Causale* Art73"
    ),
    "Riferimento": ("RiferimentoNumeroLinea* IdDocumento! Data NumItem CodiceCommessaConvenzione CodiceCUP CodiceCIG"),
    "DatiDDT": "NumeroDDT! DataDDT! RiferimentoNumeroLinea*",
    "ScontoMaggiorazione": "Tipo! Percentuale Importo",
    "DatiBeniServizi": "DettaglioLinee<>+ DatiRiepilogo<>+",
    "DettaglioLinee": (
        "NumeroLinea! TipoCessionePrestazione CodiceArticolo<>* Descrizione! Quantita UnitaMisura DataInizioPeriodo"
        " DataFinePeriodo PrezzoUnitario! ScontoMaggiorazione<>* PrezzoTotale! AliquotaIVA! Ritenuta Natura"
        " RiferimentoAmministrazione AltriDatiGestionali*"
    ),
    "CodiceArticolo": "CodiceTipo! CodiceValore!",
    "DatiRiepilogo": (
        "AliquotaIVA! Natura SpeseAccessorie Arrotondamento ImponibileImporto! Imposta! EsigibilitaIVA"
        " RiferimentoNormativo"
    ),
    "DatiPagamento": "CondizioniPagamento! DettaglioPagamento<>+",
    "DettaglioPagamento": (
        "Beneficiario ModalitaPagamento! DataRiferimentoTerminiPagamento GiorniTerminiPagamento"
        " DataScadenzaPagamento ImportoPagamento! CodUfficioPostale CognomeQuietanzante NomeQuietanzante"
        " CFQuietanzante TitoloQuietanzante IstitutoFinanziario IBAN ABI CAB BIC ScontoPagamentoAnticipato"
        " DataLimitePagamentoAnticipato PenalitaPagamentiRitardati DataDecorrenzaPenale CodicePagamento"
    ),
}


@cache
def fatturapa_guide() -> XmlGuide:
    """The structure of an invoice, of one or several bodies."""
    shapes = Shapes(SHAPES, lambda name, _: name)
    return XmlGuide("fatturapa", "FatturaPA", KIND, VERSION, "Electronic invoice", shapes.root(KIND), shapes)


def check_fatturapa(document: XmlDocument, findings: Findings) -> None:
    """Compare a whole document with its structure. A simplified invoice (FSM10) has another, which is not described."""
    if etree.QName(document.root).localname == KIND:
        StructureCheck(fatturapa_guide(), document.place, findings).document(document.root)
