"""`convert`: the documents of a file in another standard, or as JSON."""

import argparse
import json
import sys
from datetime import datetime

from edi.command.files import LIMITS, whole
from edi.command.human import safe
from edi.mapping import Envelope, Finding, Interchange, PartyRef, Severity, read, write
from edi.mapping.writing import WrittenStandard
from orders.codec import dump

# Qualifiers of an address by standard: EDIFACT 0007, X12 I05, ICD of UBL. Others are mutually agreed (ZZ).
_KINDS = (("14", "14", "0088"), ("1", "01", "0060"))
_COLUMNS = {"edifact": 0, "x12": 1, "ubl": 2, "cxml": 2}


def run(options: argparse.Namespace) -> int:
    """The documents go to the standard output, what cannot be said to the standard error; 1 on errors."""
    reading = read(whole(options.file), limits=LIMITS)
    findings = list(reading.all_findings)
    documents = [message.document for i in reading.interchanges for message in i.messages if message.document]
    if not documents:
        sys.stderr.write("edi: there is no document in the file that could be converted\n")
    elif options.to == "json":
        rows = [{"kind": type(document).__name__.removesuffix("Document"), **dump(document)} for document in documents]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        for interchange in reading.interchanges:
            findings += _convert(interchange, options.to)
    for finding in findings:
        sys.stderr.write(f"{finding.severity.value}: {safe(finding.message)} [{finding.code}]\n")
    return 1 if not documents or any(finding.severity is Severity.ERROR for finding in findings) else 0


def _convert(interchange: Interchange, standard: WrittenStandard) -> tuple[Finding, ...]:
    documents = [message.document for message in interchange.messages if message.document]
    if not documents:
        return ()
    envelope = Envelope(
        control_number=interchange.control_number[-9:] or "1",
        sender=_party(interchange.sender, interchange.standard, standard),
        receiver=_party(interchange.receiver, interchange.standard, standard),
        prepared_at=interchange.prepared_at or datetime.now().replace(microsecond=0),
        test=interchange.test,
    )
    written = write(documents, standard=standard, envelope=envelope)
    sys.stdout.flush()
    sys.stdout.buffer.write(written.data)
    return written.findings


def _party(party: PartyRef, source: str, target: str) -> PartyRef:
    """`party` with its qualifier in the words of another standard."""
    if source == target or source not in _COLUMNS:
        return party
    for kind in _KINDS:
        if party.qualifier == kind[_COLUMNS[source]]:
            return PartyRef(party.id, kind[_COLUMNS[target]])
    return PartyRef(party.id, "" if target in ("ubl", "cxml") else "ZZ")
