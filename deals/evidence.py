"""Which files may support a registration: judged by their content, never by their name."""

import re

import puremagic
from django.utils.translation import gettext as _

from core.errors import DomainError

MAX_SIZE = 10_000_000  # octets
ALLOWED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
TEXT = frozenset({".txt", ".csv"})
ALIKE = {".jpeg": ".jpg", ".jfif": ".jpg"}


def inspect(name: str, content: bytes) -> tuple[str, str]:
    """The name to keep and the type of a file. Raises DomainError for one too large, empty, or not what it says."""
    if not content:
        raise DomainError(_("The file is empty."), field="evidence")
    if len(content) > MAX_SIZE:
        raise DomainError(_("The file is larger than 10 MB. Nothing was stored."), field="evidence")
    clean = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]+", " ", name).strip(" .")[-160:] or "file"
    ending = f".{clean.rpartition('.')[2].lower()}" if "." in clean else ""
    if ending not in ALLOWED or not _is_what_it_says(ending, content):
        raise DomainError(
            _("Files may be PDF, images, Office and OpenDocument files, text or CSV. This one is something else."),
            field="evidence",
        )
    return clean, ALLOWED[ending]


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending in TEXT:
        return _is_text(content)
    try:
        found = {
            match.extension.lower()
            for match in puremagic.magic_string(content, f"file{ending}")
            if match.byte_match  # else only the name says so
        }
    except (puremagic.PureError, ValueError):
        return False
    wanted = ALIKE.get(ending, ending)
    return wanted in {ALIKE.get(each, each) for each in found}


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return b"\x00" not in content and not content.startswith((b"%PDF", b"PK", b"\x7fELF", b"MZ"))
