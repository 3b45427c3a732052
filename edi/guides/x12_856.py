"""856, ship notice or manifest (functional group SH): the structure of ASC X12 releases 004010 and 005010.

HL loops nest by their parent pointers (HL02), so the structure is flat: one loop with the union of the segments.
Whether the pointers make a tree, and what may stand at which level, is the mapping's to judge.

Order, requirement and maximum use follow the set's own tables, compared with those that the bots grammars publish and
with the tables in public guides of vendors for 4010.
"""

from edi.guides.x12_releases import releases

V4010, V5010 = GUIDES = releases(
    "856",
    "Ship notice/manifest",
    """
    ST! BSN! DTM*10
    LHL!*200000(HL! LIN SN1 SLN*1000 PRF PO4 PID*200 MEA*40 PWK*25 PKG*25 TD1*20 TD5*12 [4010 TD3*12]
        [5010 LHLTD3*12(TD3! AT9)] TD4*5 TSD REF*M PER*3
        LHLLH1*100(LH1! LH2*4 LH3*12 LFH*20 LEP*M [4010 LH4] [5010 LH4*4] LHT*3 LHR*10 PER*5 LHE)
        LHLCLD*200(CLD! REF*200 DTP)
        MAN*M DTM*10 FOB PAL
        LHLN1*200(N1! N2*2 N3*2 N4 REF*12 PER*3 FOB)
        SDQ*50 ETD CUR
        LHLSAC*M(SAC! CUR)
        GF YNQ*10
        LHLLM*10(LM! LQ!*100)
        LHLV1*M(V1! R4*M DTM*M))
    CTT SE!
    """,
)
