"""The composites (EDCD) and segments (EDSD) of UNTDID that the order flow uses, and the service segments.

A line is a tag or number, its elements in order (M mandatory, C conditional), a colon and its name. `D01B` lists where
directory D.01B differs from D.96A. UNH, UNS and UNT are those of ISO 9735; UCI, UCM, UCF, UCS and UCD those of CONTRL.
"""

COMPOSITES = """
C002 C1001 C1131 C3055 C1000: Document name
C012 C7365 C1131 C3055 C7364: Processing indicator
C040 C3127 C1131 C3055 C3128: Carrier
C056 C3413 C3412: Department or employee details
C058 M3124 C3124 C3124 C3124 C3124: Name and address
C059 M3042 C3042 C3042 C3042: Street
C076 M3148 M3155: Communication contact
C077 C1508 C7008: File identification
C078 C3194 C3192 C3192 C6345: Account holder identification
C079 C1511 C1131 C3055 C1510 C1056 C1058 C7402: Computer environment identification
C080 M3036 C3036 C3036 C3036 C3036 C3045: Party name
C082 M3039 C1131 C3055: Party identification details
C088 C3433 C1131 C3055 C3434 C1131 C3055 C3432 C3436: Institution identification
C099 M1516 C1056 C1503 C1502: File details
C100 C4053 C1131 C3055 C4052 C4052: Terms of delivery or transport
C106 C1004 C1056 C1060: Document identification
C107 M4441 C1131 C3055: Text reference
C108 M4440 C4440 C4440 C4440 C4440: Text literal
C110 M4277 C1131 C3055 C4276 C4276: Payment terms
C112 M2475 C2009 C2151 C2152: Terms and time information
C128 M5419 M5420 C5284 C6411: Rate details
C138 M5394 C5393: Price multiplier information
C174 M6411 C6314 C6162 C6152 C6432: Value and range
C186 M6063 M6060 C6411: Quantity details
C202 C7065 C1131 C3055 C7064: Package type
C205 M8351 C8078 C8092: Hazard code
C206 M7402 C7405 C4405: Identification number
C208 M7402 C7402: Identity number range
C210 M7102 C7102 C7102 C7102 C7102 C7102 C7102 C7102 C7102 C7102: Marks and labels
C212 C7140 C7143 C1131 C3055: Item number identification
C214 C7161 C1131 C3055 C7160 C7160: Special services identification
C215 C9303 C1131 C3055 C9302: Seal issuer
C218 C7419 C1131 C3055: Hazardous material
C219 C8335 C8334: Movement type
C220 C8067 C8066: Mode of transport
C222 C8213 C1131 C3055 C8212 C8453: Transport identification
C223 C7106 C6411: Dangerous goods shipment flashpoint
C224 C8155 C1131 C3055 C8154: Equipment size and type
C228 C8179 C8178: Transport means
C233 M7273 C1131 C3055 C7273 C1131 C3055: Service
C234 C7124 C7088: UNDG information
C235 C8158 C8186: Hazard identification placard details
C236 C8246 C8246 C8246: Dangerous goods label
C237 C8260 C1131 C3055 C3207: Equipment identification
C240 M7037 C1131 C3055 C7036 C7036: Characteristic description
C241 C5153 C1131 C3055 C5152: Duty or tax or fee type
C243 C5279 C1131 C3055 C5278 C5273 C1131 C3055: Duty or tax or fee detail
C270 M6069 M6066 C6411: Control
C272 C7081 C1131 C3055: Item characteristic
C273 C7009 C1131 C3055 C7008 C7008 C3453: Item description
C279 M6064 C6063: Quantity difference information
C280 M6411 C6162 C6152: Range
C288 C5389 C1131 C3055 C5388: Product group
C329 C2013 C2015 C2017: Pattern description
C332 M3496 C1131 C3055: Sales channel identification
C401 M8457 M8459 C7130: Excess transportation information
C402 M7077 M7064 C7143 C7064 C7143: Package type identification
C501 M5245 C5482 C5249 C1131 C3055: Percentage details
C502 C6313 C6321 C6155 C6154: Measurement details
C503 C1004 C1373 C1366 C3453: Document or message details
C504 M6347 C6345 C6343 C6348: Currency details
C506 M1153 C1154 C1156 C4000: Reference
C507 M2005 C2380 C2379: Date or time or period
C509 M5125 C5118 C5375 C5387 C5284 C6411: Price information
C516 M5025 C5004 C6345 C6343 C4405: Monetary amount
C517 C3225 C1131 C3055 C3224: Location identification
C519 C3223 C1131 C3055 C3222: Related location one identification
C522 M4403 C4401 C1131 C3055 C4400: Instruction
C524 C4079 C1131 C3055 C4078: Handling instructions
C529 M7365 C1131 C3055 C7187: Processing indicator
C531 C7075 C7233 C7073: Packaging details
C532 C8395 C8393: Returnable package details
C533 M5289 C1131 C3055: Duty or tax or fee account detail
C534 C4439 C4431 C4461 C1131 C3055 C4435: Payment instruction details
C536 M4065 C1131 C3055: Contract and carriage condition
C537 M4219 C1131 C3055: Transport priority
C550 M7295 C1131 C3055 C7294: Requirement or condition identification
C552 C1230 C5189: Allowance or charge information
C553 C3233 C1131 C3055 C3232: Related location two identification
C555 M9011 C1131 C3055 C9010: Status
C556 M9013 C1131 C3055 C9012: Status reason
C564 C7007 C1131 C3055 C7006: Physical or logical state information
C585 C4037 C1131 C3055 C4036: Priority details
C595 M1171 C1131 C3055 C1170: Accounting journal identification
C596 M4475 C1131 C3055 C4474: Accounting entry type details
C601 M9015 C1131 C3055: Status category
C703 M7085 C1131 C3055: Nature of cargo
C819 C3229 C1131 C3055 C3228: Country sub-entity details
C823 C7505 C1131 C3055 C7504: Type of unit or component
C824 C7507 C1131 C3055 C7506: Component material
C827 M7511 C1131 C3055: Type of marking
C829 C5495 C1082: Sub-line information
C849 M3301 C3285: Parties to instruction
C850 M4405 C3036: Status of instruction
C889 C7111 C1131 C3055 C7110 C7110: Characteristic value
C901 M9321 C1131 C3055: Application error detail
C960 C4295 C1131 C3055 C4294: Reason for change
S002 M0004 C0007 C0008 C0042: Interchange sender
S003 M0004 C0007 C0008 C0042: Interchange recipient
S006 M0040 C0007: Application sender identification
S007 M0044 C0007: Application recipient identification
S009 M0065 M0052 M0054 M0051 C0057 C0110 C0113: Message identifier
S010 M0070 C0073: Status of the transfer
S011 M0098 C0104 C0136: Data element identification
"""

SEGMENTS = """
AJT M4465 C1082: Adjustment details
ALC M5463 CC552 C4471 C1227 CC214: Allowance or charge
ALI C3239 C9213 C4183 C4183 C4183 C4183 C4183: Additional information
APR C4043 CC138 CC960: Additional price information
BGM CC002 C1004 C1225 C4343: Beginning of message
CAV MC889: Characteristic value
CCI C7059 CC502 CC240: Characteristic or class identification
CDI M7001 MC564: Physical or logical state
CED M1501 MC079 C9448: Computer environment details
CNT MC270: Control total
COD CC823 CC824: Component details
COM MC076: Communication contact
CPS M7164 C7166 C7075: Consignment packing sequence
CTA C3139 CC056: Contact information
CUX CC504 CC504 C5402 C6341: Currencies
DGS C8273 CC205 CC234 CC223 C8339 C8364 C8410 C8126 CC235 CC236 C8255 C8325 C8211: Dangerous goods
DLM C4455 CC522 CC214 C4457: Delivery limitations
DOC MC002 CC503 C3153 C1220 C1218: Document or message details
DTM MC507: Date or time or period
EFI MC077 CC099 C1050 C9450: External file link identification
EQA M8053 CC237: Attached equipment
EQD M8053 CC237 CC224 C8077 C8249 C8169: Equipment details
ERC MC901: Application error information
FII M3035 CC078 CC088 C3207: Financial institution information
FTX M4451 C4453 CC107 CC108 C3453: Free text
GEI M9649 CC012 C7187: Processing information
GIN M7405 MC208 CC208 CC208 CC208 CC208: Goods identity number
GIR M7297 MC206 CC206 CC206 CC206 CC206: Related identification numbers
GIS MC529: General indicator
HAN CC524 CC218: Handling instructions
HYN M7173 C7171 C1229 CC212 C7166: Hierarchy information
IMD C7077 C7081 CC273 C7383: Item description
INP CC849 CC522 CC850 C1229: Parties and instruction
INV C4501 C7491 C4499 C4503 CC522: Inventory management related details
LIN C1082 C1229 CC212 CC829 C1222 C7083: Line item
LOC M3227 CC517 CC519 CC553 C5479: Place or location identification
MEA M6311 CC502 CC174 C7383: Measurements
MKS M7293 MC332 C1229: Market or sales channel information
MOA MC516: Monetary amount
MTD M7495 C4513 C3005 C3009: Maintenance operation details
NAD M3035 CC082 CC058 CC080 CC059 C3164 C3229 C3251 C3207: Name and address
PAC C7224 CC531 CC202 CC402 CC532: Package
PAI MC534: Payment instructions
PAT M4279 CC110 CC112: Payment terms basis
PCD MC501: Percentage details
PCI C4233 CC210 C8275 CC827: Package identification
PGI M5379 CC288: Product group information
PIA M4347 MC212 CC212 CC212 CC212 CC212: Additional product identification
PRI CC509 C5213: Price details
PTY M4035 CC585: Priority
QTY MC186: Quantity
QVR CC279 C4221 CC960: Quantity variances
RCS M7293 CC550 C1229: Requirements and conditions
RFF MC506: Reference
RJL CC595 CC596: Accounting journal identification
RNG M6167 CC280: Range details
RTE MC128: Rate details
SCC M4017 C4493 CC329: Scheduling conditions
SEL M9308 CC215 C4517: Seal number
SGP MC237 C7224: Split goods placement
STG M9421 C6426 C6428: Stages
STS CC601 CC555 CC556 CC556 CC556 CC556 CC556: Status
TAX M5283 CC241 CC533 C5286 CC243 C5305 C3446: Duty or tax or fee details
TDT M8051 C8028 CC220 CC228 CC040 C8101 CC401 CC222 C8281: Transport information
TMD CC219 C8332 C8341: Transport movement details
TOD C4055 C4215 CC100: Terms of delivery or transport
TRU M7402 C1056 C1058 C7175 C3055: Technical rules
TSR CC536 CC233 CC537 CC703: Transport service requirements
UCD M0085 MS011: Data element error indication
UCF M0048 MS006 MS007 M0083 C0085 C0013 CS011: Functional group response
UCI M0020 MS002 MS003 M0083 C0085 C0013 CS011: Interchange response
UCM M0062 MS009 M0083 C0085 C0013 CS011: Message response
UCS M0096 C0085: Segment error indication
UNH M0062 MS009 C0068 CS010: Message header
UNS M0081: Section control
UNT M0074 M0062: Message trailer
"""

D01B_COMPOSITES = """
C218 C7419 C1131 C3055 C7418: Hazardous material
C503 C1004 C1373 C1366 C3453 C1056 C1060: Document or message details
C506 M1153 C1154 C1156 C4000 C1060: Reference
C555 M4405 C1131 C3055 C4404: Status
"""

D01B_SEGMENTS = """
BGM CC002 CC106 C1225 C4343: Beginning of message
CCI C7059 CC502 CC240 C4051: Characteristic or class identification
FTX M4451 C4453 CC107 CC108 C3453 C4447: Free text
IMD C7077 CC272 CC273 C7383: Item description
NAD M3035 CC082 CC058 CC080 CC059 C3164 CC819 C3251 C3207: Name and address
PCD MC501 C4405: Percentage details
RCS M7293 CC550 C1229 C3207: Requirements and conditions
RTE MC128 C4405: Rate details
SEL C9308 CC215 C4517 CC208: Seal number
TAX M5283 CC241 CC533 C5286 CC243 C5305 C3446 C1227: Duty or tax or fee details
"""
