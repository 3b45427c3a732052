"""CONTRL, syntax and service report message, as ISO 9735 defines it: version 3 (message D.3, or 2.2 as in
EANCOM) and version 4 (message 4.1). The structure is the same; version 4 only knows more elements."""

from edi.guides.edifact_directory import d01b, d96a
from edi.guides.guide import parse_guide

TITLE = "Syntax and service report message"
_STRUCTURE = """
    UNH! UCI!
    SG1*999999(UCM! SG2*999(UCS! UCD*99))
    SG3*999999(UCF! SG4*999999(UCM! SG5*999(UCS! UCD*99)))
    UNT!
    """

D3 = parse_guide("CONTRL", "D.3", _STRUCTURE, d96a, standard="edifact", title=TITLE)
V22 = parse_guide("CONTRL", "2.2", _STRUCTURE, d96a, standard="edifact", title=TITLE)
V41 = parse_guide("CONTRL", "4.1", _STRUCTURE, d01b, standard="edifact", title=TITLE)

GUIDES = (D3, V22, V41)
