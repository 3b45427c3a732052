"""Agreements: the list, the record with its periods, writing one with a look at the last year, and its steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field, tried
from core.listing import Choice, Column, Create, Empty, Listing, Period, View
from core.web import follow, render_partial
from deals.presenting import Act
from deals.views.dialogs import Dialog, Kind, again
from deals.views.lists import Counterpart, counterparts
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from rebates import actions
from rebates.forms import AgreementForm, EndForm, MemberForm, ReasonForm
from rebates.models import RebateAgreement
from rebates.permissions import may_change, may_step
from rebates.preview import trial_of
from rebates.sentences import products_of, rule_of, volume_of
from rebates.views.steps import step

State = RebateAgreement.State
KINDS = {
    "accept": Kind(gettext_lazy("Accept this bonus"), gettext_lazy("Accept"), MemberForm, "rebates:accept"),
    "decline": Kind(gettext_lazy("Decline this proposal"), gettext_lazy("Decline"), ReasonForm, "rebates:decline"),
    "end": Kind(gettext_lazy("End this agreement"), gettext_lazy("End it"), EndForm, "rebates:end"),
}
LIST = Listing(
    key="rebates",
    title=gettext_lazy("Rebates"),
    columns=(
        Column("name", gettext_lazy("Agreement"), kind="link", sort="name"),
        Column("number", gettext_lazy("Number"), kind="code", sort="number", phone=False),
        Column("form", gettext_lazy("Kind"), get=lambda row: row.get_form_display(), phone=False),
        Column("partner", gettext_lazy("Partner"), kind="mark", sort="partner__name"),
        Column("vendor", gettext_lazy("Vendor"), kind="mark", sort="vendor__name", phone=False),
        Column("rule", gettext_lazy("Rule"), get=rule_of, phone=False),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on", phone=False),
        Column("ends_on", gettext_lazy("Until"), kind="day", sort="ends_on", phone=False),
        Column("state", gettext_lazy("State"), kind="state"),
    ),
    filters=(
        Choice("state", gettext_lazy("State"), choices=State.choices),
        Choice("form", gettext_lazy("Kind"), choices=RebateAgreement.Form.choices),
        Counterpart("with", gettext_lazy("Company"), choices=counterparts),
        Period("ends_on", gettext_lazy("Until"), moment=False),
    ),
    views=(
        View("active", gettext_lazy("In force"), "state=active"),
        View("proposed", gettext_lazy("Proposed"), "state=proposed"),
        View("drafts", gettext_lazy("Drafts"), "state=draft"),
        View("all", gettext_lazy("All")),
    ),
    search=("number", "name", "partner__name", "vendor__name"),
    default_sort="-starts_on",
    row_url=lambda row: row.get_absolute_url(),
    live="rebateagreement",
    create=Create(gettext_lazy("Write an agreement"), "rebates:new", "rebates.manage"),
    links=((gettext_lazy("Statements"), "rebates:statements"), (gettext_lazy("Credits"), "rebates:credits")),
    empty=Empty(
        gettext_lazy("No agreements here"),
        gettext_lazy("What a vendor grants on what its partner buys stands here, with a statement for each period."),
        gettext_lazy("Write an agreement"),
        "rebates:new",
        "piggy-bank",
    ),
)


@require_GET
@member_required("rebates.view")
def index(request: MemberRequest) -> HttpResponseBase:
    """Agreements granted and received."""
    rows = RebateAgreement.objects.visible_to(request.actor)
    return LIST.respond(request, rows.select_related("vendor", "partner"))


def _one(request: MemberRequest, pk: int) -> RebateAgreement:
    rows = RebateAgreement.objects.visible_to(request.actor).select_related(
        "vendor", "partner", "partnership", "promotion"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
@member_required("rebates.view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One agreement: what it says, and its periods."""
    return _show(request, _one(request, pk))


def _show(request: MemberRequest, row: RebateAgreement, *, problem: str = "", status: int = 200) -> HttpResponse:
    acts = _acts(request.actor, row)
    context = {
        "agreement": row,
        "sentence": rule_of(row),
        "products": products_of(row),
        "statements": [(each, volume_of(row, each.volume)) for each in row.statements.all()],
        "acts": acts,
        "dialogs": [_dialog(request.actor, row, act.dialog[1:]) for act in acts if act.dialog and act.verdict],
        "lines": timeline_of(request.actor, row),
        "problem": problem,
    }
    return render_partial(request, "rebates/detail.html", "record", context, status)


def _dialog(actor: Actor, row: RebateAgreement, name: str, form: forms.Form | None = None) -> Dialog:
    kind = KINDS[name]
    more: dict[str, Any] = {"actor": actor} if name == "accept" else {}
    return Dialog(name, kind, reverse(kind.route, args=[row.pk]), form or kind.form(prefix=name, **more))


def _acts(actor: Actor, row: RebateAgreement) -> list[Act]:
    """What this side may do next, the primary act last."""
    as_vendor = row.vendor_id == actor.organisation.pk

    def to(name: str) -> str:
        return reverse(f"rebates:{name}", args=[row.pk])

    if row.state == State.DRAFT:
        propose = Act(gettext_lazy("Propose it"), may_step(actor, row, "propose"), to("propose"), key="P", primary=True)
        return [Act(gettext_lazy("Edit"), may_change(actor, row), to("edit"), method="get", key="E"), propose]
    if row.state == State.PROPOSED and as_vendor:
        return [Act(gettext_lazy("Take it back"), may_step(actor, row, "withdraw"), to("withdraw"), key="B")]
    if row.state == State.PROPOSED:
        may = may_step(actor, row, "accept")
        decline = Act(gettext_lazy("Decline…"), may_step(actor, row, "decline"), dialog="#decline", key="D")
        if row.form == RebateAgreement.Form.SPIFF:
            return [decline, Act(gettext_lazy("Accept…"), may, dialog="#accept", key="A", primary=True)]
        return [decline, Act(gettext_lazy("Accept"), may, to("accept"), key="A", primary=True)]
    if row.state == State.ACTIVE and as_vendor and row.promotion_id is None:
        return [Act(gettext_lazy("End it…"), may_step(actor, row, "end"), dialog="#end", danger=True)]
    return []


@require_http_methods(["GET", "POST"])
@member_required("rebates.manage")
def new(request: MemberRequest) -> HttpResponse:
    """Write an agreement, or one with each partner of a tier."""
    form = AgreementForm(request.POST or None, actor=request.actor)
    if form.is_bound and form.is_valid() and "preview" not in request.POST:
        written = _written(request, form)
        if len(written) == 1:
            return redirect(written[0])
        if written:
            said = ngettext("%(n)d draft is written.", "%(n)d drafts are written.", len(written))
            messages.success(request, said % {"n": len(written)})
            return redirect(f"{reverse('rebates:list')}?view=drafts&state=draft")
    return _form_page(request, form, None)


@transaction.atomic
def _written(request: MemberRequest, form: AgreementForm) -> list[RebateAgreement]:
    """The drafts, all or none."""
    edges = form.edges(request.actor)
    if not edges:
        form.add_error("tier", _("No active partner stands in this tier."))
    try:
        with transaction.atomic():
            fields = form.fields_said()
            return [actions.save_agreement(actor=request.actor, fields=fields, partnership=edge) for edge in edges]
    except DomainError as error:
        at_its_field(form, error)
    return []


@require_http_methods(["GET", "POST"])
@member_required("rebates.manage")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    row = _one(request, pk)
    if not may_change(request.actor, row):
        messages.error(request, str(may_change(request.actor, row).reason))
        return redirect(row)
    form = AgreementForm(request.POST or None, instance=row, actor=request.actor)
    if "preview" in request.POST or not tried(
        form, lambda _s: actions.save_agreement(actor=request.actor, fields=form.fields_said(), agreement=row)
    ):
        return _form_page(request, form, row)
    messages.success(request, _("Saved."))
    return redirect(row)


def _form_page(request: MemberRequest, form: AgreementForm, row: RebateAgreement | None) -> HttpResponse:
    """The form; asked for a look, with what it would have brought in the last year."""
    trials = None
    if form.is_bound and form.is_valid() and "preview" in request.POST:
        trials = _trials(request, form, row)
    context = {"form": form, "agreement": row, "trials": trials}
    return render(request, "rebates/form.html", context, status=422 if form.errors else 200)


def _trials(request: MemberRequest, form: AgreementForm, row: RebateAgreement | None) -> list[Any] | None:
    """Written and taken back at once: the trial reckons with the very row that would be saved."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            for edge in form.edges(request.actor) if row is None else [row.partnership]:
                made = actions.save_agreement(
                    actor=request.actor, fields=form.fields_said(), partnership=edge, agreement=row
                )
                found += [(made.partner, each, volume_of(made, each.volume), made.currency) for each in trial_of(made)]
            transaction.set_rollback(True)
    except DomainError as error:
        at_its_field(form, error)
        return None
    return found


def _step(request: MemberRequest, pk: int, done: str, run: Callable[[RebateAgreement], object]) -> HttpResponse:
    return step(request, _one(request, pk), done, run, _show)


@require_POST
@member_required("rebates.manage")
def propose(request: MemberRequest, pk: int) -> HttpResponse:
    """Put it before the partner."""
    said = _("Proposed. The partner is asked to answer.")
    return _step(request, pk, said, lambda row: actions.propose_agreement(actor=request.actor, agreement=row))


@require_POST
@member_required("rebates.manage")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    said = _("It is a draft again.")
    return _step(request, pk, said, lambda row: actions.withdraw_agreement(actor=request.actor, agreement=row))


@require_POST
@member_required("rebates.manage")
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Accept a proposal; a bonus names who gets it."""
    row = _one(request, pk)
    said = _("Accepted. Invoice lines accrue from now on.")
    if row.form != RebateAgreement.Form.SPIFF:
        return _step(request, pk, said, lambda row: actions.accept_agreement(actor=request.actor, agreement=row))
    form = MemberForm(request.POST, prefix="accept", actor=request.actor)
    return _dialogued(
        request, row, "accept", form,
        lambda told: actions.accept_agreement(actor=request.actor, agreement=row, **told),
    )  # fmt: skip


@require_POST
@member_required("rebates.manage")
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Decline a proposal."""
    row = _one(request, pk)
    form = ReasonForm(request.POST, prefix="decline")
    return _dialogued(
        request, row, "decline", form,
        lambda told: actions.decline_agreement(actor=request.actor, agreement=row, **told),
        to="rebates:list",
    )  # fmt: skip


@require_POST
@member_required("rebates.manage")
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """End it."""
    row = _one(request, pk)
    form = EndForm(request.POST, prefix="end")
    return _dialogued(
        request, row, "end", form, lambda told: actions.end_agreement(actor=request.actor, agreement=row, **told)
    )


def _dialogued(
    request: MemberRequest, row: RebateAgreement, name: str, form: forms.Form, run: Callable[[Any], object],
    to: str = "",
) -> HttpResponse:  # fmt: skip
    """Do what a dialog says, or show it again with what is wrong. `to`: where a record goes that is seen no more."""
    if not tried(form, run):
        return again(request, _dialog(request.actor, row, name, form))
    return follow(request, to or row)
