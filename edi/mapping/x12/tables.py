"""Code lists of ASC X12 that these mappings translate. Data only; a code that is not here is kept as it was sent."""

from edi.mapping.codes import FUNCTION_OF_BEG01
from orders.documents import LineAnswer, LineChange

# X12 353, purpose of a set: what is neither a change nor a copy of another is an original.
FUNCTION_OF_353 = FUNCTION_OF_BEG01 | dict.fromkeys(("02", "11", "13", "14", "16", "22", "24", "42", "54"), "original")
FUNCTION_OF_353 |= {"15": "duplicate", "18": "duplicate"}

# X12 355 → UN/ECE Recommendation 20 (or 21 for packages), where the codes differ. All others are the same in both, or
# are kept as they are.
REC20_OF_UNIT = {
    "AS": "AS",
    "BD": "BE",  # bundle
    "BG": "BG",
    "BO": "BO",
    "BX": "BX",
    "CA": "CS",  # case; CA is a can in Recommendation 21
    "CF": "FTQ",  # cubic feet
    "CI": "INQ",
    "CM": "CMT",
    "CN": "CX",  # can
    "CR": "MTQ",
    "CY": "YDQ",
    "DA": "DAY",
    "DZ": "DZN",
    "FO": "OZA",  # fluid ounce
    "FT": "FOT",
    "GA": "GLL",
    "GR": "GRM",
    "GS": "GRO",  # gross
    "HR": "HUR",
    "IN": "INH",
    "KG": "KGM",
    "LB": "LBR",
    "LO": "LO",
    "LT": "LTR",
    "ME": "MGM",
    "ML": "MLT",
    "MM": "MMT",
    "MO": "MON",
    "MP": "TNE",
    "MR": "MTR",
    "OZ": "ONZ",
    "PH": "PK",  # pack
    "PL": "PF",  # pallet
    "PT": "PT",
    "QT": "QT",
    "RL": "RO",  # roll; RO stays a round in X12
    "SF": "FTK",
    "SM": "MTK",
    "ST": "SET",
    "SY": "YDK",
    "TH": "MIL",
    "TN": "STN",  # short ton
    "WK": "WEE",
    "YD": "YRD",
    "YR": "ANN",
}
# Recommendation 20 → X12 355; several of the first are one of the second.
UNIT_OF_REC20 = {rec: unit for unit, rec in REC20_OF_UNIT.items()} | {
    **dict.fromkeys(("C62", "H87", "PCE", "NAR", "EA", "XUN"), "EA"),
    "XCT": "CT",
    "XCS": "CA",
    "XPK": "PK",
    "PK": "PK",
    "XBX": "BX",
    "XBG": "BG",
    "XPF": "PL",
    "XPX": "PL",
    "XRO": "RL",
    "NPR": "PR",
    "CEN": "HU",
    "LS": "LO",
    "KMT": "DK",
    "HLT": "HL",
    "TON": "LG",
}
# The rest of X12 355 that trade in goods uses, as it is.
_SAME = (
    "1N 4G 8P AM AP AY BA BC BF BK BL BP BR BU BZ C0 CC CG CH CL CP CQ CS CT CW CX DC DG DI DR DS DT DU E3 EA EV FR "
    "GL GY HC HH HU HY JA JR KE KH KT LA LF LG LI LK LM LR LS MC MI MJ N7 NC NT OP P1 P2 P3 P4 P5 P6 P8 P9 PA PC PD "
    "PE PF PG PK PP PR PS RA RD RE RG RM RO SA SE SH SL SO SQ SR SV SX SZ TB TE TK TM TR TU TY U2 UN VC VI W2 X1 YL "
    "Z8 ZZ"
)
SAME_UNITS = frozenset(_SAME.split(" "))

# X12 587 in BAK02 and BCA02, acknowledgment type.
ANSWER_OF_587 = {
    "AC": "accepted_with_changes",
    "AD": "accepted",
    "AE": "accepted_with_changes",
    "AT": "accepted",
    "RD": "rejected",
    "RF": "rejected",
    "RJ": "rejected",
    "RO": "accepted_with_changes",
}
CODE_587 = {"accepted": "AD", "accepted_with_changes": "AC", "rejected": "RD", "acknowledged": "AK"}

# X12 668 in ACK01, line item status.
ANSWER_OF_668 = (
    dict.fromkeys(("IA", "AA", "AC", "AR", "IE", "SP", "DA"), LineAnswer.ACCEPTED)
    | dict.fromkeys(("IC", "IP", "IQ", "IS", "DR", "IM", "SC"), LineAnswer.CHANGED)
    | dict.fromkeys(("IR", "ID", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "RJ"), LineAnswer.REJECTED)
    | dict.fromkeys(("IB", "BP", "IF", "IH", "IW", "OH"), LineAnswer.BACKORDERED)
)

# X12 670 in POC02, change or response type.
CHANGE_OF_670 = {"AI": LineChange.ADDED, "DI": LineChange.DELETED, "NC": LineChange.UNCHANGED}
CODE_670 = {
    LineChange.ADDED: "AI",
    LineChange.DELETED: "DI",
    LineChange.CHANGED: "CA",
    LineChange.UNCHANGED: "NC",
}

# X12 640 in BIG07, transaction type: what kind of invoice it is.
KIND_OF_640 = {"CR": "credit_note", "CN": "credit_note", "DR": "debit_note", "PP": "prepayment", "CO": "corrected"}
CODE_640 = {"invoice": "DI", "credit_note": "CR", "debit_note": "DR", "prepayment": "PP", "corrected": "CO"}

# X12 963 in TXI01, tax type.
TAX_OF_963 = {"VA": "VAT", "GS": "GST", "ST": "STT", "LS": "LOC", "SA": "STT"}
CODE_963 = {"VAT": "VA", "GST": "GS", "STT": "ST", "LOC": "LS"}

# X12 1300 where another standard's code says the same (UN/EDIFACT 5189 and 7161).
CODE_1300 = {"FC": "D240", "DI": "C310", "TD": "F910", "PC": "F050", "IN": "D980", "HD": "D500", "95": "C310"}
CHARGE_1300, ALLOWANCE_1300 = "G830", "C310"  # shipping and handling; discount

# X12 673 in QTY01: what a quantity counts.
COUNT_OF_673 = {"17": "on_hand", "33": "available", "63": "on_order", "32": "sold", "38": "ordered", "57": "minimum"}
CODE_673 = {word: code for code, word in COUNT_OF_673.items()}

# X12 236 in CTP02: kind of price.
PRICE_OF_236 = dict.fromkeys(("RTL", "MSR", "RES", "SRP"), "retail") | dict.fromkeys(("LPR", "CAT", "GRO"), "gross")
PRICE_OF_236 |= dict.fromkeys(("NET", "CON", "UCP", "WHL", "DIS"), "net")
CODE_236 = {"net": "UCP", "gross": "LPR", "retail": "RTL"}
UNIT_PRICES_236 = frozenset({"UCP", "CON", "NET", "CUP", "DIS", "PRO"})

# X12 875 in G5301: what happens to a line of a catalogue.
ACTION_OF_875 = {"001": "update", "002": "delete", "003": "update", "004": "unchanged", "021": "add"}
CODE_875 = {"update": "001", "delete": "002", "unchanged": "004", "add": "021"}

# X12 103 (its first three characters) → UN/ECE Recommendation 21.
KIND_OF_103 = {
    "BAG": "BG",
    "BDL": "BE",
    "BOX": "BX",
    "CAS": "CS",
    "CTN": "CT",
    "CRT": "CR",
    "DRM": "DR",
    "PAL": "PX",
    "PCS": "PP",
    "PKG": "PK",
    "PLT": "PX",
    "ROL": "RO",
    "SKD": "SI",
    "TBN": "TB",
}
CODE_103 = {kind: code for code, kind in KIND_OF_103.items() if code != "PAL"}

# X12 718 in TED01 and 110 in OTI01: application advice.
VERDICT_OF_110 = {
    "A": "accepted",
    "E": "accepted_with_errors",
    "C": "accepted_with_errors",
    "P": "partly",
    "R": "rejected",
}
LEVEL_OF_110 = {"T": "document", "I": "document", "G": "group", "B": "interchange"}
CODE_110 = {"accepted": "A", "received": "A", "accepted_with_errors": "E", "partly": "P", "rejected": "R"}

# AK501, AK901, IK501 and TA104: what an acknowledgement says.
VERDICT_OF_715 = {"A": "accepted", "E": "accepted_with_errors", "P": "partly"}  # all others refuse

# X12 740 in RMR / X12 426 in ADX02: a few reasons of adjustment in words.
REASON_OF_426 = {
    "01": "Pricing error",
    "04": "Item not accepted: damaged",
    "06": "Quantity contested",
    "55": "Tax deducted",
}
