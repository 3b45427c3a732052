"""SLSRPT, sales data report message: the structures of directories D.96A and D.01B (UNTDID)."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Sales data report message"

D96A = parse_guide(
    "SLSRPT",
    "D.96A",
    """
    UNH! BGM! DTM!*5
    SG1!*5(NAD! SG2*5(CTA! COM*5))
    SG3*5(RFF! DTM*5)
    SG4*5(CUX! DTM*5)
    SG5!*200000(LOC! DTM*5
        SG6*99(RFF! DTM*5)
        SG7*200000(LIN! PIA*5 IMD*5 PAC*5 RFF*5 DOC*5 ALI*5 MOA*5 PRI*5 GIN*9999 SG8*999(QTY! MKS NAD)))
    UNT!
    """,
    d96a,
    standard="edifact",
    title=TITLE,
)

D01B = parse_guide(
    "SLSRPT",
    "D.01B",
    """
    UNH! BGM! DTM!*5 MKS
    SG1*9(RFF! DTM*9)
    SG2!*5(NAD! SG3*5(CTA! COM*5) SG4*9(RFF! DTM*9))
    SG5*5(CUX! DTM*5 STS*5)
    SG6*200000(LOC! DTM*5 FTX*5
        SG7*99(RFF! DTM*5)
        SG8*200000(LIN! PIA*5 IMD*5 DTM*9 PAC*5 RFF*5 DOC*5 ALI*5 MOA*5 GIN*9999
            SG9*999(PRI! CUX) PAI*9
            SG10*999(QTY! MKS NAD PRI*9 DTM*9 RFF*9 STS*9)))
    SG11*1(GIS!
        SG12*999999(LIN! PIA*99 IMD*9 PAC*9 MOA*9
            SG13*9999(LOC! RFF*9 DTM*9 MOA*9 SG14*99(QTY! PRI*9 DTM*9 RFF*9 STS*9))))
    UNS! MOA*9 UNT!
    """,
    d01b,
    standard="edifact",
    title=TITLE,
)

GUIDES = (D96A, D01B)
