"""DESADV, despatch advice message: the structures of directories D.96A and D.01B (UNTDID)."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Despatch advice message"

D96A = parse_guide(
    "DESADV",
    "D.96A",
    """
    UNH! BGM! DTM*10 ALI*5 MEA*5 MOA*5
    SG1*10(RFF! DTM)
    SG2*10(NAD! LOC*10 SG3*10(RFF! DTM) SG4*10(CTA! COM*5))
    SG5*10(TOD! LOC*5 FTX*5)
    SG6*10(TDT! PCD*6 SG7*10(LOC! DTM*10))
    SG8*10(EQD! MEA*5 SEL*25 EQA*5 SG9*10(HAN! FTX*10))
    SG10*9999(CPS! FTX*5
        SG11*9999(PAC! MEA*10 QTY*10 SG12*10(HAN! FTX*10) SG13*1000(PCI! RFF DTM*5 GIR*99 SG14*99(GIN! DLM*10)))
        SG15*9999(LIN! PIA*10 IMD*25 MEA*10 QTY*10 ALI*10 GIN*100 GIR*100 DLM*100 DTM*5 FTX*5 MOA*5
            SG16*10(RFF! DTM) SG17*10(DGS! QTY FTX*5) SG18*100(LOC! NAD DTM QTY*10) SG19*1000(SGP! QTY*10)
            SG20*9999(PCI! DTM*5 MEA*10 QTY SG21*10(GIN! DLM*100) SG22*10(HAN! FTX*5 GIN*1000))
            SG23*10(QVR! DTM*5)))
    CNT*5 UNT!
    """,
    d96a,
    standard="edifact",
    title=TITLE,
)

D01B = parse_guide(
    "DESADV",
    "D.01B",
    """
    UNH! BGM! DTM*10 ALI*5 MEA*5 MOA*5 CUX*9
    SG1*10(RFF! DTM)
    SG2*99(NAD! LOC*10 SG3*10(RFF! DTM) SG4*10(CTA! COM*5))
    SG5*10(TOD! LOC*5 FTX*5)
    SG6*10(TDT! PCD*6 TMD SG7*10(LOC! DTM*10))
    SG8*10(EQD! MEA*5 SEL*25 EQA*5 SG9*10(HAN! FTX*10))
    SG10*9999(CPS! FTX*5 QVR*9
        SG11*9999(PAC! MEA*10 QTY*10
            SG12*10(HAN! FTX*10)
            SG13*1000(PCI! RFF DTM*5 SG14*99(GIR! DTM*5) SG15*99(GIN! DLM*10) SG16*99(COD! MEA*9 QTY*9 PCD*9)))
        SG17*9999(LIN! PIA*10 IMD*25 MEA*10 QTY*10 ALI*10 GIN*100 GIR*100 DLM*100 DTM*5 NAD*99 TDT TMD HAN*20 FTX*99
            MOA*5
            SG18*99(RFF! NAD CTA DTM) SG19*9999(DGS! QTY FTX*5) SG20*100(LOC! NAD DTM QTY*10)
            SG21*1000(SGP! QTY*10)
            SG22*9999(PCI! DTM*5 MEA*10 QTY SG23*10(GIN! DLM*100) SG24*10(HAN! FTX*5 GIN*1000))
            SG25*10(QVR! DTM*5)))
    CNT*5 UNT!
    """,
    d01b,
    standard="edifact",
    title=TITLE,
)

GUIDES = (D96A, D01B)
