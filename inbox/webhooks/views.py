"""Webhooks among the settings: endpoints, what each was sent, and the acts on both."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import timeline_of
from core.errors import DomainError
from core.forms import at_its_field
from inbox.webhooks import actions
from inbox.webhooks.forms import EndpointForm
from inbox.webhooks.listings import DELIVERIES, ENDPOINTS
from inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from inbox.webhooks.presenting import payload_lines
from partners.access import MemberRequest, member_required

NEEDS = "integration.manage"


def _endpoint(request: MemberRequest, pk: int) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.visible_to(request.actor).select_related("account", "organisation")
    return get_object_or_404(rows, pk=pk)


def _delivery(request: MemberRequest, pk: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.visible_to(request.actor).select_related("endpoint__organisation", "entry")
    return get_object_or_404(rows, pk=pk)


@require_GET
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponseBase:
    """The organisation's endpoints."""
    return ENDPOINTS.respond(request, WebhookEndpoint.objects.visible_to(request.actor).select_related("account"))


@never_cache
@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def new(request: MemberRequest) -> HttpResponse:
    """Set one up; its secret is shown on the page that follows, this once."""
    form = EndpointForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = actions.make_endpoint(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            return _shown(request, endpoint, secret=secret, status=201)
    return render(request, "webhooks/form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@member_required(NEEDS)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One endpoint: its state, what it was sent last, its history."""
    return _shown(request, _endpoint(request, pk))


def _shown(request: MemberRequest, endpoint: WebhookEndpoint, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = WebhookDelivery.objects.visible_to(request.actor).filter(endpoint=endpoint)
    context = {
        "endpoint": endpoint,
        "deliveries": list(rows.order_by("-pk")[:10]),
        "lines": timeline_of(request.actor, endpoint, limit=30),
        **more,
    }
    return render(request, "webhooks/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change where to, as whom, and what."""
    endpoint = _endpoint(request, pk)
    form = EndpointForm(request.POST or None, actor=request.actor, endpoint=endpoint)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_endpoint(actor=request.actor, endpoint=endpoint, **form.cleaned_data)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(endpoint)
    context = {"form": form, "endpoint": endpoint}
    return render(request, "webhooks/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@member_required(NEEDS)
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Switch one off, or on again."""
    endpoint, active = _endpoint(request, pk), request.POST.get("active") == "on"
    if _done(request, lambda: actions.set_endpoint_active(actor=request.actor, endpoint=endpoint, active=active)):
        messages.success(request, _("The webhook is on.") if active else _("The webhook is off."))
    return redirect(endpoint)


@never_cache
@require_POST
@member_required(NEEDS)
def rotate(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a new secret and show it, this once."""
    endpoint, secret = actions.rotate_secret(actor=request.actor, endpoint=_endpoint(request, pk))
    return _shown(request, endpoint, secret=secret, rotated=True, status=201)


@require_POST
@member_required(NEEDS)
def test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a test, and show how it goes."""
    endpoint = _endpoint(request, pk)
    made: list[WebhookDelivery] = []
    if _done(request, lambda: made.append(actions.send_test(actor=request.actor, endpoint=endpoint))):
        return redirect(made[0])
    return redirect(endpoint)


@require_POST
@member_required(NEEDS)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove an endpoint."""
    actions.remove_endpoint(actor=request.actor, endpoint=_endpoint(request, pk))
    messages.success(request, _("The webhook is removed."))
    return redirect("webhooks:list")


@require_GET
@member_required(NEEDS)
def deliveries(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Everything that an endpoint was sent, as a list."""
    endpoint = _endpoint(request, pk)
    rows = WebhookDelivery.objects.visible_to(request.actor).filter(endpoint=endpoint)
    return DELIVERIES.respond(request, rows, endpoint=endpoint)


@require_GET
@member_required(NEEDS)
def delivery(request: MemberRequest, pk: int) -> HttpResponse:
    """One delivery: the body that is posted, and each try with its answer."""
    found = _delivery(request, pk)
    context = {"delivery": found, "attempts": list(found.attempts.all()[:50]), "payload": payload_lines(found)}
    return render(request, "webhooks/delivery.html", context)


@require_POST
@member_required(NEEDS)
def again(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it once more, under the same webhook-id."""
    found = _delivery(request, pk)
    if _done(request, lambda: actions.send_again(actor=request.actor, delivery=found)):
        messages.success(request, _("It is sent again."))
    return redirect(found)


def _done(request: MemberRequest, act: Any) -> bool:
    """True when the act went through; its refusal is shown on the next page."""
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    return True
