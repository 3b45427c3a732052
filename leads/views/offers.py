"""What vendors offer: the partner's inbox with its clocks, the page of one offer, and its answers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import first_error, tried
from core.listing import Choice, Column, Empty, Listing, Period, View
from core.web import follow, render_partial, toast, wants_partial
from leads import actions
from leads.forms import CloseForm, DeclineForm, TouchForm
from leads.models import Lead, LeadOffer
from leads.places import country_name
from leads.presenting import acts_on_offer, holds_lead, shown
from leads.teaser import teaser_of
from leads.views import dialogs
from leads.views.access import any_lead, any_offer, never_stored, offer_to_us
from partners.access import MemberRequest, member_required

OPEN_SHOWN = 20
BACK = [LeadOffer.State.DECLINED, LeadOffer.State.EXPIRED, LeadOffer.State.TAKEN, LeadOffer.State.RECALLED]
ENDED = [*BACK, LeadOffer.State.PULLED_BACK]


def _company(offer: LeadOffer) -> str:
    return offer.lead.company if holds_lead(offer) else ""


# Searched by number alone: a search in what is hidden would tell by its hits.
LIST = Listing(
    key="lead-offers",
    title=gettext_lazy("Leads offered to us"),
    columns=(
        Column("need", gettext_lazy("Need"), kind="link", get=lambda offer: teaser_of(offer.lead).need),
        Column("number", gettext_lazy("Number"), kind="code", get=lambda offer: offer.lead.number, phone=False),
        Column("company", gettext_lazy("Company"), get=_company),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", phone=False),
        Column("region", gettext_lazy("Region"), get=lambda offer: teaser_of(offer.lead).region, phone=False),
        Column(
            "country", gettext_lazy("Country"), get=lambda o: country_name(o.lead.country), phone=False, shown=False
        ),
        Column("size", gettext_lazy("Size"), get=lambda offer: offer.lead.get_size_display(), phone=False),
        Column("state", gettext_lazy("Answer"), kind="state"),
        Column("due", gettext_lazy("Due"), kind="ago", get=lambda offer: shown(offer).clock),
        Column("offered_at", pgettext_lazy("lead", "Offered"), kind="ago", sort="offered_at", phone=False),
    ),
    filters=(
        Choice("state", gettext_lazy("Answer"), choices=LeadOffer.State.choices),
        Choice("work", gettext_lazy("Work"), choices=Lead.State.choices, field="lead__state"),
        Period("offered_at", gettext_lazy("Offered")),
    ),
    views=(
        View("work", gettext_lazy("In our hands"), "state=accepted&work=accepted&work=working"),
        View("open", gettext_lazy("To answer"), "state=offered"),
        View("registered", gettext_lazy("Registered"), "state=accepted&work=converted"),
        View("ended", gettext_lazy("Ended"), "&".join(f"state={state}" for state in ENDED)),
        View("all", gettext_lazy("All")),
    ),
    search=("lead__number",),
    default_sort="-offered_at",
    row_url=lambda offer: offer.get_absolute_url(),
    live="leadoffer",
    template="leads/offers.html",
    empty=Empty(
        gettext_lazy("No leads here"),
        gettext_lazy("When a vendor has a company for you, its offer stands here with the time you have to answer."),
        icon="sprout",
    ),
)


def _rows(request: MemberRequest) -> Any:
    rows = LeadOffer.objects.visible_to(request.actor).filter(partner=request.actor.organisation)
    return rows.select_related("lead", "vendor", "partner", "partnership")


@require_GET
@member_required("leads.view")
@never_stored
def index(request: MemberRequest) -> HttpResponseBase:
    """What waits for an answer on top, and the list of all that was offered."""
    waiting = [shown(offer) for offer in _rows(request).open()[:OPEN_SHOWN]]
    # the filter by the lead's state would tell of leads that others hold
    listing = replace(LIST, filters=tuple(Held(**_of(each)) if each.key == "work" else each for each in LIST.filters))
    own = Lead.objects.visible_to(request.actor).filter(vendor=request.actor.organisation).exists()
    return listing.respond(request, _rows(request), waiting=waiting, now=now(), side="offers", both=own)


class Held(Choice):
    """A choice that holds for leads in one's own hands, and leaves all others out."""

    def apply(self, rows: Any, params: Any, actor: Any) -> Any:
        """Keep what one holds in a chosen state."""
        if not params.getlist(self.key):
            return rows
        return super().apply(rows, params, actor).filter(lead__holder=actor.organisation, state="accepted")


def _of(choice: Any) -> dict[str, Any]:
    return {name: getattr(choice, name) for name in ("key", "label", "choices", "field", "kind")}


@require_GET
@member_required("leads.view")
@never_stored
def offer(request: MemberRequest, pk: int) -> HttpResponseBase:
    """The page of one offer; the vendor is taken to its lead."""
    row = any_offer(request.actor, pk)
    if row.partner_id != request.actor.organisation.pk:
        return redirect("leads:detail", pk=row.lead_id)
    return show(request, row)


@never_stored
def show(request: MemberRequest, row: LeadOffer, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The record, whole or its live part, with what went wrong on top."""
    acts = acts_on_offer(request.actor, row)
    deal = row.lead.deal if holds_lead(row) else None
    context = {
        "offer": row,
        "shown": shown(row),
        "acts": acts,
        "deal": deal,
        "dialogs": dialogs.of_acts(request.actor, dialogs.ON_OFFER, row.pk, acts),
        "history": timeline_of(request.actor, row),
        "now": now(),
        "problem": problem,
    }
    return render_partial(request, "leads/offer.html", "record", context, status)


def _act(
    request: MemberRequest, pk: int, done: str, run: Callable[[LeadOffer], object], undo: str = ""
) -> HttpResponseBase:
    row = offer_to_us(request.actor, pk)
    try:
        run(row)
    except DomainError as error:
        return show(request, offer_to_us(request.actor, pk), problem=error.message, status=422)
    if not wants_partial(request):
        messages.success(request, done)
        return redirect(row)
    response = show(request, offer_to_us(request.actor, pk))
    return toast(response, done, undo_url=reverse(undo, args=[pk]) if undo else None)  # type: ignore[arg-type]


@require_POST
@member_required("leads.work")
def accept(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Accept, and see who it is."""
    said = _("The lead is yours. Make the first contact soon.")
    return _act(request, pk, said, lambda row: actions.accept_offer(actor=request.actor, offer=row))


@require_POST
@member_required("leads.work")
def reconsider(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Take a refusal back."""
    said = _("Your refusal is taken back. The offer waits for your answer.")
    return _act(request, pk, said, lambda row: actions.reconsider_offer(actor=request.actor, offer=row))


@require_POST
@member_required("leads.work")
def convert(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Begin a registration with all that is known, and go on in its form."""
    row = offer_to_us(request.actor, pk)
    try:
        deal = actions.convert_lead(actor=request.actor, offer=row)
    except DomainError as error:
        return show(request, offer_to_us(request.actor, pk), problem=error.message, status=422)
    url = reverse("deals:edit", args=[deal.pk])
    return follow(request, url)


def _decide(
    request: MemberRequest, row: LeadOffer, name: str, form: forms.Form, run: Callable[[dict[str, Any]], object]
) -> HttpResponseBase:
    if tried(form, run):
        return follow(request, row)
    if wants_partial(request):
        return dialogs.again(request, dialogs.named(request.actor, dialogs.ON_OFFER, name, row.pk, form))
    return show(request, row, problem=first_error(form), status=422)


@require_POST
@member_required("leads.work")
def decline(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Decline, or give back, with a reason."""
    row = offer_to_us(request.actor, pk)
    form = DeclineForm(request.POST, prefix="decline")
    return _decide(
        request, row, "decline", form, lambda said: actions.decline_offer(actor=request.actor, offer=row, **said)
    )


@require_POST
@member_required("leads.work")
def touch(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Report a contact."""
    row = offer_to_us(request.actor, pk)
    form = TouchForm(request.POST, prefix="touch")
    return _decide(request, row, "touch", form, lambda said: actions.touch_lead(actor=request.actor, offer=row, **said))


@require_POST
@member_required("leads.work")
def finish(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Close a lead that one holds."""
    row = offer_to_us(request.actor, pk)
    form = CloseForm(request.POST, prefix="close")
    return _decide(
        request,
        row,
        "close",
        form,
        lambda said: actions.close_lead(actor=request.actor, lead=any_lead(request.actor, row.lead_id), **said),
    )
