"""The parts of a registration that a reviewer may ask to be corrected."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deals import asked
from deals.models import Deal
from deals.particulars import PARTICULARS

RETURNABLE = {
    "customer": _("End customer"),
    "customer_vat": _("VAT number"),
    "particulars": _("More about the customer"),
    "project_number": _("Tender or project number"),
    "title": _("Project"),
    "lines": _("Products and prices"),
    "amount": _("Value"),
    "decision_date": _("Decision"),
    "stage": _("Stage"),
    "competitor": _("Competitor"),
    "requested_benefit": _("Benefit asked"),
    "note": _("Note"),
    "evidence": _("Evidence"),
}
TENDER = {"tender_published_on": _("Tender published")}
CUSTOMER_LABELS = {
    "customer_vat": _("VAT number"),
    "customer_domain": _("Web domain"),
    "customer_city": _("City"),
    "customer_postcode": _("Postcode"),
}
COLUMNS = {
    "customer": (
        "customer",
        "customer_name",
        "customer_country",
        "customer_vat",
        "customer_city",
        "customer_postcode",
        "customer_domain",
    ),
    "particulars": tuple(f"customer_{name}" for name in PARTICULARS),
    "lines": ("amount",),
    "evidence": (),
}
# Optional at first, but not once a reviewer asked for it.
MUST_BE_FILLED = frozenset({"customer_vat", "project_number", "competitor", "requested_benefit", "note"})


def columns_of(part: str) -> tuple[str, ...]:
    """The columns of a deal that a part stands for."""
    return COLUMNS.get(part, (part,))


def returnable(deal: Deal) -> dict[str, str | Promise]:
    """The parts of this deal with their labels, in the order of its form: the common ones and those of its type."""
    return {**RETURNABLE, **(TENDER if deal.is_tender else {}), **asked.labels(deal.terms)}


def labels_of(deal: Deal, parts: Iterable[str]) -> list[str]:
    """Parts of a deal in the reader's words, in the order of the form."""
    chosen = set(parts)
    return [str(label) for name, label in returnable(deal).items() if name in chosen] if chosen else []
