"""The document inside of a CAdES envelope (.p7m, ETSI EN 319 122): unwrapped by its structure alone.

Who signed, and whether the signature holds, is not judged here: an Italian invoice was checked by the exchange system
(SdI) that delivered it. Needs asn1crypto (the optional extra `edi`); without it the envelope stays closed.
"""

import base64
import binascii
import re

_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # object identifier 1.2.840.113549.1.7.2
_HEAD = 64
_NESTED_AT_MOST = 3
_BASE64 = re.compile(
    rb"\s*(?:-----BEGIN [A-Z0-9 ]{1,30}-----)?\s*(M[A-Za-z0-9+/=\s]+)(?:-----END [A-Z0-9 ]{1,30}-----)?\s*\Z"
)


def is_enveloped(data: bytes) -> bool:
    """Whether `data` begins as CMS signed data, in DER or BER."""
    return data[:1] == b"\x30" and _SIGNED_DATA in data[:_HEAD]


def unwrapped(data: bytes) -> bytes:
    """What the envelope holds, else `data` as it is. Base64 and an envelope in an envelope are opened too."""
    for _ in range(_NESTED_AT_MOST):
        binary = _decoded(data)
        if not is_enveloped(binary):
            return data
        content = _content(binary)
        if not content:
            return data
        data = content
    return data


def _decoded(data: bytes) -> bytes:
    if data[:1] == b"\x30" or not (data[:5].lstrip().startswith(b"MI") or data.lstrip()[:11] == b"-----BEGIN "):
        return data
    found = _BASE64.match(data)
    try:
        return base64.b64decode(found[1]) if found else data
    except (binascii.Error, ValueError):
        return data


def _content(data: bytes) -> bytes:
    """The content that is signed; empty when it stands elsewhere or the envelope is damaged."""
    try:
        from asn1crypto import cms
    except ImportError:  # pragma: no cover - the optional extra is not installed
        return b""
    try:
        content = cms.ContentInfo.load(data)["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, RecursionError):
        return b""
    return content if isinstance(content, bytes) else b""
