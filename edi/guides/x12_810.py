"""810, invoice (functional group IN): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish and
with the tables in public guides of vendors for 4010.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "810",
    "Invoice",
    """
    ST! BIG! NTE*100 CUR REF*12 YNQ*10 PER*3
    LN1*200(N1! N2*2 N3*2 N4 REF*12 PER*3 DMG)
    ITD*M DTM*10 FOB PID*200 MEA*40 PWK*25 PKG*25 L7 BAL*M INC PAM*M [5010 CRC]
    LLM*10(LM! LQ!*100)
    LN9*1(N9! MSG!*10)
    LV1*M(V1! R4*M DTM*M)
    LFA1*M(FA1! FA2!*M)
    LIT1*200000(IT1! CRC QTY*5 CUR IT3*5 [4010 TXI*10] [5010 TXI*M] CTP*25 PAM*10 MEA*40
        LIT1PID*1000(PID! MEA*10)
        PWK*25 PKG*25 PO4 ITD*2 REF*M YNQ*10 PER*5 SDQ*500 DTM*10 CAD*M L7*M SR [4010 LIT1SAC*25(SAC! TXI*10)]
        [5010 LIT1SAC*M(SAC! LSACTXI*M(TXI! DTM))]
        LIT1SLN*1000(SLN! DTM REF*M PID*1000 [4010 SAC*25] [5010 SAC*M] TC2*2 [4010 TXI*10] [5010 TXI*M])
        LIT1N1*200(N1! N2*2 N3*2 N4 REF*12 PER*3 DMG)
        LIT1LM*10(LM! LQ!*100)
        LIT1V1*M(V1! R4*M DTM*M)
        LIT1FA1*M(FA1! FA2!*M))
    TDS! [4010 TXI*10] [5010 TXI*M] CAD AMT*M [4010 LSAC*25(SAC! TXI*10)]
    [5010 LSAC*M(SAC! DTM*M LSACTXI*M(TXI! DTM))]
    LISS*M(ISS! PID)
    CTT SE!
    """,
)
