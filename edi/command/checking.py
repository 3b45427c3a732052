"""`check`: what is in files and what is wrong with them, for a person or as JSON. A file is never held whole."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from edi.command.files import LIMITS, opened, whole
from edi.command.human import HumanReport
from edi.command.machine import JsonReport
from edi.mapping import Closed, Event, Finding, Message, Opened, Reading, Severity, stream
from edi.mapping.ubl.strict import validate

_FINDINGS_AT_MOST = 20_000


def run(options: argparse.Namespace) -> int:
    """1 when any file has an error, else 0."""
    report = JsonReport() if options.json else HumanReport()
    errors = 0
    for name in options.files:
        if options.strict:
            errors += _check_strictly(name, whole(name), options.rules, report)
            continue
        with opened(name) as file:
            errors += check(name, stream(file, limits=LIMITS), report)
    report.finish(len(options.files))
    return 1 if errors else 0


def _check_strictly(name: str, data: bytes, rules: list[Path], report: "JsonReport | HumanReport") -> int:
    """As `check`, and UBL by its schema and the rules that were given. The file is held whole."""

    def events() -> Iterator[Event]:
        is_ubl = False
        for event in stream(BytesIO(data), limits=LIMITS):
            is_ubl = is_ubl or (isinstance(event, Closed) and event.interchange.standard == "ubl")
            if is_ubl and isinstance(event, Reading):
                yield replace(event, findings=(*event.findings, *validate(data, rules)))
            else:
                yield event

    return check(name, events(), report)


def check(name: str, events: Iterator[Event], report: "JsonReport | HumanReport") -> int:
    """Hand the events of one file to a report; the number of errors."""
    report.begin(name)
    findings = Kept()
    for event in events:
        if isinstance(event, Opened):
            report.open(event.interchange)
        elif isinstance(event, Message):
            report.message(event)
            findings.take(event.findings)
        elif isinstance(event, Closed):
            for message in event.interchange.messages:
                report.message(message)
            findings.take(event.interchange.all_findings)
            report.close(event.interchange)
        else:
            findings.take(event.findings)
    report.end(findings.items)
    return findings.errors


class Kept:
    """The findings of one file, all counted and as many kept as anybody will read."""

    def __init__(self) -> None:
        self.items: list[Finding] = []
        self.errors = 0

    def take(self, findings: tuple[Finding, ...]) -> None:
        """Add the findings of one part of the file."""
        self.errors += sum(finding.severity is Severity.ERROR for finding in findings)
        self.items.extend(findings[: max(0, _FINDINGS_AT_MOST - len(self.items))])
