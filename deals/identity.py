"""By what a company is recognised: VAT number, web domain, normalised name. Pure functions, the same on every door."""

import re
import unicodedata
from typing import NamedTuple

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError as InvalidNumber

_FORMS = (
    "spa srl srls snc sas sapa scarl scrl coop gmbh mbh ag kg ohg ug se co ltd limited plc llp llc inc corp "
    "corporation company bv nv sa sarl sasu eurl sl slu lda ab as asa aps oy oyj sro doo kft"
)
_SHARED = (
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com yahoo.it icloud.com libero.it virgilio.it "
    "tiscali.it alice.it tin.it pec.it legalmail.it gmx.de gmx.net web.de t-online.de orange.fr free.fr wanadoo.fr "
    "proton.me protonmail.com aol.com facebook.com linkedin.com wixsite.com wordpress.com github.io"
)
LEGAL_FORMS = frozenset(_FORMS.split())
SHARED_DOMAINS = frozenset(_SHARED.split())
LEGAL_PHRASES = (" sp z oo", " a s", " s a", " pty", " e c")
SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "gouv", "gob"})
# Letters that NFKD does not take apart.
FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class Key(NamedTuple):
    """One way to recognise a company; kinds in the order of their strength are vat, domain, name."""

    kind: str
    value: str


def name_key(name: str) -> str:
    """The name without accents, case, punctuation and legal form: "Società Adige S.p.A." → "societa adige"."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(FOLDED)
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    # "S.p.A." and "G.m.b.H." are one word; "&" and other signs part words.
    joined = re.sub(r"\b((?:\w\.\s?){1,4}\w)\b\.?", lambda match: re.sub(r"[.\s]", "", match.group(1)), plain)
    words = re.findall(r"\w+", joined)
    kept = [word for word in words if word not in LEGAL_FORMS]
    plain = " ".join(kept or words)[:200]
    for phrase in LEGAL_PHRASES:
        plain = plain.removesuffix(phrase)
    return plain


def domain_of(text: str) -> str:
    """The registrable domain of an address, URL or e-mail; empty for none and for hosts that many share."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().casefold()).rpartition("@")[2]
    host = re.split(r"[/:?#\s]", host, maxsplit=1)[0].strip(".")
    labels = host.split(".")
    if len(labels) < 2 or not all(re.fullmatch(r"[^\W_](?:[\w-]*[^\W_])?", label) for label in labels):
        return ""
    keep = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2 else 2
    domain = ".".join(labels[-keep:])
    return "" if domain in SHARED_DOMAINS else domain


def vat_number(country: str, text: str) -> str:
    """The VAT number in its compact form with the country in front: ("IT", "01234567897") → "IT01234567897".

    Checked by the country's own rule where there is one; raises ValueError for a number that breaks it.
    """
    compact = re.sub(r"[\s./-]", "", text).upper()
    if not compact:
        return ""
    prefix = "EL" if country == "GR" else country
    digits = compact.removeprefix(prefix)
    rule = get_cc_module(country.lower(), "vat")
    if rule is None:
        if not re.fullmatch(r"[A-Z0-9]{4,16}", digits):
            raise ValueError(text)
        return f"{prefix}{digits}"
    try:
        number = str(rule.validate(digits))
    except InvalidNumber as error:
        raise ValueError(text) from error
    return f"{prefix}{number.removeprefix(prefix)}"


def keys_of(*, name: str, country: str, vat: str = "", domain: str = "", postcode: str = "") -> list[Key]:
    """Every key by which a company may be recognised, the strongest first."""
    keys = []
    if vat:
        keys.append(Key("vat", vat))
    if domain:
        keys.append(Key("domain", domain))
    if plain := name_key(name):
        keys.append(Key("name", f"{plain}|{country}|{re.sub(r'[^0-9A-Z]', '', postcode.upper())}"))
    return keys
