"""`check`: what is in files and what is wrong with them, for a person or as JSON. A file is never held whole."""

import argparse
from collections.abc import Iterator

from edi.command.files import LIMITS, opened
from edi.command.human import HumanReport
from edi.command.machine import JsonReport
from edi.mapping import Closed, Event, Finding, Message, Opened, Severity, stream

_FINDINGS_AT_MOST = 20_000


def run(options: argparse.Namespace) -> int:
    """1 when any file has an error, else 0."""
    report = JsonReport() if options.json else HumanReport()
    errors = 0
    for name in options.files:
        with opened(name) as file:
            errors += check(name, stream(file, limits=LIMITS), report)
    report.finish(len(options.files))
    return 1 if errors else 0


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
