"""Transaction sets of our own, one of each kind, and the envelope that goes around them."""

from textwrap import dedent

from orders.documents import Document
from tests.edi.fixtures import only

GROUPS = {
    "810": "IN",
    "820": "RA",
    "824": "AG",
    "832": "SC",
    "846": "IB",
    "850": "PO",
    "855": "PR",
    "856": "SH",
    "860": "PC",
    "864": "TX",
    "865": "CA",
    "997": "FA",
    "999": "FA",
}


def interchange(kind: str, body: str, version: str = "004010") -> str:
    """`body` (one segment a line, without terminators) as the one set of an interchange."""
    rows = [row.strip() for row in dedent(body).strip().splitlines()]
    return "\n".join(
        [
            "ISA*00*          *00*          *ZZ*BRENTA         *ZZ*AURORA         "
            "*260302*1415*U*00401*000004711*1*P*>~",
            f"GS*{GROUPS[kind]}*BRENTA*AURORA*20260302*1415*77*X*{version}~",
            f"ST*{kind}*0001~",
            *(f"{row}~" for row in rows),
            f"SE*{len(rows) + 2}*0001~",
            "GE*1*77~",
            "IEA*1*000004711~\n",
        ]
    )


def document(kind: str, body: str) -> Document:
    """The document of one set; it must be sound."""
    (message,) = only(interchange(kind, body)).messages
    assert not message.rejected, message.findings
    return message.document


def found(kind: str, body: str) -> set[tuple[str, str]]:
    """(severity, code) of all findings of one set."""
    return {(item.severity.value, item.code) for item in only(interchange(kind, body)).all_findings}


ORDER = """
    BEG*00*BK*PO-1*R7*20260302*FRAME-9
    CUR*BY*USD
    REF*DP*099
    REF*IA*12345
    PER*BD*Anna Rossi*TE*390491234567*FX*390491234568
    FOB*DF*ZZ*Padova*01*DAP
    SAC*A*C310****3*2.5********Spring
    ITD*08*3*2**10**30
    DTM*010*20260310
    DTM*002*20260320
    N9*L1*NOTES
    MSG*Ring at gate 3
    MSG*Ask for Anna
    N1*BY*Brenta*UL*8033661230013
    N3*Via Roma 1*Scala B
    N4*Padova*PD*35100*IT
    N1*ST*Dock*92*DOCK-3
    REF*VX*IT01234567890
    N1*Z7*Mark for*92*M-1
    PO1*1*120*CA*9.25*PE*UP*036000291452*VN*AP-100*IN*4711*SZ*XL
    CTP*RS*RTL*12.99
    PID*F*08***Centrifugal pump,
    PID*F****2.2 kW
    PO4*12*1*EA
    SAC*C*D240***1250*******06***Freight
    SDQ*CA*92*001*50*002*70
    TXI*VA**22
    PO1*2*10*LB*3.5*HP*VN*AP-200
    SCH*4*LB***002*20260401
    SCH*6*LB***002*20260501
    SLN*1**I*2*EA
    PID*F****Part of the kit
    CTT*2*130
    AMT*TT*1110
"""

RESPONSE = """
    BAK*00*AC*PO-1*20260302****SO-9*20260303
    REF*CO*SO-9
    N1*SE*Aurora*92*V-100
    PO1*1*120*EA*9.25**VP*AP-100
    ACK*IA*100*EA*067*20260320
    ACK*IB*20*EA*067*20260420
    PO1*2*10*EA*3.6**VP*AP-200
    ACK*IP*10*EA
    N9*L1*NOTES
    MSG*New price list
    PO1*3*5*EA*7**VP*AP-300
    ACK*IR*0*EA
    PO1*4*5*EA*8**VP*AP-400
    ACK*IS*5*EA****VP*AP-401
    PO1*5*7*EA*2**VP*AP-500
    CTT*5
"""

CHANGE = """
    BCH*04*SA*PO-1**2*20260302***SO-9**20260305
    CUR*BY*USD
    N1*BY*Brenta*92*B-1
    POC*1*QD*60*0*EA*9.25*PE*VP*AP-100
    DTM*002*20260401
    POC*2*DI******VP*AP-200
    POC*3*AI*4**EA*1.5**VP*AP-300
    PID*F****Gasket
    POC*4*NC*9**EA*2**VP*AP-400
    CTT*4
"""

CHANGE_RESPONSE = """
    BCA*00*AD*PO-1**2*20260302***SO-9*20260306
    POC*1*QD*60**EA*9.25**VP*AP-100
    ACK*IA*60*EA*067*20260401
    CTT*1
"""

DESPATCH = """
    BSN*00*ASN-1*20260318*1015*0001
    HL*1**S
    TD1*PLT94*1****G*412.5*KG
    TD5*B*2*UPSN*M*United Parcel
    REF*BM*BOL-7
    REF*CN*1Z999
    DTM*011*20260318
    DTM*017*20260320
    N1*SF*Aurora Pumps*92*V-100
    N1*ST*Brenta dock*92*DOCK-3
    HL*2*1*O
    PRF*PO-1***20260302
    HL*3*2*T
    MAN*GM*(00)340123450000000017
    HL*4*3*P
    TD1*CTN*1****G*20*KG
    MAN*GM*00340123450000000024
    HL*5*4*I
    LIN*1*EN*8024670010024*VP*AP-100
    SN1**100*EA**120*EA
    PID*F****Centrifugal pump
    REF*LT*LOT-3
    REF*SE*S-1
    REF*SE*S-2
    DTM*036*20280101
    HL*6*1*O
    PRF*PO-2
    HL*7*6*I
    LIN*1*VP*AP-200
    SN1**5*CA
    CTT*7*105
"""

INVOICE = """
    BIG*20260321*INV-1*20260302*PO-1***DI*00
    NTE*GEN*Thank you
    CUR*SE*USD
    REF*SI*ASN-1
    PER*AR*Nina*TE*4029487632
    N1*BT*Brenta*92*B-1
    N1*RE*Aurora Pumps*92*V-100
    N1*ST*Dock*92*DOCK-3
    ITD*08*3*2**10*20260420*30
    DTM*035*20260320
    IT1*1*100*EA*9.25**VP*AP-100
    TXI*VA**22
    PID*F****Centrifugal pump
    REF*PO*PO-1
    REF*LI*7
    SAC*A*C310***2500*******06***Rebate
    IT1*2*5*CA*20**VP*AP-200
    TDS*123000
    TXI*VA*220*22*****1000
    SAC*C*D240***1000*******06***Freight
    CTT*2
"""

STOCK = """
    BIA*00*SI*STOCK-1*20260302
    DTM*007*20260301
    N1*SE*Aurora*92*V-100
    N1*WH*North*92*W-1
    LIN*1*EN*8024670010024*VP*AP-100
    PID*F****Centrifugal pump
    QTY*17*40*EA
    QTY*33*35.5*EA
    QTY*ZZ*1
    LIN*2*VP*AP-200
    QTY*17*0*EA
    N1*LC**92*SHELF-9
    CTT*2
"""

CATALOGUE = """
    BCT*PC*LIST-26*3*******00
    DTM*097*20260105
    DTM*092*20260201
    DTM*093*20261231
    CUR*SE*EUR
    N1*SE*Aurora*92*V-100
    LIN*1*UK*50387698433528*VP*AP-100
    G53*021
    DTM*007*20260201
    CTB*OR**57*6
    PID*F****Centrifugal pump
    PO4*12
    LDT*AF*2*WK
    CTP**UCP*65*1*CA
    DTM*007*20260201
    CTP**RTL*99.9*100*EA****HP
    CTT*1
"""

PAYMENT = """
    BPR*C*1500.25*C*ACH*CTX*01*021000021*DA*998877*1234567890**01*011000015*DA*556677*20260401
    TRN*1*PAY-9
    CUR*PR*USD
    N1*PR*Brenta*92*B-1
    N1*PE*Aurora*92*V-100
    ENT*1
    RMR*IV*INV-1**1230*1250*20
    DTM*003*20260321
    ADX*-10*01
    RMR*IV*INV-2**270.25
"""

ADVICE = """
    BGN*11*ADV-1*20260305
    N1*SE*Aurora*92*V-100
    OTI*TR*TN*PO-1*BRENTA*AURORA*20260302*1415*77*0001*850
    TED*007*Item is not known*PO1*12*7**AP-999
    NTE*GEN*Ask for the new list
    OTI*TA*TN*PO-2
"""

TEXT = """
    BMG*00*Closed in August
    DTM*097*20260302
    N1*FR*Aurora*92*V-100
    MIT*T-1*Holidays
    MSG*We are closed from 10 to 21 August.
    MSG*Orders are taken all the same.
"""

FUNCTIONAL = """
    AK1*PO*77
    AK2*850*0001
    AK5*A
    AK2*850*0002
    AK3*PO1*12**8
    AK4*4>1*212*6*ten
    AK5*R*5
    AK9*P*2*2*1
"""

IMPLEMENTATION = """
    AK1*PO*77*005010
    AK2*850*0002*005010
    IK3*PO1*12**I4
    CTX*PO101>3
    IK4*4*212*6
    IK5*R*I5
    AK9*R*1*1*0*5
"""
