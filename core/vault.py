"""Secrets at rest: passwords, keys of transports and signing secrets, encrypted with a key derived from SECRET_KEY."""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _fernet(secret: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"filiera.edi.transports").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def _vault() -> MultiFernet:
    """The current key first; those before it (SECRET_KEY_FALLBACKS) still open what they closed."""
    return MultiFernet([_fernet(str(each)) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(secrets: Mapping[str, str]) -> str:
    """The secrets as one encrypted, authenticated text; "" for none."""
    kept = {name: value for name, value in secrets.items() if value}
    return _vault().encrypt(json.dumps(kept).encode()).decode() if kept else ""


def unseal(sealed: str) -> dict[str, str]:
    """The secrets again; none where the key has been changed since, so that a transport asks for them anew."""
    if not sealed:
        return {}
    try:
        found = json.loads(_vault().decrypt(sealed.encode()))
    except (InvalidToken, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()}
