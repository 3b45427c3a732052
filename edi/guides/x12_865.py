"""865, answer to an order change (functional group CA): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "865",
    "Purchase order change acknowledgment",
    """
    ST! BCA! CUR REF*M PER*3 TAX*M FOB*M CTP*M PAM*10 CSH
    LSAC*25(SAC! CUR)
    ITD*5 DIS*20 INC DTM*10 [4010 LDT*12] LIN*5 SI*M PID*200 MEA*40 PWK*25 PKG*25 TD1*2 TD5*12 TD3*12 TD4*5 PCT*M
    MAN*10 TXI*M CTB*M G53*M [5010 LLDT*M(LDT! QTY*M MTX*M)]
    LN9*1000(N9! DTM*M [4010 MSG*1000] [5010 MTX*M PWK*M EFI*M])
    LN1*200(N1! N2*2 [5010 IN2*M] N3*2 N4 NX2*M REF*12 PER*M SI*M FOB TD1*2 TD5*12 TD3*12 TD4*5 PKG*25
        [4010 MSG*M] [5010 MTX*M])
    LAMT*M(AMT! PCT*M)
    LADV*M(ADV! DTM*M MTX*M)
    [5010 LLM*M(LM! LQ!*M)]
    LPOC*M(POC! LIN*M SI*M CUR PO3*25 CTP*M PAM*10 MEA*40
        LPOCPID*1000(PID! MEA*10)
        PWK*25 PKG*25 PO4*M REF*M PER*3
        LPOCSAC*25(SAC! CUR)
        IT8 CSH*M ITD*2 DIS*20 INC TAX*M FOB*M SDQ*500 DTM*10 TD1 TD5*12 TD3*12 TD4*5 TXI*M PCT*M
        LPOCACK*104(ACK! DTM)
        MAN*10 SPI*M [4010 MSG*M] [5010 MTX*M] CTB*M [5010 LPOCLM*M(LM! LQ!*M)]
        LPOCAMT*M(AMT! PCT*M)
        LPOCQTY*M(QTY! SI*M)
        LPOCSCH*200(SCH! TD1*2 TD5*12 TD3*12 TD4*5 REF*M)
        LPOCLDT*M(LDT! QTY*M [4010 MSG] [5010 MTX*M] LLDTLM*M(LM! LQ!*M))
        LPOCN9*1000(N9! DTM*M [4010 MSG*1000] [5010 MTX*M PWK*M EFI*M])
        LPOCN1*200(N1! N2*2 [5010 IN2*M] N3*2 N4 QTY*M NX2*M REF*12 PER*3 SI*M DTM FOB SCH*200 TD1*2 TD5*12
            TD3*12 TD4*5 PKG*25
            LN1LDT*M(LDT! MAN*10 QTY*5 [4010 MSG] [5010 MTX*M]))
        LPOCSLN*1000(SLN! [4010 MSG*M] [5010 MTX*M] SI*M PID*1000 PO3*25 [5010 MEA*M] CTP*25 PAM*10 ACK*104
            LSLNSAC*10(SAC! CUR)
            DTM*10 PO4 TAX*3 ADV*M
            LSLNQTY*M(QTY! SI*M)
            LSLNN9*M(N9! DTM*M [5010 MTX*M])
            LSLNN1*10(N1! N2*2 [5010 IN2*M] N3*2 N4 NX2*M REF*12 PER*3 SI*M))
        LPOCPD*M(PD! PDD*M))
    LCTT*1(CTT! AMT*5)
    SE!
    """,
)
