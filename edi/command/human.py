"""The report for people: calm, in the order of the file, in colour only on a terminal."""

import os
import sys

from edi.mapping import Finding, Interchange, Message, Severity

_MESSAGES_AT_MOST = 20
_FINDINGS_AT_MOST = 50
_COLOURS = {"error": "31", "warning": "33", "note": "36", "quiet": "2", "title": "1", "sound": "32"}
_NAMES = {"edifact": "EDIFACT", "x12": "X12", "ubl": "UBL", "cxml": "cXML", "fatturapa": "FatturaPA"}


def safe(text: str) -> str:
    """`text` on one line and without characters that would command the terminal."""
    return "".join(char if char.isprintable() else "·" for char in text)


class HumanReport:
    """Writes to the standard output as it goes."""

    def __init__(self) -> None:
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._listed = self._unlisted = self._refused = 0
        self.counts = dict.fromkeys(Severity, 0)
        self.messages = 0

    def begin(self, name: str) -> None:
        """A file begins."""
        self._write(self._paint("title", safe(name)))

    def open(self, interchange: Interchange) -> None:
        """An interchange begins."""
        self._listed = self._unlisted = self._refused = 0
        standard = _NAMES.get(interchange.standard, interchange.standard)
        mark = "  (test)" if interchange.test else ""
        parties = f"{interchange.sender.id or '?'} → {interchange.receiver.id or '?'}"
        self._write(safe(f"  {standard} {interchange.version}  {interchange.control_number}  {parties}{mark}"))

    def message(self, message: Message) -> None:
        """A message of the open interchange; after the first ones they are only counted."""
        self.messages += 1
        if self._listed >= _MESSAGES_AT_MOST:
            self._unlisted += 1
            self._refused += message.rejected
            return
        self._listed += 1
        verdict = self._paint("error", "refused") if message.rejected else self._paint("sound", "sound")
        count = _count(message.segment_count, "segment") if message.segment_count else ""
        self._write(f"    {safe(f'{message.kind:8} {message.version:8} {message.reference:14} {count:14}')} {verdict}")

    def close(self, interchange: Interchange) -> None:
        """The interchange is over."""
        if self._unlisted:
            refused = f", {self._refused:,} of them refused" if self._refused else ", all sound"
            self._write(f"    … and {self._unlisted:,} more{refused}")

    def end(self, findings: list[Finding]) -> None:
        """The file is over."""
        for finding in findings:
            self.counts[finding.severity] += 1
        for finding in findings[:_FINDINGS_AT_MOST]:
            self._finding(finding)
        if len(findings) > _FINDINGS_AT_MOST:
            self._write(f"  … and {len(findings) - _FINDINGS_AT_MOST:,} more findings")
        if not findings:
            self._write("  " + self._paint("sound", "nothing to remark"))

    def _finding(self, finding: Finding) -> None:
        place = finding.place
        where = f"line {place.line}, column {place.column}" if place.line else "the file"
        tag = f" · {place.tag}" if place.tag else ""
        head = f"  {self._paint(finding.severity.value, f'{finding.severity.value:8}')}{where}{safe(tag)}"
        self._write(f"{head} {self._paint('quiet', finding.code)}")
        self._write(f"          {safe(finding.message)}")

    def finish(self, files: int) -> None:
        """All files are done."""
        counts = [_count(number, severity.value) for severity, number in self.counts.items()]
        self._write(f"{_count(files, 'file')}, {_count(self.messages, 'message')}: {', '.join(counts)}")

    def _paint(self, colour: str, text: str) -> str:
        return f"\033[{_COLOURS[colour]}m{text}\033[0m" if self._coloured else text

    def _write(self, line: str) -> None:
        sys.stdout.write(line + "\n")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
