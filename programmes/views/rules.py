"""What the tiers of one's own programme ask."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import tried
from partners.access import MemberRequest, member_required
from partners.models import Tier
from programmes import actions
from programmes.forms import SchemeForm, TierForm
from programmes.models import Scheme
from programmes.presenting import ladder

NEEDS = "programmes.manage"


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponse:
    """The tiers in sentences, and how they are reckoned."""
    actor = request.actor
    scheme = Scheme.objects.visible_to(actor).filter(vendor=actor.organisation).first()
    form = SchemeForm(request.POST or None, instance=scheme)
    if tried(form, lambda said: actions.save_scheme(actor=actor, **said)):
        messages.success(request, _("Saved. It holds from the next reckoning on, within a day."))
        return redirect("programmes:rules")
    context = {"form": form, "steps": ladder(actor.organisation), "scheme": scheme}
    return render(request, "programmes/rules.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def tier_new(request: MemberRequest) -> HttpResponse:
    """Make a tier."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def tier(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a tier."""
    own = Tier.objects.visible_to(request.actor).filter(programme__vendor=request.actor.organisation)
    return _edit(request, get_object_or_404(own, pk=pk))


def _edit(request: MemberRequest, row: Tier | None) -> HttpResponse:
    form = TierForm(request.POST or None, instance=row, actor=request.actor)
    done = tried(
        form, lambda _said: actions.save_tier(actor=request.actor, terms=form.terms(), asks=form.asks(), tier=row)
    )
    if done:
        messages.success(request, _("Saved. It holds from the next reckoning on, within a day."))
        return redirect("programmes:rules")
    context = {"form": form, "tier": row}
    return render(request, "programmes/tier.html", context, status=422 if form.errors else 200)
