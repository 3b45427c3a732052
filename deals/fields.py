"""The parts of a registration that a reviewer may ask to be corrected."""

from django.utils.translation import gettext_lazy as _

RETURNABLE = {
    "customer": _("End customer"),
    "customer_vat": _("VAT number"),
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
    "lines": ("amount",),
    "evidence": (),
}
# Optional at first, but not once a reviewer asked for it.
MUST_BE_FILLED = frozenset({"customer_vat", "competitor", "requested_benefit", "note"})


def columns_of(part: str) -> tuple[str, ...]:
    """The columns of a deal that a part stands for."""
    return COLUMNS.get(part, (part,))


def labels_of(parts: list[str]) -> list[str]:
    """The parts in the reader's words, in the order of the form."""
    return [str(label) for name, label in RETURNABLE.items() if name in parts]
