"""Letters, flyers and the landing page of a campaign: what they say, how each participant's look, what they are for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audiences.writing import FIELDS, LOGO
from campaigns import actions, writing
from campaigns.branding import logo_in_text, page_url, values_of
from campaigns.flyers import pdf_of
from campaigns.forms import AssetForm
from campaigns.models import Asset, Participant
from campaigns.page import Page
from campaigns.permissions import may_manage
from campaigns.views.access import asset_of, page_of
from campaigns.views.campaigns import JOINS, LEADS, SEES
from core.errors import DomainError
from core.forms import tried
from core.web import download, key_of
from partners.access import MemberRequest, member_required


@require_GET
@member_required(SEES)
def index(request: MemberRequest, pk: int) -> HttpResponse:
    """What the campaign shows and sends."""
    page = page_of(request.actor, pk)
    context = {
        "page": page,
        "campaign": page.campaign,
        "assets": page.campaign.assets.select_related("written_by"),
        "may_manage": may_manage(request.actor, page.campaign),
        "open": _is_open(page),
        "here": "assets",
    }
    return render(request, "campaigns/assets.html", context)


def _is_open(page: Page) -> bool:
    return page.campaign.is_live or page.campaign.state == page.campaign.State.DRAFT


def _as_whom(page: Page, text: str) -> tuple[Participant | None, list[Participant]]:
    """As whose an asset is shown, and as whose it can be: one's own, for the owner everybody's."""
    rows = Participant.objects.visible_to(page.actor).filter(campaign=page.campaign, state__in=Participant.SEATED)
    seats = list(rows.select_related("organisation", "form").order_by("pk"))
    chosen = key_of(text)
    mine = next((seat for seat in seats if seat.organisation_id == page.actor.organisation.pk), None)
    return next((seat for seat in seats if seat.pk == chosen), mine), seats


def _shown(page: Page, asset: Asset, request: MemberRequest) -> dict[str, Any]:
    seat, seats = _as_whom(page, request.GET.get("as", ""))
    values = values_of(seat, asset) if seat else {}
    return {
        "page": page,
        "campaign": page.campaign,
        "asset": asset,
        "seat": seat,
        "seats": seats,
        "heading": writing.filled(asset.title, values, markdown=False),
        "body": writing.html_of(writing.filled(asset.body, values), logo_in_text(seat.organisation if seat else None)),
    }


@require_GET
@member_required(SEES)
def detail(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponse:
    """An asset as a participant's, and its earlier texts."""
    page = page_of(request.actor, pk)
    asset = asset_of(page, asset_pk)
    context = {
        **_shown(page, asset, request),
        "versions": asset.versions.select_related("written_by"),
        "may_manage": may_manage(request.actor, page.campaign),
        "may_use": page.seat is not None and page.seat.state == Participant.State.ACTIVE and page.campaign.is_live,
        "address": page_url(page.seat) if page.seat else "",
        "open": _is_open(page),
        "here": "assets",
    }
    return render(request, "campaigns/asset.html", context)


@require_GET
@member_required(SEES)
def printed(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponse:
    """A flyer for paper or PDF, under one's own name."""
    page = page_of(request.actor, pk)
    return render(request, "campaigns/print.html", _shown(page, asset_of(page, asset_pk), request))


@require_GET
@member_required(SEES)
def pdf(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponseBase:
    """The same as a PDF file."""
    page = page_of(request.actor, pk)
    asset = asset_of(page, asset_pk)
    seat, _seats = _as_whom(page, request.GET.get("as", ""))
    if seat is None:
        raise Http404
    return download(ContentFile(pdf_of(asset, seat)), f"{slugify(asset.title)[:60] or 'flyer'}.pdf", "application/pdf")


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def new(request: MemberRequest, pk: int) -> HttpResponse:
    """Write an asset."""
    return _write(request, page_of(request.actor, pk), None)


@require_http_methods(["GET", "POST"])
@member_required(LEADS)
def edit(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponse:
    """Change an asset; its former text stays."""
    page = page_of(request.actor, pk)
    return _write(request, page, asset_of(page, asset_pk) if page.leads else None)


def _write(request: MemberRequest, page: Page, asset: Asset | None) -> HttpResponse:
    if not page.leads:
        return redirect("campaigns:assets", pk=page.pk)
    form = AssetForm(request.POST or None, asset=asset)
    saved: list[Asset] = []

    def run(said: dict[str, Any]) -> None:
        saved.append(
            actions.save_asset(
                actor=request.actor,
                campaign=page.campaign,
                fields=said,
                asset=asset,
                number=key_of(request.POST.get("number", "")),
            )
        )

    if tried(form, run):
        messages.success(request, _("Saved."))
        return redirect("campaigns:asset", pk=page.pk, asset_pk=saved[0].pk)
    context = {"form": form, "campaign": page.campaign, "asset": asset, "ours": (*writing.OURS, LOGO), "theirs": FIELDS}
    return render(request, "campaigns/asset_form.html", context, status=422 if form.errors else 200)


@require_POST
@member_required(LEADS)
def delete(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponse:
    """Take an asset away."""
    page = page_of(request.actor, pk)
    try:
        actions.delete_asset(actor=request.actor, campaign=page.campaign, asset=asset_of(page, asset_pk))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("campaigns:asset", pk=page.pk, asset_pk=asset_pk)
    messages.success(request, _("Deleted."))
    return redirect("campaigns:assets", pk=page.pk)


@require_POST
@member_required(JOINS)
def use(request: MemberRequest, pk: int, asset_pk: int) -> HttpResponse:
    """Make a draft of a mailing of a letter, and go on there."""
    page = page_of(request.actor, pk)
    try:
        mailing = actions.use_letter(actor=request.actor, campaign=page.campaign, asset=asset_of(page, asset_pk))
    except (DomainError, PermissionDenied) as error:
        messages.error(request, str(error))
        return redirect("campaigns:asset", pk=page.pk, asset_pk=asset_pk)
    messages.success(request, _("The letter is a draft of yours. Choose to whom it goes, then send it."))
    return redirect("audiences:mailing_edit", pk=mailing.pk)
