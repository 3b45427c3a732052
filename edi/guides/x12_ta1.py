"""TA1, interchange acknowledgment: no transaction set, but one segment between ISA and the first GS (ASC X12.5)."""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases("TA1", "Interchange acknowledgment", "TA1!")
