"""What partners do with a vendor's money, and what proves that they did it."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Activity(models.TextChoices):
    """What is paid for."""

    EVENT = "event", _("Event or seminar")
    FAIR = "fair", _("Trade fair")
    ADVERT = "advert", _("Advertisement")
    MAILING = "mailing", _("Mailing or newsletter")
    ONLINE = "online", _("Online campaign")
    DEMO = "demo", _("Demonstration equipment")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Something else")


class ProofKind(models.TextChoices):
    """What a file shows."""

    INVOICE = "invoice", _("Supplier's invoice")
    PHOTO = "photo", _("Photograph")
    ATTENDANCE = "attendance", _("List of those who came")
    SAMPLE = "sample", _("Copy of what was published")
    REPORT = "report", _("Report of results")
    CERTIFICATE = "certificate", _("Certificate")


# Without one file of each of these a claim is not submitted.
PROOF_NEEDED: dict[str, tuple[ProofKind, ...]] = {
    Activity.EVENT: (ProofKind.INVOICE, ProofKind.ATTENDANCE),
    Activity.FAIR: (ProofKind.INVOICE, ProofKind.PHOTO),
    Activity.ADVERT: (ProofKind.INVOICE, ProofKind.SAMPLE),
    Activity.MAILING: (ProofKind.INVOICE, ProofKind.SAMPLE),
    Activity.ONLINE: (ProofKind.INVOICE, ProofKind.REPORT),
    Activity.DEMO: (ProofKind.INVOICE, ProofKind.PHOTO),
    Activity.TRAINING: (ProofKind.INVOICE, ProofKind.CERTIFICATE),
    Activity.OTHER: (ProofKind.INVOICE,),
}


def proof_needed(activity: str) -> list[tuple[str, str | Promise]]:
    """Code and name of each kind of proof that an activity needs."""
    return [(kind.value, kind.label) for kind in PROOF_NEEDED[activity]]
