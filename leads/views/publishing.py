"""The vendor's web forms."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from core.forms import at_its_field
from leads.actions import publishing as actions
from leads.forms.publishing import PublishForm
from leads.models import Lead, LeadForm
from partners.access import MemberRequest, member_required

NEEDS = "leads.rules"


def _form(request: MemberRequest, pk: int) -> LeadForm:
    return get_object_or_404(LeadForm.objects.visible_to(request.actor), pk=pk)


@require_GET
@member_required(NEEDS)
def index(request: MemberRequest) -> HttpResponse:
    """The forms, with how many leads each has brought."""
    real = Count("leads", filter=~Q(leads__state=Lead.State.SPAM))
    rows = LeadForm.objects.visible_to(request.actor).annotate(brought=real)
    return render(request, "leads/forms.html", {"forms": rows})


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def new(request: MemberRequest) -> HttpResponse:
    """Make a form."""
    blank = LeadForm(
        title=_("Ask for an offer"),
        asked=["contact", "phone", "country", "region", "message"],
        consent_text=_("%(who)s and the partner that looks after my region may contact me about this.")
        % {"who": request.actor.organisation},
        thanks=_("Thank you. Somebody will get in touch within two working days."),
    )
    return _edit(request, blank)


@require_http_methods(["GET", "POST"])
@member_required(NEEDS)
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a form, and find what to put into one's own pages."""
    return _edit(request, _form(request, pk))


def _edit(request: MemberRequest, row: LeadForm) -> HttpResponse:
    form = PublishForm(request.POST or None, form=row)
    if form.is_bound and form.is_valid():
        try:
            saved = actions.save_form(actor=request.actor, fields=form.cleaned_data, form=row if row.pk else None)
        except DomainError as error:
            at_its_field(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("leads:form", pk=saved.pk)
    address = request.build_absolute_uri(row.public_url) if row.pk else ""
    context = {"form": form, "row": row, "address": address, "snippet": _snippet(row, address) if row.pk else ""}
    return render(request, "leads/form.html", context, status=422 if form.errors else 200)


def _snippet(row: LeadForm, address: str) -> str:
    """What one's own site shows the form with; the title is plain text there."""
    title = row.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<iframe src="{address}?embed=1" title="{title}" width="100%" height="760" loading="lazy"></iframe>'


@require_POST
@member_required(NEEDS)
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Open or close a form."""
    try:
        row = actions.switch_form(actor=request.actor, form=_form(request, pk), open_=request.POST.get("open") == "1")
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("leads:form", pk=pk)
    messages.success(request, _("The form takes leads.") if row.open else _("The form takes no leads any more."))
    return redirect("leads:form", pk=row.pk)
