"""Requests: the table, the record, the partner's form, the vendor's decision on one screen."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat.rooms import room_context
from core.audit import timeline_of
from core.errors import DomainError
from core.listing import Choice, Column, Empty, Listing, View
from core.web import follow, render_partial, version_of, wants_partial
from deals.views.dialogs import Kind
from funds import actions
from funds.forms import LinesFormSet, ReasonForm, RequestForm, ReviewForm
from funds.models import Claim, Fund, FundRequest
from funds.permissions import may_ask, may_review, may_write
from funds.presenting import acts_on_request, track_of
from funds.purses import reserved_for
from funds.reach import edge_to
from funds.views.access import fund_of, request_of
from funds.views.steps import Record
from partners.access import MemberRequest, member_required, require
from partners.models import Partnership

State = FundRequest.State
LIST = Listing(
    key="fund-requests",
    title=gettext_lazy("Requests for funds"),
    columns=(
        Column("title", gettext_lazy("Request"), kind="link", sort="title"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number", phone=False),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, shown=False),
        Column("fund", gettext_lazy("Fund"), phone=False),
        Column("asked", gettext_lazy("Asked"), kind="money", get=lambda row: (row.asked, row.fund.currency)),
        Column(
            "approved",
            gettext_lazy("Approved"),
            kind="money",
            get=lambda row: None if row.approved is None else (row.approved, row.fund.currency),
            phone=False,
        ),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("claim_until", gettext_lazy("Claim until"), kind="day", phone=False),
    ),
    filters=(Choice("state", gettext_lazy("State"), choices=State.choices),),
    views=(
        View("waiting", gettext_lazy("To decide"), "state=submitted&state=in_review&state=pending_finance"),
        View("running", gettext_lazy("Granted"), "state=approved&state=partly_approved&state=active"),
        View("returned", gettext_lazy("Drafts and returned"), "state=draft&state=returned"),
        View("all", gettext_lazy("All")),
    ),
    search=("number", "title", "partner__name"),
    row_url=lambda row: row.get_absolute_url(),
    live="fundrequest",
    links=((gettext_lazy("Funds"), "funds:list"), (gettext_lazy("Claims"), "funds:claims")),
    empty=Empty(
        gettext_lazy("No requests here"),
        gettext_lazy("A partner asks for money of a fund: for an event, a fair, a campaign. Open a fund to begin."),
        gettext_lazy("Look at the funds"),
        "funds:list",
        "hand-coins",
    ),
)


@require_GET
@member_required("funds.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """All requests, on either side."""
    rows = FundRequest.objects.visible_to(request.actor).select_related("partner", "vendor", "fund")
    return LIST.respond(request, rows.annotate(asked=Sum("lines__asked"), approved=Sum("lines__approved")))


@require_GET
@member_required("funds.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The record."""
    return show(request, request_of(request.actor, pk))


def show(request: MemberRequest, row: FundRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    acts, lines = acts_on_request(request.actor, row), list(row.lines.all())
    decided = any(line.approved is not None for line in lines)
    context = {
        "it": row,
        "lines": lines,
        "asked": sum((line.asked for line in lines), Decimal(0)),
        "approved": sum((line.approved or Decimal(0) for line in lines), Decimal(0)) if decided else None,
        "reserved": reserved_for(row) if row.claim_until else None,
        "track": track_of(row),
        "acts": acts,
        "claims": Claim.objects.visible_to(request.actor).filter(request=row).order_by("pk"),
        "dialogs": RECORD.of_acts(row, acts),
        "history": timeline_of(request.actor, row),
        "problem": problem,
    }
    if not wants_partial(request):
        context |= {**room_context(request, row), "with_room": row.state != State.DRAFT}
    return render_partial(request, "funds/request.html", "record", context, status)


RECORD = Record(
    request_of,
    show,
    {
        "cancel": Kind(
            gettext_lazy("Cancel this request"), gettext_lazy("Cancel the request"), ReasonForm, "funds:cancel"
        ),
        "reject": Kind(
            gettext_lazy("Reject this request"), gettext_lazy("Reject the request"), ReasonForm, "funds:reject"
        ),
        "hand-back": Kind(
            gettext_lazy("Give it back to the reviewer"), gettext_lazy("Give it back"), ReasonForm, "funds:hand_back"
        ),
    },
)


@require_http_methods(["GET", "POST"])
@member_required("funds.request")
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """Write a new request on a fund."""
    fund = fund_of(request.actor, pk)
    edge = edge_to(request.actor, fund)
    if edge is None:
        return redirect(fund)
    require(may_ask(request.actor, fund, edge))
    return _written(request, fund, edge, None)


@require_http_methods(["GET", "POST"])
@member_required("funds.request")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write a draft or a returned request anew."""
    row = request_of(request.actor, pk)
    require(may_write(request.actor, row))
    if row.state not in {State.DRAFT, State.RETURNED}:
        return redirect(row)
    return _written(request, row.fund, row.partnership, row)


def _written(request: MemberRequest, fund: Fund, edge: Partnership, row: FundRequest | None) -> HttpResponse:
    """The form; saved as a draft, or submitted at once."""
    data = request.POST or None
    form = RequestForm(data, initial={"title": row.title, "note": row.note} if row else None)
    known = [*row.lines.values()] if row else []
    lines: Any = LinesFormSet(data, prefix="lines", initial=known)
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        try:
            saved = _save(request, fund, edge, row, {**form.cleaned_data, "lines": lines.lines()})
        except DomainError as error:
            if not lines.add_refusal(error):
                form.add_error(None, error.message)
        else:
            return saved
    context = {"form": form, "lines": lines, "fund": fund, "it": row}
    return render(request, "funds/request_form.html", context, status=422 if data else 200)


def _save(
    request: MemberRequest, fund: Fund, edge: Partnership, row: FundRequest | None, said: dict[str, Any]
) -> HttpResponse:
    actor = request.actor
    if row is None:
        row = actions.draft_request(actor=actor, fund=fund, partnership=edge, **said)
    else:
        row = actions.change_request(actor=actor, request=row, version=version_of(request), **said)
    if "submit" in request.POST:
        actions.submit_request(actor=actor, request=row)
        messages.success(request, _("Submitted. You see here when it is decided."))
    else:
        messages.success(request, _("Kept as a draft. Nobody else sees it."))
    return redirect(row)


@require_http_methods(["GET", "POST"])
@member_required("funds.decide")
def review(request: MemberRequest, pk: int) -> HttpResponse:
    """Decide every activity on one screen."""
    row = request_of(request.actor, pk)
    if not may_review(request.actor, row) or row.state not in {State.SUBMITTED, State.IN_REVIEW}:
        return redirect(row)
    data = request.POST or None
    form = ReviewForm(data, lines=list(row.lines.all()))
    if request.method == "POST" and form.is_valid():
        try:
            decided = actions.review_request(
                actor=request.actor,
                request=row,
                decisions=form.decisions(),
                note=form.cleaned_data["note"],
                version=version_of(request),
            )
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _REVIEWED[State(decided.state)])
            return redirect(row)
    wrong = form.errors or any(each.errors for _line, each in form.rows)
    return render(request, "funds/review.html", {"form": form, "it": row}, status=422 if wrong else 200)


_REVIEWED = {
    State.PENDING_FINANCE: gettext_lazy("Decided. A colleague in finance releases the money."),
    State.RETURNED: gettext_lazy("Returned to the partner."),
    State.REJECTED: gettext_lazy("Rejected. The partner is told."),
}


@require_POST
@member_required("funds.request")
def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand it to the vendor."""
    done = _("Submitted. You see here when it is decided.")
    return RECORD.step(
        request,
        pk,
        done,
        lambda row: actions.submit_request(actor=request.actor, request=row, version=version_of(request)),
    )


@require_POST
@member_required("funds.request")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    row = request_of(request.actor, pk)
    try:
        actions.delete_request(actor=request.actor, request=row)
    except DomainError as error:
        return show(request, row, problem=error.message, status=422)
    messages.success(request, _("The draft is gone."))
    return follow(request, reverse("funds:requests"))


@require_POST
@member_required("funds.decide")
def take(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it in hand."""
    done = _("In your hands. The partner sees it.")
    return RECORD.step(request, pk, done, lambda row: actions.take_request(actor=request.actor, request=row))


@require_POST
@member_required("funds.finance")
def release(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm, and reserve the money."""
    done = _("Approved. The money is reserved.")
    return RECORD.step(
        request,
        pk,
        done,
        lambda row: actions.release_request(actor=request.actor, request=row, version=version_of(request)),
    )


@require_POST
@member_required("funds.finance")
def hand_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Give it back to the reviewer."""
    done = _("Given back to the reviewer.")
    return RECORD.answer(
        request,
        pk,
        "hand-back",
        done,
        lambda row, said: actions.hand_back_request(actor=request.actor, request=row, **said),
    )


@require_POST
@member_required("funds.view")
def reject(request: MemberRequest, pk: int) -> HttpResponse:
    """Reject it as a whole."""
    done = _("Rejected. The partner is told.")
    return RECORD.answer(
        request, pk, "reject", done, lambda row, said: actions.reject_request(actor=request.actor, request=row, **said)
    )


@require_POST
@member_required("funds.view")
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Cancel it."""
    done = _("Cancelled. What was reserved is available again.")
    return RECORD.answer(
        request, pk, "cancel", done, lambda row, said: actions.cancel_request(actor=request.actor, request=row, **said)
    )
