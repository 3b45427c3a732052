"""The technical answer to an interchange: CONTRL, TA1 and 997, or ApplicationResponse."""

from collections.abc import Mapping
from datetime import datetime

from edi.mapping.edifact.acknowledging import write_contrl
from edi.mapping.model import Interchange
from edi.mapping.ubl.acknowledging import write_application_response
from edi.mapping.x12.acknowledging import write_997
from edi.syntax.findings import Finding

_WRITERS = {"edifact": write_contrl, "x12": write_997, "ubl": write_application_response}


def acknowledge(
    interchange: Interchange,
    *,
    control_number: str,
    prepared_at: datetime,
    extra: Mapping[str, tuple[Finding, ...]] | None = None,
) -> bytes | None:
    """The acknowledgement of `interchange` in its own standard, or None where there is nothing to acknowledge.

    `extra` adds findings of the receiver by message reference (an unknown buyer, say); those under "" are of the
    envelope. An interchange of acknowledgements only is never acknowledged, nor one that does not say who sent it.
    The caller decides whether to send the answer; `interchange.ack_requested` says if it was asked for.
    """
    write = _WRITERS.get(interchange.standard)
    messages = interchange.messages
    if write is None or (messages and all(message.is_acknowledgement for message in messages)):
        return None
    return write(interchange, control_number, prepared_at, dict(extra or {}))
