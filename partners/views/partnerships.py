"""Companies that one works with: the list, the page of a partnership, inviting, applying."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from core.listing import Choice, Column, Create, Empty, Listing, View
from core.web import render_partial
from partners import actions
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.forms import ApplyForm, InviteCompanyForm, ReasonForm, TermsForm
from partners.models import Invitation, Membership, Partnership
from partners.permissions import may_invite, may_manage_partnerships, may_revoke, may_set_terms, may_step

NEEDS = "partnerships.view"
SIDES = (("vendor", gettext_lazy("We sell through them")), ("partner", gettext_lazy("We sell for them")))
PARTNERSHIPS = Listing(
    key="partnerships",
    title=gettext_lazy("Partners"),
    columns=(
        Column("company", gettext_lazy("Company"), kind="link", sort="company"),
        Column("side", gettext_lazy("Direction"), get=lambda p: dict(SIDES)[p.side]),
        Column("kind", gettext_lazy("Kind"), get=lambda p: p.get_kind_display()),
        Column("tier", gettext_lazy("Tier"), get=lambda p: p.tier.name if p.tier else ""),
        Column("territory", gettext_lazy("Territory"), phone=False),
        Column("manager", gettext_lazy("Channel manager"), get=lambda p: p.channel_manager or "", phone=False),
        Column("state", gettext_lazy("State"), kind="state"),
        Column("since", gettext_lazy("Since"), kind="day", phone=False),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=Partnership.State.choices),
        Choice("side", gettext_lazy("Direction"), choices=SIDES),
        Choice("kind", gettext_lazy("Kind"), choices=Partnership.Kind.choices),
    ),
    search=("company", "territory"),
    views=(
        View("open", gettext_lazy("Active"), "state=active&state=suspended"),
        View("coming", gettext_lazy("To decide"), "state=invited&state=applied&state=in_review"),
        View("over", gettext_lazy("Over"), "state=ended&state=declined"),
        View("all", gettext_lazy("All"), "view=all"),
    ),
    default_sort="company",
    row_url=lambda partnership: reverse("partners:partnership", args=[partnership.pk]),
    empty=Empty(
        gettext_lazy("No company is in this view"),
        gettext_lazy("A partnership lets two companies share deals, orders and rooms. Invite the first by e-mail."),
        gettext_lazy("Invite a company"),
        "partners:invite_company",
        icon="network",
    ),
    create=Create(gettext_lazy("Invite a company"), "partners:invite_company", capability="partnerships.manage"),
    live="partnership",
    template="partners/partnerships.html",
)


def _rows(actor: Actor) -> QuerySet[Partnership]:
    """Edges in both directions, each with the company at the other end."""
    ours = When(vendor=actor.organisation, then=Value("vendor"))
    name = When(vendor=actor.organisation, then=F("partner__name"))
    rows = Partnership.objects.visible_to(actor).select_related("vendor", "partner", "tier", "channel_manager")
    return rows.annotate(
        side=Case(ours, default=Value("partner"), output_field=CharField()),
        company=Case(name, default=F("vendor__name"), output_field=CharField()),
    )


@require_safe
@member_required(NEEDS)
def partnerships(request: MemberRequest) -> HttpResponseBase:
    """The companies that one works with, in both directions."""
    waiting = Invitation.objects.visible_to(request.actor).unanswered().exclude(company_name="").order_by("-pk")[:50]
    invited = [(invitation, may_revoke(request.actor, invitation)) for invitation in waiting]
    return PARTNERSHIPS.respond(request, _rows(request.actor), invited=invited)


def _found(request: MemberRequest, pk: int) -> Partnership:
    rows = Partnership.objects.visible_to(request.actor).select_related("vendor", "partner", "tier", "channel_manager")
    return get_object_or_404(rows, pk=pk)


@require_safe
@member_required(NEEDS)
def partnership(request: MemberRequest, pk: int) -> HttpResponse:
    """One partnership: where it stands, its terms, its agreements, what happened."""
    return _show(request, _found(request, pk))


def _show(request: MemberRequest, found: Partnership, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    mine = found.side_of(actor.organisation) == "vendor"
    context = {
        "partnership": found,
        "other": found.other(actor.organisation),
        "mine": mine,
        "steps": _track(found),
        "may": {step: may_step(actor, found, step) for step in Partnership.TRANSITIONS},
        "may_set_terms": may_set_terms(actor, found),
        "owed": found.agreement_owed(),
        "acceptances": found.acceptances.select_related("agreement", "user").order_by("-pk"),
        "checklist": [(code, label, code in found.checklist) for code, label in Partnership.CHECKLIST.items()],
        "lines": timeline_of(actor, found),
        "reason_form": ReasonForm(),
        "terms_form": TermsForm(actor=actor, initial=_terms(actor, found)) if mine else None,
        **forms,
    }
    return render_partial(request, "partners/partnership.html", "record", context, status)


def _terms(actor: Actor, found: Partnership) -> dict[str, Any]:
    manager = Membership.objects.visible_to(actor).filter(user=found.channel_manager_id).first()
    return {"tier": found.tier, "territory": found.territory, "manager": manager}


def _track(found: Partnership) -> list[dict[str, Any]]:
    """Begun, reviewed, agreement, active, and over when it is."""
    state = found.state
    applied = bool(found.application) or state in {"applied", "in_review"}
    order = ["applied", "in_review", "active"] if applied else ["invited", "active"]
    labels = dict(Partnership.State.choices)
    if state in order:
        at = order.index(state)
    else:
        order = [*order, state] if state != "declined" else [order[0], state]
        at = len(order) - 1
    status = ["done" if i < at else "now" if i == at else "todo" for i in range(len(order))]
    return [
        {"label": labels[each], "status": mark, "note": "", "tone": Partnership.TONES[each] if mark == "now" else ""}
        for each, mark in zip(order, status, strict=True)
    ]


@require_POST
@member_required("partnerships.manage")
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Take one step of the table."""
    found = _found(request, pk)
    if name not in Partnership.TRANSITIONS:
        raise Http404
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        moved = actions.move_partnership(actor=request.actor, partnership=found, step=name, reason=reason)
    except DomainError as error:
        messages.error(request, error.message)
        return _show(request, found, 422)
    state = str(moved.get_state_display()).lower()
    messages.success(request, _("The partnership is %(state)s.") % {"state": state})
    return redirect("partners:partnership", pk)


@require_POST
@member_required("partnerships.manage")
def check(request: MemberRequest, pk: int) -> HttpResponse:
    """Tick an item of the review."""
    found, item = _found(request, pk), request.POST.get("item", "")
    try:
        actions.check_off(actor=request.actor, partnership=found, item=item, done=request.POST.get("done") == "on")
    except DomainError as error:
        messages.error(request, error.message)
        return _show(request, found, 422)
    if request.htmx:
        return _show(request, _found(request, pk))
    return redirect("partners:partnership", pk)


@require_POST
@member_required("partnerships.manage")
def terms(request: MemberRequest, pk: int) -> HttpResponse:
    """Set tier, territory and channel manager."""
    found = _found(request, pk)
    form = TermsForm(request.POST, actor=request.actor)
    if form.is_valid():
        manager = form.cleaned_data["manager"]
        try:
            actions.change_terms(
                actor=request.actor,
                partnership=found,
                tier=form.cleaned_data["tier"],
                territory=form.cleaned_data["territory"],
                channel_manager=manager.user if manager else None,
            )
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The terms are saved; both companies see them."))
            return redirect("partners:partnership", pk)
    return _show(request, found, 422, terms_form=form)


@require_http_methods(["GET", "POST"])
@member_required("partnerships.manage")
def invite(request: MemberRequest) -> HttpResponse:
    """Invite a company by e-mail."""
    form = InviteCompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite_company(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
            return redirect("partners:partnerships")
    context = {"form": form, "verdict": may_invite(request.actor, company=True)}
    return render(request, "partners/invite_company.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@member_required
def apply(request: MemberRequest, code: str) -> HttpResponse:
    """Apply to a vendor whose link one was given."""
    programme = actions.programme_of(code)
    if programme is None:
        raise Http404
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.apply_for_partnership(actor=request.actor, programme=programme, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("%(vendor)s has your application.") % {"vendor": programme.vendor})
            return redirect("partners:partnership", made.pk)
    context = {"form": form, "programme": programme, "verdict": may_manage_partnerships(request.actor)}
    return render(request, "partners/apply.html", context, status=422 if form.is_bound else 200)
