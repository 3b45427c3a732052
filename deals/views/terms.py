"""The page on which a vendor sets the terms of registration."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from deals.actions import set_terms
from deals.forms import TermsForm
from deals.models import RegistrationType
from partners.access import MemberRequest, member_required


@require_http_methods(["GET", "POST"])
@member_required("deals.terms")
def terms(request: MemberRequest) -> HttpResponse:
    """What a registration with one's organisation asks for, and what it gives."""
    own = RegistrationType.objects.visible_to(request.actor).filter(is_default=True).first()
    form = TermsForm(request.POST or None, instance=own or RegistrationType(vendor=request.actor.organisation))
    if form.is_bound and form.is_valid():
        try:
            set_terms(actor=request.actor, fields=form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Saved. It holds for what is decided from now on."))
            return redirect("deals:terms")
    return render(request, "deals/terms.html", {"form": form}, status=422 if form.errors else 200)
