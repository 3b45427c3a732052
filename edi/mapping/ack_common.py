"""What the three acknowledgements have in common: the errors of a message or envelope, the receiver's included."""

from edi.mapping.model import Group, Interchange, Message
from edi.syntax.findings import Finding, Severity

# By message reference, or by group and message reference where references repeat; "" is the envelope.
Extra = dict[str | tuple[str, str], tuple[Finding, ...]]


def errors_of(part: Message | Group | Interchange, extra: Extra) -> list[Finding]:
    """The errors of `part` in the order they were found, those that the receiver adds last."""
    added: tuple[Finding, ...] = ()
    if isinstance(part, Message):
        added = extra.get((part.group, part.reference)) or extra.get(part.reference, ())
    elif isinstance(part, Interchange):
        added = extra.get("", ())
    return [finding for finding in (*part.findings, *added) if finding.severity is Severity.ERROR]
