"""824, application advice (functional group AG): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "824",
    "Application advice",
    """
    ST! BGN!
    LN1*M(N1! N2*2 N3*2 N4 REF*12 PER*3)
    LOTI!*M(OTI! REF*12 DTM*2 PER*3 AMT*M QTY*M NM1*9
        LOTITED*M(TED! [5010 CTX*10] NTE*100 RED*100)
        LOTILM*M(LM! LLMLQ!*100(LQ! RED*100)))
    SE!
    """,
)
