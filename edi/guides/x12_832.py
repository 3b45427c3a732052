"""832, price and sales catalog (functional group SC): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "832",
    "Price/sales catalog",
    """
    ST! BCT! CTP*100 REF*M YNQ*10 PER*M DTM*10 CTB*25 CUR*5 ITD*2 LDT*M SAC*M TD1*M TD5*M TD3*M TD4*M FOB PKG*M
    [4010 G93*50] TXI*M AAA [5010 MTX*M PWK*25]
    LN1*M(N1! N2*2 N3*2 N4*M REF*12 PKG*M PER*M DTM*10 [5010 MTX*M SPI])
    LLM*M(LM! LQ!*M)
    LN9*M(N9! DTM*M [5010 MTX*M PWK*M EFI*M])
    [5010 LG93*M(G93! SAC N1 G26)]
    LLIN*M(LIN! PO1 G53 SI*M DTM*10 REF*M YNQ*10 PER*M CRD*M CTB*25 PID*200 MEA*40 PKG*25 PO4 TD1*M TD5*M TD3*M
        TD4*M ITD*2 LDT SAC*M FOB AAA TC2*2 TXI*M [5010 MTX*M] G55 G54
        [4010 LLINCTP*100(CTP! G40*99 DTM*10 G36 LDT CUR*5 PO4 CTB*5 REF*M G43*9999 SAC*M G26*99)]
        [5010
            LLINCTP*M(CTP! DTM*10 G36 LDT CUR*5 PO4 CTB*5 REF*M G43*9999 SAC*M G26*99 TXI*M ITD
                LCTPG40*M(G40! SAC G93*M)
                LCTPLS*1(LS! LLSLM!*M(LM! LQ!*M) LE!)
                LCTPLS*1(LS! LLSN1!*M(N1! N2*2 N3*2 N4*2) LE!))]
        LLINN1*M(N1! N2*2 N3*2 N4 REF*12 PER*M DTM*10 [5010 MTX*M] PKG*M [5010 PAL*M SPI])
        LLING39*M(G39! CTP)
        LLINPKL*20(PKL! CTP PKG*2 [5010 G53 DTM*M])
        LLINLFG*1(LFG! LLFGCRC*M(CRC! QTY))
        LLINLM*M(LM! [4010 LQ!*M] [5010 LLMLQ!*M(LQ! REF*M EFI DTM*M LLQPID*M(PID! MEA*M MTX))])
        LLINSLN*M(SLN! SI*M PID*M DTM*M CTP*M PAM*M PO4*M PKG*M QTY*M MEA*M SAC*M MTX*M
            LSLNLM*M(LM! LQ!*M)
            [5010 LSLNN1*M(N1! N2*2 N3*2 N4*M REF*12 PER*M DTM*10)])
        LLINN9*M(N9! DTM*M [5010 MTX*M PWK*M EFI*M]))
    CTT SE!
    """,
)
