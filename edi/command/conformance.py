"""`conformance`: the verdict on every file of a folder beside what its MANIFEST.tsv says of it, as Markdown."""

import argparse
import csv
import sys
from collections import Counter
from pathlib import Path

from edi.mapping import Finding, Reading, Severity, read

_CODES = 4
_NOT_READ = frozenset({"unsupported-message", "unsupported-document", "unsupported-standard", "unknown-standard"})
_HEAD = """# Conformance

What `python -m edi conformance FOLDER` says of a collection of {count} real files of many senders: what its manifest
knows of each file, our verdict, and the codes of what was found first. "bad" in the manifest means that a file was
found to be broken by other means. Made by the command; do not edit.

{totals}

| file | type | manifest | verdict | findings |
|---|---|---|---|---|
"""


def run(options: argparse.Namespace) -> int:
    """The table goes to the standard output."""
    with (options.folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if (options.folder / row["file"]).is_file()]
    verdicts = [(row, read((options.folder / row["file"]).read_bytes())) for row in rows]
    counts = Counter((row["bad"] or "sound", verdict_of(reading)) for row, reading in verdicts)
    totals = "\n".join(f"- manifest {said}, verdict {verdict}: {n}" for (said, verdict), n in sorted(counts.items()))
    sys.stdout.write(_HEAD.format(count=len(rows), totals=totals))
    for row, reading in verdicts:
        codes = ", ".join(dict.fromkeys(finding.code for finding in _worst_first(reading)))
        shown = ", ".join(codes.split(", ")[:_CODES])
        kind = row["message_type"].replace("|", "/") or "–"
        sys.stdout.write(f"| {Path(row['file'])} | {kind} | {row['bad']} | {verdict_of(reading)} | {shown} |\n")
    return 0


def verdict_of(reading: Reading) -> str:
    """ "refused" when something in the file is, "not read" when that is only because its kind is not read here,
    "remarked" when it is taken with a warning, else "sound"."""
    severities = {finding.severity for finding in reading.all_findings}
    errors = {finding.code for finding in reading.all_findings if finding.severity is Severity.ERROR}
    if errors:
        return "not read" if errors <= _NOT_READ else "refused"
    return "remarked" if Severity.WARNING in severities else "sound"


def _worst_first(reading: Reading) -> list[Finding]:
    order = list(Severity)
    return sorted(reading.all_findings, key=lambda finding: order.index(finding.severity))
