"""820, payment order and remittance advice (functional group RA): the structure of ASC X12 releases 004010 and 005010.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "820",
    "Payment order/remittance advice",
    """
    ST! BPR! NTE*M TRN CUR REF*M DTM*M
    LN1*M(N1! N2*M N3*M N4 REF*M PER*M RDM DTM)
    LENT*M(ENT! [5010 LENTFA1*M(FA1! FA2!*M)]
        LENTNM1*M(NM1! N2*M N3*M N4 REF*M PER*M)
        LENTADX*M(ADX! NTE*M PER*M DTM
            LADXREF*M(REF! DTM*M)
            LADXIT1*M(IT1! [5010 RPA QTY]
                LIT1REF*M(REF! DTM)
                LIT1SAC*M(SAC! TXI*M [5010 DTM*10])
                LIT1SLN*M(SLN! LSLNREF*M(REF! DTM*M) LSLNSAC*M(SAC! TXI*M)))
            [5010 LADXFA1*M(FA1! FA2!*M)])
        LENTRMR*M(RMR! NTE*M REF*M DTM*M [5010 VEH]
            LRMRIT1*M(IT1! [5010 RPA QTY]
                LIT1REF*M(REF! DTM)
                LIT1SAC*M(SAC! TXI*M)
                LIT1SLN*M(SLN! LSLNREF*M(REF! DTM*M) LSLNSAC*M(SAC! TXI*M)))
            LRMRADX*M(ADX! NTE*M PER*M
                LADXREF*M(REF! DTM*M)
                LADXIT1*M(IT1! [5010 RPA QTY]
                    LIT1REF*M(REF! DTM)
                    LIT1SAC*M(SAC! TXI*M [5010 DTM*10])
                    LIT1SLN*M(SLN! LSLNREF*M(REF! DTM*M) LSLNSAC*M(SAC! TXI*M))))
            [5010 LRMRFA1*M(FA1! FA2!*M)]))
    LTXP*M(TXP! TXI*M [5010 REF*M DTM*M])
    DED*M
    LLX*M(LX! REF*M TRN*M
        LLXNM1*M(NM1! REF*M G53
            LNM1AIN*M(AIN! QTY*M DTP*M)
            LNM1PEN*M(PEN! AMT*M DTP*M LPENINV*M(INV! DTP*M))))
    LN9*1(N9! [5010 REF*M] LN9AMT*M(AMT! REF*M) LN9N1*M(N1! REF*M LN1EMS*M(EMS! ATN*M AIN*M PYD*M)))
    LRYL*M(RYL!
        LRYLNM1*M(NM1!
            LNM1LOC*M(LOC! LLOCPID*M(PID! DTM LPIDPCT*M(PCT! QTY LPCTAMT*M(AMT! ADX*M))))
            LNM1ASM*1(ASM! ADX)))
    SE!
    """,
)
