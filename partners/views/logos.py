"""The logo of an organisation: given and taken away in the settings, and open to everybody at its address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.forms import tried
from partners import actions
from partners.access import MemberRequest, member_required, require
from partners.forms import LogoForm
from partners.permissions import may_manage_organisation
from partners.publics import logo_of
from partners.views.settings import details_of

# An address stands for one picture for good; not for longer, so that a logo that was taken away goes.
KEPT = "public, max-age=2592000, immutable"


@require_safe
def show(_request: HttpRequest, code: str) -> HttpResponse:
    """The picture, for whoever has its address: recipients of letters, visitors of landing pages."""
    png = logo_of(code)
    if png is None:
        raise Http404
    headers = {
        "Cache-Control": KEPT,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",  # mail in a browser shows it too
    }
    return HttpResponse(png, content_type="image/png", headers=headers)


@require_POST
@member_required
def change(request: MemberRequest) -> HttpResponse:
    """Give the organisation's logo. It stands among the details, and so does what is wrong with it."""
    require(may_manage_organisation(request.actor))
    form = LogoForm(request.POST, request.FILES)
    if tried(form, lambda said: actions.set_logo(actor=request.actor, upload=said["logo"])):
        messages.success(request, _("The logo is saved."))
        return redirect("partners:details")
    return render(request, "partners/details.html", details_of(request.actor, logo=form), status=422)


@require_POST
@member_required
def remove(request: MemberRequest) -> HttpResponse:
    """Take the logo away."""
    actions.remove_logo(actor=request.actor)
    messages.success(request, _("The logo is taken away."))
    return redirect("partners:details")
