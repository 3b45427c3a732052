"""846, inventory inquiry or advice (functional group IB): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "846",
    "Inventory inquiry/advice",
    """
    ST! BIA! CUR DTM*10 REF*12 PER*3 MEA*20
    LN1*5(N1! N2*2 N3*2 N4 REF*12 PER*3)
    LLM*10(LM! LQ!*100)
    LLIN!*10000(LIN! PID*200 MEA*40 PKG*25 DTM*10 CTP*25 CUR SAC*25 REF*M PER*3 SDQ*500 MAN UIT*5 CS DD*M G53
        PCT*M LDT*12
        LLINLM*10(LM! LQ!*100)
        LLINSLN*1000(SLN! PID*200 MEA*40 PKG*25 LSLNMAN*100(MAN! MEA*40))
        LLINQTY*99(QTY! UIT*12 MEA*25 LDT*12 DTM*10
            LQTYSCH*25(SCH! MEA*25)
            LQTYLM*M(LM! LQ!*100)
            LQTYLS*1(LS! LLSREF!*M(REF! DTM*M N1 LREFLM*10(LM! LQ!*100)) LE!))
        LLINN1*200(N1! N2*2 N3*2 N4 REF*12 PER*3))
    CTT SE!
    """,
)
