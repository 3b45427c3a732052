"""Claims: the table, the record with its proof, the partner's form, and the queue of finance."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import tried
from core.listing import Choice, Column, Empty, Listing, Period, View
from core.web import download, follow, render_partial, version_of
from deals.views.dialogs import Kind
from funds import actions
from funds.forms import ClaimForm, DecideForm, ProofForm, ReasonForm, SettleForm, TakeBackForm
from funds.models import Claim, FundRequest
from funds.permissions import may_write, may_write_claim
from funds.presenting import acts_on_claim, proof_of, settled_words
from funds.views.access import claim_of, request_of
from funds.views.steps import Record
from partners.access import MemberRequest, member_required, require

State = Claim.State
LIST = Listing(
    key="fund-claims",
    title=gettext_lazy("Claims"),
    columns=(
        Column("supplier", gettext_lazy("Supplier"), kind="link", sort="supplier"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number", phone=False),
        Column("partner", gettext_lazy("Partner"), kind="mark", phone=False),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False, shown=False),
        Column("request", gettext_lazy("Request"), phone=False),
        Column("invoice_number", gettext_lazy("Invoice"), kind="code", phone=False),
        Column("asked", gettext_lazy("Claimed"), kind="money", get=lambda row: (row.asked, row.request.fund.currency)),
        Column(
            "approved",
            gettext_lazy("Approved"),
            kind="money",
            get=lambda row: None if row.approved is None else (row.approved, row.request.fund.currency),
            phone=False,
        ),
        Column("state", gettext_lazy("State"), kind="state"),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=State.choices),
        Period("invoice_day", gettext_lazy("Date of the invoice"), moment=False),
    ),
    views=(
        View("waiting", gettext_lazy("To decide"), "state=submitted&state=in_review"),
        View("settle", gettext_lazy("To settle"), "state=approved&state=partly&state=settling"),
        View("returned", gettext_lazy("Drafts and returned"), "state=draft&state=returned"),
        View("settled", gettext_lazy("Settled"), "state=settled"),
        View("all", gettext_lazy("All")),
    ),
    search=("number", "supplier", "invoice_number", "partner__name"),
    row_url=lambda row: row.get_absolute_url(),
    live="claim",
    links=((gettext_lazy("Funds"), "funds:list"), (gettext_lazy("Requests"), "funds:requests")),
    empty=Empty(
        gettext_lazy("No claims here"),
        gettext_lazy("When an activity is over, its partner claims what was granted, with the supplier's invoice."),
        icon="receipt-euro",
    ),
)


@require_GET
@member_required("funds.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """All claims, on either side."""
    rows = Claim.objects.visible_to(request.actor).select_related("partner", "vendor", "request__fund")
    return LIST.respond(request, rows)


@require_GET
@member_required("funds.finance")
def finance(request: MemberRequest) -> HttpResponse:
    """What waits for finance: requests to release, claims to settle."""
    actor = request.actor
    mine = {"vendor": actor.organisation}
    waiting = FundRequest.objects.visible_to(actor).filter(state=FundRequest.State.PENDING_FINANCE, **mine)
    owed = Claim.objects.visible_to(actor).filter(state__in=Claim.TO_SETTLE, **mine)
    context = {
        "requests": waiting.select_related("partner", "fund", "reviewer")
        .prefetch_related("lines")
        .order_by("pk")[:100],
        "claims": owed.select_related("partner", "request__fund").order_by("decided_at", "pk")[:100],
    }
    return render(request, "funds/finance.html", context)


@require_GET
@member_required("funds.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """The record."""
    return show(request, claim_of(request.actor, pk))


def show(request: MemberRequest, claim: Claim, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    acts = acts_on_claim(request.actor, claim)
    settlements = list(claim.settlements.all())
    writes = claim.state == State.DRAFT and bool(may_write_claim(request.actor, claim))
    context = {
        "claim": claim,
        "currency": claim.request.fund.currency,
        "acts": acts,
        "needed": proof_of(claim),
        "proofs": claim.proofs.all(),
        "may_remove": writes,
        "settlements": settlements,
        "settled": settled_words(claim, settlements) if claim.approved else "",
        "dialogs": RECORD.of_acts(claim, acts),
        "history": timeline_of(request.actor, claim),
        "problem": problem,
    }
    return render_partial(request, "funds/claim.html", "record", context, status)


def _kind(title: Any, button: Any, form: Any, route: str) -> Kind:
    return Kind(title, button, form, f"funds:{route}")


RECORD = Record(
    claim_of,
    show,
    {
        "proof": _kind(gettext_lazy("Add proof"), gettext_lazy("Add it"), ProofForm, "proof_add"),
        "return": _kind(
            gettext_lazy("Return this claim"), gettext_lazy("Return to the partner"), ReasonForm, "claim_return"
        ),
        "decide": _kind(gettext_lazy("Decide this claim"), gettext_lazy("Decide"), DecideForm, "claim_decide"),
        "settle": _kind(gettext_lazy("Settle this claim"), gettext_lazy("Book it"), SettleForm, "claim_settle"),
        "take-back": _kind(
            gettext_lazy("Take money back"), gettext_lazy("Take it back"), TakeBackForm, "claim_take_back"
        ),
    },
)


@require_http_methods(["GET", "POST"])
@member_required("funds.request")
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin a claim on a request."""
    row = request_of(request.actor, pk)
    require(may_write(request.actor, row))
    if row.state not in FundRequest.GRANTED:
        return redirect(row)
    form = ClaimForm(request.POST or None, request=row)
    made: list[Claim] = []

    def run(said: dict[str, Any]) -> None:
        made.append(actions.draft_claim(actor=request.actor, request=row, fields=said))

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("Kept as a draft. Add the proof, then submit it."))
        return redirect(made[0])
    return render(request, "funds/claim_form.html", {"form": form, "it": row}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required("funds.request")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a draft or a returned claim."""
    claim = claim_of(request.actor, pk)
    require(may_write_claim(request.actor, claim))
    if claim.state not in {State.DRAFT, State.RETURNED}:
        return redirect(claim)
    form = ClaimForm(request.POST or None, request=claim.request, claim=claim)

    def run(said: dict[str, Any]) -> None:
        actions.change_claim(actor=request.actor, claim=claim, fields=said, version=version_of(request))

    if request.method == "POST" and tried(form, run):
        messages.success(request, _("Saved."))
        return redirect(claim)
    context = {"form": form, "it": claim.request, "claim": claim}
    return render(request, "funds/claim_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required("funds.request")
def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand it to the vendor."""
    done = _("Submitted. You see here when it is decided.")
    return RECORD.step(request, pk, done, lambda claim: actions.submit_claim(actor=request.actor, claim=claim))


@require_POST
@member_required("funds.request")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    claim = claim_of(request.actor, pk)
    try:
        actions.delete_claim(actor=request.actor, claim=claim)
    except DomainError as error:
        return show(request, claim, problem=error.message, status=422)
    messages.success(request, _("The draft is gone."))
    return follow(request, claim.request)


@require_POST
@member_required("funds.request")
def proof_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a file."""

    def run(claim: Claim, said: dict[str, Any]) -> None:
        actions.add_proof(actor=request.actor, claim=claim, upload=said["evidence"], kind=said["kind"])

    return RECORD.answer(request, pk, "proof", _("The proof is added."), run)


@require_GET
@member_required("funds.view")
def proof(request: MemberRequest, pk: int, file_pk: int) -> FileResponse:
    """A file of a claim, always as a download and never run by the browser."""
    row = claim_of(request.actor, pk).proofs.filter(pk=file_pk).first()
    if row is None:
        raise Http404
    return download(row.file, row.name, row.content_type)


@require_POST
@member_required("funds.request")
def proof_remove(request: MemberRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file off a draft."""
    if not claim_of(request.actor, pk).proofs.filter(pk=file_pk).exists():
        raise Http404
    done = _("The file is taken off.")
    return RECORD.step(
        request,
        pk,
        done,
        lambda claim: actions.remove_proof(actor=request.actor, claim=claim, proof_id=file_pk),
    )


@require_POST
@member_required("funds.decide")
def take(request: MemberRequest, pk: int) -> HttpResponse:
    """Take it in hand."""
    done = _("In your hands. The partner sees it.")
    return RECORD.step(request, pk, done, lambda claim: actions.take_claim(actor=request.actor, claim=claim))


@require_POST
@member_required("funds.decide")
def return_(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask the partner to correct it."""
    done = _("Returned to the partner.")
    return RECORD.answer(
        request, pk, "return", done, lambda claim, said: actions.return_claim(actor=request.actor, claim=claim, **said)
    )


@require_POST
@member_required("funds.decide")
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    """Grant it, in whole or in part, or deny it."""
    done = _("Decided. The partner is told.")
    return RECORD.answer(
        request, pk, "decide", done, lambda claim, said: actions.decide_claim(actor=request.actor, claim=claim, **said)
    )


@require_POST
@member_required("funds.finance")
def settle(request: MemberRequest, pk: int) -> HttpResponse:
    """Book an instalment."""
    done = _("Booked. The partner is told.")
    return RECORD.answer(
        request, pk, "settle", done, lambda claim, said: actions.settle_claim(actor=request.actor, claim=claim, **said)
    )


@require_POST
@member_required("funds.finance")
def take_back(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back what was paid."""
    done = _("Taken back. It is available in the fund again.")
    return RECORD.answer(
        request, pk, "take-back", done, lambda claim, said: actions.claw_back(actor=request.actor, claim=claim, **said)
    )
