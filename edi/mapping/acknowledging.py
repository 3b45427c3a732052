"""The technical answer to an interchange: CONTRL, TA1 and 997, or ApplicationResponse."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from edi.mapping.ack_common import Extra
from edi.mapping.cxml.status import write_response
from edi.mapping.edifact.acknowledging import write_contrl
from edi.mapping.model import Interchange
from edi.mapping.ubl.acknowledging import write_application_response
from edi.mapping.x12.acknowledging import write_functional
from edi.syntax.findings import Finding

_WRITERS = {"edifact": write_contrl, "ubl": write_application_response, "cxml": write_response}


def acknowledge(
    interchange: Interchange,
    *,
    control_number: str,
    prepared_at: datetime,
    extra: Mapping[Any, tuple[Finding, ...]] | None = None,
    functional: Literal["997", "999"] = "997",
) -> bytes | None:
    """The acknowledgement of `interchange` in its own standard, or None where there is nothing to acknowledge.

    `extra` adds findings of the receiver by message reference (an unknown buyer, say), or by (group, reference) where
    X12 repeats references in several groups; those under "" are of the envelope. `functional` chooses 997 or 999 for
    X12. An interchange of acknowledgements only is never acknowledged, nor one that does not say who sent it.
    The caller decides whether to send the answer; `interchange.ack_requested` says if it was asked for.
    """
    messages = interchange.messages
    if messages and all(message.is_acknowledgement for message in messages):
        return None
    found: Extra = {**(extra or {})}
    if interchange.standard == "x12":
        return write_functional(interchange, control_number, prepared_at, found, functional)
    write = _WRITERS.get(interchange.standard)
    return write(interchange, control_number, prepared_at, found) if write else None
