"""Funds in a table, the statement of one, and what its vendor does with it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat.records import record_url
from core.forms import tried
from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.numbers import locale
from deals.views.dialogs import Kind
from funds import actions
from funds.forms import AllocateForm, FundForm
from funds.ledger.models import Account, EntrySet
from funds.models import Fund
from funds.permissions import may_ask
from funds.presenting import acts_on_fund
from funds.purses import balances_by_fund
from funds.reach import edge_to
from funds.statements import SHOWN, Bar, effect, moved_by, shares_for, statement_of
from funds.views.access import fund_of
from funds.views.steps import Record
from partners.access import MemberRequest, member_required

LINKS = (
    (gettext_lazy("Requests"), "funds:requests"),
    (gettext_lazy("Claims"), "funds:claims"),
)
LIST = Listing(
    key="funds",
    title=gettext_lazy("Funds"),
    columns=(),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Fund.State.choices),
        Choice("reach", pgettext_lazy("fund", "For"), choices=Fund.Reach.choices),
    ),
    views=(
        View("open", pgettext_lazy("state", "Open"), "state=open"),
        View("closed", gettext_lazy("Closed"), "state=closed"),
        View("all", gettext_lazy("All")),
    ),
    search=("name", "number"),
    default_sort="-starts",
    row_url=lambda fund: fund.get_absolute_url(),
    live="fund fundrequest claim",
    create=Create(gettext_lazy("Open a fund"), "funds:new", capability="funds.manage"),
    links=LINKS,
    empty=Empty(
        gettext_lazy("No funds here"),
        gettext_lazy("Money that a vendor sets aside for events, fairs and campaigns of its partners stands here."),
        icon="hand-coins",
    ),
)


def reach_words(fund: Fund) -> str:
    """For whom a fund is."""
    if fund.partnership:
        return str(fund.partnership.partner)
    if fund.tier:
        return _("Tier %(name)s") % {"name": fund.tier}
    return str(locale().territories.get(fund.country, fund.country))


def _columns(held: dict[int, dict[str, Decimal]], own: bool, others: bool) -> tuple[Column, ...]:
    """The columns of the list, over balances that were read for all rows at once; `own` and `others` say whose funds
    there are, so that no column says the same in each row."""

    def amount(kind: str) -> Any:
        return lambda fund: (held[fund.pk][kind], fund.currency) if kind in held.get(fund.pk, {}) else None

    def used(fund: Fund) -> Bar | None:
        of_fund = held.get(fund.pk, {})
        whole = sum((of_fund.get(kind, Decimal(0)) for kind in SHOWN), Decimal(0))
        if not whole or Account.Kind.AVAILABLE not in of_fund:
            return None
        return Bar(int(100 - 100 * of_fund[Account.Kind.AVAILABLE] / whole))

    kinds = [kind for kind in SHOWN if kind != Account.Kind.EXPIRED]
    money = [Column(kind.value, kind.label, kind="money", get=amount(kind), phone=kind == kinds[0]) for kind in kinds]
    return (
        Column("name", gettext_lazy("Fund"), kind="link", sort="name"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number", phone=False, shown=False),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, shown=others),
        Column("reach", pgettext_lazy("fund", "For"), get=reach_words, phone=False, shown=own),
        Column("ends", gettext_lazy("Until"), kind="day", sort="ends"),
        Column("used", gettext_lazy("Used"), get=used, phone=False),
        *money,
        Column("state", gettext_lazy("State"), kind="state"),
    )


@require_GET
@member_required("funds.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """All funds that one gives or may draw on, with what is in them."""
    rows = Fund.objects.visible_to(request.actor).select_related("vendor", "partnership__partner", "tier")
    held = balances_by_fund(request.actor, rows)
    ours = {fund.vendor_id == request.actor.organisation.pk for fund in rows}
    links = LINKS if not request.actor.can("funds.finance") else (*LINKS, (gettext_lazy("Finance"), "funds:finance"))
    return replace(LIST, columns=_columns(held, True in ours, False in ours), links=links).respond(request, rows)


def _effect(kind: str) -> Callable[[EntrySet], tuple[Decimal, str] | None]:
    """What a row of the statement did to the accounts of a kind; nothing where it left them alone."""
    return lambda row: (amount, row.currency) if (amount := effect(row, kind)) else None


STATEMENT = Listing(
    key="fund-statement",
    title="",
    columns=(
        Column("note", gettext_lazy("About"), kind="link"),
        Column("day", gettext_lazy("Day"), kind="day", sort="day"),
        Column("verb", gettext_lazy("What"), get=lambda row: row.get_verb_display()),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False, shown=False),
        Column("organisation", gettext_lazy("By"), phone=False, shown=False),
        Column("amount", gettext_lazy("Amount"), kind="money", get=lambda row: (moved_by(row), row.currency)),
        *(
            Column(
                kind.value,
                kind.label,
                kind="money",
                get=_effect(kind),
                phone=False,
                shown=kind != Account.Kind.EXPIRED,
            )
            for kind in SHOWN
        ),
    ),
    filters=(
        Choice("verb", gettext_lazy("What"), choices=EntrySet.Verb.choices),
        Period("day", gettext_lazy("Day"), moment=False),
    ),
    default_sort="-pk",
    row_url=lambda row: record_url(row.about, row.about_id) if row.about_id else "",
    live="fund fundrequest claim",
    template="funds/fund.html",
    empty=Empty(
        gettext_lazy("Nothing was booked yet"),
        gettext_lazy("What is set aside, reserved, claimed and paid stands here, the same for both sides."),
        icon="book-open",
    ),
)


@require_GET
@member_required("funds.view")
def detail(request: MemberRequest, pk: int) -> HttpResponseBase:
    """What is in a fund, and the statement that both sides see."""
    return show(request, fund_of(request.actor, pk))


def show(request: MemberRequest, fund: Fund, *, problem: str = "", status: int = 200) -> Any:
    """The page of a fund, with what went wrong on top."""
    actor = request.actor
    edge = edge_to(actor, fund)
    acts = acts_on_fund(actor, fund, may_ask(actor, fund, edge) if edge else None)
    columns = tuple(
        replace(column, shown=True) if column.key == "partner" and fund.reach != Fund.Reach.PARTNER else column
        for column in STATEMENT.columns
    )
    response = replace(STATEMENT, title=fund.name, columns=columns).respond(
        request,
        statement_of(actor, fund),
        fund=fund,
        reach=reach_words(fund),
        shares=shares_for(actor, fund),
        acts=acts,
        dialogs=RECORD.of_acts(fund, acts),
        problem=problem,
    )
    response.status_code = status
    return response


RECORD = Record(
    fund_of,
    show,
    {"allocate": Kind(gettext_lazy("Put money in"), gettext_lazy("Put it in"), AllocateForm, "funds:allocate")},
)


@require_http_methods(["GET", "POST"])
@member_required("funds.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Open a fund."""
    form = FundForm(request.POST or None, actor=request.actor)
    made: list[Fund] = []

    def run(said: dict[str, Any]) -> None:
        made.append(actions.open_fund(actor=request.actor, fields=said, amount=said["amount"] or Decimal(0)))

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("The fund is open."))
        return redirect(made[0])
    return render(request, "funds/fund_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required("funds.manage")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a fund of one's own."""
    fund = fund_of(request.actor, pk)
    if fund.vendor_id != request.actor.organisation.pk:
        return redirect(fund)
    form = FundForm(request.POST or None, actor=request.actor, fund=fund)

    def run(said: dict[str, Any]) -> None:
        actions.change_fund(actor=request.actor, fund=fund, fields=said)

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(fund)
    return render(request, "funds/fund_form.html", {"form": form, "fund": fund}, status=422 if form.errors else 200)


@require_POST
@member_required("funds.manage")
def allocate(request: MemberRequest, pk: int) -> HttpResponse:
    """Put money in."""
    done = _("The money is in the fund.")
    return RECORD.answer(
        request,
        pk,
        "allocate",
        done,
        lambda fund, said: actions.allocate_to_fund(actor=request.actor, fund=fund, **said),
    )
