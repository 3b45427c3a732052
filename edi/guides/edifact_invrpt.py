"""INVRPT, inventory report message: the structures of directories D.96A and D.01B (UNTDID)."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Inventory report message"

D96A = parse_guide(
    "INVRPT",
    "D.96A",
    """
    UNH! BGM! DTM!*10
    SG1*10(RFF! DTM)
    SG2*20(NAD! LOC*5 SG3*10(RFF! DTM) SG4*10(CTA! COM*5))
    SG5*5(CUX! DTM)
    SG6*9999(CPS! SG7*999(PAC! PCI*1000 SG8*9999(QTY! GIN*9999 DTM*5)))
    SG9*9999(LIN! PIA*10 IMD*10 MEA*10 ALI*10 LOC*5 DTM*5
        SG10*10(RFF! DTM)
        SG11*9999(QTY! INV GIN*9999 LOC*5 DTM*5 STS*9
            SG12*5(NAD! LOC) SG13*5(PRI! CUX DTM) SG14*10(RFF! DTM)
            SG15*9999(CPS! SG16*9999(PAC! MEA*10 QTY*10 SG17*9999(PCI! RFF DTM*5 GIN*9999)))))
    UNT!
    """,
    d96a,
    standard="edifact",
    title=TITLE,
)

D01B = parse_guide(
    "INVRPT",
    "D.01B",
    """
    UNH! BGM! FTX*99 DTM!*10
    SG1*10(RFF! DTM)
    SG2*20(NAD! LOC*5 SG3*99(RFF! DTM) SG4*10(CTA! COM*5))
    SG5*5(CUX! DTM)
    SG6*9999(CPS! SG7*999(PAC! PCI*1000 SG8*9999(QTY! GIN*9999 DTM*5)))
    SG9*9999999(LIN! PIA*10 IMD*10 NAD MEA*10 ALI*10 LOC*5 DTM*5 FTX*99
        SG10*10(RFF! DTM)
        SG11*9999(INV! QTY! GIN*9999 LOC*5 DTM*5 STS*9
            SG12*5(NAD! LOC) SG13*5(PRI! CUX DTM) SG14*10(RFF! DTM)
            SG15*9999(CPS! SG16*9999(PAC! MEA*10 QTY*10 SG17*9999(PCI! RFF DTM*5 GIN*9999 SG18*99(GIR! DTM*5))))))
    UNT!
    """,
    d01b,
    standard="edifact",
    title=TITLE,
)

GUIDES = (D96A, D01B)
