"""How one is told: by kind and channel, at which hours, on which devices; and the way out of e-mail."""

import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.web import toast, wants_partial
from inbox import actions
from inbox.forms import QuietForm
from inbox.mail import of_token
from inbox.models import Preference, PushDevice, QuietHours
from inbox.push import keys
from inbox.push.devices import named
from inbox.rules import KINDS
from partners.access import MemberRequest, member_required


def _choices(request: MemberRequest) -> list[dict[str, Any]]:
    actor = request.actor
    chosen = {p.kind: p for p in Preference.objects.visible_to(actor)}
    return [
        {"kind": KINDS[code], "chosen": chosen.get(code) or Preference(membership=actor.membership, kind=code)}
        for code in actions.kinds_in_use()
    ]


def _page(request: MemberRequest, form: QuietForm, status: int = 200) -> HttpResponse:
    context = {
        "rows": _choices(request),
        "ways": Preference.Email.choices,
        "quiet": form,
        "has_quiet": form.initial.get("begins") is not None,
        "devices": PushDevice.objects.visible_to(request.actor),
        "push_key": keys.public_key(),
    }
    return render(request, "inbox/preferences.html", context, status=status)


def _hours(request: MemberRequest) -> QuietHours | None:
    return QuietHours.objects.visible_to(request.actor).first()


@require_GET
@member_required
def preferences(request: MemberRequest) -> HttpResponse:
    """Every kind of notification, and how one is told of it; quiet hours; devices."""
    return _page(request, QuietForm.of(_hours(request)))


@require_POST
@member_required
def quiet(request: MemberRequest) -> HttpResponse:
    """Save one's quiet hours; empty times end them."""
    form = QuietForm(request.POST)
    if form.is_valid():
        try:
            kept = actions.be_quiet(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            said = _("Your quiet hours are saved.") if kept else _("You have no quiet hours now.")
            response = _page(request, QuietForm.of(kept)) if wants_partial(request) else redirect("inbox:preferences")
            return toast(response, said)
    return _page(request, form, status=422)


@require_POST
@member_required
def prefer(request: MemberRequest, kind: str) -> HttpResponse:
    """Save one row of the preferences at once. The undo of the toast posts the former choice in its address."""
    if kind not in KINDS:
        raise Http404
    given = request.POST if "email" in request.POST else request.GET
    try:
        before, chosen = actions.prefer(
            actor=request.actor,
            kind=kind,
            in_app=given.get("in_app") == "on",
            email=given.get("email", ""),
            push=given.get("push") == "on",
        )
    except DomainError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    if not wants_partial(request):
        return redirect("inbox:preferences")
    row = {"kind": KINDS[kind], "chosen": chosen}
    response = render(request, "inbox/preference.html", {"row": row, "ways": Preference.Email.choices})
    ticked = "".join(f"&{name}=on" for name in ("in_app", "push") if getattr(before, name))
    undo = f"{reverse('inbox:prefer', args=[kind])}?email={before.email}{ticked}"
    return toast(response, _("Saved."), undo_url=undo)


@require_POST
@member_required
def device_add(request: MemberRequest) -> HttpResponse:
    """Note this browser: the body is what PushSubscription.toJSON gives."""
    try:
        given = json.loads(request.body[:8_000])
        found = {"endpoint": given["endpoint"], "public_key": given["keys"]["p256dh"], "secret": given["keys"]["auth"]}
    except (ValueError, KeyError, TypeError):
        found = {}
    if not found or not all(isinstance(value, str) for value in found.values()):
        return JsonResponse({"detail": _("This is no subscription of a browser.")}, status=422)
    try:
        actions.add_device(actor=request.actor, **found, name=named(request.headers.get("User-Agent", "")))
    except DomainError as error:
        return JsonResponse({"detail": error.message}, status=422)
    return HttpResponse(status=204)


@require_POST
@member_required
def device_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Send nothing to that browser any more."""
    device = get_object_or_404(PushDevice.objects.visible_to(request.actor), pk=pk)
    actions.remove_device(actor=request.actor, device=device)
    if not wants_partial(request):
        return redirect("inbox:preferences")
    return toast(HttpResponse(), _("%(device)s is told nothing any more.") % {"device": device.name})


@require_GET
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows notifications while no page is open. From the root, so that it may serve every page."""
    path = settings.BASE_DIR / "frontend" / "dist" / "sw.js"
    if not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")


@csrf_exempt  # RFC 8058: the reader's mail provider posts, with nothing but the signed address
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mail of the kind that the signed address names, without signing in; asking alone changes nothing."""
    found = of_token(token)
    if found is None:
        raise Http404
    actor, kind = found
    if request.method == "POST":
        actions.stop_mail(actor=actor, kind=kind)
    context = {
        "kind": KINDS.get(kind),
        "done": request.method == "POST",
        "reader": actor.user,
        "organisation": actor.organisation,
    }
    return render(request, "inbox/unsubscribe.html", context)
