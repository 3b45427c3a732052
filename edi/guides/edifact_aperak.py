"""APERAK, application error and acknowledgement message: the structures of directories D.96A and D.01B (UNTDID)."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Application error and acknowledgement message"

D96A = parse_guide(
    "APERAK",
    "D.96A",
    """
    UNH! BGM! DTM*9 FTX*9 CNT*9
    SG1*9(RFF! DTM*9)
    SG2*9(NAD! CTA*9 COM*9)
    SG3*999(ERC! FTX SG4*1(RFF! FTX*9))
    UNT!
    """,
    d96a,
    standard="edifact",
    title=TITLE,
)

D01B = parse_guide(
    "APERAK",
    "D.01B",
    """
    UNH! BGM! DTM*9 FTX*9 CNT*9
    SG1*99(DOC! DTM*99)
    SG2*9(RFF! DTM*9)
    SG3*9(NAD! CTA*9 COM*9)
    SG4*99999(ERC! FTX SG5*9(RFF! FTX*9))
    UNT!
    """,
    d01b,
    standard="edifact",
    title=TITLE,
)

GUIDES = (D96A, D01B)
