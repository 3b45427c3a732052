"""Character sets of EDIFACT syntax identifiers (ISO 9735, data element 0001) and what senders make of them."""

import re

CODECS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp",
    "UNOY": "utf-8",
}

_LEVEL_A = re.compile(r"[A-Z0-9 .,\-()/=!\"%&*;<>'+:?\r\n]*\Z", re.ASCII)
_UTF8 = re.compile(r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def codec_of(identifier: str) -> str | None:
    """The codec of a syntax identifier, None when it is not one of ISO 9735 (IATA's own are taken as ASCII)."""
    return "ascii" if identifier.startswith("IAT") else CODECS.get(identifier)


def is_level_a(text: str) -> bool:
    """Whether all of `text` is in the level A repertoire (capitals only)."""
    return bool(_LEVEL_A.match(text))


def real_codec(raw: str, declared: str) -> str:
    """The codec that really decodes `raw` (bytes one to one): UTF-8 when it can only be that, else the declared one,
    else Windows-1252, which also explains every Latin-1 text."""
    data = raw.encode("latin-1")
    for codec in ("utf-8", declared) if _UTF8.search(raw) else (declared,):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "cp1252"


def decode(raw: str, codec: str) -> str:
    """`raw` (bytes one to one) in `codec`; what it cannot say stays as ISO 8859-1, so that nothing is lost."""
    try:
        return raw.encode("latin-1").decode(codec)
    except UnicodeDecodeError:
        return raw
