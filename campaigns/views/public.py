"""A participant's landing page, for everybody: no account, no cookie, no script; the form is the one of leads."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns import writing
from campaigns.actions.landing import note_visit
from campaigns.branding import logo_in_text, values_of
from campaigns.models import Asset, Campaign, Participant
from campaigns.publics import came_from, page_text, published
from core.web import key_of
from leads.models import LeadForm
from leads.views.public import FormPage, unkept


@csrf_exempt  # nobody is signed in here: a signed stamp in the form takes the place of a cookie
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def page(request: HttpRequest, code: str) -> HttpResponse:
    """The page with its form; opening it is counted, once it is really looked at."""
    seat = get_object_or_404(published(), form__code=code)
    text, form = page_text(seat), cast(LeadForm, seat.form)
    form.open = form.open and text is not None and _takes_leads(seat)
    asset = came_from(seat, key_of(request.GET.get("a", "")))
    context = {"seat": seat, "asset": asset, **_said(seat, text)}
    detail = f"asset:{asset.pk}" if asset else ""
    answer = FormPage("campaigns/landing.html", form, context, detail).answer(request)
    if answer.status_code == 200 and request.method == "GET" and not _is_fetched_ahead(request):
        note_visit(seat=seat, asset=asset)
    return answer


def _takes_leads(seat: Participant) -> bool:
    return seat.state == Participant.State.ACTIVE and seat.campaign.state == Campaign.State.RUNNING


def _said(seat: Participant, text: Asset | None) -> dict[str, str]:
    if text is None:
        return {"heading": seat.campaign.name, "body": ""}
    values = values_of(seat, text)
    return {
        "heading": writing.filled(text.title, values, markdown=False),
        "body": writing.html_of(writing.filled(text.body, values), logo_in_text(seat.organisation)),
    }


def _is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether a browser or a mail program fetches it before anybody looks."""
    said = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    return "prefetch" in said or "prerender" in said
