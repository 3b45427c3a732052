"""850, purchase order (functional group PO): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.structure import Guide
from edi.guides.x12_releases import nearest, releases

V4010, V5010 = releases(
    "850",
    """
    ST! BEG! CUR REF*M PER*3 TAX*M FOB*M CTP*M PAM*10 CSH*5 TC2*M
    LSAC*25(SAC! CUR)
    ITD*M DIS*20 INC DTM*10 [4010 LDT*12] LIN*5 SI*M PID*200 MEA*40 PWK*25 PKG*200 TD1*2 [4010 TD5*12] [5010 TD5*M]
    TD3*12 TD4*5 MAN*10 PCT*M CTB*5 TXI*M [5010 LLDT*M(LDT! QTY*M MTX*M REF*M)]
    LAMT*M(AMT! REF*M DTM PCT*M LAMTFA1*M(FA1! FA2!*M))
    LN9*1000(N9! DTM*M [4010 MSG*1000] [5010 MTX*M PWK*M EFI*M])
    LN1*200(N1! N2*2 [5010 IN2*M] N3*2 N4*M NX2*M REF*12 PER*M SI*M FOB TD1*2 TD5*12 TD3*12 TD4*5 PKG*200)
    LLM*M(LM! LQ!*M)
    LSPI*M(SPI! REF*5 DTM*5 [4010 MSG*50] [5010 MTX*M]
        LSPIN1*20(N1! N2*2 N3*2 N4 REF*20 G61 [4010 MSG*50] [5010 MTX*M])
        LSPICB1*M(CB1! REF*20 DTM*5 LDT [4010 MSG*50] [5010 MTX*M]))
    LADV*M(ADV! DTM*M MTX*M)
    LPO1!*100000(PO1! LIN*M SI*M CUR CN1 PO3*25
        LPO1CTP*M(CTP! CUR)
        PAM*10 MEA*40
        LPO1PID*1000(PID! MEA*10)
        PWK*25 PO4*M REF*M PER*3
        LPO1SAC*25(SAC! CUR CTP)
        IT8 CSH*M ITD*2 DIS*20 INC TAX*M FOB*M SDQ*500 IT3*5 DTM*10 TC2*M TD1 TD5*12 TD3*12 TD4*5 PCT*M MAN*10
        [4010 MSG*M] [5010 MTX*M] SPI*M TXI*M CTB*M
        LPO1QTY*M(QTY! SI*M)
        LPO1SCH*200(SCH! TD1*2 TD5*12 TD3*12 TD4*5 REF*M)
        LPO1PKG*200(PKG! MEA*M)
        LPO1LS*1(LS! LLSLDT!*M(LDT! QTY*M [4010 MSG] [5010 MTX*M] REF*3 LLDTLM*M(LM! LQ!*M)) LE!)
        LPO1N9*1000(N9! DTM*M MEA*40 [4010 MSG*1000] [5010 MTX*M PWK*M EFI*M])
        LPO1N1*200(N1! N2*2 [5010 IN2*M] N3*2 N4 QTY*M NX2*M REF*12 PER*3 SI*M DTM FOB SCH*200 TD1*2 TD5*12
            TD3*12 TD4*5 PKG*200
            LN1LDT*M(LDT! MAN*10 QTY*5 [4010 MSG] [5010 MTX*M] REF*3))
        LPO1SLN*1000(SLN! [4010 MSG*M] [5010 MTX*M] SI*M PID*1000 PO3*104 [5010 MEA*M] TC2*M ADV*M DTM*10 CTP*25
            PAM*10 PO4 TAX*3
            LSLNN9*M(N9! DTM*M [4010 MSG*M] [5010 MTX*M])
            LSLNSAC*25(SAC! CUR CTP)
            LSLNQTY*M(QTY! SI*M)
            LSLNN1*10(N1! N2*2 [5010 IN2*M] N3*2 N4 NX2*M REF*12 PER*3 SI*M))
        LPO1AMT*M(AMT! [4010 REF] [5010 REF*M] PCT*M)
        LPO1LM*M(LM! LQ!*M))
    LCTT*1(CTT! AMT)
    SE!
    """,
)


def guide_for(version: str) -> Guide:
    """The guide of a 850 by GS08 ("004010VICS"); releases without their own borrow the nearer one, leniently."""
    return nearest(version, V4010, V5010)
