"""The report for programs: one JSON object a file, written while the file is read.

"valid" is the verdict on the message itself; what is wrong with its group or interchange is among the findings.
"""

import json
import sys

from edi.mapping import Finding, Interchange, Message


def place_of(finding: Finding) -> str:
    """Line and column ("38:7"), else the XPath, else nothing."""
    place = finding.place
    if place.xpath:
        return f"{place.line}:{place.column} {place.xpath}"
    return f"{place.line}:{place.column}" if place.line else ""


class JsonReport:
    """Writes to the standard output as it goes."""

    def __init__(self) -> None:
        self._comma = ""
        self._message_comma = ""

    def begin(self, name: str) -> None:
        """A file begins."""
        self._comma = ""
        self._write('{"file": ' + json.dumps(name) + ', "interchanges": [')

    def open(self, interchange: Interchange) -> None:
        """An interchange begins."""
        head = {
            "standard": interchange.standard,
            "version": interchange.version,
            "sender": interchange.sender.id,
            "receiver": interchange.receiver.id,
            "control": interchange.control_number,
            "test": interchange.test,
        }
        self._write(self._comma + json.dumps(head)[:-1] + ', "messages": [')
        self._comma, self._message_comma = ", ", ""

    def message(self, message: Message) -> None:
        """A message of the open interchange."""
        row = {
            "type": message.kind,
            "version": message.version,
            "reference": message.reference,
            "segments": message.segment_count,
            "valid": not message.rejected,
        }
        self._write(self._message_comma + json.dumps(row))
        self._message_comma = ", "

    def close(self, interchange: Interchange) -> None:
        """The interchange is over."""
        self._write("]}")

    def end(self, findings: list[Finding]) -> None:
        """The file is over."""
        rows = [
            {
                "severity": finding.severity.value,
                "code": finding.code,
                "place": place_of(finding),
                "segment": finding.place.tag,
                "message": finding.message,
            }
            for finding in findings
        ]
        self._write('], "findings": ' + json.dumps(rows) + "}\n")

    def finish(self, files: int) -> None:
        """All files are done."""

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
