"""Units of measure: the codes of UN/ECE Recommendation 20 (and 21 for packages) that trade in goods really uses.

Partners write the same unit under several codes (EDIFACT 6411 of 1996 had PCE, X12 355 has EA and PC, Peppol asks
for C62 or EA), so codes that mean one piece are told to be alike.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNITS: list[tuple[str, str | Promise]] = [
    ("C62", _("piece")),
    ("EA", _("each")),
    ("H87", _("piece (H87)")),
    ("PR", _("pair")),
    ("SET", _("set")),
    ("KT", _("kit")),
    ("DZN", _("dozen")),
    ("CEN", _("hundred")),
    ("MIL", _("thousand")),
    ("BX", _("box")),
    ("CT", _("carton")),
    ("CS", _("case")),
    ("PK", _("pack")),
    ("PA", _("packet")),
    ("PF", _("pallet")),
    ("RO", _("roll")),
    ("MTR", _("metre")),
    ("CMT", _("centimetre")),
    ("MMT", _("millimetre")),
    ("KMT", _("kilometre")),
    ("FOT", _("foot")),
    ("INH", _("inch")),
    ("MTK", _("square metre")),
    ("MTQ", _("cubic metre")),
    ("LTR", _("litre")),
    ("MLT", _("millilitre")),
    ("HLT", _("hectolitre")),
    ("GLL", _("US gallon")),
    ("GRM", _("gram")),
    ("KGM", _("kilogram")),
    ("TNE", _("tonne")),
    ("LBR", _("pound")),
    ("ONZ", _("ounce")),
    ("KWH", _("kilowatt hour")),
    ("SEC", _("second")),
    ("MIN", _("minute")),
    ("HUR", _("hour")),
    ("DAY", _("day")),
    ("WEE", _("week")),
    ("MON", _("month")),
    ("ANN", _("year")),
    ("LS", _("lump sum")),
    ("E48", _("service unit")),
    ("ZZ", _("as agreed")),
]
LABELS = dict(UNITS)
# Codes outside the list above, and the one they mean.
SAME_AS = {
    **dict.fromkeys(["EA", "H87", "PCE", "PC", "ST", "NAR", "NMP", "UN", "ZZ", "XUN"], "C62"),
    **dict.fromkeys(["MT", "MR", "LM"], "MTR"),
    **dict.fromkeys(["KG"], "KGM"),
    **dict.fromkeys(["LB"], "LBR"),
    **dict.fromkeys(["LT"], "LTR"),
    **dict.fromkeys(["DZ"], "DZN"),
    **dict.fromkeys(["HR"], "HUR"),
    **dict.fromkeys(["DA"], "DAY"),
    **dict.fromkeys(["FT"], "FOT"),
    **dict.fromkeys(["IN"], "INH"),
    **dict.fromkeys(["GA"], "GLL"),
    **dict.fromkeys(["CA", "XCS"], "CS"),
    **dict.fromkeys(["XCT", "CTN"], "CT"),
    **dict.fromkeys(["XBX"], "BX"),
    **dict.fromkeys(["XPK"], "PK"),
    **dict.fromkeys(["PL", "XPX", "PX"], "PF"),
    **dict.fromkeys(["RL", "XRO"], "RO"),
    **dict.fromkeys(["TON", "T"], "TNE"),
    **dict.fromkeys(["GR"], "GRM"),
    **dict.fromkeys(["MO"], "MON"),
}


def canonical(code: str) -> str:
    """The code that stands for this one and its synonyms; upper case, unknown ones as they are."""
    code = code.strip().upper()
    return SAME_AS.get(code, code)


def is_known(code: str) -> bool:
    """True for a code of Recommendation 20 that the portal can name, or a synonym."""
    return canonical(code) in LABELS


def alike(one: str, other: str) -> bool:
    """True when both codes mean the same unit; an empty one goes with everything."""
    return not one or not other or canonical(one) == canonical(other)


def unit_label(code: str) -> str:
    """The unit in words, or the code itself."""
    return str(LABELS.get(code) or LABELS.get(canonical(code)) or code)
