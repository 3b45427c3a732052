"""Requests as the partner writes them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from chat.actions import open_room
from core.audit import record
from core.errors import DomainError
from core.money import round_money
from core.numbers import with_check_digit
from core.sequences import next_number
from core.states import move
from funds.actions.locking import locked_request, write
from funds.models import Fund, FundRequest, RequestLine, span
from funds.permissions import may_ask, may_write
from partners.access import require
from partners.actors import Actor
from partners.models import Partnership

PREFIX = "MDF-"
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class LineInput:
    """One activity as the partner describes it; amounts in the fund's currency."""

    activity: str
    title: str
    starts: date
    ends: date
    cost: Decimal
    asked: Decimal
    own_share: Decimal = Decimal(0)
    audience: str = ""
    expected_leads: int = 0


@transaction.atomic
def draft_request(
    *, actor: Actor, fund: Fund, partnership: Partnership, title: str, note: str = "", lines: Sequence[LineInput]
) -> FundRequest:
    """Begin a request on a fund. Raises DomainError, naming the line by its position, for what cannot be."""
    fund = Fund.objects.visible_to(actor).select_related("vendor", "partnership", "tier").get(pk=fund.pk)
    edge = Partnership.objects.visible_to(actor).select_related("vendor", "partner").get(pk=partnership.pk)
    require(may_ask(actor, fund, edge))
    request = FundRequest(
        vendor=edge.vendor, partner=edge.partner, partnership=edge, fund=fund, title=_titled(title), note=note[:2000]
    )
    checked = _lines(fund, lines)
    request.number = with_check_digit(PREFIX, next_number("fund_request"))
    request.created_by = actor.user
    request.save()
    _replace(request, checked)
    record(actor=actor, verb="fund_request.drafted", target=request)
    return request


@transaction.atomic
def change_request(
    *,
    actor: Actor,
    request: FundRequest,
    title: str,
    note: str = "",
    lines: Sequence[LineInput],
    version: int | None = None,
) -> FundRequest:
    """Write a draft or a returned request anew. Raises as `draft_request` does."""
    request = locked_request(actor, request, version)
    require(may_write(actor, request))
    if request.state not in {FundRequest.State.DRAFT, FundRequest.State.RETURNED}:
        raise DomainError(_("It was submitted. Ask the vendor to return it, then you can change it."))
    request.title, request.note = _titled(title), note[:2000]
    _replace(request, _lines(request.fund, lines))
    write(request, "title", "note", "first_day", "last_day")
    record(actor=actor, verb="fund_request.changed", target=request)
    return request


@transaction.atomic
def submit_request(*, actor: Actor, request: FundRequest, version: int | None = None) -> FundRequest:
    """Hand a request to the vendor, and open its room. Raises PermissionDenied where the fund no longer reaches one."""
    request = locked_request(actor, request, version)
    require(may_write(actor, request))
    require(may_ask(actor, request.fund, request.partnership))
    move(request, "submit")
    request.submitted_at, request.reason = now(), ""
    request.lines.update(decision=RequestLine.Decision.OPEN, approved=None, reason="")
    write(request, "state", "submitted_at", "reason")
    open_room(actor=actor, record=request, title=str(request), organisations=[request.vendor, request.partner])
    record(actor=actor, verb="fund_request.submitted", target=request)
    return request


@transaction.atomic
def delete_request(*, actor: Actor, request: FundRequest) -> None:
    """Throw a draft away. Raises InvalidTransition for what was submitted once."""
    request = locked_request(actor, request)
    require(may_write(actor, request))
    move(request, "edit")
    record(actor=actor, verb="fund_request.deleted", target=request)
    request.delete()


def _titled(title: str) -> str:
    if not title.strip():
        raise DomainError(_("Give it a title."), field="title")
    return title.strip()[:120]


def _lines(fund: Fund, lines: Sequence[LineInput]) -> list[RequestLine]:
    """The lines as rows, not saved. Raises DomainError at the position of the first that cannot be."""
    if not 1 <= len(lines) <= MOST_LINES:
        raise DomainError(_("A request has one to %(n)d activities.") % {"n": MOST_LINES}, field="lines")
    rows = [RequestLine(position=at, **asdict(line)) for at, line in enumerate(lines, 1)]
    for row in rows:
        for name in ("cost", "own_share", "asked"):
            setattr(row, name, round_money(getattr(row, name), fund.currency))
        if wrong := _wrong(fund, row):
            raise DomainError(wrong, field=str(row.position))
    return rows


def _wrong(fund: Fund, row: RequestLine) -> str:
    """What is wrong with a line, in a sentence; empty when nothing is."""
    try:
        row.clean_fields(exclude=["request"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        label: Any = row._meta.get_field(field)
        return f"{label.verbose_name}: {messages[0]}"
    if row.ends < row.starts:
        return _("It ends before it begins.")
    if row.starts < fund.starts or row.ends > fund.ends:
        return _("The fund is for activities from %(start)s to %(end)s.") % {"start": fund.starts, "end": fund.ends}
    if row.asked + row.own_share > row.cost:
        return _("What you ask for and your own share are more than it costs.")
    return ""


def _replace(request: FundRequest, rows: list[RequestLine]) -> None:
    request.lines.all().delete()
    for row in rows:
        row.request = request
    RequestLine.objects.bulk_create(rows)
    request.first_day, request.last_day = span(rows)
    request.save(update_fields=["first_day", "last_day"])
