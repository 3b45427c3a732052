"""An acknowledgement that came in: find the document of ours that it answers, and note the verdict."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.timezone import now

from core.audit import record
from edi import mapping
from edi.mapping import Finding, Place, Severity
from edi.models import Interchange, Message
from edi.recording import note_findings
from edi.reports import Report, reports_in
from orders.documents import AcknowledgementDocument, NoticeError, NoticeVerdict
from partners.actors import Actor

RANK = ("none", "waiting", "overdue", "accepted", "accepted_with_errors", "rejected")
VERDICTS = {
    "accepted": "accepted",
    "accepted_with_errors": "accepted_with_errors",
    "partly": "accepted_with_errors",
    "rejected": "rejected",
}
MOST_ERRORS = 200


@dataclass(frozen=True, slots=True)
class _Said:
    """What an acknowledgement says of one document of ours: the verdict on the whole, and on each message."""

    number: str
    verdict: str
    errors: tuple[NoticeError, ...] = ()
    messages: tuple[NoticeVerdict, ...] = ()


def note_answers(actor: Actor, row: Interchange, message: mapping.Message, raw: bytes) -> tuple[Finding, ...]:
    """Set the acknowledgement status of every document that the message answers, and of each of its messages.

    Only documents that went out to the organisation that now answers are looked at; one for a test or for another
    company never changes them. Findings name those not found.
    """
    unknown = []
    for said in _said(row, message, raw):
        ours = _answered(actor, row, said.number)
        if ours is None:
            unknown.append(said.number)
        elif row.answers_id != ours.pk or ours.acknowledgement != said.verdict:
            _note(actor, row, ours, said)
    if not unknown:
        return ()
    named = ", ".join(unknown[:5])
    text = f"It answers {named}, but no document with that control number was sent to you in this standard."
    return (Finding(Severity.WARNING, "answers-nothing", text, Place(), named[:200]),)


def _said(row: Interchange, message: mapping.Message, raw: bytes) -> Iterator[_Said]:
    document = message.document
    if isinstance(document, AcknowledgementDocument):
        yield from _from_document(document)
    else:
        yield from map(_from_report, reports_in(row.standard, raw))


def _from_report(report: Report) -> _Said:
    return _Said(report.control_number, report.verdict)


def _from_document(document: AcknowledgementDocument) -> Iterator[_Said]:
    """One verdict for each interchange, group or document that is answered; a mere receipt is none."""
    wholes = [each for each in document.verdicts if each.kind != "message"]
    messages = tuple(each for each in document.verdicts if each.kind == "message")
    for whole in wholes:
        inside = tuple(each for each in messages if not each.group or each.group == whole.reference)
        verdict = VERDICTS.get(whole.verdict, "")
        if verdict == "accepted" and any(each.verdict in {"rejected", "accepted_with_errors"} for each in inside):
            verdict = "accepted_with_errors"
        if verdict and whole.reference:
            yield _Said(whole.reference, verdict, whole.errors, inside)
    if not wholes and document.interchange and messages:
        worst = max((VERDICTS.get(each.verdict, "none") for each in messages), key=RANK.index)
        if worst != "none":
            yield _Said(document.interchange, worst, (), messages)


def _answered(actor: Actor, row: Interchange, number: str) -> Interchange | None:
    sent = Interchange.objects.visible_to(actor).outbound_of(actor.organisation.pk)
    expecting = sent.filter(standard=row.standard).exclude(content=Interchange.Content.ACKNOWLEDGEMENT)
    if row.counterpart_id:
        expecting = expecting.filter(counterpart=row.counterpart_id)
    padded = {number, number.lstrip("0"), number.zfill(9)} - {""}
    return expecting.select_for_update(of=("self",)).filter(control_number__in=padded).order_by("-pk").first()


def _note(actor: Actor, row: Interchange, ours: Interchange, said: _Said) -> None:
    ours.acknowledgement = max(ours.acknowledgement, said.verdict, key=RANK.index)
    ours.acknowledged_at = now()
    ours.save(update_fields=["acknowledgement", "acknowledged_at"])
    row.answers = ours
    row.save(update_fields=["answers"])
    _note_messages(ours, said)
    record(
        actor=actor,
        verb="edi.acknowledged",
        target=ours,
        verdict=str(ours.get_acknowledgement_display()),
        related=[["orders.order", pk] for pk in ours.messages.exclude(order=None).values_list("order", flat=True)],
    )


def _note_messages(ours: Interchange, said: _Said) -> None:
    """What the receiver found, as findings of the document that we sent."""
    by_reference: dict[str, Message] = {}
    for message in ours.messages.all():
        by_reference[message.reference.lstrip("0")] = message
    ours.findings.filter(code="reported-by-receiver").delete()
    note_findings(ours, None, _reported(said.errors), added=True)
    for verdict in said.messages:
        message_row = by_reference.get(verdict.reference.lstrip("0"))
        if message_row is None and len(by_reference) == 1 and not verdict.reference:
            message_row = next(iter(by_reference.values()))
        if message_row is not None and (status := VERDICTS.get(verdict.verdict)):
            message_row.acknowledgement = status
            message_row.save(update_fields=["acknowledgement"])
        note_findings(ours, message_row, _reported(verdict.errors), added=True)


def _reported(errors: tuple[NoticeError, ...]) -> list[Finding]:
    return [
        Finding(
            Severity.ERROR,
            "reported-by-receiver",
            " ".join(part for part in ("The receiver reports", error.code, error.text, error.where) if part) + ".",
            Place(),
            error.value[:200],
        )
        for error in errors[:MOST_ERRORS]
    ]
