"""An acknowledgement that came in: find the document of ours that it answers, and note the verdict."""

from django.utils.timezone import now

from core.audit import record
from edi import mapping
from edi.mapping import Finding, Place, Severity
from edi.models import Interchange
from edi.reports import Report, reports_in
from partners.actors import Actor

RANK = ("none", "waiting", "overdue", "accepted", "accepted_with_errors", "rejected")


def note_answers(actor: Actor, row: Interchange, message: mapping.Message, raw: bytes) -> tuple[Finding, ...]:
    """Set the acknowledgement status of every document that the message (or its interchange) answers.

    Only documents that went out to the organisation that now answers are looked at. Findings name those not found.
    """
    unknown = []
    for report in reports_in(row.standard, raw):
        ours = _answered(actor, row, report)
        if ours is None:
            unknown.append(report.control_number)
        elif row.answers_id != ours.pk or ours.acknowledgement != report.verdict:
            _note(actor, row, ours, report.verdict)
    if not unknown:
        return ()
    named = ", ".join(unknown[:5])
    text = f"It answers {named}, but no document with that control number was sent to you in this standard."
    return (Finding(Severity.WARNING, "answers-nothing", text, Place(), named[:200]),)


def _answered(actor: Actor, row: Interchange, report: Report) -> Interchange | None:
    sent = Interchange.objects.visible_to(actor).outbound_of(actor.organisation.pk)
    expecting = sent.filter(standard=row.standard).exclude(content=Interchange.Content.ACKNOWLEDGEMENT)
    if row.counterpart_id:
        expecting = expecting.filter(counterpart=row.counterpart_id)
    number = report.control_number
    padded = {number, number.lstrip("0"), number.zfill(9)} - {""}
    return expecting.select_for_update(of=("self",)).filter(control_number__in=padded).order_by("-pk").first()


def _note(actor: Actor, row: Interchange, ours: Interchange, verdict: str) -> None:
    ours.acknowledgement = max(ours.acknowledgement, verdict, key=RANK.index)
    ours.acknowledged_at = now()
    ours.save(update_fields=["acknowledgement", "acknowledged_at"])
    row.answers = ours
    row.save(update_fields=["answers"])
    record(
        actor=actor,
        verb="edi.acknowledged",
        target=ours,
        verdict=str(ours.get_acknowledgement_display()),
        related=[["orders.order", pk] for pk in ours.messages.exclude(order=None).values_list("order", flat=True)],
    )
