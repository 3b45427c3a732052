"""A quote as a PDF, in the language that is active."""

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.money import format_money, format_price, minor_units
from core.numbers import format_day, format_number, format_percent
from core.paper import Column, Paper
from core.web import download
from orders.configuring import words
from orders.models import Quote, QuoteLine
from orders.price_notes import given_of, notes_of
from partners.models import Organisation
from partners.publics import letterhead_of


def paper_of(quote: Quote) -> Paper:
    """The document that the other side is sent: who offers what to whom, at which prices, until when. Its partners, its
    deal and its lines are read; a draft says that it is one."""
    name = _("Request for a quote") if quote.asks else _("Quote")
    sides = (quote.partner, quote.vendor) if quote.asks else (quote.vendor, quote.partner)
    foot = _("Please name %(number)s in your order.") % {"number": quote.number}
    made_at: datetime = quote.sent_at or quote.created
    paper = Paper(title=f"{name} {quote}", author=str(sides[0]), made_at=made_at, foot=f"{sides[0]} · {quote}")
    if png := letterhead_of(sides[0]):
        paper.picture(png, said=str(sides[0]))
    paper.heading(f"{name} {quote}", quote.title)
    if quote.sent_at is None:
        paper.paragraph(_("This is a draft: it was not sent."))
    paper.facts(
        (
            (_("From"), _address(sides[0])),
            (_("To"), _address(sides[1])),
            (_("Date"), format_day(made_at)),
            (_("Valid until"), format_day(quote.valid_until)),
            (_("Deal"), quote.deal.number if quote.deal else ""),
            (_("Promotion codes"), ", ".join(quote.codes)),
        )
    )
    if quote.note:
        paper.paragraph(quote.note)
    columns = (
        Column("", 3), Column(_("Product"), 46), Column(_("Quantity"), 13, True), Column(_("Price"), 16, True),
        Column(_("Total"), 18, True),
    )  # fmt: skip
    lines = [_cells(quote, line) for line in quote.lines.select_related("product")]
    paper.grid(columns, lines, ("", _("Total, before tax"), "", "", format_money(quote.total, quote.currency)))
    paper.paragraph(f"{_('Prices before tax.')} {foot}", faint=True)
    return paper


def pdf_answer(quote: Quote, language: str = "") -> HttpResponseBase:
    """The answer that carries it: a download named after the quote, in a language of the portal or the active one."""
    known = language if language in dict(settings.LANGUAGES) else get_language()
    with override(known):
        octets = paper_of(quote).octets()
        name = slugify(f"{_('Quote')} {quote}") or "quote"
    return download(ContentFile(octets), f"{name}.pdf", "application/pdf")


def _address(organisation: Organisation) -> str:
    place = " ".join(part for part in (organisation.city, organisation.country) if part)
    return f"{organisation}\n{place}" if place else str(organisation)


def _cells(quote: Quote, line: QuoteLine) -> tuple[str, ...]:
    configured = words(line.product.makeup, line.choices)
    said = [line.product.name, " · ".join(part for part in (line.product.sku, configured) if part)]
    if steps := _steps(quote, line):
        said.append(steps)
    if line.discount_reason:
        said.append(line.discount_reason)
    return (
        str(line.position),
        "\n".join(said),
        f"{format_number(line.quantity)} {line.unit_label}",
        format_price(line.unit_price, quote.currency),
        format_number(line.amount, minor_units(quote.currency)),
    )


def _steps(quote: Quote, line: QuoteLine) -> str:
    """How the price came about, where more than the list made it."""
    notes = notes_of(line.pricing)
    parts = [
        f"{note.label}{f' (−{format_percent(note.percent)})' if note.percent else ''} "
        f"{format_price(note.unit_price, quote.currency)}"
        for note in notes
    ]
    given = given_of(line.pricing)
    more = _("%(given)s more without charge") % {"given": format_number(given)} if given else ""
    return " · ".join(part for part in (" > ".join(parts) if len(parts) > 1 else "", more) if part)
