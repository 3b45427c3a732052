"""RECADV, receiving advice message: the structures of directories D.96A and D.01B (UNTDID)."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Receiving advice message"

D96A = parse_guide(
    "RECADV",
    "D.96A",
    """
    UNH! BGM! DTM!*10 ALI*5
    SG1*10(RFF! DTM)
    SG2*10(DOC! SG3*10(CDI! INP*5))
    SG4!*10(NAD! LOC*10 SG5*10(RFF! DTM) SG6*10(CTA! COM*5))
    SG7*10(TOD! SG8*10(CDI! INP*5) SG9*10(LOC! CDI*10))
    SG10*10(TDT! DTM*10 CDI*10)
    SG11*9999(EQD! SG12*10(CDI! INP*5) SG13*25(SEL! CDI!*10) SG14*10(EQA! SG15*10(CDI! INP*5)))
    SG16*9999(CPS!
        SG17*9999(PAC! QVR SG18*999(PCI! RFF SG19*10(CDI! INP*5) SG20*999(GIN! SG21*10(CDI! INP*5))))
        SG22*9999(LIN! PIA*10 IMD*25 QTY*10 QVR*10 DTM*5
            SG23*10(CDI! INP*5) SG24*10(DOC! SG25*10(CDI! INP*5)) SG26*99(GIN! SG27*10(CDI! INP*5))
            SG28*10(RFF! DTM) SG29*9999(PCI! QTY QVR SG30*10(CDI! INP*5) SG31*10(GIN! SG32*10(CDI! INP*5)))))
    CNT UNT!
    """,
    d96a,
    standard="edifact",
    title=TITLE,
)

D01B = parse_guide(
    "RECADV",
    "D.01B",
    """
    UNH! BGM! DTM!*10 ALI*5 CUX*9 FTX*99
    SG1*10(RFF! DTM GEI*99 MOA*99 ALC)
    SG2*10(DOC! SG3*10(CDI! INP*5))
    SG4!*99(NAD! LOC*10 SG5*10(RFF! DTM) SG6*10(CTA! COM*5))
    SG7*10(TOD! SG8*10(CDI! INP*5) SG9*10(LOC! CDI*10))
    SG10*10(TDT! DTM*10 CDI*20)
    SG11*9999(EQD! SG12*10(CDI! INP*5) SG13*25(SEL! CDI!*10) SG14*10(EQA! SG15*10(CDI! INP*5)))
    SG16*9999(CPS!
        SG17*9999(PAC! QVR SG18*999(PCI! RFF SG19*10(CDI! INP*5) SG20*999(GIN! SG21*10(CDI! INP*5))))
        SG22*9999(LIN! PIA*10 IMD*25 QTY*10 QVR*10 DTM*5 PRI FTX*99 NAD*99
            SG23*10(CDI! INP*5) SG24*10(DOC! SG25*10(CDI! INP*5)) SG26*99(GIN! SG27*10(CDI! INP*5))
            SG28*10(RFF! DTM GEI*99 MOA*99 ALC)
            SG29*9999(PCI! QTY QVR SG30*10(CDI! INP*5) SG31*10(GIN! SG32*10(CDI! INP*5)))))
    CNT UNT!
    """,
    d01b,
    standard="edifact",
    title=TITLE,
)

GUIDES = (D96A, D01B)
