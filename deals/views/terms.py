"""The pages on which a vendor sets the types of registration that it offers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from core.web import version_of
from deals import actions
from deals.forms import AsksForm, DealForm, EvidenceKinds, OwnFields, TypeForm, rows_for
from deals.models import RegistrationType, TypeVersion
from deals.type_words import changes
from partners.access import MemberRequest, member_required
from partners.actors import Actor
from partners.models import Tier

TABS = (
    ("deals:type", gettext_lazy("Terms")),
    ("deals:type_asks", gettext_lazy("Form")),
    ("deals:type_rules", gettext_lazy("Rules")),
    ("deals:type_preview", gettext_lazy("Preview")),
    ("deals:type_versions", gettext_lazy("Versions")),
)


def fetch_type(actor: Actor, pk: int) -> RegistrationType:
    """A type of one's own, or 404."""
    return get_object_or_404(RegistrationType.objects.visible_to(actor), pk=pk)


def shown(request: MemberRequest, template: str, type_: RegistrationType, tab: str, **context: Any) -> HttpResponse:
    """One tab of a type's page."""
    tabs = [(reverse(route, args=[type_.pk]), label, route == tab) for route, label in TABS]
    status = context.pop("status", 200)
    return render(request, template, {"type": type_, "tabs": tabs, **context}, status=status)


@require_GET
@member_required("deals.terms")
def terms(request: MemberRequest) -> HttpResponse:
    """The types of registration, in the order in which partners find them."""
    mine = RegistrationType.objects.visible_to(request.actor)
    rows = list(mine)
    unset = [] if any(row.is_default for row in rows) else [RegistrationType(name="Standard", is_default=True)]
    offered = [row for row in rows if row.archived_at is None]
    archived = [row for row in rows if row.archived_at is not None]
    return render(request, "deals/terms.html", {"types": [*unset, *offered], "archived": archived})


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def default(request: MemberRequest) -> HttpResponse:
    """The terms of the default type, which is there once somebody saves them."""
    own = RegistrationType.objects.visible_to(request.actor).filter(is_default=True).first()
    if own is not None:
        return redirect("deals:type", pk=own.pk)
    return _terms_of(request, RegistrationType(vendor=request.actor.organisation, name="Standard", is_default=True))


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def new(request: MemberRequest) -> HttpResponse:
    """A further type."""
    return _terms_of(request, RegistrationType(vendor=request.actor.organisation))


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def type_(request: MemberRequest, pk: int) -> HttpResponse:
    """What a type is called, for whom it is there and what it gives."""
    return _terms_of(request, fetch_type(request.actor, pk))


def _terms_of(request: MemberRequest, row: RegistrationType) -> HttpResponse:
    form = TypeForm(request.POST or None, instance=row, actor=request.actor)
    if form.is_bound and form.is_valid():
        try:
            saved = _save(request, row, form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved. It holds for what is submitted from now on."))
            return redirect("deals:type", pk=saved.pk)
    status = 422 if form.errors else 200
    if row.pk is None:
        return render(request, "deals/type.html", {"type": None, "form": form}, status=status)
    fresh = fetch_type(request.actor, row.pk)  # the form wrote into the row
    return shown(request, "deals/type.html", fresh, "deals:type", form=form, status=status)


def _save(request: MemberRequest, row: RegistrationType, fields: dict[str, Any]) -> RegistrationType:
    actor = request.actor
    if row.pk is None and not row.is_default:
        return actions.add_type(actor=actor, fields=fields)
    stored = row if row.pk else actions.set_terms(actor=actor, fields={})
    return actions.save_type(actor=actor, type_=stored, fields=fields, version=version_of(request) if row.pk else None)


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def asks(request: MemberRequest, pk: int) -> HttpResponse:
    """What a registration of this type asks for."""
    row = fetch_type(request.actor, pk)
    data = request.POST or None
    form = AsksForm(data, initial={"required": row.required, "tender": row.tender})
    own = rows_for(OwnFields, "own", data, row.own_fields)
    kinds = rows_for(EvidenceKinds, "kinds", data, row.evidence_kinds)
    sound = data is not None and all([form.is_valid(), own.is_valid(), kinds.is_valid()])
    if sound:
        fields = {**form.cleaned_data, "own_fields": own.rows(), "evidence_kinds": kinds.rows()}
        try:
            actions.save_type(actor=request.actor, type_=row, fields=fields, version=version_of(request))
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved. It holds for what is submitted from now on."))
            return redirect("deals:type_asks", pk=pk)
    status = 200 if data is None else 422
    return shown(
        request, "deals/type_asks.html", row, "deals:type_asks", form=form, own=own, kinds=kinds, status=status
    )


@require_GET
@member_required("deals.terms")
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """The form as partners find it; nothing can be sent from here."""
    row = fetch_type(request.actor, pk)
    form = DealForm(actor=request.actor, type_=row, initial={"currency": row.vendor.currency})
    return shown(request, "deals/type_preview.html", row, "deals:type_preview", form=form, terms=row)


@require_GET
@member_required("deals.terms")
def versions(request: MemberRequest, pk: int) -> HttpResponse:
    """What changed from version to version, in words."""
    row = fetch_type(request.actor, pk)
    kept = list(TypeVersion.objects.visible_to(request.actor).filter(type=row).select_related("user")[:200])
    tiers = dict(Tier.objects.visible_to(request.actor).values_list("pk", "name"))
    pairs = zip(kept, [*kept[1:], None], strict=False)
    told = [(each, changes(before.terms, each.terms, tiers) if before else []) for each, before in pairs]
    return shown(request, "deals/type_versions.html", row, "deals:type_versions", versions=told)


STEPS = {
    "duplicate": (actions.duplicate_type, gettext_lazy("Copied. Give it a name of its own.")),
    "archive": (actions.archive_type, gettext_lazy("Archived. What was registered under it goes on.")),
    "restore": (actions.restore_type, gettext_lazy("It is offered again.")),
    "default": (actions.make_default, gettext_lazy("It is the default type now.")),
}


@require_POST
@member_required("deals.terms")
def step(request: MemberRequest, pk: int, name: str) -> HttpResponse:
    """Copy, archive, offer again, make the default, move up or down."""
    row = fetch_type(request.actor, pk)
    try:
        if name in ("up", "down"):
            actions.move_type(actor=request.actor, type_=row, by=-1 if name == "up" else 1)
        elif name in STEPS:
            action, done = STEPS[name]
            changed = action(actor=request.actor, type_=row)
            messages.success(request, str(done))
            if name == "duplicate":
                return redirect("deals:type", pk=changed.pk)
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("deals:terms")
