"""TA1, interchange acknowledgment: no transaction set, but one segment between ISA and the first GS (ASC X12.5)."""

from edi.guides.structure import Guide
from edi.guides.x12_releases import nearest, releases

V4010, V5010 = releases("TA1", "TA1!")


def guide_for(version: str) -> Guide:
    """The guide of a TA1 by ISA12; it is the same in all releases."""
    return nearest(version, V4010, V5010)
