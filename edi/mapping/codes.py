"""Code lists that the mappings translate. Data only; what is not listed keeps the sender's own code."""

from orders.documents import Scheme

# UN/EDIFACT 3055, code list responsible agency; X12 66, identification code qualifier.
SCHEME_OF_AGENCY = {"9": Scheme.GLN, "16": Scheme.DUNS, "91": Scheme.SELLER, "92": Scheme.BUYER}
AGENCY_OF_SCHEME = {Scheme.GLN: "9", Scheme.DUNS: "16", Scheme.SELLER: "91", Scheme.BUYER: "92"}
SCHEME_OF_X12 = {
    "UL": Scheme.GLN,
    "1": Scheme.DUNS,
    "9": Scheme.DUNS,
    "91": Scheme.SELLER,
    "92": Scheme.BUYER,
    "VA": Scheme.VAT,
}
X12_OF_SCHEME = {Scheme.GLN: "UL", Scheme.DUNS: "1", Scheme.SELLER: "91", Scheme.BUYER: "92", Scheme.OTHER: "ZZ"}

# Peppol EAS / ISO 6523: the schemes that are VAT numbers (0211 is Italian VAT, 99xx the others).
VAT_ICD = frozenset(
    {"0211", "0223", "9906"}
    | {f"99{n}" for n in (10, 12, 14, 20, 22, 23, 25, 26, 27, 28, 30, 31, 33, 34, 35, 36, 37, 38, 39, 40)}
    | {f"99{n}" for n in (41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 57)}
)

# References: our word → UN/EDIFACT 1153, X12 128. Reading goes the other way round.
REFERENCE_EDIFACT = {
    "contract": "CT",
    "quotation": "AAG",
    "price_list": "PL",
    "promotion": "PD",
    "customer": "CR",
    "blanket": "BO",
    "order": "ON",
    "despatch": "AAK",
    "invoice": "IV",
}
REFERENCE_X12 = {
    "contract": "CT",
    "quotation": "Q1",
    "price_list": "PL",
    "promotion": "PD",
    "customer": "CO",
    "blanket": "BO",
    "order": "PO",
    "despatch": "SI",
    "invoice": "IV",
}
REFERENCE_WORDS = frozenset({*REFERENCE_EDIFACT, "deal"})
REFERENCE_OF_EDIFACT = {code: word for word, code in REFERENCE_EDIFACT.items()}
REFERENCE_OF_X12 = {code: word for word, code in REFERENCE_X12.items()} | {"PR": "quotation"}

# UN/EDIFACT 1001 and X12 92: kind of order. UN/EDIFACT 1225 and X12 353: function of the message.
KIND_OF_1001 = {"220": "order", "105": "order", "221": "blanket", "224": "rush", "226": "call_off"}
CODE_1001 = {"order": "220", "blanket": "221", "rush": "224", "call_off": "226", "drop_ship": "220", "other": "220"}
KIND_OF_BEG02 = {
    "SA": "order",
    "NE": "order",
    "OS": "order",
    "BK": "blanket",
    "BL": "blanket",
    "RL": "call_off",
    "RO": "rush",
    "RU": "rush",
    "DS": "drop_ship",
}
BEG02_OF_KIND = {"order": "SA", "blanket": "BK", "call_off": "RL", "rush": "RO", "drop_ship": "DS", "other": "OS"}
FUNCTION_OF_1225 = {
    "": "original",
    "9": "original",
    "1": "cancel",
    "3": "cancel",
    "4": "change",
    "5": "replace",
    "6": "confirm",
    "7": "duplicate",
    "31": "duplicate",
}
CODE_1225 = {"original": "9", "cancel": "1", "change": "4", "replace": "5", "confirm": "6", "duplicate": "7"}
FUNCTION_OF_BEG01 = {
    "00": "original",
    "01": "cancel",
    "03": "cancel",
    "04": "change",
    "05": "replace",
    "06": "confirm",
    "07": "duplicate",
}
BEG01_OF_FUNCTION = {
    "original": "00",
    "cancel": "01",
    "change": "04",
    "replace": "05",
    "confirm": "06",
    "duplicate": "07",
}

# Item number qualifiers, UN/EDIFACT 7143 and X12 235.
GTIN_7143 = frozenset({"EN", "UP", "SRV", "EAN"})
SELLER_7143 = frozenset({"SA", "VP", "VN", "SN"})
BUYER_7143 = frozenset({"BP", "IN", "PO"})
GTIN_235 = frozenset({"UP", "EN", "UK", "EO"})
SELLER_235 = frozenset({"VN", "VP", "VC", "VA"})
BUYER_235 = frozenset({"BP", "IN", "CB", "SK", "PI"})
MANUFACTURER_235 = ("MG", "MF", "MN")

# Delivery dates by preference: UN/EDIFACT 2005 and X12 374.
DELIVERY_2005 = ("2", "69", "17", "64", "63", "10", "61", "76")
DELIVERY_374 = ("002", "067", "074", "017", "010", "064", "063", "106")

# X12 639: the price is for so many units.
PRICE_BASE_639 = {"HP": 100, "TP": 1000, "HF": 100, "PN": 10}

# Currencies without or with three decimals (ISO 4217, minor unit); all others have two.
MINOR_UNITS = dict.fromkeys(("JPY", "KRW", "CLP", "VND", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF"), 0) | dict.fromkeys(
    ("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"), 3
)


def reference_word(text: str) -> str:
    """What an XML document calls a reference: one of our words in any case, else its own."""
    word = text.strip().lower()
    return word if word in REFERENCE_WORDS else text
