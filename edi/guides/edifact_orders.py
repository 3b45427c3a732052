"""ORDERS, purchase order message: the structures of directories D.96A and D.01B (UN/EDIFACT, part 2 of UNTDID)."""

from edi.guides.structure import Guide, parse_guide

D96A = parse_guide(
    "ORDERS",
    "D.96A",
    """
    UNH! BGM! DTM!*35 PAI ALI*5 IMD FTX*99
    SG1*10(RFF! DTM*5)
    SG2*99(NAD! LOC*25 FII*5 SG3*10(RFF! DTM*5) SG4*5(DOC! DTM*5) SG5*5(CTA! COM*5))
    SG6*5(TAX! MOA LOC*5)
    SG7*5(CUX! PCD*5 DTM*5)
    SG8*10(PAT! DTM*5 PCD MOA)
    SG9*10(TDT! SG10*10(LOC! DTM*5))
    SG11*5(TOD! LOC*2)
    SG12*10(PAC! MEA*5 SG13*5(PCI! RFF DTM*5 GIN*10))
    SG14*10(EQD! HAN*5 MEA*5 FTX*5)
    SG15*10(SCC! FTX*5 RFF*5 SG16*10(QTY! DTM*5))
    SG17*25(APR! DTM*5 RNG)
    SG18*15(ALC! ALI*5 DTM*5
        SG19*1(QTY! RNG) SG20*1(PCD! RNG) SG21*2(MOA! RNG) SG22*1(RTE! RNG) SG23*5(TAX! MOA))
    SG24*100(RCS! RFF*5 DTM*5 FTX*5)
    SG25*200000(LIN! PIA*25 IMD*99 MEA*5 QTY*10 PCD*5 ALI*5 DTM*35 MOA*10 GIN*1000 GIR*1000 QVR DOC*5 PAI FTX*99
        SG26*999(CCI! CAV*10 MEA*10)
        SG27*10(PAT! DTM*5 PCD MOA)
        SG28*25(PRI! CUX APR RNG DTM*5)
        SG29*10(RFF! DTM*5)
        SG30*10(PAC! MEA*5 QTY*5 DTM*5 SG31*1(RFF! DTM*5) SG32*5(PCI! RFF DTM*5 GIN*10))
        SG33*9999(LOC! QTY DTM*5)
        SG34*10(TAX! MOA LOC*5)
        SG35*99(NAD! LOC*5 SG36*5(RFF! DTM*5) SG37*5(DOC! DTM*5) SG38*5(CTA! COM*5))
        SG39*99(ALC! ALI*5 DTM*5
            SG40*1(QTY! RNG) SG41*1(PCD! RNG) SG42*2(MOA! RNG) SG43*1(RTE! RNG) SG44*5(TAX! MOA))
        SG45*10(TDT! SG46*10(LOC! DTM*5))
        SG47*5(TOD! LOC*2)
        SG48*10(EQD! HAN*5 MEA*5 FTX*5)
        SG49*100(SCC! FTX*5 RFF*5 SG50*10(QTY! DTM*5))
        SG51*100(RCS! RFF*5 DTM*5 FTX*5)
        SG52*10(STG! SG53*3(QTY! MOA)))
    UNS! MOA*12 CNT*10
    SG54*10(ALC! ALI MOA!*2)
    UNT!
    """,
)

D01B = parse_guide(
    "ORDERS",
    "D.01B",
    """
    UNH! BGM! DTM!*35 PAI ALI*5 IMD*999 FTX*99 GIR*10
    SG1*9999(RFF! DTM*5)
    SG2*99(NAD! LOC*99 FII*5 SG3*99(RFF! DTM*5) SG4*5(DOC! DTM*5) SG5*5(CTA! COM*5))
    SG6*5(TAX! MOA LOC*9)
    SG7*5(CUX! PCD*5 DTM*5)
    SG8*10(PAT! DTM*5 PCD SG9*9999(MOA! GIR*9))
    SG10*10(TDT! SG11*10(LOC! DTM*5))
    SG12*5(TOD! LOC*2)
    SG13*99(PAC! MEA*5 SG14*5(PCI! RFF DTM*5 GIN*10))
    SG15*10(EQD! HAN*5 MEA*5 FTX*5)
    SG16*10(SCC! FTX*5 RFF*5 SG17*10(QTY! DTM*5))
    SG18*25(APR! DTM*5 RNG)
    SG19*99(ALC! ALI*5 DTM*5
        SG20*1(QTY! RNG) SG21*1(PCD! RNG) SG22*2(MOA! RNG) SG23*1(RTE! RNG) SG24*5(TAX! MOA))
    SG25*999(RCS! RFF*5 DTM*5 FTX*99999)
    SG26*999(DGS! FTX*5 SG27*99(CTA! COM*5))
    SG28*200000(LIN! PIA*25 IMD*99 MEA*99 QTY*99 PCD*5 ALI*5 DTM*35 MOA*10 GEI*99 GIN*1000 GIR*1000 QVR DOC*99 PAI
        MTD*99 FTX*99
        SG29*999(CCI! CAV*10 MEA*10)
        SG30*10(PAT! DTM*5 PCD SG31*9999(MOA! GIR*9))
        SG32*25(PRI! CUX APR*99 RNG DTM*5)
        SG33*9999(RFF! DTM*5)
        SG34*99(PAC! MEA*5 QTY*5 DTM*5 SG35*1(RFF! DTM*5) SG36*5(PCI! RFF DTM*5 GIN*10))
        SG37*9999(LOC! QTY PCD DTM*5)
        SG38*10(TAX! MOA LOC*5)
        SG39*999(NAD! LOC*5 FII*5 SG40*99(RFF! DTM*5) SG41*5(DOC! DTM*5) SG42*5(CTA! COM*5))
        SG43*99(ALC! ALI*5 DTM*5
            SG44*1(QTY! RNG) SG45*1(PCD! RNG) SG46*2(MOA! RNG) SG47*1(RTE! RNG) SG48*5(TAX! MOA))
        SG49*10(TDT! SG50*10(LOC! DTM*5))
        SG51*5(TOD! LOC*2)
        SG52*10(EQD! HAN*5 MEA*5 FTX*5)
        SG53*100(SCC! FTX*5 RFF*5 SG54*10(QTY! DTM*5))
        SG55*999(RCS! RFF*5 DTM*5 FTX*99999)
        SG56*10(STG! SG57*3(QTY! MOA))
        SG58*999(DGS! FTX*5 SG59*99(CTA! COM*5)))
    UNS! MOA*99 CNT*10
    SG60*10(ALC! ALI MOA!*2)
    UNT!
    """,
)


def guide_for(version: str) -> Guide:
    """The guide of an ORDERS by its release ("D.96A"); a release without its own borrows the nearer one, leniently."""
    for guide in (D96A, D01B):
        if guide.version == version:
            return guide
    lender = D01B if version[2:4].isdigit() and version[2:4] < "80" else D96A  # D.93A … D.99B, then D.00A on
    return Guide(lender.kind, version, lender.root, lender.tags, exact=False)
