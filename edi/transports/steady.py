"""When a file in a watched folder may be taken: not a draft by its name, and unchanged since it was last seen."""

import secrets
from hashlib import sha256
from time import time

from django.core.cache import cache

SIZE_AT_MOST = 20_000_000  # as one document may have
SETTLED_SECONDS = 60
_DRAFTS = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".writing", "~")
_DAY = 86_400


def is_partial(name: str) -> bool:
    """Whether a name says that its writer has not finished: hidden, or with an ending that programs give to drafts."""
    return name.startswith((".", "~")) or name.lower().endswith(_DRAFTS)


def is_steady(key: str, size: int, modified: float) -> bool:
    """Whether a file has stopped growing: last written over a minute ago, or the same size and time as when it was last
    looked at. An empty file is taken for one that was just begun."""
    if not size:
        return False
    if time() - modified > SETTLED_SECONDS:
        return True
    name, now = f"edi.steady.{sha256(key.encode()).hexdigest()}", f"{size}|{modified}"
    before = cache.get(name)
    cache.set(name, now, _DAY)
    return before == now


def archived_name(name: str) -> str:
    """A name in the archive that no earlier file has."""
    return f"{int(time())}-{secrets.token_hex(3)}-{name}"[:200]


def safe_name(name: str) -> str:
    """A file name of letters, digits and a few signs, which no system takes for a path or an option."""
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "_" for letter in name)
    return kept.lstrip(".-")[:100] or "document"
