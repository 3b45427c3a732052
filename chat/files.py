"""Files of messages: which are taken, checked by their content and not by what they say they are."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from core.errors import DomainError

MAX_SIZE = 20_000_000
MAX_FILES = 10
HEAD = 8192
MAX_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its content type, and the proof that the bytes are of it."""

    content_type: str
    proven: Callable[[UploadedFile], bool]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be stored: its content is what its name says."""

    file: UploadedFile
    name: str
    content_type: str
    size: int


def _signed(*endings: str) -> Callable[[UploadedFile], bool]:
    """Proof by the signature at the start of the file."""

    def proven(file: UploadedFile) -> bool:
        head = _head(file)
        try:
            found = puremagic.magic_string(head)
        except (puremagic.PureError, ValueError):
            return False
        return any(match.extension.lower() in endings for match in found)

    return proven


def _package(folder: str) -> Callable[[UploadedFile], bool]:
    """Proof that a ZIP is an Office Open XML package (ECMA-376 part 2) with that main folder."""

    def proven(file: UploadedFile) -> bool:
        names = _names_in_zip(file)
        return "[Content_Types].xml" in names and any(name.startswith(f"{folder}/") for name in names)

    return proven


def _open_document(file: UploadedFile) -> bool:
    """Proof that a ZIP is an OpenDocument package (ODF 1.3 part 2): it names its type first."""
    return {"mimetype", "content.xml"} <= _names_in_zip(file)


def _text(file: UploadedFile) -> bool:
    """Proof that a file is text: no NUL and no other control characters of binary files."""
    head = _head(file)
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13, 28, 29, 30, 31) for byte in head)
    return b"\0" not in head and controls == 0


def _head(file: UploadedFile) -> bytes:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head


def _names_in_zip(file: UploadedFile) -> set[str]:
    file.seek(0)
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            entries = archive.infolist()
            return {entry.filename for entry in entries} if len(entries) <= MAX_ENTRIES else set()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return set()
    finally:
        file.seek(0)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
KINDS: dict[str, Kind] = {
    ".png": Kind("image/png", _signed(".png")),
    ".jpg": Kind("image/jpeg", _signed(".jpg", ".jpeg", ".jfif")),
    ".jpeg": Kind("image/jpeg", _signed(".jpg", ".jpeg", ".jfif")),
    ".gif": Kind("image/gif", _signed(".gif")),
    ".webp": Kind("image/webp", _signed(".webp")),
    ".pdf": Kind("application/pdf", _signed(".pdf")),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", _package("word")),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _package("xl")),
    ".pptx": Kind(f"{_OFFICE}.presentationml.presentation", _package("ppt")),
    ".odt": Kind(f"{_ODF}.text", _open_document),
    ".ods": Kind(f"{_ODF}.spreadsheet", _open_document),
    ".txt": Kind("text/plain", _text),
    ".csv": Kind("text/csv", _text),
    ".edi": Kind("text/plain", _text),
    ".x12": Kind("text/plain", _text),
    ".xml": Kind("text/plain", _text),
    ".json": Kind("text/plain", _text),
}
ACCEPT = ",".join(KINDS)
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})


def checked(files: Iterable[UploadedFile]) -> list[CheckedFile]:
    """The files as they may be stored. Raises DomainError that names the file and the reason; then none is taken."""
    files = list(files)
    if len(files) > MAX_FILES:
        raise DomainError(_("A message takes %(count)s files at most.") % {"count": MAX_FILES}, field="files")
    return [_checked(file) for file in files]


def _checked(file: UploadedFile) -> CheckedFile:
    name = _clean_name(file.name or "")
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise DomainError(_("“%(name)s” is of a kind that is not taken here.") % {"name": name}, field="files")
    if not file.size:
        raise DomainError(_("“%(name)s” is empty.") % {"name": name}, field="files")
    if file.size > MAX_SIZE:
        limit = {"name": name, "limit": MAX_SIZE // 1_000_000}
        raise DomainError(_("“%(name)s” is larger than %(limit)s MB.") % limit, field="files")
    if not kind.proven(file):
        raise DomainError(_("“%(name)s” is not what its name says. Nothing was sent.") % {"name": name}, field="files")
    return CheckedFile(file, name, kind.content_type, file.size)


def _clean_name(name: str) -> str:
    """The last part of the name, without what file systems and headers trip over, 100 characters with its ending."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    stem, dot, ending = printable.strip(" .").rpartition(".")
    return f"{stem[: 99 - len(ending)]}{dot}{ending}"[-100:] or "file"


def stored_name(name: str) -> str:
    """The name on disk."""
    return get_valid_filename(name)
