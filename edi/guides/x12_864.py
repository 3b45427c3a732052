"""864, text message (functional group TX): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "864",
    "Text message",
    """
    ST! BMG! DTM*10
    LN1*200(N1! N2*2 N3*2 N4 REF*12 PER*3)
    LMIT!*M(MIT! LMITN1*200(N1! N2*2 N3*2 N4 REF*12 PER*3) [4010 MSG!*100000] [5010 MSG!*M])
    SE!
    """,
)
