"""The page on which a vendor says how often a partner may register and try again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import tried
from deals.actions.probing import set_probing_limit
from deals.forms.limits import LimitForm
from deals.models import ProbingLimit
from partners.access import MemberRequest, member_required


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def limits(request: MemberRequest) -> HttpResponse:
    """One's own organisation's limit."""
    own = ProbingLimit.objects.visible_to(request.actor).first()
    form = LimitForm(request.POST or None, instance=own or ProbingLimit(vendor=request.actor.organisation))
    if tried(form, lambda said: set_probing_limit(actor=request.actor, fields=said)):
        messages.success(request, _("Saved."))
        return redirect("deals:limits")
    return render(request, "deals/limits.html", {"form": form}, status=422 if form.errors else 200)
