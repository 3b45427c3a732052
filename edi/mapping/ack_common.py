"""What the three acknowledgements have in common: the errors of a message or envelope, the receiver's included."""

from edi.mapping.model import Group, Interchange, Message
from edi.syntax.findings import Finding, Severity

Extra = dict[str, tuple[Finding, ...]]


def errors_of(part: Message | Group | Interchange, extra: Extra) -> list[Finding]:
    """The errors of `part` in the order they were found, those that the receiver adds last."""
    key = part.reference if isinstance(part, Message) else "" if isinstance(part, Interchange) else None
    added = extra.get(key, ()) if key is not None else ()
    return [finding for finding in (*part.findings, *added) if finding.severity is Severity.ERROR]
