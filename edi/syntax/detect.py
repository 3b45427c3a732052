"""Which standard a file is in, told from its first bytes."""

import re
from typing import Literal

from edi.syntax.findings import Findings
from edi.syntax.source import Source

Family = Literal["edifact", "x12", "xml", "unknown"]

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_EBCDIC = (b"\xc9\xe2\xc1", b"\xe4\xd5\xc1", b"\xe4\xd5\xc2")  # ISA, UNA, UNB in any EBCDIC code page
_EBCDIC_BLANKS = b"\x40\x15\x25\x0d\x05\x00"
_WHITESPACE = b" \t\r\n\x00\x1a"
_SIGNS = re.compile(
    r"(?P<x12>ISA[^A-Za-z0-9\s]\d\d[^A-Za-z0-9\s])"
    r"|(?P<edifact>UNA[^A-Za-z0-9\s]{2}[\s\S]{4}\s|UNA[\s\S]{6}UN[BGH]|UNB[^A-Za-z0-9\s][A-Z]{3}|UNH[+\x1d][^+]{1,20}\+[A-Z]{6}:|UNG[+\x1d])"
    r"|(?P<xml><\?xml\s|<!(?:DOCTYPE|--)|<[A-Za-z_][\w.:-]{0,99}[\s>/])",
    re.ASCII,  # in which the control characters that may be separators are no blanks
)
_SEARCHED = 4096


def detect(source: Source, findings: Findings) -> tuple[Family, int]:
    """The family of `source` and the byte where it begins; what stands before that is reported."""
    _recode_ebcdic(source, findings)
    data = source.text.encode("latin-1")
    start = 3 if data.startswith(_UTF8_BOM) else 0
    start += len(data[start:]) - len(data[start:].lstrip(_WHITESPACE))
    if start >= len(data):
        findings.error("empty-file", "The file is empty.", source.place(0))
        return "unknown", 0
    if data.startswith(_UTF16_BOMS) or data[start : start + 2] == b"<\x00":
        return _utf16(source, findings)
    match = _SIGNS.match(source.text, start) or _sign_further_on(source, start)
    if match is None:
        return _unknown(source, start, findings)
    if match.start() > start:
        message = (
            f"There are {match.start() - start} bytes before the document that belong to nothing; they were skipped."
        )
        place = source.place(start, match.start())
        findings.warning("leading-bytes", message, place, value=source.text[start : match.start()])
    family: Family = "x12" if match["x12"] else "edifact" if match["edifact"] else "xml"
    return family, match.start()


def _recode_ebcdic(source: Source, findings: Findings) -> None:
    """Read a file of a mainframe in its own code page. 037 and 500 differ in a few signs: the one is taken in which
    fewer of them fall outside of ASCII."""
    if source.data.lstrip(_EBCDIC_BLANKS)[:3] not in _EBCDIC:
        return
    head = source.data[:_SEARCHED]
    codec = min(("cp037", "cp500"), key=lambda name: sum(char > "\x85" for char in head.decode(name)))
    source.recode(codec)
    message = f"The file is in EBCDIC; it was read in code page {codec[2:]}."
    findings.note("ebcdic", message, source.place(0, 3), value=codec)


def _sign_further_on(source: Source, start: int) -> re.Match[str] | None:
    """The first sign of a standard after some junk. XML is only looked for at the very start."""
    for match in _SIGNS.finditer(source.text, start, start + _SEARCHED):
        if not match["xml"] or match[0].startswith("<?xml"):
            return match
    return None


def _utf16(source: Source, findings: Findings) -> tuple[Family, int]:
    if b"<" in source.data[:8]:
        return "xml", 0
    message = (
        "The file is in UTF-16; EDIFACT and X12 need a character set of single bytes. Save it as UTF-8 or Latin-1."
    )
    findings.error("utf16-encoding", message, source.place(0, 2))
    return "unknown", 0


def _unknown(source: Source, start: int, findings: Findings) -> tuple[Family, int]:
    text = source.text[start : start + 40]
    if text.startswith(("STX=", "SCH=", "MHD=")):
        message = "This is TRADACOMS, which is not read here; EDIFACT, X12 and UBL are."
        findings.error("unsupported-standard", message, source.place(start, start + 4), value=text)
    elif text.startswith(("ISA", "UNA", "UNB", "UNH")):
        message = f"The file begins with {text[:3]}, but is cut short or damaged right after it."
        findings.error("header-incomplete", message, source.place(start, start + 3), value=text)
        return ("x12" if text.startswith("ISA") else "edifact"), start
    else:
        message = "This is neither EDIFACT (UNA, UNB) nor X12 (ISA) nor XML; nothing could be read."
        findings.error("unknown-standard", message, source.place(start, start + 3), value=text)
    return "unknown", 0
