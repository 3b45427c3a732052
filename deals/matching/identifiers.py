"""Numbers and addresses that name a company beyond its name, each in one compact form. Wrong ones raise ValueError."""

import re
from functools import lru_cache

import phonenumbers
from publicsuffixlist import PublicSuffixList
from stdnum import ean, get_cc_module, lei
from stdnum.exceptions import ValidationError as InvalidNumber

# Whoever writes from here may be anybody; "pec" hosts give certified mail to all Italian companies.
_SHARED = (
    "gmail.com googlemail.com outlook.com outlook.it outlook.de hotmail.com hotmail.it hotmail.fr hotmail.es "
    "hotmail.co.uk live.com live.it msn.com yahoo.com yahoo.it yahoo.fr yahoo.de yahoo.es yahoo.co.uk ymail.com "
    "icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me mail.com zoho.com yandex.com yandex.ru mail.ru "
    "libero.it virgilio.it tiscali.it alice.it tin.it inwind.it iol.it fastwebnet.it teletu.it email.it "
    "pec.it legalmail.it arubapec.it postecert.it pecimprese.it registerpec.it cert.legalmail.it "
    "gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de arcor.de posteo.de mailbox.org online.de "
    "orange.fr free.fr wanadoo.fr laposte.net sfr.fr neuf.fr bbox.fr "
    "telefonica.net terra.es ono.com bluewin.ch hispeed.ch skynet.be telenet.be ziggo.nl kpnmail.nl "
    "btinternet.com sky.com virginmedia.com talktalk.net wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz "
    "facebook.com linkedin.com instagram.com twitter.com x.com youtube.com paginegialle.it paginebianche.it "
    "google.com sites.google.com wix.com jimdo.com squarespace.com wordpress.com blogspot.com amazon.com ebay.com"
)
SHARED_DOMAINS = frozenset(_SHARED.split())
_LABEL = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_CUP = re.compile(r"[A-Z]\d{2}[A-Z]\d{11}")
_CIG = re.compile(r"(?=.*\d)[0-9A-Z]{10}")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=20_000)
def domain_of(text: str) -> str:
    """The registrable domain (publicsuffix.org) of an address, URL or e-mail; empty for none and for hosts that many
    share: "https://shop.acme.co.uk/x" → "acme.co.uk", "anna@gmail.com" → ""."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text[:400].strip().casefold()).rpartition("@")[2]
    host = re.split(r"[/:?#\s]", host, maxsplit=1)[0].strip(".")
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    domain = _suffixes().privatesuffix(host) or ""
    return "" if domain in SHARED_DOMAINS or host in SHARED_DOMAINS or len(domain) > 120 else domain


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


def lei_number(text: str) -> str:
    """A legal entity identifier (ISO 17442): 20 signs, checked by ISO 7064 mod 97-10."""
    try:
        return str(lei.validate(text)) if text.strip() else ""
    except InvalidNumber as error:
        raise ValueError(text) from error


def duns_number(text: str) -> str:
    """A D-U-N-S number: nine digits, which carry no check digit any more."""
    digits = re.sub(r"[\s.-]", "", text)
    if digits and not re.fullmatch(r"[0-9]{9}", digits):
        raise ValueError(text)
    return digits


def gln_number(text: str) -> str:
    """A global location number (GS1): 13 digits with a check digit."""
    try:
        number = str(ean.validate(text)) if text.strip() else ""
    except InvalidNumber as error:
        raise ValueError(text) from error
    if number and len(number) != 13:
        raise ValueError(text)
    return number


def email_of(text: str) -> str:
    """An e-mail address in lower case; what follows a "+" goes, as it is the reader's own sorting."""
    if not text.strip():
        return ""
    local, at, host = text.strip().casefold().rpartition("@")
    if not at or not local or "." not in host or re.search(r"\s|@", local + host) or len(text) > 254:
        raise ValueError(text)
    return f"{local.split('+')[0] or local}@{host.strip('.')}"


@lru_cache(maxsize=20_000)
def phone_number(country: str, text: str) -> str:
    """A telephone number as ITU-T E.164 writes it: ("IT", "045 8001234") → "+390458001234"."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text[:60], country)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def project_number(text: str) -> str:
    """A tender's or project's number without spaces and signs: CIG, CUP, or a notice's number elsewhere."""
    compact = re.sub(r"[\W_]", "", text.upper()).removeprefix("CIG").removeprefix("CUP")
    if text.strip() and not (re.fullmatch(r"[0-9A-Z]{5,40}", compact) and re.search(r"\d", compact)):
        raise ValueError(text)
    return compact


def project_kind(number: str) -> str:
    """ "CUP" (15 signs), "CIG" (10 signs) or "" for another country's or company's own number."""
    return "CUP" if _CUP.fullmatch(number) else "CIG" if _CIG.fullmatch(number) else ""


def postcode_of(country: str, text: str) -> str:
    """A postcode without spaces, signs and country: ("IT", "I-37100") → "37100"."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    without = re.sub(rf"^(?:{country}|{country[:1]})(?=\d{{4,5}}$)", "", compact)
    return without or compact
